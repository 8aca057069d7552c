import { expect } from 'chai'
import type { Message } from '../../../protocols/ir/message.ts'
import type { ChatRequest } from '../../../protocols/ir/request.ts'
import { countRequestTokens } from '../../../protocols/ir/tokens.ts'

const perCharacter = (text: string): number => text.length

function count(request: Partial<ChatRequest>): number {
  return countRequestTokens({ model: 'm', messages: [], settings: {}, stream: false, ...request }, perCharacter)
}

const user = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text }] })

describe('counting the tokens of a request', () => {
  it('trap 110: counts system text, messages and tools with their schemas', () => {
    const bare = count({ messages: [user('hello')] })
    const system = count({
      messages: [{ role: 'system', parts: [{ type: 'text', text: 'x'.repeat(100) }] }, user('hello')],
    })
    const schema = { type: 'object', properties: { path: { type: 'string', description: 'y'.repeat(200) } } }
    const tools = count({
      messages: [user('hello')],
      tools: [{ type: 'function', name: 'read', description: 'z'.repeat(50), parameters: schema }],
    })
    expect(system - bare).to.be.within(100, 105)
    expect(tools - bare).to.be.at.least(JSON.stringify(schema).length + 50)
  })

  it('trap 110: a picture costs what pictures cost, not the length of its base64', () => {
    const data = 'A'.repeat(1_000_000)
    const image: Message = {
      role: 'user',
      parts: [{ type: 'image', source: { type: 'base64', mediaType: 'image/png', data } }],
    }
    expect(count({ messages: [image] })).to.be.within(500, 3000)
  })

  it('counts what stands in calls, results and thoughts', () => {
    const messages: Message[] = [
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'abc' },
          { type: 'tool-call', id: 'i', name: 'nm', arguments: '{"a":1}' },
        ],
      },
      { role: 'tool', parts: [{ type: 'tool-result', callId: 'i', content: [{ type: 'text', text: 'result' }] }] },
    ]
    expect(count({ messages })).to.be.within(3 + 2 + 7 + 6, 3 + 2 + 7 + 6 + 8)
  })
})
