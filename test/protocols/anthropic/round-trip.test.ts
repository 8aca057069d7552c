import { expect } from 'chai'
import fc from 'fast-check'
import { anthropic } from '../../../protocols/anthropic/index.ts'
import { createCollector } from '../../../protocols/ir/collect.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import { playResponse } from '../../../protocols/ir/play.ts'
import type { ChatResponse } from '../../../protocols/ir/response.ts'
import { decodeStream, REPLY, wireFor } from './exchange.ts'

/** Words that are neither empty nor blank, as the API demands. */
const words = fc.string({ minLength: 1 }).map((text) => `w${text}`)
const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_-]{0,20}$/)
const json = fc
  .dictionary(name, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
  .map((value) => JSON.parse(JSON.stringify(value)))
const cacheControl = fc.constantFrom(
  { type: 'ephemeral' },
  { type: 'ephemeral', ttl: '5m' },
  { type: 'ephemeral', ttl: '1h' },
  null,
)

/** Adds some of these members, and one of tomorrow. */
function withSome(base: fc.Arbitrary<object>, members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<any> {
  const some = fc.record({ ...members, x_tomorrow: fc.jsonValue({ maxDepth: 1 }) }, { requiredKeys: [] })
  return fc.tuple(base, some).map(([one, more]) => JSON.parse(JSON.stringify({ ...one, ...more })))
}

const citation = fc.record({
  type: fc.constant('page_location'),
  cited_text: words,
  document_title: fc.option(words),
  start_page_number: fc.nat(),
})
const text = withSome(fc.record({ type: fc.constant('text'), text: words }), {
  citations: fc.option(fc.array(citation, { maxLength: 2 })),
})
const imageSource = fc.oneof(
  fc.record({
    type: fc.constant('base64'),
    media_type: fc.constantFrom('image/png', 'image/webp'),
    data: fc.base64String(),
  }),
  fc.record({ type: fc.constant('url'), url: fc.webUrl() }),
  fc.record({ type: fc.constant('file'), file_id: name }),
)
const image = withSome(fc.record({ type: fc.constant('image'), source: imageSource }), {})
const documentSource = fc.oneof(
  fc.record({ type: fc.constant('base64'), media_type: fc.constant('application/pdf'), data: fc.base64String() }),
  fc.record({ type: fc.constant('text'), media_type: fc.constant('text/plain'), data: words }),
  fc.record({ type: fc.constant('url'), url: fc.webUrl() }),
  fc.record({ type: fc.constant('content'), content: fc.oneof(words, fc.array(text, { maxLength: 2 })) }),
)
const document = withSome(fc.record({ type: fc.constant('document'), source: documentSource }), {
  title: fc.option(words),
  context: fc.option(words),
  citations: fc.record({ enabled: fc.boolean() }),
})
const thinking = withSome(
  fc.record({ type: fc.constant('thinking'), thinking: fc.string(), signature: fc.base64String({ minLength: 4 }) }),
  {},
)
const redacted = withSome(
  fc.record({ type: fc.constant('redacted_thinking'), data: fc.base64String({ minLength: 4 }) }),
  {},
)
const toolUse = withSome(fc.record({ type: fc.constant('tool_use'), id: name, name, input: json }), { caller: json })
const toolResult = withSome(fc.record({ type: fc.constant('tool_result'), tool_use_id: name }), {
  content: fc.oneof(fc.constant(null), words, fc.array(fc.oneof(text, image, document), { maxLength: 3 })),
  is_error: fc.option(fc.boolean()),
})
const unknown = fc.tuple(name, json).map(([type, members]) => ({ ...members, type: `x_${type}` }))

/** At most four marks, which stand on one kind of block here. */
function markFirst(blocks: any[], mark: unknown): any[] {
  return blocks.map((block, index) =>
    index === 0 && block.type !== 'thinking' && block.type !== 'redacted_thinking'
      ? { ...block, cache_control: mark }
      : block,
  )
}

const blocksOf = (...kinds: fc.Arbitrary<any>[]) => fc.array(fc.oneof(...kinds), { minLength: 1, maxLength: 4 })
const userContent = fc.oneof(words, blocksOf(text, image, document, toolResult, unknown))
const assistantContent = fc.oneof(words, blocksOf(text, thinking, redacted, toolUse, unknown))
const message = fc.oneof(
  withSome(fc.record({ role: fc.constant('user'), content: userContent }), {}),
  withSome(fc.record({ role: fc.constant('assistant'), content: assistantContent }), {}),
  withSome(fc.record({ role: fc.constant('system'), content: fc.oneof(words, blocksOf(text)) }), {}),
)
const tool = fc.oneof(
  withSome(fc.record({ name, input_schema: json.map((schema) => ({ ...schema, type: 'object' })) }), {
    description: fc.option(fc.string()),
    type: fc.constantFrom('custom', null),
    strict: fc.option(fc.boolean()),
    cache_control: cacheControl,
  }),
  fc.tuple(name, json).map(([type, members]) => ({ ...members, name: 'hosted', type: `${type}_20250101` })),
)
const settings = fc.record(
  {
    max_tokens: fc.option(fc.integer({ min: 70_000, max: 100_000 }), { nil: undefined }),
    temperature: fc.option(fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0)),
    top_p: fc.option(fc.double({ min: 0.95, max: 1, noNaN: true })),
    stop_sequences: fc.option(fc.array(words, { maxLength: 3 })),
    stream: fc.option(fc.boolean()),
    service_tier: fc.option(fc.constantFrom('auto', 'standard_only', 'tomorrow')),
    metadata: fc.option(fc.oneof(fc.record({ user_id: fc.option(words) }), json)),
    output_config: fc.option(
      fc.record(
        {
          effort: fc.option(name),
          format: fc.option(fc.record({ type: fc.constant('json_schema'), schema: json })),
          task_budget: json,
        },
        { requiredKeys: [] },
      ),
    ),
    context_management: json,
    x_new: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: [] },
)
const thought = fc.option(
  fc.oneof(
    fc.constant({ thinking: { type: 'disabled' } }),
    fc.record({
      thinking: fc.record(
        {
          type: fc.constant('adaptive'),
          display: fc.option(fc.constantFrom('omitted', 'summarized')),
          block_binding: json,
        },
        { requiredKeys: ['type'] },
      ),
      temperature: fc.constant(1),
    }),
    fc.record({
      thinking: fc.record({ type: fc.constant('enabled'), budget_tokens: fc.integer({ min: 1024, max: 60_000 }) }),
      temperature: fc.constant(1),
    }),
  ),
)
const request = fc
  .tuple(
    fc.array(message, { minLength: 1, maxLength: 5 }),
    fc.option(fc.oneof(words, fc.array(text, { maxLength: 2 }))),
    fc.option(fc.array(tool, { maxLength: 3 })),
    fc.option(
      fc.constantFrom({ type: 'auto' }, { type: 'none' }, { type: 'auto', disable_parallel_tool_use: true }, null),
    ),
    settings,
    thought,
    cacheControl,
  )
  .map(([messages, system, tools, choice, tuned, thinks, mark]) => ({
    model: 'm',
    max_tokens: 80_000,
    messages: messages.map((one, index) =>
      index === 0 && Array.isArray(one.content) ? { ...one, content: markFirst(one.content, mark) } : one,
    ),
    ...(system === null ? {} : { system }),
    ...(tools === null
      ? {}
      : { tools: tools.map((one, index) => ({ ...one, ...(index > 1 ? { cache_control: null } : {}) })) }),
    ...(tools === null || tools.length === 0 || choice === null ? {} : { tool_choice: choice }),
    ...tuned,
    ...(thinks ?? {}),
  }))
  .map((body) => JSON.parse(JSON.stringify(body)))

describe('anthropic: round trips', () => {
  it('whatever a client of this protocol asks, a back end of it hears the same', () => {
    fc.assert(
      fc.property(request, (body) => {
        const { value, losses: unread } = anthropic.request.decode(wireFor(), structuredClone(body))
        const { body: written, losses } = anthropic.request.encode(value, {})
        // The limit that the API demands, with the thoughts on top of it.
        const expected = { max_tokens: 4096 + (body.thinking?.budget_tokens ?? 0), ...body }
        expect(JSON.parse(JSON.stringify(written))).to.deep.equal(expected)
        expect([...unread, ...losses]).to.deep.equal([])
      }),
      { numRuns: 500 },
    )
  })

  const answer = fc
    .tuple(
      fc.array(fc.oneof(text, thinking, redacted, toolUse, unknown), { maxLength: 5 }),
      fc.constantFrom(
        'end_turn',
        'max_tokens',
        'stop_sequence',
        'tool_use',
        'pause_turn',
        'refusal',
        'model_context_window_exceeded',
        'tomorrow',
      ),
      fc.option(words),
      fc.record({
        input_tokens: fc.nat(),
        cache_read_input_tokens: fc.nat(),
        cache_creation_input_tokens: fc.nat(),
        output_tokens: fc.integer({ min: 1, max: 9999 }),
      }),
      json,
    )
    .map(([content, stop_reason, sequence, usage, container]) => ({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: REPLY.servedModel,
      content,
      stop_reason,
      stop_sequence: stop_reason === 'stop_sequence' ? sequence : null,
      usage,
      container,
    }))

  it('whatever a back end of this protocol answers, a client of it reads the same', () => {
    fc.assert(
      fc.property(answer, (body) => {
        const { value } = anthropic.response.decode(structuredClone(body), { facts: {} })
        const { body: written, losses } = anthropic.response.encode(value, REPLY)
        expect(JSON.parse(JSON.stringify(written))).to.deep.equal(body)
        expect(losses).to.deep.equal([])
      }),
      { numRuns: 300 },
    )
  })

  it('an answer told as a stream and read again is the same answer', () => {
    fc.assert(
      fc.property(answer, (body) => {
        const plain = structuredClone({ ...body, content: body.content.map(streamable) })
        const { value } = anthropic.response.decode(plain, { facts: {} })
        const again = collect(tell(value))
        // The grammar corrects a reason by the calls that it saw.
        expect(again.choices[0]?.parts).to.deep.equal(value.choices[0]?.parts)
        expect(again.usage).to.deep.equal(value.usage)
        expect(again.choices[0]?.extra).to.deep.equal(value.choices[0]?.extra)
        expect(again.id).to.equal(value.id)
      }),
      { numRuns: 200 },
    )
  })

  it('trap 87: a signature of any issuer survives a client that only echoes', () => {
    const issuer = fc.string({ minLength: 1 }).filter((one) => one !== 'anthropic' && one.isWellFormed())
    fc.assert(
      fc.property(issuer, fc.string({ minLength: 1 }), fc.string(), fc.boolean(), (by, proof, thoughts, isSigned) => {
        const part = {
          type: 'reasoning',
          text: thoughts,
          issuer: by,
          ...(isSigned ? { signature: proof } : { encrypted: proof }),
        } as const
        const { body } = anthropic.response.encode(
          { id: '', model: '', choices: [{ index: 0, parts: [part], finish: { reason: 'stop' } }] },
          REPLY,
        )
        const { value } = anthropic.request.decode(wireFor(), {
          model: 'm',
          messages: [{ role: 'assistant', content: body.content }],
        })
        expect(value.messages[0]?.parts).to.deep.equal([part])
      }),
    )
  })
})

/** A stream has no words for members of tomorrow, and none for empty lists of citations. */
function streamable(block: any): any {
  const { x_tomorrow: _tomorrow, citations, ...rest } = block
  if (block.type === 'text')
    return { ...rest, ...(Array.isArray(citations) && citations.length > 0 ? { citations } : {}) }
  return block.type === 'thinking' || block.type === 'redacted_thinking' ? rest : block
}

function tell(response: ChatResponse): string {
  const encoder = anthropic.stream.encoder(REPLY)
  let told = ''
  playResponse(response, (event) => {
    told += encoder.encode(event)
  })
  return told
}

function collect(stream: string): ChatResponse {
  const collector = createCollector()
  const events: readonly StreamEvent[] = decodeStream([new TextEncoder().encode(stream)]).events
  for (const event of events) collector.push(event)
  return (collector.result as { response: ChatResponse }).response
}
