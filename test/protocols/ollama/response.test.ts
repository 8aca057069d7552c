import { expect } from 'chai'
import type { Finish } from '../../../protocols/ir/finish.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import { ollama } from '../../../protocols/ollama/index.ts'
import {
  answerOf,
  bytesOf,
  decodeAnswer,
  encodeAnswer,
  encodeParts,
  failureOf,
  GENERATE,
  sketchLosses,
} from './exchange.ts'

const finishOf = (body: object) => decodeAnswer(body).choices[0]!.finish

describe('an answer of Ollama', () => {
  it('has thoughts, text, pictures and calls, in this order', () => {
    const answer = decodeAnswer(
      answerOf({
        content: 'Yes.',
        thinking: 'Hm.',
        images: ['iVBORw0KGgo='],
        tool_calls: [{ function: { name: 'look', arguments: { at: 1 } } }],
      }),
    )
    expect(answer).to.include({ model: 'served', createdAt: 1_721_680_408 })
    expect(answer.choices[0]?.parts.map(({ type }) => type)).to.deep.equal(['reasoning', 'text', 'image', 'tool-call'])
  })

  it('Q77: has calls with ids of their own, else with such as no other answer of the conversation has', () => {
    const calls = [
      { id: 'call_a', function: { index: 0, name: 'f', arguments: {} } },
      { function: { name: 'g', arguments: {} } },
    ]
    const ids = (created_at: string) =>
      decodeAnswer(answerOf({ tool_calls: calls }, { created_at })).choices[0]?.parts.map((part: any) => part.id)
    expect(ids('2024-07-22T20:33:28.123648Z')).to.deep.equal(['call_a', 'call_20240722203328123648_1'])
    expect(ids('2024-07-22T20:33:28.123649Z')?.[1]).to.not.equal(ids('2024-07-22T20:33:28.123648Z')?.[1])
  })

  const ENDS: readonly (readonly [title: string, body: object, finish: Finish])[] = [
    ['stop', answerOf({ content: 'a' }), { reason: 'stop' }],
    ['the limit', answerOf({ content: 'a' }, { done_reason: 'length' }), { reason: 'length' }],
    ['Q79: nothing', answerOf({ content: 'a' }, { done_reason: undefined }), { reason: 'stop' }],
    ['trap 39: a call', answerOf({ tool_calls: [{ function: { name: 'f' } }] }), { reason: 'tool-calls' }],
    [
      'the limit inside a call',
      answerOf({ tool_calls: [{ function: { name: 'f' } }] }, { done_reason: 'length' }),
      { reason: 'length' },
    ],
    [
      'Q79: loading',
      answerOf({}, { done_reason: 'load' }),
      { reason: 'stop', original: { protocol: 'ollama', value: 'load' } },
    ],
    [
      'a word of tomorrow',
      answerOf({}, { done_reason: 'bored' }),
      { reason: 'stop', original: { protocol: 'ollama', value: 'bored' } },
    ],
  ]
  for (const [title, body, finish] of ENDS) {
    it(`ends with ${title}`, () => {
      expect(finishOf(body)).to.deep.equal(finish)
      const { done_reason: told } = encodeAnswer({ choices: [{ index: 0, parts: [], finish }] }).body
      expect(told).to.equal((body as any).done_reason ?? 'stop')
    })
  }

  it('Q80: keeps what only this server tells, without what says nothing', () => {
    const told = answerOf(
      { content: 'a', odd: 1, images: null },
      { remote_host: 'h', remote_model: null, context: [1] },
    )
    expect(decodeAnswer(told).extra?.fields).to.deep.equal({ remote_host: 'h', context: [1], 'message.odd': 1 })
    expect(decodeAnswer(answerOf({ content: 'a' }, { remote_model: '' }))).to.not.have.property('extra')
  })

  for (const [title, body] of [
    ['a list', []],
    ['no message', { model: 'm' }],
    ['a number for a text', answerOf({ content: 7 })],
    ['a call without a name', answerOf({ tool_calls: [{ function: {} }] })],
  ] as const) {
    it(`is none with ${title}`, () => {
      expect(failureOf(() => decodeAnswer(body))).to.include({ kind: 'upstream-failed', source: 'provider' })
    })
  }

  it('F48: that tells an error is that error', () => {
    expect(failureOf(() => decodeAnswer({ error: 'model "x" not found, try pulling it first' }))).to.include({
      kind: 'model-not-found',
      source: 'provider',
    })
    expect(failureOf(() => decodeAnswer({ error: { message: 'odd' } }))).to.include({ message: 'odd' })
    expect(decodeAnswer({ ...answerOf({ content: 'a' }), error: '' }).choices).to.have.length(1)
  })
})

describe('an answer written as Ollama gives it', () => {
  const CALL: Part = { type: 'tool-call', id: 'c1', name: 'look', arguments: '{"at":1}' }

  it('bears id and number with each call, arguments as an object, and the word stop', () => {
    const { message, body } = encodeParts([{ type: 'text', text: 'a' }, CALL, { ...CALL, id: 'c2' }], {
      reason: 'tool-calls',
    })
    expect(message).to.deep.equal({
      role: 'assistant',
      content: 'a',
      tool_calls: [
        { id: 'c1', function: { index: 0, name: 'look', arguments: { at: 1 } } },
        { id: 'c2', function: { index: 1, name: 'look', arguments: { at: 1 } } },
      ],
    })
    expect(body).to.include({ done: true, done_reason: 'stop', model: 'asked', created_at: '2023-11-14T22:13:20.000Z' })
  })

  it('trap 136: tells how long it took in nanoseconds, never 0 where something is divided by it', () => {
    const whole = encodeParts([], { reason: 'stop' }, { elapsedMs: () => 1500.25 }).body
    expect(whole).to.include({ total_duration: 1_500_250_000, eval_duration: 1_500_250_000, load_duration: 0 })
    const clockless = encodeParts([]).body
    expect(clockless).to.include({ total_duration: 1, prompt_eval_duration: 1, eval_duration: 1 })
    expect(clockless).to.include({ prompt_eval_count: 0, eval_count: 0 })
  })

  it('trap 106: counts all input and all output, and reports the counters that it cannot tell apart', () => {
    const { body, losses } = encodeAnswer({
      choices: [],
      usage: {
        inputTokens: 10,
        outputTokens: 5,
        cacheReadTokens: 4,
        cacheWriteTokens: 0,
        reasoningTokens: 2,
        extra: { protocol: 'other', fields: { cost: 1 } },
      },
    })
    expect(body).to.include({ prompt_eval_count: 10, eval_count: 5 })
    expect(sketchLosses(losses)).to.deep.equal([
      'usage.cacheReadTokens: dropped',
      'usage.reasoningTokens: dropped',
      'usage.cost: dropped',
    ])
  })

  it('has a response and no message for a client that sent a prompt', () => {
    const { body } = encodeParts(
      [
        { type: 'reasoning', text: 'Hm.' },
        { type: 'text', text: 'a' },
      ],
      { reason: 'length' },
      { wire: GENERATE },
    )
    expect(body).to.include({ response: 'a', thinking: 'Hm.', done_reason: 'length' })
    expect(body).to.not.have.property('message')
  })

  const PARTS: readonly (readonly [title: string, part: Part, message: object, losses: readonly string[]])[] = [
    ['a refusal', { type: 'refusal', text: 'No.' }, { content: 'No.' }, [': changed']],
    [
      'proofs',
      { type: 'reasoning', text: 'a', signature: 's', encrypted: 'e' },
      { content: '', thinking: 'a' },
      ['.signature: dropped', '.encrypted: dropped'],
    ],
    [
      'where a text comes from',
      { type: 'text', text: 'a', signature: 's', citations: [{ original: { protocol: 'x', value: 1 } }] },
      { content: 'a' },
      ['.signature: dropped', '.citations: dropped'],
    ],
    [
      'a picture',
      { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'aa' } },
      { content: '', images: ['aa'] },
      [],
    ],
    [
      'a sound',
      { type: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: 'aa' } },
      { content: '' },
      [': dropped'],
    ],
    ['a block of another protocol', { type: 'opaque', protocol: 'x', value: 1 }, { content: '' }, [': dropped']],
  ]
  for (const [title, part, message, losses] of PARTS) {
    it(`tells ${title} as it can, and what it cannot`, () => {
      const sent = encodeParts([part])
      expect(sent.message).to.deep.equal({ role: 'assistant', ...message })
      expect(sketchLosses(sent.losses)).to.deep.equal(losses.map((loss) => `choices.0.parts.0${loss}`))
    })
  }

  for (const reason of ['content-filter', 'refusal', 'pause', 'error'] as const) {
    it(`says stop for ${reason}, and reports it`, () => {
      const sent = encodeParts([], { reason, stopSequence: 'x' })
      expect(sent.body.done_reason).to.equal('stop')
      expect(sketchLosses(sent.losses)).to.deep.equal([
        'choices.0.finish.stopSequence: dropped',
        'choices.0.finish.reason: changed',
      ])
    })
  }

  it('is one, and reports the others, the tier and fields of another protocol', () => {
    const choice = { parts: [], finish: { reason: 'stop' } } as const
    const { losses } = encodeAnswer({
      choices: [
        { index: 0, ...choice, logprobs: { protocol: 'x', value: 1 } },
        { index: 1, ...choice },
      ],
      serviceTier: 'flex',
      extra: { protocol: 'x', fields: { odd: 1 } },
    })
    expect(sketchLosses(losses).sort()).to.deep.equal([
      'choices.0.logprobs: dropped',
      'choices: dropped',
      'odd: dropped',
      'serviceTier: dropped',
    ])
  })

  it('gives log probabilities back as they came', () => {
    const logprobs = [{ token: 'a', logprob: -0.5 }]
    const answer = decodeAnswer(answerOf({ content: 'a' }, { logprobs }))
    expect(encodeAnswer(answer).body.logprobs).to.deep.equal(logprobs)
  })
})

describe('the counters of a relayed answer', () => {
  it('are read from its bytes, and nothing is thrown', () => {
    const body = answerOf({ content: '"eval_count": 9' }, { prompt_eval_count: 3, eval_count: 4, total_duration: 5 })
    expect(ollama.response.usage(bytesOf(body))).to.deep.equal({
      inputTokens: 3,
      outputTokens: 4,
      extra: { protocol: 'ollama', fields: { total_duration: 5 } },
    })
    expect(ollama.response.usage(bytesOf([]))).to.equal(undefined)
    expect(ollama.response.usage(bytesOf({ eval_count: 'many' }))).to.equal(undefined)
    expect(ollama.response.usage(Buffer.from('<html>'))).to.equal(undefined)
  })
})
