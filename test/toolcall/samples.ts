/** One good call in every dialect, for whatever asks all of them the same question. */
import type { JsonObject } from '../../protocols/ir/extra.ts'
import type { DialectName } from '../../src/compat/dialect-name.ts'

export const WRITE_FILE = {
  name: 'write_file',
  parameters: {
    type: 'object',
    properties: { path: { type: 'string' }, content: { type: 'string' }, mode: { type: 'integer' } },
    required: ['path', 'content'],
  } satisfies JsonObject,
}

export interface FileCall {
  readonly path: string
  readonly content: string
  readonly mode: number
}

const json = ({ path, content, mode }: FileCall): string => JSON.stringify({ path, content, mode })
const envelope = (call: FileCall): string => `{"name": "write_file", "arguments": ${json(call)}}`
const invoke = ({ path, content, mode }: FileCall): string =>
  `<invoke name="write_file">\n<parameter name="path">${path}</parameter>\n<parameter name="content">${content}</parameter>\n<parameter name="mode">${mode}</parameter>\n</invoke>`
const functionTag = ({ path, content, mode }: FileCall): string =>
  `<function=write_file>\n<parameter=path>\n${path}\n</parameter>\n<parameter=content>\n${content}\n</parameter>\n<parameter=mode>\n${mode}\n</parameter>\n</function>`
const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** The content of a call must hold nothing that is a mark of its dialect, and must not begin or end with a line break. */
export const WRITERS: Readonly<Record<DialectName, (call: FileCall) => string>> = {
  hermes: (call) => `<tool_call>\n${envelope(call)}\n</tool_call>`,
  'qwen3-coder': (call) => `<tool_call>\n${functionTag(call)}\n</tool_call>`,
  'seed-oss': (call) => `<seed:tool_call>\n${functionTag(call)}\n</seed:tool_call>`,
  'anthropic-xml': (call) => `<function_calls>\n${invoke(call)}\n</function_calls>`,
  minimax: (call) => `<minimax:tool_call>\n${invoke(call)}\n</minimax:tool_call>`,
  chatspeed: ({ path, content, mode }) =>
    `<cs:tool_use>\n<name>write_file</name>\n<args>\n<arg name="path" type="string">${escapeXml(path)}</arg>\n<arg name="content" type="string">${escapeXml(content)}</arg>\n<arg name="mode" type="integer">${mode}</arg>\n</args>\n</cs:tool_use>`,
  glm: ({ path, content, mode }) =>
    `<tool_call>write_file\n<arg_key>path</arg_key>\n<arg_value>${path}</arg_value>\n<arg_key>content</arg_key>\n<arg_value>${content}</arg_value>\n<arg_key>mode</arg_key>\n<arg_value>${mode}</arg_value>\n</tool_call>`,
  deepseek: (call) =>
    `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>write_file<｜tool▁sep｜>${json(call)}<｜tool▁call▁end｜><｜tool▁calls▁end｜>`,
  'deepseek-dsml': ({ path, content, mode }) =>
    `<｜DSML｜function_calls>\n<｜DSML｜invoke name="write_file">\n<｜DSML｜parameter name="path" string="true">${path}</｜DSML｜parameter>\n<｜DSML｜parameter name="content" string="true">${content}</｜DSML｜parameter>\n<｜DSML｜parameter name="mode" string="false">${mode}</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>`,
  kimi: (call) =>
    `<|tool_calls_section_begin|><|tool_call_begin|>functions.write_file:0<|tool_call_argument_begin|>${json(call)}<|tool_call_end|><|tool_calls_section_end|>`,
  mistral: (call) => `[TOOL_CALLS] [${envelope(call)}]`,
  'llama-json': (call) => `{"name": "write_file", "parameters": ${json(call)}}`,
  pythonic: ({ path, content, mode }) =>
    `[write_file(path=${JSON.stringify(path)}, content=${JSON.stringify(content)}, mode=${mode})]`,
  'json-array': (call) => `[${envelope(call)}]`,
  gemma: ({ path, content, mode }) =>
    `<|tool_call>call:write_file{path:<|"|>${path}<|"|>,content:<|"|>${content}<|"|>,mode:${mode}}<tool_call|>`,
  harmony: (call) => `<|channel|>commentary to=functions.write_file <|constrain|>json<|message|>${json(call)}<|call|>`,
  'fenced-json': (call) => `\`\`\`tool_call\n${envelope(call)}\n\`\`\``,
  cline: ({ path, content, mode }) =>
    `<write_file>\n<path>${path}</path>\n<content>\n${content}\n</content>\n<mode>${mode}</mode>\n</write_file>`,
}

/** Dialects whose calls have no mark: they end the message, and begin on a line of their own. */
export const UNMARKED: ReadonlySet<DialectName> = new Set(['llama-json', 'json-array', 'pythonic'])
