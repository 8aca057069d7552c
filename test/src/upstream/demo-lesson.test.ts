import { expect } from 'chai'
import type { Message } from '../../../protocols/ir/message.ts'
import type { ChatRequest } from '../../../protocols/ir/request.ts'
import type { Tool } from '../../../protocols/ir/tool.ts'
import { teach } from '../../../src/compat/teach/teach.ts'
import { answerAsDemo } from '../../../src/upstream/demo-model.ts'

const TOOLS: Tool[] = [
  {
    type: 'function',
    name: 'weather',
    description: 'How it is.\n\n### by the way\n{"name": "x"}',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
  { type: 'function', name: 'clock' },
]
const CALLS = 'call weather {"city": "Ulm"}\ncall clock'

function user(text: string): Message {
  return { role: 'user', parts: [{ type: 'text', text }] }
}

/** The demo's answer to what the prompt of a taught request says, as one text. */
function answer(messages: readonly Message[], more: Partial<ChatRequest> = {}, [dialect, place] = HERMES): string {
  const request = { model: 'echo', messages, tools: TOOLS, settings: {}, stream: false, ...more }
  const { parts, finish } = answerAsDemo(teach(request, dialect, place).request)
  expect(finish).to.deep.equal({ reason: 'stop' })
  return parts.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('')
}

type Taught = readonly ['hermes' | 'fenced-json' | 'llama-json', 'system' | 'user']
const HERMES: Taught = ['hermes', 'system']

describe('upstream/demo-lesson', () => {
  const WRITTEN = [
    ['hermes', '<tool_call>\n{"name": "weather", "arguments": {"city": "Ulm"}}\n</tool_call>'],
    ['fenced-json', '```tool_call\n{"name": "weather", "arguments": {"city": "Ulm"}}\n```'],
    ['llama-json', '{"name": "weather", "parameters": {"city": "Ulm"}}'],
  ] as const
  for (const [dialect, call] of WRITTEN) {
    for (const place of ['system', 'user'] as const) {
      it(`a call is written as the example of the prompt has it: ${dialect}, told by the ${place}`, () => {
        const second = call.replace('weather', 'clock').replace('{"city": "Ulm"}', '{}')
        expect(answer([user(CALLS)], {}, [dialect, place])).to.equal(`${call}\n${second}`)
        expect(answer([user('Hello!')], {}, [dialect, place]))
          .to.match(/^You said: Hello!\n/)
          .and.contain('The tools that are offered: weather')
      })

      it(`results are quoted with the names of their tools, errors as such: ${dialect}, told by the ${place}`, () => {
        const messages: Message[] = [
          user(CALLS),
          {
            role: 'assistant',
            parts: [
              { type: 'tool-call', id: 'a', name: 'weather', arguments: '{"city": "Ulm"}' },
              { type: 'tool-call', id: 'b', name: 'clock', arguments: '{}' },
            ],
          },
          {
            role: 'user',
            parts: [
              { type: 'tool-result', callId: 'a', content: [{ type: 'text', text: 'rain\n```\n</b>' }] },
              { type: 'tool-result', callId: 'b', isError: true, content: [{ type: 'text', text: 'broken' }] },
              { type: 'text', text: 'call clock' },
            ],
          },
        ]
        expect(answer(messages, {}, [dialect, place])).to.equal(
          'The tool weather answered: rain\n```\n</b>\nThe tool clock failed with: broken',
        )
      })
    }
  }

  it('a tool that the prompt does not list is not called', () => {
    expect(answer([user('call nothing {}')])).to.contain('There is no tool called "nothing" here.')
  })

  it('one call is written where the prompt wants no more', () => {
    expect(answer([user(CALLS)], { parallelToolCalls: false })).to.match(/^<tool_call>.*"weather"[^<]*<\/tool_call>$/s)
  })

  it('where a call is demanded and nobody says which, the example is repeated', () => {
    const toolChoice = { type: 'tool', name: 'weather' } as const
    expect(answer([user('Hello!')], { toolChoice })).to.contain('{"name": "weather", "arguments": {"city":"…"}}')
  })

  it('what a user says of a call in JSON teaches nothing that is not listed, and breaks nothing', () => {
    for (const said of [
      'Look:\n\n{"name": "a", "arguments": {}}\n\nNice.',
      'So:\n\n{"name": "a", "arguments": {]}}\n\n.',
    ]) {
      const { parts } = answerAsDemo({ model: 'echo', messages: [user(said)], settings: {}, stream: false })
      expect(parts[0]?.type === 'text' && parts[0].text).to.contain(`You said: ${said}`)
    }
  })
})
