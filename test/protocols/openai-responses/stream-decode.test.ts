import { expect } from 'chai'
import { openaiResponses } from '../../../protocols/openai-responses/index.ts'
import { checkLegal } from '../../support/check-legal.ts'
import { answerOf, collect, decodeStream, sketchParts, streamOf } from './exchange.ts'

const CREATED = { type: 'response.created', response: answerOf([], { status: 'in_progress' }) }
const completed = (output: readonly object[] = [], members: object = {}) => ({
  type: 'response.completed',
  response: answerOf(output, members),
})
const CALL = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', status: 'completed' }
const MESSAGE = { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed' }
const textOf = (text: string, more: object = {}) => ({ type: 'output_text', text, annotations: [], ...more })
const added = (item: object, output_index = 0) => ({ type: 'response.output_item.added', output_index, item })
const done = (item: object, output_index = 0) => ({ type: 'response.output_item.done', output_index, item })
const about = (type: string, members: object, output_index = 0) => ({
  type: `response.${type}`,
  item_id: 'x',
  output_index,
  content_index: 0,
  ...members,
})

function partsOf(...events: readonly (object | string)[]): unknown[] {
  const { events: told, losses } = decodeStream([streamOf(...events)])
  checkLegal(told)
  expect(losses).to.deep.equal([])
  return sketchParts(collect(told).choices[0]?.parts ?? [])
}

const HELLO = ['text', 'Hello', 0]
const F = ['tool-call', 'call_1', 'f', '{"a":1}', false, null]

/** What vendors send, and what it means. */
const ROWS: readonly (readonly [title: string, events: readonly (object | string)[], parts: readonly unknown[]])[] = [
  [
    'a text in pieces, which its whole does not repeat',
    [
      CREATED,
      added({ ...MESSAGE, content: [] }),
      about('content_part.added', { part: textOf('') }),
      about('output_text.delta', { delta: 'Hel' }),
      about('output_text.delta', { delta: 'lo' }),
      about('output_text.done', { text: 'Hello' }),
      about('content_part.done', { part: textOf('Hello') }),
      done({ ...MESSAGE, content: [textOf('Hello')] }),
      completed([{ ...MESSAGE, content: [textOf('Hello')] }]),
    ],
    [HELLO],
  ],
  [
    'trap 36: a text that comes with its end only',
    [CREATED, added({ ...MESSAGE, content: [] }), about('output_text.done', { text: 'Hello' }), completed()],
    [HELLO],
  ],
  [
    'trap 36: a text that comes with its item only',
    [CREATED, done({ ...MESSAGE, content: [textOf('Hello')] }), completed()],
    [HELLO],
  ],
  [
    'a text that comes with the answer only',
    [CREATED, completed([{ ...MESSAGE, content: [textOf('Hello')] }])],
    [HELLO],
  ],
  [
    'Q45: arguments in pieces',
    [
      CREATED,
      added({ ...CALL, arguments: '' }),
      about('function_call_arguments.delta', { delta: '{"a"' }),
      about('function_call_arguments.delta', { delta: ':1}' }),
      about('function_call_arguments.done', { arguments: '{"a":1}' }),
      done({ ...CALL, arguments: '{"a":1}' }),
      completed(),
    ],
    [F],
  ],
  [
    'trap 36, Q45: arguments that come with their end only',
    [
      CREATED,
      added({ ...CALL, arguments: '' }),
      about('function_call_arguments.done', { arguments: '{"a":1}' }),
      completed(),
    ],
    [F],
  ],
  [
    'trap 36: arguments that come with their item only',
    [CREATED, added({ ...CALL, arguments: '' }), done({ ...CALL, arguments: '{"a":1}' }), completed()],
    [F],
  ],
  [
    'trap 141: a call of which only the end is told',
    [CREATED, done({ ...CALL, arguments: '{"a":1}' }), completed()],
    [F],
  ],
  ['trap 45: arguments that are an object', [CREATED, done({ ...CALL, arguments: { a: 1 } }), completed()], [F]],
  [
    'trap 38: a call without arguments',
    [CREATED, added({ ...CALL, arguments: '' }), done({ ...CALL, arguments: '' }), completed()],
    [['tool-call', 'call_1', 'f', '{}', false, null]],
  ],
  [
    'trap 37: an empty piece says nothing',
    [
      CREATED,
      added({ ...CALL, arguments: '' }),
      about('function_call_arguments.delta', { delta: '' }),
      done({ ...CALL, arguments: '{"a":1}' }),
      completed(),
    ],
    [F],
  ],
  [
    'trap 41: a call whose id and name come at its end',
    [
      CREATED,
      added({ type: 'function_call', id: 'fc_1' }),
      about('function_call_arguments.delta', { delta: '{"a":1}' }),
      done({ ...CALL, arguments: '{"a":1}' }),
      completed(),
    ],
    [['tool-call', 'fc_1', 'f', '{"a":1}', false, null]],
  ],
  [
    'Q51: a call out of a group, and one with raw text',
    [
      CREATED,
      added({ ...CALL, namespace: 'n', arguments: '' }),
      done({ ...CALL, namespace: 'n', arguments: '{}' }),
      added({ type: 'custom_tool_call', id: 'c', call_id: 'call_2', name: 'exec', input: '' }, 1),
      about('custom_tool_call_input.delta', { delta: 'ls ' }, 1),
      about('custom_tool_call_input.delta', { delta: '-l' }, 1),
      about('custom_tool_call_input.done', { input: 'ls -l' }, 1),
      done({ type: 'custom_tool_call', id: 'c', call_id: 'call_2', name: 'exec', input: 'ls -l' }, 1),
      completed(),
    ],
    [
      ['tool-call', 'call_1', 'f', '{}', false, 'n'],
      ['tool-call', 'call_2', 'exec', 'ls -l', true, null],
    ],
  ],
  [
    'trap 100: several pieces of a summary are one thought, Q46: with the last proof',
    [
      CREATED,
      added({ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'first' }),
      about('reasoning_summary_text.delta', { summary_index: 0, delta: 'One' }),
      about('reasoning_summary_text.done', { summary_index: 0, text: 'One' }),
      about('reasoning_summary_text.delta', { summary_index: 1, delta: 'Two' }),
      done({ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'last' }),
      completed(),
    ],
    [['reasoning', 'One\n\nTwo', true, 'rs_1']],
  ],
  [
    'Q47: a thought that is shown itself',
    [
      CREATED,
      added({ type: 'reasoning', id: 'rs_1', summary: [] }),
      about('reasoning_text.delta', { delta: 'Hm' }),
      done({ type: 'reasoning', id: 'rs_1', summary: [], content: [{ type: 'reasoning_text', text: 'Hm' }] }),
      completed(),
    ],
    [['reasoning', 'Hm', false, 'rs_1']],
  ],
  [
    'Q47: a thought of which only the id is told',
    [
      CREATED,
      done({ type: 'reasoning', id: 'rs_1', summary: [] }),
      done({ ...MESSAGE, content: [textOf('Hello')] }, 1),
      completed(),
    ],
    [['opaque', 'reasoning'], HELLO],
  ],
  [
    'Q53: places that count from one, and no names of events (Q8)',
    [
      CREATED,
      added({ ...MESSAGE, content: [] }),
      about('output_text.delta', { content_index: 1, delta: 'Hello' }),
      done({ ...MESSAGE, content: [textOf('Hello')] }),
      completed(),
    ],
    [HELLO],
  ],
  [
    'Q50: two messages, and two texts in one',
    [
      CREATED,
      done({ ...MESSAGE, content: [textOf('a'), textOf('b')] }),
      done({ ...MESSAGE, id: 'msg_2', content: [textOf('c')] }, 1),
      completed(),
    ],
    [
      ['text', 'a', 0],
      ['text', 'b', 0],
      ['text', 'c', 0],
    ],
  ],
  [
    'citations that come by themselves, and those that come with the text',
    [
      CREATED,
      added({ ...MESSAGE, content: [] }),
      about('output_text.delta', { delta: 'Hello' }),
      about('output_text.annotation.added', { annotation: { type: 'url_citation', url: 'https://a' } }),
      done({
        ...MESSAGE,
        content: [
          textOf('Hello', {
            annotations: [
              { type: 'url_citation', url: 'https://a' },
              { type: 'file_path', file_id: 'f', index: 0 },
            ],
          }),
        ],
      }),
      completed(),
    ],
    [['text', 'Hello', 2]],
  ],
  [
    'a refusal',
    [
      CREATED,
      added({ ...MESSAGE, content: [] }),
      about('refusal.delta', { delta: 'No' }),
      about('refusal.done', { refusal: 'No' }),
      done({ ...MESSAGE, content: [{ type: 'refusal', refusal: 'No' }] }),
      completed(),
    ],
    [['refusal', 'No', 0]],
  ],
  [
    'items that only the API itself knows, with events of their own',
    [
      CREATED,
      added({ type: 'web_search_call', id: 'ws' }),
      about('web_search_call.searching', {}),
      done({ type: 'web_search_call', id: 'ws', status: 'completed' }),
      about('tomorrow.delta', {}),
      completed(),
    ],
    [['opaque', 'web_search_call']],
  ],
  [
    'trap 18: comments, empty data, what is no JSON, and signs of life between the events',
    [
      ': ping\n\n',
      'data:\n\n',
      CREATED,
      { type: 'keepalive' },
      done({ ...MESSAGE, content: [textOf('Hello')] }),
      completed(),
    ],
    [HELLO],
  ],
  [
    'trap 15: nothing that follows the end counts',
    [
      CREATED,
      done({ ...MESSAGE, content: [textOf('Hello')] }),
      completed(),
      done({ ...CALL, arguments: '{}' }, 1),
      completed(),
      'data: [DONE]\n\n',
    ],
    [HELLO],
  ],
]

describe('streams of Responses, decoded', () => {
  for (const [title, events, parts] of ROWS) {
    it(title, () => {
      if (title.startsWith('trap 18')) {
        const { events: told } = decodeStream([streamOf(...events)])
        expect(sketchParts(collect(told).choices[0]?.parts ?? [])).to.deep.equal(parts)
        return
      }
      expect(partsOf(...events)).to.deep.equal(parts)
    })
  }

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

  it('trap 87: a proof is that of who answers here, unless it was sealed for somebody else', () => {
    const thought = {
      type: 'reasoning',
      id: 'rs',
      summary: [{ type: 'summary_text', text: 'Hm' }],
      encrypted_content: 'abc',
    }
    const of = (facts: object, item: object) => {
      const { events } = decodeStream([streamOf(CREATED, done(item), completed())], facts)
      const part = collect(events).choices[0]?.parts[0]
      return part?.type === 'reasoning' ? [part.issuer, part.encrypted, part.signature] : part
    }
    expect(of({}, thought)).to.deep.equal(['openai-responses', 'abc', undefined])
    expect(of({ issuer: 'xai' }, thought)).to.deep.equal(['xai', 'abc', undefined])
    expect(of({}, { ...thought, encrypted_content: 'sealed:signature:anthropic:sig' })).to.deep.equal([
      'anthropic',
      undefined,
      'sig',
    ])
  })

  it('logprobs of the pieces are one list', () => {
    const one = { token: 'a', logprob: -1, bytes: [97], top_logprobs: [] }
    const { events } = decodeStream([
      streamOf(
        CREATED,
        added({ ...MESSAGE, content: [] }),
        about('output_text.delta', { delta: 'a', logprobs: [one] }),
        about('output_text.delta', { delta: 'a', logprobs: [one] }),
        done({ ...MESSAGE, content: [textOf('aa', { logprobs: [one, one] })] }),
        completed(),
      ),
    ])
    expect(collect(events).choices[0]?.logprobs).to.deep.equal({
      protocol: 'openai-responses',
      value: { content: [one, one] },
    })
  })
})
