/** The tools that the official suite asks for, and a few that show what a hub must keep, stop and survive. */
import { setTimeout as sleep } from 'node:timers/promises'
import { demand, type FixtureContext, FixtureError, type InputRequest } from './fixture-context.ts'

export interface FixtureTool {
  readonly definition: any
  run(args: any, context: FixtureContext): unknown
}

export const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const SILENCE = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA='

export function text(value: string): object {
  return { content: [{ type: 'text', text: value }] }
}

export function form(
  message: string,
  properties: object,
  required: readonly string[] = Object.keys(properties),
): InputRequest {
  return {
    method: 'elicitation/create',
    params: { mode: 'form', message, requestedSchema: { type: 'object', properties, required } },
  }
}

function sampling(question: string): InputRequest {
  return {
    method: 'sampling/createMessage',
    params: { messages: [{ role: 'user', content: { type: 'text', text: question } }], maxTokens: 100 },
  }
}

const ROOTS: InputRequest = { method: 'roots/list', params: {} }
const NAME = form('What is your name?', { name: { type: 'string' } })
const NOTHING = { type: 'object', properties: {} }

type Run = FixtureTool['run']

function tool(name: string, description: string, run: Run, more: object = {}): FixtureTool {
  return { definition: { name, description, inputSchema: NOTHING, ...more }, run }
}

/** Asks for one thing and tells the answer. */
function asking(
  name: string,
  capability: string,
  request: (args: any) => InputRequest,
  tell: (answer: any) => string,
  more = {},
) {
  return tool(
    name,
    `Asks the client for ${capability}`,
    async (args, context) => {
      demand(context, capability)
      return text(tell((await context.input({ answer: request(args) })).answer))
    },
    more,
  )
}

const options = (kind: string) => [1, 2, 3].map((n) => ({ const: `value${n}`, title: `${kind} ${n}` }))
const plain = ['option1', 'option2', 'option3']
const described = (answer: any) => `action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`

const TALKING: readonly FixtureTool[] = [
  asking(
    'test_sampling',
    'sampling',
    ({ prompt }) => sampling(prompt),
    (answer) => `LLM response: ${[answer.content].flat()[0]?.text}`,
    {
      inputSchema: { type: 'object', properties: { prompt: { type: 'string' } }, required: ['prompt'] },
    },
  ),
  asking(
    'test_elicitation',
    'elicitation',
    ({ message }) => form(message, { username: { type: 'string' }, email: { type: 'string' } }),
    (answer) => `User response: ${described(answer)}`,
    {
      inputSchema: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
    },
  ),
  asking(
    'test_elicitation_sep1034_defaults',
    'elicitation',
    () =>
      form(
        'Please look these over',
        {
          name: { type: 'string', default: 'John Doe' },
          age: { type: 'integer', default: 30 },
          score: { type: 'number', default: 95.5 },
          status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
          verified: { type: 'boolean', default: true },
        },
        [],
      ),
    (answer) => `Elicitation completed: ${described(answer)}`,
  ),
  asking(
    'test_elicitation_sep1330_enums',
    'elicitation',
    () =>
      form(
        'Please choose',
        {
          untitledSingle: { type: 'string', enum: plain },
          titledSingle: { type: 'string', oneOf: options('Option') },
          legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['One', 'Two', 'Three'] },
          untitledMulti: { type: 'array', items: { type: 'string', enum: plain } },
          titledMulti: { type: 'array', items: { anyOf: options('Choice') } },
        },
        [],
      ),
    (answer) => `Elicitation completed: ${described(answer)}`,
  ),
  tool('test_streaming_elicitation', 'Reports progress, then asks', async (_, context) => {
    demand(context, 'elicitation')
    context.progress(1, 2)
    const { ok } = await context.input({ ok: form('All right?', { ok: { type: 'boolean' } }) })
    return text(`Answered: ${ok.action}`)
  }),
  tool('test_missing_capability', 'Needs sampling', (_, context) => {
    demand(context, 'sampling')
    return text('sampling is there')
  }),
  tool('list_roots', 'Asks the client for its roots', async (_, context) => {
    demand(context, 'roots')
    return text(JSON.stringify((await context.input({ roots: ROOTS })).roots.roots))
  }),
]

const ROUNDS: readonly FixtureTool[] = [
  tool('test_input_required_result_elicitation', 'Asks for a name', async (_, context) =>
    text(`Hello, ${(await context.input({ user_name: NAME })).user_name.content.name}!`),
  ),
  tool('test_input_required_result_sampling', 'Asks a model', async (_, context) =>
    text(
      [
        (await context.input({ capital_question: sampling('What is the capital of France?') })).capital_question
          .content,
      ].flat()[0].text,
    ),
  ),
  tool('test_input_required_result_list_roots', 'Asks for roots', async (_, context) =>
    text(
      `Roots: ${(await context.input({ client_roots: ROOTS })).client_roots.roots.map((root: any) => root.uri).join(', ')}`,
    ),
  ),
  ...['test_input_required_result_request_state', 'test_input_required_result_tampered_state'].map((name) =>
    tool(name, 'Asks with a state that it checks', async (_, context) => {
      await context.input({ confirm: form('Please confirm', { ok: { type: 'boolean' } }) }, { sealed: true })
      return text('state-ok')
    }),
  ),
  tool('test_input_required_result_multiple_inputs', 'Asks three things at once', async (_, context) => {
    const got = await context.input(
      { user_name: NAME, greeting: sampling('Greet!'), client_roots: ROOTS },
      { sealed: true },
    )
    return text(`All is there for ${got.user_name.content.name}`)
  }),
  tool('test_input_required_result_multi_round', 'Asks twice', async (_, context) => {
    const first = await context.input(
      { step1: form('Step 1: your name?', { name: { type: 'string' } }) },
      { sealed: true },
    )
    const second = await context.input(
      { step2: form('Step 2: your colour?', { color: { type: 'string' } }) },
      { sealed: true },
    )
    return text(`${first.step1.content.name} likes ${second.step2.content.color}`)
  }),
  tool('test_input_required_result_capabilities', 'Asks what the client can answer', async (_, context) => {
    const able = Object.entries({ elicitation: NAME, sampling: sampling('Say something'), roots: ROOTS }).filter(
      ([capability]) => context.capabilities?.[capability] !== undefined,
    )
    if (able.length > 0) await context.input(Object.fromEntries(able))
    return text('Nothing is left to ask')
  }),
]

const counted = { cancelled: 0 }

const KEEPING: readonly FixtureTool[] = [
  tool(
    'echo',
    'Gives back what it was given',
    (args, context) => ({
      content: [{ type: 'text', text: JSON.stringify(args) }],
      structuredContent: {
        arguments: args,
        meta: context.params._meta ?? {},
        id: context.id,
        era: context.era,
        pid: process.pid,
      },
      _meta: { 'example.com/kept': { deep: [1, 2.5, null, 'x'] } },
    }),
    {
      icons: [{ src: 'https://icons.example/a.png' }],
      annotations: { readOnlyHint: true, 'x-vendor-hint': 'kept' },
      _meta: { 'example.com/tool': true },
      'x-unknown-field': { kept: true },
    },
  ),
  tool('slow', 'Takes a while', async ({ ms = 1000 }, context) => {
    try {
      await sleep(ms, undefined, { signal: context.signal })
    } catch (error) {
      counted.cancelled += 1
      throw error
    }
    return text('done')
  }),
  tool('counters', 'What was cancelled', () => ({ content: [], structuredContent: { ...counted, pid: process.pid } })),
  tool('unicode', 'Characters beyond ASCII', ({ times = 1 }) =>
    text('\u00e9\u4e16\u754c\u{1f680}\u2028\u2029\u0000\n'.repeat(times)),
  ),
  tool('big', 'Many bytes', ({ bytes = 1000 }) => text('x'.repeat(bytes))),
  tool('crash', 'Ends the process', () => process.exit(42)),
  tool('protocol_error', 'Answers with an error', () => {
    throw new FixtureError(-31999, 'an error of my own', { kept: [1, 2, 3] })
  }),
]

export const TOOLS: readonly FixtureTool[] = [
  tool('test_simple_text', 'One text', () => text('This is a simple text response for testing.'), {
    title: 'Simple text',
    annotations: { readOnlyHint: true },
  }),
  tool('test_image_content', 'An image', () => ({ content: [{ type: 'image', data: PIXEL, mimeType: 'image/png' }] })),
  tool('test_audio_content', 'A sound', () => ({ content: [{ type: 'audio', data: SILENCE, mimeType: 'audio/wav' }] })),
  tool('test_embedded_resource', 'A resource', () => ({
    content: [
      {
        type: 'resource',
        resource: {
          uri: 'test://embedded-resource',
          mimeType: 'text/plain',
          text: 'This is an embedded resource content.',
        },
      },
    ],
  })),
  tool('test_multiple_content_types', 'Text, image and resource', () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      { type: 'image', data: PIXEL, mimeType: 'image/png' },
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: '{"test":"data","value":123}',
        },
      },
    ],
  })),
  tool('test_error_handling', 'Fails', () => {
    throw new Error('This tool intentionally returns an error for testing')
  }),
  tool('test_tool_with_logging', 'Logs three lines', async (_, context) => {
    for (const line of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      context.log('info', line)
      await sleep(50)
    }
    return text('Three lines were logged')
  }),
  tool('test_logging_tool', 'Logs a line', (_, context) => {
    context.log('info', 'one line')
    return text('A line was logged')
  }),
  tool('test_tool_with_progress', 'Reports progress', async (_, context) => {
    for (const done of [0, 50, 100]) {
      context.progress(done, 100)
      await sleep(50)
    }
    return text('Progress was reported')
  }),
  tool('test_reconnection', 'Cuts the stream in the middle', async (_, context) => {
    context.cutStream?.()
    await sleep(100)
    return text('Reconnection test completed successfully.')
  }),
  tool('test_x_mcp_header', 'Wants an argument in a header', ({ region }) => text(`region=${region}`), {
    inputSchema: {
      type: 'object',
      properties: { region: { type: 'string', 'x-mcp-header': 'Region' } },
      required: ['region'],
    },
  }),
  tool('json_schema_2020_12_tool', 'Has a rich schema', (args) => text(JSON.stringify(args)), {
    inputSchema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: {
        address: {
          $anchor: 'addressDef',
          type: 'object',
          properties: { street: { type: 'string' }, city: { type: 'string' } },
        },
      },
      properties: {
        name: { type: 'string' },
        address: { $ref: '#/$defs/address' },
        contactMethod: { type: 'string', enum: ['phone', 'email'] },
        phone: { type: 'string' },
        email: { type: 'string' },
      },
      allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
      if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { required: ['phone'] },
      else: { required: ['email'] },
      additionalProperties: false,
    },
  }),
  ...TALKING,
  ...ROUNDS,
  ...KEEPING,
]
