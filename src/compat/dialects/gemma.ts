/** FunctionGemma and Gemma 4: a name and an object without quotes, whose strings have marks of their own. */
import type { Dialect, TagReader } from '../dialect.ts'
import { findTool } from '../reading/desk.ts'
import { matchWhole } from '../reading/match-whole.ts'
import { readTypedArguments } from '../reading/read-typed-arguments.ts'
import { skipSpace } from '../reading/skip-space.ts'
import { skipSurplus } from '../reading/skip-surplus.ts'
import type { Syntax } from '../reading/syntax.ts'
import { ArgumentsWriter } from '../reading/write-arguments.ts'

const SYNTAX: Syntax = { marks: ['<|"|>', '<escape>'], python: false, bare: true }
const HEADER = /(?:call:)?\s*[^\s{}<>"'`]*/uy

const readCall: TagReader = function* (desk) {
  const { source } = desk
  yield* skipSpace(source)
  const header = yield* matchWhole(source, HEADER)
  source.skip(header.length)
  yield* skipSpace(source)
  const tool = findTool(desk, header.replace(/^call:/, ''))
  if (tool === undefined || source.text.charAt(source.at) !== '{') return 'none'
  const writer = new ArgumentsWriter(desk.calls, { tool })
  yield* readTypedArguments(source, SYNTAX, writer)
  yield* skipSurplus(source)
  writer.end(source.whole)
  return 'called'
}

export const GEMMA: Dialect = {
  name: 'gemma',
  tags: { '|tool_call': readCall, start_function_call: readCall },
  tokens: ['tool_call|', 'end_function_call', 'turn|'],
  results: ['|tool_response', 'start_function_response'],
  fences: { tool_code: { json: false, python: true } },
}
