/** What a client of this protocol wrote goes up again as it was, whatever it wrote. */
import { expect } from 'chai'
import fc from 'fast-check'
import { openaiChat } from '../../../protocols/openai-chat/index.ts'
import { openaiResponses } from '../../../protocols/openai-responses/index.ts'
import { decodeAnswer, encodeAnswer, freeze, WIRE } from './exchange.ts'
import { loadSchema, skipWithout } from './recordings.ts'

const word = fc.stringMatching(/^[a-z]{1,8}$/)
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('', ' ', '\n\n', 'a\n\nb', '%20 %'))
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/)
const nullable = <Value>(arbitrary: fc.Arbitrary<Value>) =>
  fc.oneof({ arbitrary, weight: 5 }, { arbitrary: fc.constant(null), weight: 1 })
/** Members of tomorrow. */
const unknown = fc.dictionary(fc.stringMatching(/^x_[a-z]{1,5}$/), fc.oneof(word, fc.boolean(), fc.constant(null)), {
  maxKeys: 1,
})

function record<Model extends Record<string, fc.Arbitrary<unknown>>>(
  required: Model,
  optional: Record<string, fc.Arbitrary<unknown>> = {},
): fc.Arbitrary<object> {
  return fc
    .tuple(fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) as never }), unknown)
    .map(([known, more]) => ({ ...known, ...more }))
}

const type = <Name extends string>(name: Name) => fc.constant(name)

const inputPart = fc.oneof(
  record({ type: type('input_text'), text }, { prompt_cache_breakpoint: fc.constant({ mode: 'explicit' }) }),
  record({ type: type('output_text'), text }, { annotations: fc.constant([]), logprobs: fc.constant([]) }),
  record(
    { type: type('input_image'), image_url: fc.constantFrom('https://x/y.png', 'data:image/png;base64,AAAA') },
    { detail: nullable(fc.constantFrom('low', 'auto')) },
  ),
  record({ type: type('input_image'), image_url: fc.constant({ url: 'https://x/y.png' }) }),
  record({ type: type('input_image'), file_id: id }),
  record(
    { type: type('input_file'), file_data: fc.constantFrom('data:application/pdf;base64,AAAA', 'AAAA') },
    { filename: word },
  ),
  record({ type: type('input_file'), file_url: fc.constant('https://x/y.pdf') }, { filename: nullable(word) }),
  record({ type: type('input_file'), file_id: id }, { file_url: fc.constant('https://x') }),
  record({ type: type('input_audio'), input_audio: fc.constant({ data: 'AAAA', format: 'mp3' }) }),
  record({ type: type('input_tomorrow'), value: word }),
)

const annotation = record({
  type: type('url_citation'),
  url: fc.constant('https://x'),
  start_index: fc.nat(9),
  end_index: fc.nat(9),
  title: word,
})
const outputPart = fc.oneof(
  record(
    { type: type('output_text'), text },
    { annotations: fc.array(annotation, { maxLength: 2 }), logprobs: fc.constant([]) },
  ),
  record({ type: type('refusal'), refusal: text }),
  record({ type: type('output_tomorrow'), value: word }),
)

const itemMembers = { id, status: fc.constantFrom('completed', 'incomplete', 'in_progress') }
const speech = record(
  {
    role: fc.constantFrom('user', 'system', 'developer'),
    content: fc.oneof(text, fc.array(inputPart, { maxLength: 3 })),
  },
  { type: type('message'), ...itemMembers },
)
const spoken = record(
  { role: type('assistant'), content: fc.oneof(text, fc.array(outputPart, { maxLength: 3 })) },
  { type: type('message'), phase: nullable(fc.constantFrom('commentary', 'final_answer')), ...itemMembers },
)
const call = record(
  {
    type: type('function_call'),
    call_id: id,
    name: word,
    arguments: fc.constantFrom('{}', '', '{"a":1}', '{"a"', ' '),
  },
  { namespace: word, caller: fc.constant({ type: 'direct' }), ...itemMembers },
)
const customCall = record(
  { type: type('custom_tool_call'), call_id: id, name: word, input: text },
  { namespace: word, ...itemMembers },
)
const output = fc.oneof(text, fc.array(inputPart, { maxLength: 2 }))
const result = record(
  { type: fc.constantFrom('function_call_output', 'custom_tool_call_output'), call_id: id, output },
  { name: word, namespace: word, ...itemMembers },
)
const pieces = (name: string) => fc.array(fc.record({ type: type(name), text }), { maxLength: 3 })
const reasoning = record(
  { type: type('reasoning'), summary: pieces('summary_text') },
  { content: nullable(pieces('reasoning_text')), encrypted_content: nullable(id), ...itemMembers },
)
const other = fc.oneof(
  record({ type: fc.constantFrom('web_search_call', 'item_of_tomorrow', 'compaction', 'item_reference') }, { id }),
  record({ id }),
)
const callable = fc.oneof(
  record(
    { type: type('function'), name: word },
    {
      description: nullable(word),
      parameters: nullable(fc.constant({ type: 'object', properties: {} })),
      strict: nullable(fc.boolean()),
    },
  ),
  record(
    { type: type('custom'), name: word },
    { description: word, format: fc.constant({ type: 'grammar', syntax: 'lark', definition: 'x' }) },
  ),
)
const tool = fc.oneof(
  callable,
  record(
    { type: type('namespace'), name: word, tools: fc.array(callable, { minLength: 1, maxLength: 3 }) },
    { description: word },
  ),
  record({ type: fc.constantFrom('web_search', 'mcp', 'tool_search', 'local_shell') }, { server_label: word }),
)
const tools = fc.array(tool, { maxLength: 4 })
const lifted = record({ type: type('additional_tools'), tools }, { role: type('developer'), id })
const item = fc.oneof(speech, spoken, call, customCall, result, reasoning, other, lifted)

const choice = fc.oneof(
  fc.constantFrom('auto', 'none', 'required'),
  fc.record({ type: fc.constantFrom('function', 'custom'), name: word }),
  fc.record({
    type: type('allowed_tools'),
    mode: fc.constantFrom('auto', 'required'),
    tools: fc.array(fc.record({ type: type('function'), name: word })),
  }),
  fc.record({ type: fc.constantFrom('file_search', 'web_search_preview', 'shell') }),
  fc.constant({ type: 'mcp', server_label: 's', name: 'n' }),
  fc.constant({ type: 'allowed_tools', mode: 'auto', tools: [{ type: 'mcp', server_label: 's' }] }),
)

const format = fc.oneof(
  fc.record({ type: fc.constantFrom('text', 'json_object', 'of_tomorrow') }),
  record(
    { type: type('json_schema'), name: word, schema: fc.constant({ type: 'object' }) },
    { strict: nullable(fc.boolean()), description: nullable(word) },
  ),
)

const request = record(
  { model: word, input: fc.oneof(text, fc.array(item, { maxLength: 6 })) },
  {
    instructions: nullable(text),
    tools: nullable(tools),
    tool_choice: nullable(choice),
    parallel_tool_calls: nullable(fc.boolean()),
    stream: nullable(fc.boolean()),
    stream_options: fc.constant({ include_obfuscation: false }),
    max_output_tokens: nullable(fc.integer({ min: 1, max: 9999 })),
    temperature: nullable(fc.double({ min: 0, max: 2, noNaN: true })),
    top_p: nullable(fc.constantFrom(0, 0.5, 1)),
    top_logprobs: nullable(fc.nat(20)),
    text: nullable(record({}, { format: nullable(format), verbosity: nullable(word) })),
    reasoning: nullable(record({}, { effort: nullable(word), summary: nullable(word), context: word })),
    include: nullable(
      fc.array(
        fc.constantFrom('reasoning.encrypted_content', 'message.output_text.logprobs', 'code_interpreter_call.outputs'),
        { maxLength: 3 },
      ),
    ),
    user: nullable(word),
    safety_identifier: nullable(word),
    metadata: nullable(fc.dictionary(word, word, { maxKeys: 2 })),
    store: nullable(fc.boolean()),
    service_tier: nullable(word),
    prompt_cache_key: nullable(word),
    background: nullable(fc.boolean()),
    truncation: nullable(fc.constantFrom('auto', 'disabled')),
    max_tool_calls: nullable(fc.nat(9)),
    previous_response_id: fc.constant(null),
    client_metadata: fc.dictionary(word, word, { maxKeys: 2 }),
  },
)

describe('Responses, there and back', () => {
  it('a request of this protocol goes up as the same JSON, without a loss', () => {
    fc.assert(
      fc.property(request, (body) => {
        const { value, losses } = openaiResponses.request.decode(WIRE, freeze(body))
        const sent = openaiResponses.request.encode(freeze(value), {})
        expect(JSON.parse(JSON.stringify(sent.body))).to.deep.equal(JSON.parse(JSON.stringify(body)))
        expect([...losses, ...sent.losses]).to.deep.equal([])
      }),
      { numRuns: 600 },
    )
  })

  it('neighbouring items of the assistant are one turn to other protocols', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 8 }), (input) => {
        const { value } = openaiResponses.request.decode(WIRE, { model: 'm', input })
        const roles = value.messages.map(({ role }) => role)
        for (const [index, role] of roles.entries()) {
          if (role === 'assistant') expect(roles[index + 1]).to.not.equal('assistant')
        }
      }),
      { numRuns: 200 },
    )
  })

  it('an answer comes back as the same JSON', () => {
    const answerPart = fc.oneof(
      record({
        type: type('output_text'),
        text,
        annotations: fc.array(annotation, { maxLength: 2 }),
        logprobs: fc.constant([]),
      }),
      record({ type: type('refusal'), refusal: text }),
    )
    const answerItem = fc.oneof(
      record(
        {
          id,
          type: type('message'),
          role: type('assistant'),
          status: fc.constantFrom('completed', 'incomplete'),
          content: fc.array(answerPart, { maxLength: 3 }),
        },
        { phase: nullable(word) },
      ),
      record(
        {
          id,
          type: type('function_call'),
          status: type('completed'),
          call_id: id,
          name: word,
          arguments: fc.constantFrom('{}', '{"a":1}'),
        },
        { namespace: word },
      ),
      record({ id, type: type('custom_tool_call'), status: type('completed'), call_id: id, name: word, input: text }),
      record(
        { id, type: type('reasoning'), summary: pieces('summary_text') },
        { encrypted_content: id, status: type('completed') },
      ),
      record({ type: fc.constantFrom('web_search_call', 'image_generation_call', 'item_of_tomorrow'), id }),
    )
    const answer = record(
      {
        id: id.map((one) => `resp_${one}`),
        object: type('response'),
        created_at: fc.integer({ min: 1, max: 2_000_000_000 }),
        model: type('asked'),
        output: fc.array(answerItem, { maxLength: 5 }),
        usage: fc.constant({
          input_tokens: 3,
          input_tokens_details: { cached_tokens: 1 },
          output_tokens: 2,
          output_tokens_details: { reasoning_tokens: 0 },
          total_tokens: 5,
        }),
        error: fc.constant(null),
        tools: fc.constant([]),
      },
      {
        temperature: nullable(fc.constant(1)),
        metadata: fc.constant({}),
        service_tier: nullable(fc.constantFrom('default', 'flex')),
        billing: fc.constant({ payer: 'x' }),
      },
    )
    const end = fc.constantFrom(
      { status: 'completed', incomplete_details: null },
      { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
      { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
    )
    fc.assert(
      fc.property(answer, end, (body, ending) => {
        const whole = { ...body, ...ending }
        const { body: back, losses } = encodeAnswer(decodeAnswer(JSON.parse(JSON.stringify(whole))))
        expect(back).to.deep.equal(JSON.parse(JSON.stringify(whole)))
        expect(losses).to.deep.equal([])
      }),
      { numRuns: 300 },
    )
  })

  describe('written for a back end', () => {
    let isRequest: (value: unknown) => string | undefined
    before(function () {
      skipWithout.call(this)
      isRequest = loadSchema('request')
    })

    it('what a Chat Completions client asks for is a request by the schema, and stateless', () => {
      const content = fc.oneof(
        text,
        fc.array(
          fc.oneof(
            fc.record({ type: type('text'), text }),
            fc.record({ type: type('image_url'), image_url: fc.record({ url: fc.constant('https://x/y.png') }) }),
            fc.constant({ type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA' } }),
            fc.constant({ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }),
          ),
          { minLength: 1, maxLength: 3 },
        ),
      )
      const toolCall = fc.record({
        id: fc.string({ minLength: 1, maxLength: 90 }),
        type: type('function'),
        function: fc.record({ name: fc.constantFrom('f', 'a.b/c'), arguments: type('{}') }),
      })
      const message = fc.oneof(
        fc.record({ role: fc.constantFrom('user', 'system', 'developer'), content }),
        fc.record({
          role: type('assistant'),
          content: nullable(text),
          refusal: nullable(text),
          tool_calls: fc.array(toolCall, { minLength: 1, maxLength: 2 }),
        }),
        fc.record({ role: type('assistant'), content: text, reasoning_content: text }),
        fc.record({ role: type('tool'), tool_call_id: id, content: text }),
      )
      const chat = fc.record(
        {
          model: word,
          messages: fc.array(message, { minLength: 1, maxLength: 6 }),
          tools: fc.array(
            fc.record({
              type: type('function'),
              function: fc.record({
                name: fc.constantFrom('f', 'a.b/c'),
                parameters: fc.constantFrom({}, { type: 'object' }, { properties: { a: {} } }),
              }),
            }),
            { maxLength: 2 },
          ),
          tool_choice: fc.constantFrom('auto', 'none', 'required', { type: 'function', function: { name: 'f' } }),
          max_tokens: fc.integer({ min: 1, max: 100 }),
          temperature: fc.constant(1),
          stop: fc.constant(['x']),
          seed: fc.constant(1),
          logprobs: fc.boolean(),
          response_format: fc.constantFrom(
            { type: 'json_object' },
            { type: 'json_schema', json_schema: { name: 'n', schema: {} } },
          ),
          reasoning_effort: fc.constantFrom('none', 'low', 'high'),
          stream: fc.boolean(),
        },
        { requiredKeys: ['model', 'messages'] },
      )
      fc.assert(
        fc.property(chat, (body) => {
          const { value } = openaiChat.request.decode(WIRE, body)
          const sent = JSON.parse(JSON.stringify(openaiResponses.request.encode(freeze(value), {}).body))
          expect(isRequest(sent), JSON.stringify(sent)).to.equal(undefined)
          expect(sent.store).to.equal(false)
          expect(sent.include).to.include('reasoning.encrypted_content')
          for (const one of sent.tools ?? []) expect(one.strict, 'the API takes silence for strict').to.equal(false)
          for (const one of sent.input) if (one.call_id !== undefined) expect(one.call_id.length).to.be.within(1, 64)
        }),
        { numRuns: 300 },
      )
    })
  })
})
