/** Reads what stands behind `<tool_call>`, a tag that several dialects share: what follows it tells which one it is. */
import { type Desk, findTool, type Outcome } from './desk.ts'
import { matchWhole } from './match-whole.ts'
import { peekTag } from './peek-tag.ts'
import { readCallList } from './read-call-list.ts'
import { readKeyedArguments } from './read-keyed-arguments.ts'
import { readTypedArguments } from './read-typed-arguments.ts'
import { readWrapped } from './read-wrapper.ts'
import { skipSpace, tokenAt } from './skip-space.ts'
import type { Reading } from './source.ts'
import { JSON_SYNTAX } from './syntax.ts'
import type { Tag } from './tag.ts'
import { CONTROL_TOKENS } from './tokens.ts'
import { ArgumentsWriter } from './write-arguments.ts'

const FORMS = { json: true, python: true } as const
/** A name of one word, as GLM writes it. */
const NAME = /[^\s<>{}[\]()"'`,;]+/uy
/** The turns of GLM: a call ends where one of them begins. */
const TURNS: ReadonlySet<string> = new Set(['|observation|', '|user|', '|assistant|'])

/** What ends a call that nobody closed: another one, or the end of the turn. */
function isNext(next: Tag, tag: Tag): boolean {
  return next.name === tag.name || CONTROL_TOKENS.has(next.name) || TURNS.has(next.name)
}

/** The reader stands behind the tag. */
export function readToolCallTag(desk: Desk, tag: Tag): Reading<Outcome> {
  const { source } = desk
  const first = source.text.charAt(source.at)
  return isWrapped(tokenAt(source)) ? readWrapped(desk, tag, FORMS) : readAnyToolCall(desk, tag, first)
}

/** Anything but a name is said by one of the dialects that write a call of their own into the tag. */
function isWrapped(first: string | undefined): boolean {
  return first === '<' || first === '{' || first === '[' || first === '`'
}

/** @param blank what stands directly behind the tag; empty where it is not there yet. */
function* readAnyToolCall(desk: Desk, tag: Tag, blank: string): Reading<Outcome> {
  const { source } = desk
  while (blank === '' && source.left === 0 && !source.ended) yield
  const isProse = (blank === '' ? source.text.charAt(source.at) : blank) === ' '
  yield* skipSpace(source)
  const first = source.text.charAt(source.at)
  if (first === '' || isWrapped(first)) return yield* readWrapped(desk, tag, FORMS)
  const name = yield* matchWhole(source, NAME)
  if (source.text.charAt(source.at + name.length) === '(') return yield* readCallList(desk, FORMS)
  source.skip(name.length)
  yield* skipSpace(source)
  // Some that know the form mix it with JSON.
  const isJson = source.text.charAt(source.at) === '{' && desk.tools.find(name) !== undefined
  const next = yield* peekTag(source)
  const tool = findTool(desk, name)
  const isKey = next !== undefined && !next.closing && next.name === 'arg_key'
  const isClosing = next?.closing === true && next.name === tag.name
  const isEnd = source.left === 0 || (next !== undefined && (next.closing || isNext(next, tag)))
  // `from <tool_call> to </tool_call>` calls nothing.
  if (isClosing && isProse && desk.tools.find(name) === undefined) return 'none'
  if (tool === undefined || !(isJson || isKey || isClosing || (isEnd && desk.tools.find(name) !== undefined)))
    return 'none'
  const writer = new ArgumentsWriter(desk.calls, { tool })
  if (isJson) yield* readTypedArguments(source, JSON_SYNTAX, writer)
  yield* readKeyedArguments(source, writer)
  writer.end(source.whole)
  return 'called'
}
