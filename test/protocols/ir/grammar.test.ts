import { expect } from 'chai'
import fc from 'fast-check'
import type { PartHead, StreamEvent } from '../../../protocols/ir/event.ts'
import { createGrammar, type Grammar } from '../../../protocols/ir/grammar.ts'
import { checkLegal } from '../../support/check-legal.ts'

const CALL = (name: string, id = ''): PartHead => ({ type: 'tool-call', id, name })
const TEXT: PartHead = { type: 'text' }
const start = (part: number, head: PartHead, choice = 0): StreamEvent => ({ type: 'part-start', part, choice, head })
const text = (part: number, value: string, choice = 0): StreamEvent => ({
  type: 'part-delta',
  part,
  choice,
  delta: { text: value },
})
const args = (part: number, value: string): StreamEvent => ({
  type: 'part-delta',
  part,
  choice: 0,
  delta: { arguments: value },
})
const end = (part: number): StreamEvent => ({ type: 'part-end', part, choice: 0 })
const finish = (reason: 'stop' | 'length' | 'tool-calls' | 'refusal', choice = 0): StreamEvent => ({
  type: 'finish',
  finishes: [{ choice, reason }],
})

function run(events: readonly StreamEvent[]): { out: StreamEvent[]; grammar: Grammar } {
  const out: StreamEvent[] = []
  const grammar = createGrammar({ id: 'x1' }, (event) => out.push(event))
  for (const event of events) grammar.push(event)
  grammar.end()
  return { out, grammar }
}

/** One word per event, so that an order can be read at a glance. */
function sketch(events: readonly StreamEvent[]): string[] {
  return events.map((event) => {
    switch (event.type) {
      case 'part-start':
        return `${event.choice}.${event.part}+${event.head.type === 'tool-call' ? `${event.head.name}#${event.head.id}` : event.head.type}`
      case 'part-delta':
        return `${event.choice}.${event.part}:${event.delta.text ?? event.delta.arguments ?? event.delta.signature}`
      case 'part-end':
        return `${event.choice}.${event.part}-`
      case 'finish':
        return `finish ${event.finishes.map((one) => one.reason).join(' ')}`
      case 'error':
        return `error ${event.error.kind}`
      default:
        return event.type
    }
  })
}

const ROWS: readonly (readonly [title: string, events: readonly StreamEvent[], expected: readonly string[]])[] = [
  [
    'trap 13: a stream that just ends is closed and finished by what was seen',
    [{ type: 'start', id: 'a' }, start(0, TEXT), text(0, 'hi')],
    ['start', '0.0+text', '0.0:hi', '0.0-', 'finish stop'],
  ],
  [
    'trap 15: nothing follows the end, and a second finish changes only the reason',
    [start(0, TEXT), text(0, 'hi'), finish('stop'), finish('length')],
    ['start', '0.0+text', '0.0:hi', '0.0-', 'finish length'],
  ],
  [
    'trap 12: an answer without anything is a failure of the provider',
    [{ type: 'start', id: 'a', model: 'm' }, finish('stop')],
    ['error upstream-failed'],
  ],
  [
    'F72: role only, without finish or words, is a failure of the provider',
    [{ type: 'start', id: 'a' }],
    ['error upstream-failed'],
  ],
  [
    'an empty turn for which the provider counted output is an answer',
    [{ type: 'usage', usage: { outputTokens: 2 } }, finish('stop')],
    ['start', 'usage', 'finish stop'],
  ],
  ['Q60: a refusal may be without words', [finish('refusal')], ['start', 'finish refusal']],
  [
    'trap 39, trap 40: a turn that made a call finishes with tool-calls whatever was said',
    [start(0, CALL('f', 'c1')), args(0, '{}'), finish('stop')],
    ['start', '0.0+f#c1', '0.0:{}', '0.0-', 'finish tool-calls'],
  ],
  [
    'a finish with tool-calls but without a call is a stop',
    [start(0, TEXT), text(0, 'hi'), finish('tool-calls')],
    ['start', '0.0+text', '0.0:hi', '0.0-', 'finish stop'],
  ],
  [
    'trap 38: a call without arguments gets an empty object',
    [start(0, CALL('f', 'c1')), finish('tool-calls')],
    ['start', '0.0+f#c1', '0.0:{}', '0.0-', 'finish tool-calls'],
  ],
  [
    'trap 41: a call waits for its name, and for its id until the first argument',
    [
      start(0, CALL('')),
      { type: 'part-delta', part: 0, choice: 0, delta: { name: 'f' } },
      { type: 'part-delta', part: 0, choice: 0, delta: { id: 'c9' } },
      args(0, '{"a":1}'),
      finish('tool-calls'),
    ],
    ['start', '0.0+f#c9', '0.0:{"a":1}', '0.0-', 'finish tool-calls'],
  ],
  [
    'trap 41, trap 43: an id that never comes is made from the exchange and the position',
    [start(0, CALL('f')), args(0, '{}'), start(1, CALL('f')), args(1, '{}')],
    ['start', '0.0+f#call_x1_0', '0.0:{}', '0.0-', '0.1+f#call_x1_1', '0.1:{}', '0.1-', 'finish tool-calls'],
  ],
  [
    'trap 30, trap 32: calls whose pieces are mixed come out one after the other, whole',
    [
      start(0, CALL('f', 'a')),
      args(0, '{"x":'),
      start(1, CALL('g', 'b')),
      args(1, '{"y":2}'),
      args(0, '1}'),
      finish('tool-calls'),
    ],
    ['start', '0.0+f#a', '0.0:{"x":', '0.0:1}', '0.0-', '0.1+g#b', '0.1:{"y":2}', '0.1-', 'finish tool-calls'],
  ],
  [
    'Q22: calls that follow each other are handed out as they come',
    [start(0, CALL('f', 'a')), args(0, '{}'), start(1, CALL('g', 'b'))],
    ['start', '0.0+f#a', '0.0:{}', '0.0-', '0.1+g#b', '0.1:{}', '0.1-', 'finish tool-calls'],
  ],
  [
    'trap 34: a text is over when a call begins, and what comes later of it is a text of its own',
    [start(0, TEXT), text(0, 'a'), start(1, CALL('f', 'c')), args(1, '{}'), text(0, 'b'), finish('stop')],
    [
      'start',
      '0.0+text',
      '0.0:a',
      '0.0-',
      '0.1+f#c',
      '0.1:{}',
      '0.1-',
      '0.2+text',
      '0.2:b',
      '0.2-',
      'finish tool-calls',
    ],
  ],
  [
    'trap 37: an empty piece is nothing and opens nothing',
    [start(0, TEXT), text(0, ''), start(1, CALL('f', 'c')), args(1, ''), args(1, '{}'), finish('tool-calls')],
    ['start', '0.0+f#c', '0.0:{}', '0.0-', 'finish tool-calls'],
  ],
  [
    'trap 92, Q59: a thought without text keeps its signature',
    [
      start(0, { type: 'reasoning' }),
      { type: 'part-delta', part: 0, choice: 0, delta: { signature: 'sig', issuer: 'i' } },
      start(1, TEXT),
      text(1, 'x'),
      finish('stop'),
    ],
    ['start', '0.0+reasoning', '0.0:sig', '0.0-', '0.1+text', '0.1:x', '0.1-', 'finish stop'],
  ],
  [
    'F73: a call that breaks off is not handed to the client as if it were whole',
    [start(0, CALL('rm', 'c')), args(0, '{"path":"/'), finish('tool-calls')],
    ['start', '0.0+rm#c', '0.0:{"path":"/', '0.0-', 'error upstream-failed'],
  ],
  [
    'lesson 26: arguments that are wrong but not cut off do not fail the answer',
    [start(0, CALL('f', 'c')), args(0, '{"a": "say "hi" }'), finish('tool-calls')],
    ['start', '0.0+f#c', '0.0:{"a": "say "hi" }', '0.0-', 'finish tool-calls'],
  ],
  [
    'trap 143: a call cut by the length limit stays cut and the reason says so',
    [start(0, CALL('f', 'c')), args(0, '{"a":'), finish('length')],
    ['start', '0.0+f#c', '0.0:{"a":', '0.0-', 'finish length'],
  ],
  [
    'trap 143: also where its end is told before the reason, as Anthropic does',
    [start(0, CALL('f', 'c')), args(0, '{"a":'), end(0), finish('length')],
    ['start', '0.0+f#c', '0.0:{"a":', '0.0-', 'finish length'],
  ],
  [
    'and where no length limit was met it fails the answer all the same',
    [start(0, CALL('f', 'c')), args(0, '{"a":'), end(0), finish('stop')],
    ['start', '0.0+f#c', '0.0:{"a":', '0.0-', 'error upstream-failed'],
  ],
  [
    'trap 103, Q11: usage after the finish is kept, the last one counts, and it comes before the end',
    [
      start(0, TEXT),
      text(0, 'a'),
      { type: 'usage', usage: { inputTokens: 1, outputTokens: 1 } },
      finish('stop'),
      { type: 'usage', usage: { outputTokens: 7 } },
    ],
    ['start', '0.0+text', '0.0:a', '0.0-', 'usage', 'finish stop'],
  ],
  [
    'trap 10: an error before anything else is all that comes',
    [{ type: 'start', id: 'a' }, { type: 'error', error: { kind: 'overloaded', message: 'busy' } }, text(0, 'x')],
    ['error overloaded'],
  ],
  [
    'F59: an error inside closes the part and keeps the usage',
    [
      start(0, TEXT),
      text(0, 'a'),
      { type: 'usage', usage: { outputTokens: 3 } },
      { type: 'error', error: { kind: 'upstream-failed', message: 'cut' } },
    ],
    ['start', '0.0+text', '0.0:a', '0.0-', 'usage', 'error upstream-failed'],
  ],
  [
    'trap 128, Q22: candidates keep their number though their pieces are mixed',
    [
      start(0, TEXT, 0),
      start(0, TEXT, 1),
      text(0, 'a', 0),
      text(0, 'b', 1),
      text(0, 'c', 0),
      finish('length', 1),
      finish('stop', 0),
    ],
    ['start', '0.0+text', '0.0:a', '1.0+text', '1.0:b', '0.0:c', '0.0-', '1.0-', 'finish stop length'],
  ],
]

describe('stream grammar', () => {
  for (const [title, events, expected] of ROWS) {
    it(title, () => {
      const { out } = run(events)
      expect(sketch(out)).to.deep.equal(expected)
      checkLegal(out)
    })
  }

  it('a stop sequence behind a call is not why the answer ends', () => {
    const stop: StreamEvent = { type: 'finish', finishes: [{ choice: 0, reason: 'stop', stopSequence: 'END' }] }
    const { out } = run([start(0, CALL('f', 'c')), args(0, '{}'), end(0), stop])
    expect(out.at(-1)).to.deep.equal({ type: 'finish', finishes: [{ choice: 0, reason: 'tool-calls' }] })
    expect(run([start(0, TEXT), text(0, 'a'), stop]).out.at(-1)).to.deep.equal(stop)
  })

  it('Q13: the start takes id and model from the first event that has them', () => {
    const { out } = run([
      { type: 'start', id: '', model: '' },
      { type: 'start', id: 'one', model: 'm' },
      { type: 'start', id: 'two', model: 'n', createdAt: 5 },
      start(0, TEXT),
      text(0, 'x'),
    ])
    expect(out[0]).to.deep.equal({ type: 'start', id: 'one', model: 'm', createdAt: 5 })
  })

  it('a call without a name is dropped and reported with its size (trap 41)', () => {
    const { out, grammar } = run([start(0, TEXT), text(0, 'x'), start(1, CALL('', 'c')), args(1, '{"a":1}')])
    expect(sketch(out).at(-1)).to.equal('finish stop')
    expect(grammar.losses).to.have.length(1)
    expect(grammar.losses[0]?.reason).to.contain('7 characters')
  })

  it('says when the finish was told, so that a missing end mark need not be waited for (trap 14)', () => {
    const grammar = createGrammar({ id: 'x' }, () => {})
    grammar.push(start(0, TEXT))
    expect(grammar.finishing).to.equal(false)
    grammar.push(finish('stop'))
    expect(grammar.finishing).to.equal(true)
    expect(grammar.ended).to.equal(false)
  })

  it('hands out each piece at once and holds no text back', () => {
    const out: StreamEvent[] = []
    const grammar = createGrammar({ id: 'x' }, (event) => out.push(event))
    grammar.push({ type: 'start', id: 'a' })
    grammar.push(start(0, TEXT))
    expect(out).to.have.length(0)
    grammar.push(text(0, 'one'))
    expect(sketch(out)).to.deep.equal(['start', '0.0+text', '0.0:one'])
    grammar.push(text(0, 'two'))
    expect(sketch(out)).to.deep.equal(['start', '0.0+text', '0.0:one', '0.0:two'])
  })

  const anyHead = fc.oneof(
    fc.constant<PartHead>(TEXT),
    fc.constant<PartHead>({ type: 'reasoning' }),
    fc.constant<PartHead>({ type: 'refusal' }),
    fc.record({
      type: fc.constant('tool-call' as const),
      id: fc.constantFrom('', 'a'),
      name: fc.constantFrom('', 'f'),
    }),
    fc.constant<PartHead>({ type: 'whole', part: { type: 'opaque', protocol: 'p', value: 1 } }),
  )
  const anyDelta = fc.record(
    {
      text: fc.constantFrom('', 'a', 'bc'),
      arguments: fc.constantFrom('', '{', '}', '{}', '"', '{"a":1}'),
      id: fc.constantFrom('', 'late'),
      name: fc.constantFrom('', 'late_name'),
      signature: fc.constant('s'),
    },
    { requiredKeys: [] },
  )
  const place = { part: fc.nat(3), choice: fc.nat(1) }
  const anyEvent: fc.Arbitrary<StreamEvent> = fc.oneof(
    fc.record({ type: fc.constant('start' as const), id: fc.constantFrom('', 'i') }),
    fc.record({ type: fc.constant('part-start' as const), ...place, head: anyHead }),
    fc.record({ type: fc.constant('part-delta' as const), ...place, delta: anyDelta }),
    fc.record({ type: fc.constant('part-end' as const), ...place }),
    fc.record({ type: fc.constant('usage' as const), usage: fc.record({ outputTokens: fc.nat(9) }) }),
    fc.constantFrom(finish('stop'), finish('length'), finish('tool-calls'), finish('stop', 1)),
    fc.constant<StreamEvent>({ type: 'error', error: { kind: 'upstream-failed', message: 'x' } }),
  )

  it('whatever a decoder says, what comes out is legal', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        checkLegal(run(events).out)
      }),
      { numRuns: 2000 },
    )
  })

  it('no text is lost, doubled or reordered inside a part', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (pieces) => {
        const { out } = run([start(0, TEXT), ...pieces.map((piece) => text(0, piece)), finish('stop')])
        const heard = out.map((event) => (event.type === 'part-delta' ? (event.delta.text ?? '') : '')).join('')
        expect(heard).to.equal(pieces.join(''))
      }),
    )
  })

  it('the arguments of two calls survive any mixing of their pieces', () => {
    const cut = (json: string) => fc.array(fc.nat(json.length), { maxLength: 5 }).map((at) => slice(json, at))
    fc.assert(
      fc.property(
        cut('{"a":{"b":[1,"}"]}}'),
        cut('{"c":"\\"x"}'),
        fc.infiniteStream(fc.boolean()),
        (one, two, coin) => {
          const events: StreamEvent[] = [start(0, CALL('f', 'a')), start(1, CALL('g', 'b'))]
          const left = [one.map((piece) => args(0, piece)), two.map((piece) => args(1, piece))] as const
          while (left[0].length + left[1].length > 0) {
            const from = left[coin.next().value ? 0 : 1]
            const event = from.shift()
            if (event !== undefined) events.push(event)
          }
          const { out } = run([...events, finish('tool-calls')])
          const joined = [0, 1].map((part) =>
            out.map((e) => (e.type === 'part-delta' && e.part === part ? (e.delta.arguments ?? '') : '')).join(''),
          )
          expect(joined).to.deep.equal(['{"a":{"b":[1,"}"]}}', '{"c":"\\"x"}'])
        },
      ),
    )
  })
})

function slice(value: string, at: readonly number[]): string[] {
  const marks = [0, ...[...at].sort((a, b) => a - b), value.length]
  return marks.slice(1).map((end, index) => value.slice(marks[index], end))
}
