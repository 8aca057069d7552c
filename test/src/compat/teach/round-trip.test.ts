/** What is written for a model to imitate is what its listener reads. */
import { expect } from 'chai'
import fc from 'fast-check'
import { createCollector } from '../../../../protocols/ir/collect.ts'
import { createGrammar } from '../../../../protocols/ir/grammar.ts'
import type { Part } from '../../../../protocols/ir/part.ts'
import type { ChatRequest } from '../../../../protocols/ir/request.ts'
import type { FunctionTool } from '../../../../protocols/ir/tool.ts'
import { TOOL_DIALECTS, type ToolDialect } from '../../../../protocols/ir/tool-dialect.ts'
import { createListener } from '../../../../src/compat/listen.ts'
import { fitDialect } from '../../../../src/compat/teach/fit-dialect.ts'
import { mendEvents } from '../../../../src/compat/teach/mend-events.ts'
import { teach } from '../../../../src/compat/teach/teach.ts'
import { createArgumentChecker } from '../../../../src/compat/tools/argument-checker.ts'

const DIALECTS = TOOL_DIALECTS

/** What has broken parsers: marks of every dialect, entities, quotes, line breaks, and what is none of these but nearly. */
const NASTY = [
  '</parameter>',
  '\n</parameter>\n</function>\n</tool_call>',
  '</parameter>\n<parameter=path>\nx',
  '</arg></args></cs:tool_use>',
  '</arg_value>\n</tool_call>',
  '</arg_value>\n<arg_key>path</arg_key>',
  '</invoke>\n</function_calls>',
  '<parameter name="path">x</parameter>',
  '<tool_call>{"name": "ping", "arguments": {}}</tool_call>',
  '<tool_response>',
  '<function_results>',
  '<|im_end|>',
  '<|tool_call_end|>',
  '<｜tool▁calls▁end｜>',
  '[TOOL_CALLS]',
  '```',
  '\n```\n',
  '```tool_call\n{"name":"ping"}\n```',
  '&amp;',
  '&lt;b&gt;',
  '&amp;amp;',
  'a && b < c',
  '<![CDATA[x]]>',
  '"',
  "'",
  '\\',
  '\\n',
  '\n',
  '\r\n',
  '\t',
  ' ',
  '"}',
  '")]',
  "')",
  '", "b": "',
  '", path="',
  '}',
  ']',
  '{"a": 1}',
  'null',
  'True',
  '10',
  '1.0',
  '</think>',
  '<think>',
  '🙂',
  '👩‍👩‍👧',
  '\u2060',
  '<\u2060/parameter>',
  '\u200d',
  '\u0000',
  '\u2028',
  'é',
  '<b>bold</b>',
  'Result<String, Vec<u8>>',
  '/* c */ // d',
  '# e',
  '<',
  '</',
  '`x`',
]
const nasty = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...NASTY) }, fc.string({ unit: 'grapheme', maxLength: 8 })), {
    maxLength: 5,
  })
  .map((pieces) => pieces.join(''))

const VALUES = {
  string: nasty,
  integer: fc.maxSafeInteger(),
  number: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
  boolean: fc.boolean(),
  array: fc.array(fc.oneof(nasty, fc.integer(), fc.constant(null)), { maxLength: 3 }),
  object: fc.dictionary(
    fc.constantFrom('a', 'b c', 'path', 'name', '-x'),
    fc.oneof(nasty, fc.boolean(), fc.array(nasty, { maxLength: 2 })),
    { maxKeys: 3, noNullPrototype: true },
  ),
} as const
type Type = keyof typeof VALUES

const parameterName = fc.constantFrom(
  ...['path', 'content', 'a', 'old_string', 'file-path', '-i', '$top', 'x.y', '@type', 'Größe', 'name', 'query', 'URL'],
)
const toolName = fc.constantFrom(
  'ping',
  'write_file',
  'mcp__fs__read',
  'Bash',
  'get-weather',
  'f1',
  'tool_call',
  '9lives',
)

const anyTool: fc.Arbitrary<FunctionTool> = fc
  .record({
    name: toolName,
    types: fc.dictionary(parameterName, fc.constantFrom(...(Object.keys(VALUES) as Type[])), { maxKeys: 4 }),
  })
  .map(({ name, types }) => ({
    type: 'function',
    name,
    parameters: {
      type: 'object',
      properties: Object.fromEntries(Object.entries(types).map(([key, type]) => [key, { type }])),
    },
  }))

const anyTools = fc.uniqueArray(anyTool, { minLength: 1, maxLength: 3, selector: ({ name }) => name })

const anyCalls = anyTools.chain((tools) =>
  fc.record({
    tools: fc.constant(tools),
    calls: fc.array(fc.constantFrom(...tools).chain(anyCallOf), { minLength: 1, maxLength: 3 }),
  }),
)

type Call = readonly [name: string, args: Readonly<Record<string, unknown>>]

function anyCallOf(tool: FunctionTool): fc.Arbitrary<Call> {
  const properties = tool.parameters?.['properties'] as Record<string, { type: Type }>
  const model = Object.fromEntries(Object.entries(properties).map(([key, { type }]) => [key, VALUES[type]]))
  return fc
    .record(model as Record<string, fc.Arbitrary<unknown>>, { requiredKeys: [], noNullPrototype: true })
    .map((args): Call => [tool.name, args])
}

/** What the listener makes of a text, by way of the grammar. @param size UTF-16 units of each piece. */
function listen(dialect: ToolDialect, tools: readonly FunctionTool[], text: string, size: number) {
  const collector = createCollector()
  const grammar = createGrammar({ id: 'x' }, (event) => collector.push(event))
  const listener = createListener(
    { dialect, tools },
    mendEvents((event) => grammar.push(event)),
  )
  listener.push({ type: 'start' })
  listener.push({ type: 'part-start', part: 0, choice: 0, head: { type: 'text' } })
  for (let at = 0; at < text.length; at += size) {
    listener.push({ type: 'part-delta', part: 0, choice: 0, delta: { text: text.slice(at, at + size) } })
  }
  listener.push({ type: 'finish', finishes: [{ choice: 0, reason: 'stop' }] })
  grammar.end()
  const { result } = collector
  const parts: readonly Part[] =
    result !== undefined && 'response' in result ? (result.response.choices[0]?.parts ?? []) : []
  const calls = parts.flatMap((part): Call[] =>
    part.type === 'tool-call' ? [[part.name, JSON.parse(part.arguments)]] : [],
  )
  return { calls, text: parts.map((part) => (part.type === 'text' ? part.text : '')).join('') }
}

function turnOf(calls: readonly Call[], said: string): ChatRequest['messages'] {
  const text: Part[] = said === '' ? [] : [{ type: 'text', text: said }]
  const parts = calls.map(([name, args], index): Part => {
    return { type: 'tool-call', id: `c${index}`, name, arguments: JSON.stringify(args) }
  })
  return [
    { role: 'user', parts: [{ type: 'text', text: 'go' }] },
    { role: 'assistant', parts: [...text, ...parts] },
  ]
}

function textOf(message: ChatRequest['messages'][number] | undefined): string {
  return (message?.parts ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('')
}

const requestOf = (tools: readonly FunctionTool[], messages: ChatRequest['messages']): ChatRequest => {
  return { model: 'm', messages, tools, settings: {}, stream: false }
}

describe('compat: what is taught is what is understood', () => {
  const check = createArgumentChecker()

  for (const dialect of DIALECTS) {
    it(`${dialect}: the examples of the prompt are calls of the tools that are offered, with arguments that fit`, () => {
      fc.assert(
        fc.property(anyTools, (tools) => {
          const fit = fitDialect(dialect, tools)
          const taught = teach(requestOf(tools, turnOf([], 'hi')), fit)
          const prompt = textOf(taught.request.messages[0])
          const [, one = '', , two = ''] =
            /exactly this form[\s\S]*?\n\n([\s\S]*?)\n\n(Several[\s\S]*?)\n\n([\s\S]*?)\n\nRules:/.exec(prompt) ?? []
          for (const [example, count] of [
            [one, 1],
            [two, 2],
          ] as const) {
            const { calls, text } = listen(fit, taught.tools, example, example.length)
            expect(calls, example).to.have.lengthOf(count)
            expect(text.trim(), example).to.equal('')
            for (const [index, [name, args]] of calls.entries()) {
              const tool = tools[index] ?? tools[0]
              expect(name).to.equal(tool?.name)
              expect(check(tool?.parameters ?? {}, args), example).to.equal(undefined)
            }
          }
        }),
        { numRuns: 40 },
      )
    })
  }

  for (const dialect of DIALECTS) {
    it(`lesson 66: ${dialect}: calls of the history read back as exactly those calls, whatever is in them`, () => {
      fc.assert(
        fc.property(
          anyCalls,
          fc.constantFrom('', 'Let me look.'),
          fc.integer({ min: 1, max: 40 }),
          (any, said, size) => {
            const { tools, calls } = any
            const fit = fitDialect(dialect, tools)
            const taught = teach(requestOf(tools, turnOf(calls, said)), fit)
            const written = textOf(taught.request.messages.at(-1))
            for (const pieces of [written.length, size, 1]) {
              const heard = listen(fit, taught.tools, written, pieces)
              expect(heard.calls, written).to.deep.equal(calls)
              expect(heard.text.trim(), written).to.equal(said)
            }
          },
        ),
        { numRuns: 120 },
      )
    })
  }
})
