/** Reads one call that is an expression of Python: `get_weather(location="Paris", days=3)`. */
import type { OfferedTool } from '../tools/tool-book.ts'
import { type Desk, findTool } from './desk.ts'
import { matchWhole } from './match-whole.ts'
import { readTypedArgument } from './read-typed-arguments.ts'
import { nextToken, tokenAt } from './skip-space.ts'
import type { Reading, Source } from './source.ts'
import { PYTHON_SYNTAX } from './syntax.ts'
import { ArgumentsWriter } from './write-arguments.ts'

/** What a name of a tool looks like in front of its parenthesis. */
export const CALLED_NAME = /[\p{L}_][\p{L}\p{N}_.-]*/uy
const METHOD = '.call'
const KEYWORD = /[\p{L}_][\p{L}\p{N}_]*\s*=?=?/uy

/** What most keywords look like, found faster. */
const PLAIN_KEYWORD = /[a-z_]\w*=(?=[^\s=])/iy

/** The reader stands at the name. @returns whether it was a call; if not, some of it may have been read. */
export function* readPythonCall(desk: Desk): Reading<boolean> {
  const { source } = desk
  const name = yield* matchWhole(source, CALLED_NAME)
  source.skip(name.length)
  if ((tokenAt(source) ?? (yield* nextToken(source))) !== '(') return false
  const tool = findCalled(desk, name)
  if (tool === undefined) return false
  source.skip(1)
  let writer: ArgumentsWriter | undefined
  for (let index = 0; ; index++) {
    let token = tokenAt(source) ?? (yield* nextToken(source, true))
    while (token === ',') {
      source.skip(1)
      token = tokenAt(source) ?? (yield* nextToken(source, true))
    }
    if (token === ')' || token === '') break
    const named = keywordAt(source) ?? (yield* readKeyword(source))
    const keyword = named ?? placedName(desk, tool, index)
    if (keyword === undefined && writer === undefined) return false
    if (keyword === undefined) break
    writer ??= new ArgumentsWriter(desk.calls, { tool })
    const isRead = readTypedArgument(
      source,
      PYTHON_SYNTAX,
      writer,
      keyword,
      named === undefined ? 'element' : 'argument',
    )
    if (!(typeof isRead === 'boolean' ? isRead : yield* isRead)) break
  }
  if (source.text.charAt(source.at) !== ')') source.leaveOpen()
  yield* skipParentheses(source)
  writer ??= new ArgumentsWriter(desk.calls, { tool })
  writer.end(source.whole)
  return true
}

/** The name in front of `=`, where it can be told at once. */
function keywordAt(source: Source): string | undefined {
  PLAIN_KEYWORD.lastIndex = source.at
  if (!PLAIN_KEYWORD.test(source.text)) return undefined
  const keyword = source.text.slice(source.at, PLAIN_KEYWORD.lastIndex - 1)
  source.at = PLAIN_KEYWORD.lastIndex
  return keyword
}

/** Be they too many. */
function* skipParentheses(source: Source): Reading {
  for (;;) {
    while (source.left === 0 && !source.ended) yield
    if (source.text.charAt(source.at) !== ')') return
    source.skip(1)
  }
}

/** Llama calls the tools that it was trained with as `python.call(...)`. */
function findCalled(desk: Desk, name: string): OfferedTool | undefined {
  const method = name.endsWith(METHOD) && !desk.tools.open && desk.tools.find(name) === undefined
  return (method ? desk.tools.find(name.slice(0, -METHOD.length)) : undefined) ?? findTool(desk, name)
}

function* readKeyword(source: Source): Reading<string | undefined> {
  const match = yield* matchWhole(source, KEYWORD)
  if (!match.endsWith('=') || match.endsWith('==')) return undefined
  source.skip(match.length)
  return match.slice(0, -1).trimEnd()
}

/** An argument without a name is the parameter that stands at its place in the schema. */
function placedName({ offeredOnly }: Desk, tool: OfferedTool, index: number): string | undefined {
  const properties = tool.parameters?.['properties']
  if (offeredOnly || typeof properties !== 'object' || properties === null) return undefined
  return Object.keys(properties)[index]
}
