import { expect } from 'chai'
import { openaiResponses } from '../../../protocols/openai-responses/index.ts'
import { checkLegal } from '../../support/check-legal.ts'
import { answerOf, collect, decodeStream, sketchParts, streamOf } from './exchange.ts'
import { about, added, CALL, CREATED, completed, done, MESSAGE, textOf } from './stream-events.ts'

describe('streams of Responses, decoded', () => {
  const ENDS = [
    [
      'Q49: a cut by the limit',
      'response.incomplete',
      { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
      'length',
    ],
    [
      'a cut by a filter',
      'response.incomplete',
      { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
      'content-filter',
    ],
    ['a plain end', 'response.completed', { status: 'completed' }, 'stop'],
    ['an end that says no status', 'response.completed', { status: undefined }, 'stop'],
  ] as const
  for (const [title, type, members, reason] of ENDS) {
    it(`${title} is "${reason}"`, () => {
      const { events } = decodeStream([
        streamOf(CREATED, done({ ...MESSAGE, content: [textOf('Hi')] }), { type, response: answerOf([], members) }),
      ])
      expect(collect(events).choices[0]?.finish).to.deep.equal({ reason })
    })
  }

  it('trap 40: a turn that called a tool ends so', () => {
    const { events } = decodeStream([streamOf(CREATED, done({ ...CALL, arguments: '{}' }), completed())])
    expect(collect(events).choices[0]?.finish).to.deep.equal({ reason: 'tool-calls' })
  })

  it('trap 143: half a call in an answer that was cut is told as cut, and does not end as a call', () => {
    const { events } = decodeStream([
      streamOf(CREATED, added({ ...CALL, arguments: '' }), about('function_call_arguments.delta', { delta: '{"a' }), {
        type: 'response.incomplete',
        response: answerOf([{ ...CALL, arguments: '{"a', status: 'incomplete' }], {
          status: 'incomplete',
          incomplete_details: { reason: 'max_output_tokens' },
        }),
      }),
    ])
    checkLegal(events)
    expect(collect(events).choices[0]?.finish.reason).to.equal('length')
  })

  it('what comes before any start, and without one, is read all the same', () => {
    const { events } = decodeStream([streamOf(about('output_text.delta', { delta: 'Hi' }), completed())])
    checkLegal(events)
    const told = collect(events)
    expect(sketchParts(told.choices[0]?.parts ?? [])).to.deep.equal([['text', 'Hi', 0]])
    expect(told.usage).to.equal(undefined)
  })

  const USAGE = {
    input_tokens: 9,
    input_tokens_details: { cached_tokens: 4 },
    output_tokens: 3,
    output_tokens_details: { reasoning_tokens: 1 },
    total_tokens: 12,
  }
  for (const type of ['response.completed', 'response.incomplete', 'response.failed']) {
    it(`trap 107: usage is read from ${type}`, () => {
      const error = type === 'response.failed' ? { code: 'server_error', message: 'x' } : null
      const end = {
        type,
        response: answerOf([{ ...MESSAGE, content: [textOf('Hi')] }], { status: type.slice(9), error, usage: USAGE }),
      }
      const { events } = decodeStream([streamOf(CREATED, done({ ...MESSAGE, content: [textOf('Hi')] }), end)])
      const told = events.find((event) => event.type === 'usage')
      expect(told?.type === 'usage' ? told.usage : undefined).to.deep.equal({
        inputTokens: 9,
        outputTokens: 3,
        cacheReadTokens: 4,
        reasoningTokens: 1,
      })
      const tap = openaiResponses.stream.tap()
      tap.push(streamOf(CREATED, end))
      expect(tap.usage()?.inputTokens).to.equal(9)
      expect(tap.finished).to.equal(true)
    })
  }

  const ERRORS = [
    [
      'Q48: an error inside an envelope',
      { type: 'error', error: { code: 'rate_limit_exceeded', message: 'slow' } },
      'rate-limited',
    ],
    [
      'the flat error of the document',
      { type: 'error', code: 'context_length_exceeded', message: 'long', param: null },
      'context-overflow',
    ],
    ['an error without a name', { error: { message: 'The model m does not exist', type: 'x' } }, 'model-not-found'],
    ['an error without a reason', { type: 'error' }, 'upstream-failed'],
    [
      'an answer that failed',
      {
        type: 'response.failed',
        response: answerOf([], { status: 'failed', error: { code: 'server_is_overloaded', message: 'busy' } }),
      },
      'overloaded',
    ],
    [
      'an answer that failed and says nothing',
      { type: 'response.failed', response: answerOf([], { status: 'failed' }) },
      'upstream-failed',
    ],
    [
      'an answer that was given up',
      { type: 'response.cancelled', response: answerOf([], { status: 'cancelled' }) },
      'upstream-failed',
    ],
  ] as const
  for (const [title, event, kind] of ERRORS) {
    it(`trap 10: ${title} is told once, as ${kind}`, () => {
      const { raw, events, decoder } = decodeStream([streamOf(CREATED, event, completed())])
      expect(decoder.done).to.equal(true)
      expect(raw.filter(({ type }) => type === 'error')).to.have.length(1)
      const last = events.at(-1)
      expect(last?.type === 'error' ? last.error.kind : last).to.equal(kind)
    })
  }

  it('trap 13: what breaks off with an item open is an error, what ends between two items is an end', () => {
    const cut = decodeStream([
      streamOf(CREATED, added({ ...MESSAGE, content: [] }), about('output_text.delta', { delta: 'Hi' })),
    ])
    expect(cut.events.at(-1)?.type).to.equal('error')
    const whole = decodeStream([streamOf(CREATED, done({ ...MESSAGE, content: [textOf('Hi')] }))])
    expect(collect(whole.events).choices[0]?.finish.reason).to.equal('stop')
  })

  it('trap 12: a stream that says nothing is an error', () => {
    expect(decodeStream([streamOf(CREATED, completed())]).events.at(-1)?.type).to.equal('error')
  })

  it('F65: ten strange events are skipped and noted, eleven in a row are an error', () => {
    const strange = Array.from({ length: 10 }, () => 'data: {"x": 1}\n\n')
    const kept = decodeStream([
      streamOf(...strange, CREATED, done({ ...MESSAGE, content: [textOf('Hi')] }), completed()),
    ])
    expect(collect(kept.events).choices[0]?.parts).to.have.length(1)
    expect(kept.losses).to.have.length(1)
    const lost = decodeStream([streamOf(...strange, 'data: nonsense\n\n')])
    expect(lost.decoder.done).to.equal(true)
    expect(lost.events.at(-1)?.type).to.equal('error')
  })
})
