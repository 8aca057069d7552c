import { expect } from 'chai'
import fc from 'fast-check'
import { createCollector } from '../../../protocols/ir/collect.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import { createGrammar } from '../../../protocols/ir/grammar.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import { playResponse } from '../../../protocols/ir/play.ts'
import type { ChatResponse } from '../../../protocols/ir/response.ts'
import { checkLegal } from '../../support/check-legal.ts'

const word = fc.string({ minLength: 1, maxLength: 12 })
const anyPart: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text: word }),
  fc.record({
    type: fc.constant('text' as const),
    text: word,
    citations: fc.constant([{ url: 'http://a', original: { protocol: 'p', value: { a: 1 } } }]),
  }),
  fc.record({ type: fc.constant('reasoning' as const), text: word, signature: word, issuer: fc.constant('i') }),
  fc.record({
    type: fc.constant('reasoning' as const),
    text: fc.constant(''),
    encrypted: word,
    issuer: fc.constant('i'),
    id: word,
  }),
  fc.record({ type: fc.constant('refusal' as const), text: word }),
  fc.record({
    type: fc.constant('tool-call' as const),
    id: word,
    name: word,
    arguments: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })).map((value) => JSON.stringify(value)),
  }),
  fc.record({ type: fc.constant('opaque' as const), protocol: fc.constant('p'), value: fc.jsonValue() }),
)
const anyResponse: fc.Arbitrary<ChatResponse> = fc.record({
  id: word,
  model: word,
  createdAt: fc.integer({ min: 1, max: 2 ** 31 }),
  choices: fc.array(anyPart, { minLength: 1, maxLength: 5 }).map((parts) => [
    {
      index: 0,
      parts,
      finish: { reason: parts.some((part) => part.type === 'tool-call') ? ('tool-calls' as const) : ('stop' as const) },
    },
  ]),
  usage: fc.record({ inputTokens: fc.nat(), outputTokens: fc.nat() }),
})

describe('whole answer and stream', () => {
  it('an answer that is played is legal, and collected again it is the same', () => {
    fc.assert(
      fc.property(anyResponse, (response) => {
        const played: StreamEvent[] = []
        playResponse(response, (event) => played.push(event))
        checkLegal(played)
        const direct = createCollector()
        const collector = createCollector()
        const grammar = createGrammar({ id: 'x' }, (event) => collector.push(event))
        for (const event of played) {
          direct.push(event)
          grammar.push(event)
        }
        grammar.end()
        expect(direct.result).to.deep.equal({ response })
        expect(collector.result).to.deep.equal({ response })
      }),
    )
  })

  it('keeps candidates apart and joins the log probabilities of each (trap 128)', () => {
    const collector = createCollector()
    const piece = (choice: number, text: string): StreamEvent => ({
      type: 'part-delta',
      part: 0,
      choice,
      delta: { text, logprobs: { protocol: 'p', value: { content: [{ token: text }], refusal: null } } },
    })
    const events: StreamEvent[] = [
      { type: 'start', id: 'i', model: 'm' },
      { type: 'part-start', part: 0, choice: 0, head: { type: 'text' } },
      piece(0, 'a'),
      { type: 'part-start', part: 0, choice: 1, head: { type: 'text' } },
      piece(1, 'x'),
      piece(0, 'b'),
      { type: 'part-end', part: 0, choice: 0 },
      { type: 'part-end', part: 0, choice: 1 },
      {
        type: 'finish',
        finishes: [
          { choice: 0, reason: 'stop' },
          { choice: 1, reason: 'length' },
        ],
      },
    ]
    for (const event of events) collector.push(event)
    const result = collector.result
    if (result === undefined || 'error' in result) throw new Error('no answer was collected')
    expect(result.response.choices).to.deep.equal([
      {
        index: 0,
        parts: [{ type: 'text', text: 'ab' }],
        finish: { reason: 'stop' },
        logprobs: { protocol: 'p', value: { content: [{ token: 'a' }, { token: 'b' }], refusal: null } },
      },
      {
        index: 1,
        parts: [{ type: 'text', text: 'x' }],
        finish: { reason: 'length' },
        logprobs: { protocol: 'p', value: { content: [{ token: 'x' }], refusal: null } },
      },
    ])
  })

  it('gives the error of a stream that broke off', () => {
    const collector = createCollector()
    expect(collector.result).to.equal(undefined)
    collector.push({ type: 'error', error: { kind: 'overloaded', message: 'busy' } })
    expect(collector.result).to.deep.equal({ error: { kind: 'overloaded', message: 'busy' } })
  })
})
