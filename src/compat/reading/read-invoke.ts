/** Reads calls whose parameters are tags: `<function=N>`, `<invoke name="N">` and those of DSML. */
import { type Desk, findTool, type Outcome } from './desk.ts'
import { type RawValue, readRawValue, type TagMeaning } from './read-raw-value.ts'
import { readTypedArguments } from './read-typed-arguments.ts'
import { skipSpace } from './skip-space.ts'
import type { Reading } from './source.ts'
import { JSON_SYNTAX } from './syntax.ts'
import { attribute, bareName, peekTag, type Tag } from './tag.ts'
import { CONTROL_TOKENS } from './tokens.ts'
import type { ValueShape } from './value-text.ts'
import { ArgumentsWriter } from './write-arguments.ts'

/** The prefix of the tags of DSML. */
const DSML = '|dsml|'
const VALUE_TAGS: ReadonlySet<string> = new Set(['parameter', 'param', 'arg'])
const CALL_TAGS: ReadonlySet<string> = new Set(['function', 'invoke'])
const WRAPPER_TAGS: ReadonlySet<string> = new Set(['tool_call', 'tool_calls', 'function_calls', 'function_call'])

/** The reader stands behind the tag that names the tool. */
export function* readInvoke(desk: Desk, tag: Tag, shape: ValueShape): Reading<Outcome> {
  const { source } = desk
  const name = tag.value ?? attribute(tag, 'name')
  const tool = name === undefined ? undefined : findTool(desk, name)
  if (tool === undefined || tag.closing) return 'none'
  const isDsml = tag.name.startsWith(DSML)
  if (!tag.selfClosing) {
    yield* skipSpace(source)
    const first = source.text.charAt(source.at)
    if (first === '' && desk.tools.find(tool.name) === undefined) return 'none'
    if (first !== '' && first !== '{' && !(yield* isInside(desk, isDsml))) return 'none'
  }
  const writer = new ArgumentsWriter(desk.calls, { tool })
  if (!tag.selfClosing) {
    if (source.text.charAt(source.at) === '{') yield* readTypedArguments(source, JSON_SYNTAX, writer)
    yield* readParameters(desk, writer, isDsml, shape)
  }
  writer.end(source.whole)
  return 'called'
}

/** Whether what follows the tag can stand inside a call, or end it. */
function* isInside({ source }: Desk, isDsml: boolean): Reading<boolean> {
  const tag = yield* peekTag(source)
  if (tag === undefined) return false
  const meaning = meanTag(tag, isDsml)
  return meaning !== undefined && meaning !== 'cut'
}

function* readParameters({ source }: Desk, writer: ArgumentsWriter, isDsml: boolean, shape: ValueShape): Reading {
  for (;;) {
    yield* skipSpace(source)
    const tag = yield* peekTag(source)
    const meaning = tag === undefined ? undefined : meanTag(tag, isDsml)
    if (tag === undefined || meaning === undefined || meaning === 'cut') return
    if (meaning.kind === 'call' || meaning.kind === 'value') source.skip(tag.length)
    if (meaning.kind === 'call') return
    if (meaning.kind === 'value') continue
    if (meaning.kind !== 'parameter') return
    source.skip(tag.length)
    if (tag.selfClosing) writer.text(meaning.name, attribute(tag, 'value') ?? '')
    else yield* readRawValue(source, writer, describeValue(meaning.name, tag, isDsml, shape))
  }
}

function describeValue(name: string, tag: Tag, isDsml: boolean, shape: ValueShape): RawValue {
  const typed = attribute(tag, 'string')?.toLowerCase() === 'false'
  return { name, shape, typed, mean: (inner) => meanTag(inner, isDsml) }
}

function meanTag(tag: Tag, isDsml: boolean): TagMeaning {
  if (!tag.closing && CONTROL_TOKENS.has(tag.name)) return { kind: 'token' }
  if (tag.name.startsWith(DSML) !== isDsml) return undefined
  const name = isDsml ? tag.name.slice(DSML.length) : bareName(tag.name)
  if (VALUE_TAGS.has(name)) {
    if (tag.closing) return { kind: 'value' }
    const parameter = tag.value ?? attribute(tag, 'name')
    return parameter === undefined ? undefined : { kind: 'parameter', name: parameter }
  }
  if (CALL_TAGS.has(name)) return { kind: tag.closing ? 'call' : 'opening' }
  if (WRAPPER_TAGS.has(name)) return { kind: tag.closing ? 'wrapper' : 'opening' }
  return undefined
}
