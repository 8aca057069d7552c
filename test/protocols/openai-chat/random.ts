/** Conversations and answers at random, as back ends and clients of any protocol may have made them. */
import fc from 'fast-check'
import type { Part } from '../../../protocols/ir/part.ts'
import type { ChatResponse } from '../../../protocols/ir/response.ts'

/** Nothing that begins like a think tag, which means something else at the start of a text. */
const words = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).map((text) => `a${text}`)
const id = fc.stringMatching(/^[a-z]{8,12}$/)
const issuer = fc.constantFrom('anthropic', 'gemini', 'someone')

const thought: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ type: fc.constant('reasoning' as const), text: words }),
  fc.record({ type: fc.constant('reasoning' as const), text: words, signature: words, issuer }),
)
const speech: fc.Arbitrary<Part> = fc.record({ type: fc.constant('text' as const), text: words })
const call: fc.Arbitrary<Part> = fc.record({
  type: fc.constant('tool-call' as const),
  id,
  name: fc.stringMatching(/^[a-z_]{1,8}$/),
  arguments: fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value)),
})

/** One candidate: at most one thought, one text, then calls, as this protocol tells no other order. */
export const anyAnswer: fc.Arbitrary<ChatResponse> = fc
  .record({
    thoughts: fc.array(thought, { maxLength: 1 }),
    texts: fc.array(speech, { minLength: 1, maxLength: 1 }),
    calls: fc.uniqueArray(call, { maxLength: 3, selector: (part) => (part.type === 'tool-call' ? part.id : '') }),
    createdAt: fc.integer({ min: 1, max: 2_000_000_000 }),
    inputTokens: fc.nat(),
    outputTokens: fc.nat(),
  })
  .map(({ thoughts, texts, calls, createdAt, inputTokens, outputTokens }) => ({
    id: 'gen-1',
    model: 'served',
    createdAt,
    choices: [
      {
        index: 0,
        parts: [...thoughts, ...texts, ...calls],
        finish: { reason: calls.length > 0 ? 'tool-calls' : 'stop' },
      } as const,
    ],
    usage: { inputTokens, outputTokens },
  }))

const content = fc.oneof(
  words,
  fc.array(
    fc.oneof(
      fc.record({ type: fc.constant('text'), text: words }),
      fc.record({
        type: fc.constant('image_url'),
        image_url: fc.record({ url: fc.webUrl() }, { requiredKeys: ['url'] }),
      }),
      fc.record({ type: fc.constant('thing_of_tomorrow'), value: fc.jsonValue() }),
    ),
    { minLength: 1, maxLength: 3 },
  ),
)
const wireCall = fc.record({
  id,
  type: fc.constant('function'),
  function: fc.record({ name: id, arguments: fc.json() }),
})

/** A request as a client of this protocol may write it. */
export const anyRequest = fc.record(
  {
    model: words,
    messages: fc.array(
      fc.oneof(
        fc.record({ role: fc.constantFrom('system', 'developer', 'user'), content }),
        fc.record(
          {
            role: fc.constant('assistant'),
            content: fc.oneof(words, fc.constant(null), fc.constant('')),
            tool_calls: fc.array(wireCall, { minLength: 1, maxLength: 3 }),
            reasoning_content: fc.oneof(words, fc.constant('')),
            refusal: fc.oneof(words, fc.constant(null)),
            name: fc.oneof(words, fc.constant(null)),
          },
          { requiredKeys: ['role', 'content'] },
        ),
        fc.record({ role: fc.constant('tool'), tool_call_id: id, content }),
      ),
      { minLength: 1, maxLength: 6 },
    ),
    temperature: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 2 })),
    max_tokens: fc.integer({ min: 1 }),
    stop: fc.oneof(words, fc.array(words, { maxLength: 6 })),
    n: fc.integer({ min: 1, max: 9 }),
    user: words,
    reasoning_effort: fc.constantFrom('none', 'low', 'xhigh', 'ludicrous'),
    thinking: fc.record(
      { type: fc.constantFrom('enabled', 'disabled', 'auto'), more: fc.jsonValue() },
      { requiredKeys: [] },
    ),
    response_format: fc.constantFrom({ type: 'text' }, { type: 'json_object' }, { type: 'grammar', grammar: 'x' }),
    metadata: fc.dictionary(id, words),
    mystery: fc.jsonValue(),
    'dotted.name': fc.jsonValue(),
  },
  { requiredKeys: ['model', 'messages'] },
)
