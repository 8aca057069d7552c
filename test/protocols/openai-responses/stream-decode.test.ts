import { expect } from 'chai'
import { checkLegal } from '../../support/check-legal.ts'
import { collect, decodeStream, sketchParts, streamOf } from './exchange.ts'
import { about, added, CALL, CREATED, completed, done, MESSAGE, textOf } from './stream-events.ts'

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
