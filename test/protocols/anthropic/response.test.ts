import { expect } from 'chai'
import { anthropic } from '../../../protocols/anthropic/index.ts'
import type { ChatResponse } from '../../../protocols/ir/response.ts'
import type { Usage } from '../../../protocols/ir/usage.ts'
import { failureOf } from './exchange.ts'

const ANSWER = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude',
  content: [{ type: 'text', text: 'Hi' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 2 },
}

function decode(members: object, issuer?: string): ChatResponse {
  const facts = issuer === undefined ? {} : { issuer }
  return anthropic.response.decode({ ...ANSWER, ...members }, { facts }).value
}

describe('anthropic: answer, decoded', () => {
  it('a text is one choice', () => {
    expect(decode({})).to.deep.equal({
      id: 'msg_1',
      model: 'claude',
      choices: [{ index: 0, parts: [{ type: 'text', text: 'Hi' }], finish: { reason: 'stop' } }],
      usage: { inputTokens: 1, outputTokens: 2 },
    })
  })

  const FINISHES: readonly (readonly [
    title: string,
    reason: string | null,
    sequence: string | null,
    finish: object,
  ])[] = [
    ['end_turn just stops', 'end_turn', null, { reason: 'stop' }],
    ['max_tokens is the length', 'max_tokens', null, { reason: 'length' }],
    ['tool_use calls tools', 'tool_use', null, { reason: 'tool-calls' }],
    ['A139: stop_sequence tells its text', 'stop_sequence', 'END', { reason: 'stop', stopSequence: 'END' }],
    ['Q60: pause_turn is no end', 'pause_turn', null, { reason: 'pause', original: undefined }],
    ['Q60: refusal refuses', 'refusal', null, { reason: 'refusal' }],
    [
      'trap 154: the window was exceeded',
      'model_context_window_exceeded',
      null,
      { reason: 'length', original: { protocol: 'anthropic', value: 'model_context_window_exceeded' } },
    ],
    [
      'a stop sequence that is not told',
      'stop_sequence',
      null,
      { reason: 'stop', original: { protocol: 'anthropic', value: 'stop_sequence' } },
    ],
    [
      'a pause to compact',
      'compaction',
      null,
      { reason: 'pause', original: { protocol: 'anthropic', value: 'compaction' } },
    ],
    [
      'a word of tomorrow is a stop and kept',
      'tired',
      null,
      { reason: 'stop', original: { protocol: 'anthropic', value: 'tired' } },
    ],
    ['no word at all is a stop', null, null, { reason: 'stop' }],
  ]
  for (const [title, reason, sequence, finish] of FINISHES) {
    it(title, () => {
      const told = decode({ stop_reason: reason, stop_sequence: sequence }).choices[0]?.finish
      expect({ original: undefined, ...told }).to.deep.equal({ original: undefined, ...finish })
    })
  }

  const USAGES: readonly (readonly [title: string, wire: object, usage: Usage])[] = [
    ['two numbers, as Bedrock has them', { input_tokens: 3, output_tokens: 4 }, { inputTokens: 3, outputTokens: 4 }],
    [
      'trap 106, lesson 61, Q56: cached tokens are part of the input here',
      { input_tokens: 100, cache_read_input_tokens: 55_096, cache_creation_input_tokens: 10, output_tokens: 4 },
      { inputTokens: 55_206, cacheReadTokens: 55_096, cacheWriteTokens: 10, outputTokens: 4 },
    ],
    [
      'trap 111: null is absent',
      { input_tokens: 3, cache_read_input_tokens: null, output_tokens: 4 },
      { inputTokens: 3, outputTokens: 4 },
    ],
    [
      'thoughts are part of the output',
      { input_tokens: 3, output_tokens: 40, output_tokens_details: { thinking_tokens: 30 } },
      { inputTokens: 3, outputTokens: 40, reasoningTokens: 30 },
    ],
    [
      'Q64: other counters are kept by their names',
      { input_tokens: 3, output_tokens: 4, service_tier: 'standard', iterations: [] },
      {
        inputTokens: 3,
        outputTokens: 4,
        extra: { protocol: 'anthropic', fields: { service_tier: 'standard', iterations: [] } },
      },
    ],
  ]
  for (const [title, usage, expected] of USAGES) {
    it(title, () => {
      expect(decode({ usage }).usage).to.deep.equal(expected)
      expect(anthropic.response.usage(Buffer.from(JSON.stringify({ ...ANSWER, usage })))).to.deep.equal(expected)
    })
  }

  it('counters of a relayed answer never fail', () => {
    for (const body of ['', '{', '[]', '{"usage":5}', '{"usage":{"input_tokens":"x"}}', '{}']) {
      expect(anthropic.response.usage(Buffer.from(body))).to.equal(undefined)
    }
  })
  it('members beside the content belong to the answer or to its end', () => {
    const response = decode({ container: { id: 'c' }, stop_details: null, context_management: {}, news: 1 })
    expect(response.extra).to.deep.equal({ protocol: 'anthropic', fields: { news: 1 } })
    expect(response.choices[0]?.extra?.fields).to.deep.equal({
      container: { id: 'c' },
      stop_details: null,
      context_management: {},
    })
  })
  it('trap 87: a signature is of the vendor who has this model', () => {
    const content = [
      { type: 'thinking', thinking: 't', signature: 's' },
      { type: 'redacted_thinking', data: 'd' },
    ]
    expect(decode({ content }, 'kimi').choices[0]?.parts.map((part) => 'issuer' in part && part.issuer)).to.deep.equal([
      'kimi',
      'kimi',
    ])
  })

  it('F48, defect 14: an error in a 200 is the error that it tells', () => {
    const body = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }
    const error = failureOf(() => anthropic.response.decode(body, { facts: {} }))
    expect(error).to.deep.equal({
      kind: 'overloaded',
      message: 'Overloaded',
      code: 'overloaded_error',
      source: 'provider',
    })
    const bad = { error: { type: 'invalid_request_error', message: 'no' } }
    expect(failureOf(() => anthropic.response.decode(bad, { facts: {} })).kind).to.equal('bad-request')
  })
  const BROKEN: readonly (readonly [title: string, body: unknown])[] = [
    ['{}', {}],
    ['[]', []],
    ['null', null],
    ['content that is no list', { ...ANSWER, content: 'x' }],
    ['a block without a type', { ...ANSWER, content: [{}] }],
    ['a counter that is no number', { ...ANSWER, usage: { input_tokens: 'x' } }],
    ['a stop reason that is no word', { ...ANSWER, stop_reason: 5 }],
    ['an id that is no word', { ...ANSWER, id: 5 }],
  ]
  for (const [title, body] of BROKEN) {
    it(`F48: ${title} is the fault of the provider`, () => {
      const error = failureOf(() => anthropic.response.decode(body, { facts: {} }))
      expect(error).to.include({ kind: 'upstream-failed', source: 'provider' })
    })
  }
})
