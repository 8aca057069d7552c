/** A prompt cache serves what begins with the same bytes: a conversation that goes on must not change what was said before. */
import { expect } from 'chai'
import fc from 'fast-check'
import { codecs } from '../../protocols/index.ts'
import type { Message } from '../../protocols/ir/message.ts'
import type { ChatRequest } from '../../protocols/ir/request.ts'
import type { Tool } from '../../protocols/ir/tool.ts'

const TOOLS: readonly Tool[] = ['read', 'write.file'].map((name) => ({
  type: 'function',
  name,
  description: 'd',
  parameters: { type: 'object', properties: { z: { type: 'string' }, a: { type: 'integer' } }, required: ['z'] },
}))

const word = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => text.trim() !== '')
const say = (role: Message['role'], text: string): Message => ({ role, parts: [{ type: 'text', text }] })

/** One round: what the user says, perhaps calls with their results, and what the assistant says then. */
const anyRound = fc.record({ ask: word, reply: word, calls: fc.array(word, { maxLength: 2 }), thought: fc.boolean() })

type Round = typeof anyRound extends fc.Arbitrary<infer Value> ? Value : never

function play(rounds: readonly Round[]): Message[] {
  const messages: Message[] = [say('system', 'Be brief.')]
  for (const [index, { ask, reply, calls, thought }] of rounds.entries()) {
    messages.push(say('user', ask))
    if (calls.length > 0) {
      const ids = calls.map((_text, at) => `call_${index}_${at}`)
      messages.push({
        role: 'assistant',
        parts: [
          ...(thought ? [{ type: 'reasoning' as const, text: 'hm' }] : []),
          ...ids.map((id) => ({ type: 'tool-call' as const, id, name: 'write.file', arguments: '{"z":"1","a":2}' })),
        ],
      })
      for (const [at, id] of ids.entries()) {
        const content = [{ type: 'text' as const, text: calls[at] ?? '' }]
        messages.push({ role: 'tool', parts: [{ type: 'tool-result', callId: id, content }] })
      }
    }
    messages.push(say('assistant', reply))
  }
  return messages
}

function encode(codec: (typeof codecs)[number], messages: readonly Message[]): string {
  const request: ChatRequest = { model: 'm', messages, tools: TOOLS, settings: { maxOutputTokens: 9 }, stream: false }
  return JSON.stringify(codec.request.encode(request, {}).body)
}

/** The list of turns, wherever the protocol has it, as the texts of its entries. */
function turnsOf(body: string): string[] {
  const json = JSON.parse(body)
  const turns: unknown[] = json.messages ?? json.contents ?? json.input
  return turns.map((turn) => JSON.stringify(turn))
}

function withoutTurns(body: string): string {
  const { messages: _messages, contents: _contents, input: _input, ...rest } = JSON.parse(body)
  return JSON.stringify(rest)
}

describe('a conversation that goes on', () => {
  for (const codec of codecs) {
    it(`trap 43, trap 148: gives ${codec.name} the same bytes for what was said before`, () => {
      fc.assert(
        fc.property(fc.array(anyRound, { minLength: 1, maxLength: 4 }), anyRound, (rounds, next) => {
          const before = encode(codec, [...play(rounds), say('user', next.ask)])
          const after = encode(codec, [...play([...rounds, next]), say('user', 'And now?')])
          const earlier = turnsOf(before)
          expect(turnsOf(after).slice(0, earlier.length)).to.deep.equal(earlier)
          expect(withoutTurns(after)).to.equal(withoutTurns(before))
        }),
      )
    })

    it(`gives ${codec.name} the same bytes each time`, () => {
      fc.assert(
        fc.property(fc.array(anyRound, { minLength: 1, maxLength: 3 }), (rounds) => {
          const messages = [...play(rounds), say('user', 'x')]
          expect(encode(codec, messages)).to.equal(encode(codec, structuredClone(messages)))
        }),
      )
    })
  }
})
