/** Reads one call that is a JSON object: `{"name": N, "arguments": J}` and what else models make of it. */
import type { OfferedTool } from '../tools/tool-book.ts'
import { type Desk, findTool } from './desk.ts'
import type { Literal } from './literal.ts'
import { literalAt, readLiteral } from './read-literal.ts'
import { readMembers } from './read-members.ts'
import { readTypedArguments } from './read-typed-arguments.ts'
import { readWholeArguments } from './read-whole-arguments.ts'
import { nextToken, tokenAt } from './skip-space.ts'
import type { Reading } from './source.ts'
import { JSON_SYNTAX } from './syntax.ts'
import { ArgumentsWriter } from './write-arguments.ts'

type Role = 'name' | 'arguments' | 'id' | 'other'

const ROLES: ReadonlyMap<string, Role> = new Map<string, Role>([
  ['name', 'name'],
  ['tool', 'name'],
  ['tool_name', 'name'],
  ['function', 'name'],
  ['arguments', 'arguments'],
  ['parameters', 'arguments'],
  ['args', 'arguments'],
  ['input', 'arguments'],
  ['id', 'id'],
  ['type', 'other'],
  ['index', 'other'],
])

/** What is known of the call so far. */
interface Draft {
  tool?: OfferedTool
  id?: string
  held?: Literal
  writer?: ArgumentsWriter
  /** How many envelopes are open around the reader. */
  depth: number
  readonly others: [string, Literal][]
}

/** The reader stands at the brace. @returns whether it was a call; if not, some of it may have been read. */
export function readJsonCall(desk: Desk): Reading<boolean> {
  const draft: Draft = { depth: 0, others: [] }
  desk.source.skip(1)
  return readMembers(
    desk.source,
    JSON_SYNTAX,
    (name) => readEnvelopeMember(desk, draft, name),
    (closed) => endCall(desk, draft, closed),
  )
}

function endCall(desk: Desk, draft: Draft, closed: boolean): boolean {
  if (draft.writer === undefined) {
    if (draft.tool === undefined) return false
    if (!closed) desk.source.leaveOpen()
    draft.writer = startCall(desk, draft, draft.tool)
    writeHeld(draft.writer, draft.held, draft.others)
  }
  draft.writer.end(desk.source.whole)
  return true
}

function readEnvelopeMember(desk: Desk, draft: Draft, name: string): boolean | Reading<boolean> {
  const { source } = desk
  const role = ROLES.get(name)
  // Data of another shape is known by its first member, long before its end.
  if (role === undefined && desk.offeredOnly && draft.tool === undefined && draft.held === undefined) return false
  const value = literalAt(source, JSON_SYNTAX, 'member')
  if (value !== undefined) return keepMember(desk, draft, name, role, value)
  return role === 'arguments' && tokenAt(source) === '{' && mayStart(draft)
    ? readArguments(desk, draft, draft.tool)
    : readAnyMember(desk, draft, name, role)
}

function* readAnyMember(desk: Desk, draft: Draft, name: string, role: Role | undefined): Reading<boolean> {
  const { source } = desk
  const token = tokenAt(source) ?? (yield* nextToken(source))
  if (role === 'name' && token === '{') {
    // An envelope in an envelope is all there is.
    if (draft.depth++ > 1) return false
    source.skip(1)
    return yield* readMembers(source, JSON_SYNTAX, (inner) => readEnvelopeMember(desk, draft, inner))
  }
  if (role === 'arguments' && token === '{' && mayStart(draft)) return yield* readArguments(desk, draft, draft.tool)
  const value = yield* role === 'arguments' ? readWholeArguments(source) : readLiteral(source, JSON_SYNTAX, 'member')
  return value !== undefined && keepMember(desk, draft, name, role, value)
}

/** The tool is known and its call has not begun, so that the arguments can be told as they come. */
function mayStart(draft: Draft): draft is Draft & { tool: OfferedTool } {
  return draft.tool !== undefined && draft.writer === undefined
}

function readArguments(desk: Desk, draft: Draft, tool: OfferedTool): Reading<boolean> {
  draft.writer = startCall(desk, draft, tool)
  return readTypedArguments(desk.source, JSON_SYNTAX, draft.writer)
}

/** @returns false where it shows that this is no call. */
function keepMember(desk: Desk, draft: Draft, name: string, role: Role | undefined, value: Literal): boolean {
  if (role === 'name' && draft.tool === undefined) {
    // A name that the text broke off in is none.
    const tool = value.kind === 'string' && !desk.source.broken ? findTool(desk, value.text) : undefined
    if (tool === undefined) return false
    draft.tool = tool
  } else if (role === 'arguments' && draft.held === undefined) draft.held = value
  else if (role === 'id' && value.kind === 'string') draft.id = value.text
  else draft.others.push([name, value])
  return true
}

function startCall(desk: Desk, { id }: Draft, tool: OfferedTool): ArgumentsWriter {
  return new ArgumentsWriter(desk.calls, { tool, ...(id === undefined ? {} : { id }) })
}

/** Arguments that came before the name, as a text, or not at all. */
function writeHeld(writer: ArgumentsWriter, held: Literal | undefined, others: Draft['others']): void {
  if (held === undefined) {
    for (const [name, value] of others) if (writer.tool.property(name) !== undefined) writer.value(name, value)
    return
  }
  writer.all(held)
}
