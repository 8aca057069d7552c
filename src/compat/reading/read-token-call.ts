/** Reads calls between special tokens, as DeepSeek and Kimi write them. */
import { type Desk, findTool, type Outcome } from './desk.ts'
import { matchWhole } from './match-whole.ts'
import { nextTag, peekTag } from './peek-tag.ts'
import { readNamedCall } from './read-named-call.ts'
import { skipSpace } from './skip-space.ts'
import type { Reading } from './source.ts'

const HEADER = /[^<{`\n]*/uy
const SECTION_ENDS: ReadonlySet<string> = new Set([
  '|tool_calls_end|',
  '|tool_calls_section_end|',
  '|tool_call_section_end|',
])
const SEPARATORS: ReadonlySet<string> = new Set(['|tool_sep|', '|tool_call_argument_begin|'])
/** `functions.get_weather:3` */
const NUMBERED = /:(\d+)$/

/** Behind the token that begins a section: a call may follow it without its own token. */
export function* readTokenSection(desk: Desk): Reading<Outcome> {
  const { source } = desk
  yield* skipSpace(source)
  if (source.left === 0) return 'empty'
  const tag = yield* peekTag(source)
  if (tag === undefined) return yield* readTokenCall(desk)
  if (!SECTION_ENDS.has(tag.name)) return 'opening'
  source.skip(tag.length)
  return 'empty'
}

/** Behind the token that begins a call. */
export function* readTokenCall(desk: Desk): Reading<Outcome> {
  const { source } = desk
  let header = yield* readHeader(desk)
  const separator = yield* nextTag(source)
  if (separator !== undefined && SEPARATORS.has(separator.name)) {
    source.skip(separator.length)
    // DeepSeek V3 writes the kind of the tool first.
    if (header === 'function' && separator.name === '|tool_sep|') header = yield* readHeader(desk)
  } else if (desk.tools.find(header.replace(NUMBERED, '')) === undefined) return 'none'
  const name = header.replace(NUMBERED, '')
  const tool = findTool(desk, name.replace(/^functions\./, ''))
  if (tool === undefined || /\s/.test(header)) return 'none'
  const id = NUMBERED.test(header) ? header : undefined
  return yield* readNamedCall(desk, { tool, ...(id === undefined ? {} : { id }) })
}

function* readHeader({ source }: Desk): Reading<string> {
  yield* skipSpace(source)
  const header = yield* matchWhole(source, HEADER)
  source.skip(header.length)
  return header.trim()
}
