import { expect } from 'chai'
import { anthropic } from '../../../protocols/anthropic/index.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import type { ChatResponse, Choice } from '../../../protocols/ir/response.ts'
import type { Usage } from '../../../protocols/ir/usage.ts'
import { REPLY, sketchLosses } from './exchange.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

function answer(parts: readonly Part[], members: Partial<Choice> = {}): ChatResponse {
  return { id: 'chatcmpl-1', model: 'm', choices: [{ index: 0, parts, finish: { reason: 'stop' }, ...members }] }
}

function encode(response: ChatResponse) {
  const { body, losses } = anthropic.response.encode(response, REPLY)
  return { body: JSON.parse(JSON.stringify(body)), losses: sketchLosses(losses) }
}

describe('anthropic: answer, encoded', () => {
  it('B055 to B060: an answer of another protocol is a whole message', () => {
    const response: ChatResponse = {
      ...answer([{ type: 'text', text: 'Hello!' }]),
      usage: { inputTokens: 12, outputTokens: 20 },
    }
    const { body, losses } = encode(response)
    expect(body).to.deep.equal({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'groq/llama-3.1-70b-versatile',
      content: [{ type: 'text', text: 'Hello!' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 12, output_tokens: 20, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    })
    expect(losses).to.deep.equal([])
    if (hasRecordings) expect(loadSchema('response')(body)).to.equal(undefined)
  })

  const IDS: readonly (readonly [id: string, expected: string])[] = [
    ['msg_01AbC', 'msg_01AbC'],
    ['msg_bdrk_1', 'msg_bdrk_1'],
    ['chatcmpl-abc123', 'msg_abc123'],
    ['resp_0a1', 'msg_0a1'],
    ['0b1c-22', 'msg_0b1c-22'],
    ['a b/c', 'msg_a_b_c'],
    ['', 'msg_x1'],
    ['chatcmpl-', 'msg_x1'],
  ]
  for (const [id, expected] of IDS) {
    it(`B055: the id ${JSON.stringify(id)} becomes ${expected}`, () => {
      expect(encode({ ...answer([]), id }).body.id).to.equal(expected)
    })
  }

  const PARTS: readonly (readonly [title: string, part: Part, block: unknown, losses?: readonly string[]])[] = [
    [
      'B061: a call keeps its id',
      { type: 'tool-call', id: 'call_123', name: 'f', arguments: '{"a":1}' },
      { type: 'tool_use', id: 'call_123', name: 'f', input: { a: 1 } },
    ],
    [
      'trap 38: a call without arguments',
      { type: 'tool-call', id: 'c', name: 'f', arguments: '' },
      { type: 'tool_use', id: 'c', name: 'f', input: {} },
    ],
    [
      'lesson 26: a call whose arguments are broken does not break the answer',
      { type: 'tool-call', id: 'c', name: 'f', arguments: "{'a': 1}" },
      { type: 'tool_use', id: 'c', name: 'f', input: { _raw: "{'a': 1}" } },
      ['choices.0.parts.0.arguments: changed'],
    ],
    [
      'trap 91: a signed call',
      { type: 'tool-call', id: 'c', name: 'f', arguments: '{}', signature: 's', issuer: 'gemini', namespace: 'n' },
      { type: 'tool_use', id: 'c', name: 'f', input: {} },
      ['choices.0.parts.0.signature: dropped', 'choices.0.parts.0.namespace: dropped'],
    ],
    [
      'own signed thinking',
      { type: 'reasoning', text: 'hm', signature: 's', issuer: 'anthropic' },
      { type: 'thinking', thinking: 'hm', signature: 's' },
    ],
    [
      'K19: unsigned thinking has an empty signature',
      { type: 'reasoning', text: 'hm' },
      { type: 'thinking', thinking: 'hm', signature: '' },
    ],
    [
      'own redacted thinking',
      { type: 'reasoning', text: '', encrypted: 'e', issuer: 'anthropic' },
      { type: 'redacted_thinking', data: 'e' },
    ],
    [
      'trap 87: thinking of another issuer is sealed',
      { type: 'reasoning', text: 'hm', signature: 'c2ln', issuer: 'gemini' },
      { type: 'thinking', thinking: 'hm', signature: 'sealed:signature:gemini:c2ln' },
    ],
    [
      'trap 87: so is an encrypted thought',
      { type: 'reasoning', text: 'sum', encrypted: 'ZW5j', issuer: 'openai' },
      { type: 'thinking', thinking: 'sum', signature: 'sealed:encrypted:openai:ZW5j' },
    ],
    ['nothing thought is nothing', { type: 'reasoning', text: '' }, undefined],
    ['an empty text is nothing', { type: 'text', text: '' }, undefined],
    [
      'a signed text',
      { type: 'text', text: 'a', signature: 's', issuer: 'gemini' },
      { type: 'text', text: 'a' },
      ['choices.0.parts.0.signature: dropped'],
    ],
    [
      'citations of others',
      { type: 'text', text: 'a', citations: [{ url: 'u', original: { protocol: 'x', value: 1 } }] },
      { type: 'text', text: 'a' },
      ['choices.0.parts.0.citations: dropped'],
    ],
    ['an image', { type: 'image', source: { type: 'url', url: 'u' } }, undefined, ['choices.0.parts.0: dropped']],
    ['sound', { type: 'audio', source: { type: 'url', url: 'u' } }, undefined, ['choices.0.parts.0: dropped']],
    [
      'spoken words',
      { type: 'audio', source: { type: 'url', url: 'u' }, transcript: 'hi' },
      { type: 'text', text: 'hi' },
      ['choices.0.parts.0: changed'],
    ],
    ['a file', { type: 'file', source: { type: 'url', url: 'u' } }, undefined, ['choices.0.parts.0: dropped']],
    ['a result', { type: 'tool-result', callId: 'c', content: [] }, undefined, ['choices.0.parts.0: dropped']],
    ['an own block', { type: 'opaque', protocol: 'anthropic', value: { type: 'x', a: 1 } }, { type: 'x', a: 1 }],
    ['a foreign block', { type: 'opaque', protocol: 'gemini', value: {} }, undefined, ['choices.0.parts.0: dropped']],
  ]
  for (const [title, part, block, losses] of PARTS) {
    it(title, () => {
      const told = encode(answer([part]))
      expect(told.body.content).to.deep.equal(block === undefined ? [] : [block])
      expect(told.losses).to.deep.equal(losses ?? [])
    })
  }

  const REASONS: readonly (readonly [
    title: string,
    finish: Choice['finish'],
    word: string,
    sequence: string | null,
  ])[] = [
    ['B058: stop', { reason: 'stop' }, 'end_turn', null],
    ['B058: length', { reason: 'length' }, 'max_tokens', null],
    ['B062, trap 40: tool calls', { reason: 'tool-calls' }, 'tool_use', null],
    ['a stop sequence', { reason: 'stop', stopSequence: 'END' }, 'stop_sequence', 'END'],
    ['a filter', { reason: 'content-filter' }, 'refusal', null],
    ['a refusal', { reason: 'refusal' }, 'refusal', null],
    ['a pause', { reason: 'pause' }, 'pause_turn', null],
    [
      'an own word that says more',
      { reason: 'length', original: { protocol: 'anthropic', value: 'model_context_window_exceeded' } },
      'model_context_window_exceeded',
      null,
    ],
    ['an own word of tomorrow', { reason: 'stop', original: { protocol: 'anthropic', value: 'tired' } }, 'tired', null],
    [
      'an own word that was corrected',
      { reason: 'tool-calls', original: { protocol: 'anthropic', value: 'stop_sequence' } },
      'tool_use',
      null,
    ],
    [
      'defect 9: a word of another protocol',
      { reason: 'stop', original: { protocol: 'openai-chat', value: 'eos' } },
      'end_turn',
      null,
    ],
  ]
  for (const [title, finish, word, sequence] of REASONS) {
    it(`${title} is ${word}`, () => {
      const { body } = encode(answer([], { finish }))
      expect(body).to.include({ stop_reason: word, stop_sequence: sequence })
    })
  }

  it('a refusal in words stops as one', () => {
    const { body } = encode(answer([{ type: 'refusal', text: 'No.' }]))
    expect(body).to.deep.include({ content: [{ type: 'text', text: 'No.' }], stop_reason: 'refusal' })
  })
  it('trap 143: a call that was cut in its arguments is not shown', () => {
    const parts: Part[] = [
      { type: 'tool-call', id: 'a', name: 'f', arguments: '{"x":1}' },
      { type: 'tool-call', id: 'b', name: 'rm', arguments: '{"path":"/' },
    ]
    const { body, losses } = encode(answer(parts, { finish: { reason: 'length' } }))
    expect(body.content.map((block: { id: string }) => block.id)).to.deep.equal(['a'])
    expect(losses).to.deep.equal(['choices.0.parts.1: dropped'])
  })
  it('only the first of several answers is given', () => {
    const [first] = answer([{ type: 'text', text: 'a' }]).choices
    const { body, losses } = encode({ id: '', model: '', choices: [first!, { ...first!, index: 1, parts: [] }] })
    expect(body.content).to.have.length(1)
    expect(losses).to.deep.equal(['choices.1: dropped'])
  })
  it('what else the Messages API cannot tell is reported', () => {
    const response: ChatResponse = {
      ...answer([], { logprobs: { protocol: 'x', value: [] }, extra: { protocol: 'x', fields: { a: 1 } } }),
      serviceTier: 'flex',
      extra: { protocol: 'x', fields: { system_fingerprint: 'f' } },
      usage: { extra: { protocol: 'x', fields: { cost: 1 } } },
    }
    expect(encode(response).losses).to.have.members([
      'choices.0.logprobs: dropped',
      'serviceTier: dropped',
      'system_fingerprint: dropped',
      'choices.0.a: dropped',
      'usage.cost: dropped',
    ])
  })

  const COUNTERS: readonly (readonly [title: string, usage: Usage | undefined, expected: object])[] = [
    [
      'trap 101: no input count is our estimate',
      undefined,
      { input_tokens: 7, output_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    ],
    [
      'trap 106: cached tokens are taken out of the input',
      { inputTokens: 110, cacheReadTokens: 90, cacheWriteTokens: 5, outputTokens: 3 },
      { input_tokens: 15, output_tokens: 3, cache_creation_input_tokens: 5, cache_read_input_tokens: 90 },
    ],
    [
      'a count never falls below zero',
      { inputTokens: 10, cacheReadTokens: 90, outputTokens: 3 },
      { input_tokens: 0, output_tokens: 3, cache_creation_input_tokens: 0, cache_read_input_tokens: 90 },
    ],
    [
      'thoughts are told',
      { inputTokens: 10, outputTokens: 30, reasoningTokens: 20 },
      {
        input_tokens: 10,
        output_tokens: 30,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens_details: { thinking_tokens: 20 },
      },
    ],
  ]
  for (const [title, usage, expected] of COUNTERS) {
    it(title, () =>
      expect(encode({ ...answer([]), ...(usage === undefined ? {} : { usage }) }).body.usage).to.deep.equal(expected),
    )
  }
})
