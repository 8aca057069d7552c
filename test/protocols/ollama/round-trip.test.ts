/** Any request of this protocol comes out of the interlingua as it went in, and any answer. */
import { expect } from 'chai'
import fc from 'fast-check'
import { ollama } from '../../../protocols/ollama/index.ts'
import { CHAT, decodeAnswer, encodeAnswer, freeze, GENERATE, plain } from './exchange.ts'

const words = fc.string({ maxLength: 12 })
const name = fc.stringMatching(/^[a-z_]{1,8}$/)
/** What says nothing: absent, null or empty. */
const blank = fc.constantFrom(null, '', [], {})
const some = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined })
const object = fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }), { minKeys: 1, maxKeys: 3 })
/** A member of tomorrow. */
const unknown = fc.dictionary(
  fc.constantFrom('new_thing', 'odd', '__proto__x'),
  fc.oneof(fc.integer(), words, object),
  {
    maxKeys: 2,
  },
)

const call = fc
  .record({
    id: some(fc.stringMatching(/^call_[a-z]{4}$/)),
    type: some(fc.constant('function')),
    function: fc.record({ name, arguments: some(object), index: some(fc.nat(9)) }),
  })
  .map(plain)

const message = fc
  .tuple(
    fc.oneof(
      fc.record({ role: fc.constantFrom('system', 'user'), content: words, images: some(blank) }),
      fc.record({
        role: fc.constant('user'),
        content: words,
        images: fc.array(fc.base64String({ minLength: 8 }), { minLength: 1, maxLength: 2 }),
      }),
      fc.record({
        role: fc.constant('assistant'),
        content: fc.option(words, { nil: undefined }),
        thinking: some(
          fc.oneof(
            blank.filter((one) => one === null || one === ''),
            words,
          ),
        ),
        tool_calls: some(fc.oneof(fc.array(call, { maxLength: 3 }), fc.constant(null))),
      }),
      fc.record({
        role: fc.constant('tool'),
        content: words,
        tool_name: some(name),
        tool_call_id: some(fc.stringMatching(/^call_[a-z]{4}$/)),
      }),
    ),
    unknown,
  )
  .map(([fields, more]) => plain({ ...more, ...fields }))

const tool = fc
  .record({
    type: some(fc.constant('function')),
    function: fc.record({ name, description: some(words.filter((text) => text !== '')), parameters: some(object) }),
  })
  .map(plain)

const options = fc
  .record({
    num_predict: some(fc.integer({ min: -2, max: 100 })),
    temperature: some(fc.oneof(fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }))),
    top_k: some(fc.nat()),
    seed: some(fc.integer()),
    num_ctx: some(fc.nat()),
    stop: some(fc.oneof(words, fc.array(words, { maxLength: 2 }))),
  })
  .map(plain)

const shared = {
  model: fc.constant('m'),
  stream: some(fc.oneof(fc.boolean(), fc.constant(null))),
  format: some(fc.oneof(fc.constantFrom('json', '', null), object)),
  think: some(fc.oneof(fc.boolean(), fc.constantFrom('low', 'high', null))),
  keep_alive: some(fc.oneof(fc.integer(), words, fc.constant(null))),
  options: some(fc.oneof(options, fc.constant(null))),
  logprobs: some(fc.boolean()),
}

const chat = fc
  .tuple(
    fc.record({
      ...shared,
      messages: fc.array(message, { maxLength: 5 }),
      tools: some(fc.oneof(fc.array(tool, { maxLength: 2 }), fc.constant(null))),
      tool_choice: some(fc.oneof(fc.constantFrom('auto', 'none'), object)),
    }),
    unknown,
  )
  .map(([fields, more]) => plain({ ...more, ...fields }))

const generate = fc
  .tuple(
    fc.record({
      ...shared,
      prompt: some(words),
      system: some(fc.oneof(words, fc.constant(null))),
      images: some(fc.oneof(fc.array(fc.base64String({ minLength: 8 }), { maxLength: 2 }), fc.constant(null))),
      raw: some(fc.boolean()),
      context: some(fc.oneof(fc.array(fc.nat(), { maxLength: 3 }), fc.constant(null))),
      suffix: some(words),
    }),
    unknown,
  )
  .map(([fields, more]) => plain({ ...more, ...fields }))

describe('any request to Ollama', () => {
  for (const [path, arbitrary, wire] of [
    ['/api/chat', chat, CHAT],
    ['/api/generate', generate, GENERATE],
  ] as const) {
    it(`goes through the interlingua and comes out as the same JSON, without a loss: ${path}`, () => {
      fc.assert(
        fc.property(arbitrary, (body) => {
          const { value, losses } = ollama.request.decode(wire, freeze(body))
          const sent = ollama.request.encode(freeze(value), {})
          expect(plain(sent.body)).to.deep.equal(body)
          expect([...losses, ...sent.losses]).to.deep.equal([])
        }),
        { numRuns: 500 },
      )
    })
  }
})

describe('any answer of Ollama', () => {
  const answer = fc
    .record({
      model: fc.constant('asked'),
      created_at: fc.constant('2024-07-22T20:33:28.000Z'),
      message: fc.record({
        role: fc.constant('assistant'),
        content: words,
        thinking: some(words.filter((text) => text !== '')),
        tool_calls: some(
          fc.array(call, { minLength: 1, maxLength: 3 }).map((calls) =>
            calls.map((one: any, index: number) => ({
              id: `call_${index}`,
              ...one,
              function: { arguments: {}, ...one.function, index },
            })),
          ),
        ),
      }),
      done: fc.constant(true),
      done_reason: fc.constantFrom('stop', 'length', 'bored'),
      total_duration: fc.nat(),
      load_duration: fc.nat(),
      prompt_eval_count: fc.nat(),
      prompt_eval_duration: fc.nat(),
      eval_count: fc.nat(),
      eval_duration: fc.nat(),
      remote_host: some(words.filter((text) => text !== '')),
    })
    .map(plain)

  it('goes through the interlingua and comes out as the same JSON, without a loss', () => {
    fc.assert(
      fc.property(answer, (body) => {
        const { body: told, losses } = encodeAnswer(decodeAnswer(freeze(body)))
        expect(told).to.deep.equal(body)
        expect(losses).to.deep.equal([])
      }),
      { numRuns: 500 },
    )
  })
})
