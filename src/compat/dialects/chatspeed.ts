/** What Chatspeed teaches: every value escaped once, and its type beside it. */
import type { Dialect, TagReader } from '../dialect.ts'
import { type Desk, findTool, type Outcome } from '../reading/desk.ts'
import { matchWhole } from '../reading/match-whole.ts'
import { nextTag, peekTag } from '../reading/peek-tag.ts'
import { readCallList } from '../reading/read-call-list.ts'
import { type RawValue, readRawValue, type TagMeaning } from '../reading/read-raw-value.ts'
import { readTypedArguments } from '../reading/read-typed-arguments.ts'
import { skipSpace } from '../reading/skip-space.ts'
import type { Reading } from '../reading/source.ts'
import { JSON_SYNTAX } from '../reading/syntax.ts'
import { attribute, type Tag } from '../reading/tag.ts'
import { CONTROL_TOKENS } from '../reading/tokens.ts'
import type { ValueShape } from '../reading/value-text.ts'
import { ArgumentsWriter } from '../reading/write-arguments.ts'

const BLOCK = 'cs:tool_use'
const SHAPE: ValueShape = { trimsNewlines: false, entities: 'decode' }
const ARGUMENT_TAGS: ReadonlySet<string> = new Set(['arg', 'param', 'parameter'])
const TEXT = /[^<]*/uy

const readToolUse: TagReader = function* (desk, block) {
  const { source } = desk
  yield* skipSpace(source)
  const first = source.text.charAt(source.at)
  if (first === '{' || first === '[') return yield* readCallList(desk, { json: true, python: false })
  let name: string | undefined
  for (;;) {
    const tag = yield* nextTag(source)
    if (tag === undefined) break
    if (tag.name === 'name' && !tag.closing && name === undefined) {
      source.skip(tag.length)
      name = (yield* takeText(desk)).trim()
    } else if (tag.name === 'id' && !tag.closing) {
      source.skip(tag.length)
      yield* takeText(desk)
    } else if (tag.closing && tag.name === block.name && name === undefined) {
      source.skip(tag.length)
      return 'empty'
    } else if (tag.closing && (name === undefined || meanOuter(tag) === undefined)) source.skip(tag.length)
    else break
  }
  return name === undefined ? 'none' : yield* readCall(desk, name)
}

function* takeText({ source }: Desk): Reading<string> {
  const text = yield* matchWhole(source, TEXT)
  source.skip(text.length)
  return text
}

function* readCall(desk: Desk, name: string): Reading<Outcome> {
  const { source } = desk
  const tool = findTool(desk, name)
  if (tool === undefined) return 'none'
  const writer = new ArgumentsWriter(desk.calls, { tool })
  for (;;) {
    yield* skipSpace(source)
    if (source.text.charAt(source.at) === '{') {
      yield* readTypedArguments(source, JSON_SYNTAX, writer)
      continue
    }
    const tag = yield* peekTag(source)
    const meaning = tag === undefined ? undefined : meanTag(tag, writer, undefined)
    if (tag?.closing === true && meaning === undefined) source.skip(tag.length)
    if (tag === undefined) source.leaveOpen()
    if (tag === undefined || meaning === undefined || meaning === 'cut') break
    if (meaning.kind === 'opening' || meaning.kind === 'token') break
    source.skip(tag.length)
    if (meaning.kind === 'wrapper') break
    if (meaning.kind !== 'parameter') continue
    if (tag.selfClosing) writer.text(meaning.name, attribute(tag, 'value') ?? '')
    else yield* readRawValue(source, writer, describeValue(meaning.name, tag, writer))
  }
  writer.end(source.whole)
  return 'called'
}

function describeValue(name: string, tag: Tag, writer: ArgumentsWriter): RawValue {
  const own = attribute(tag, 'name') === undefined ? tag.name : undefined
  return { name, shape: SHAPE, stem: own ?? 'arg', mean: (inner) => meanTag(inner, writer, own) }
}

function meanOuter(tag: Tag): TagMeaning {
  if (tag.name === BLOCK) return { kind: tag.closing ? 'wrapper' : 'opening' }
  return tag.name === 'args' || (tag.closing && tag.name.startsWith('args')) ? { kind: 'call' } : undefined
}

/** @param own the tag of the open value, when it is named after its parameter. */
function meanTag(tag: Tag, { tool }: ArgumentsWriter, own: string | undefined): TagMeaning {
  if (!tag.closing && CONTROL_TOKENS.has(tag.name)) return { kind: 'token' }
  const outer = meanOuter(tag)
  if (outer !== undefined) return outer
  // Models name tags after parameters; only those that the tool has.
  const parameter = tool.parameterOf(tag.written)
  if (ARGUMENT_TAGS.has(tag.name)) {
    if (tag.closing) return { kind: 'value' }
    const name = attribute(tag, 'name') ?? parameter
    return name === undefined ? undefined : { kind: 'parameter', name }
  }
  if (tag.closing)
    return tag.name === own || (own === undefined && parameter !== undefined) ? { kind: 'value' } : undefined
  return parameter === undefined ? undefined : { kind: 'parameter', name: parameter }
}

export const CHATSPEED: Dialect = {
  name: 'chatspeed',
  tags: { [BLOCK]: readToolUse },
  closings: [BLOCK, 'args', 'arg'],
  results: ['cs:tool_result'],
}
