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
/** The tags around each form of a call. */
const WRAPPERS: Readonly<Record<'function' | 'invoke', ReadonlySet<string>>> = {
  function: new Set(['tool_call', 'seed:tool_call']),
  invoke: new Set(['function_calls', 'tool_calls', 'minimax:tool_call']),
}
const WRAPPER_TAGS: ReadonlySet<string> = new Set(['tool_call', 'tool_calls', 'function_calls', 'function_call'])

/** How the tags of the call that is read are called. */
interface Form {
  readonly isDsml: boolean
  readonly call: 'function' | 'invoke'
}

/** The reader stands behind the tag that names the tool. */
export function* readInvoke(desk: Desk, tag: Tag, shape: ValueShape): Reading<Outcome> {
  const { source } = desk
  const name = tag.value ?? attribute(tag, 'name')
  const tool = name === undefined ? undefined : findTool(desk, name)
  if (tool === undefined || tag.closing) return 'none'
  const form: Form = {
    isDsml: tag.name.startsWith(DSML),
    call: bareName(tag.name) === 'function' ? 'function' : 'invoke',
  }
  if (!tag.selfClosing) {
    yield* skipSpace(source)
    const first = source.text.charAt(source.at)
    if (first === '' && desk.tools.find(tool.name) === undefined) return 'none'
    if (first !== '' && first !== '{' && !(yield* isInside(desk, form))) return 'none'
  }
  const writer = new ArgumentsWriter(desk.calls, { tool })
  if (!tag.selfClosing) {
    if (source.text.charAt(source.at) === '{') yield* readTypedArguments(source, JSON_SYNTAX, writer)
    yield* readParameters(desk, writer, form, shape)
  }
  writer.end(source.whole)
  return 'called'
}

/** Whether what follows the tag can stand inside a call, or end it. */
function* isInside({ source }: Desk, form: Form): Reading<boolean> {
  const tag = yield* peekTag(source)
  if (tag === undefined) return false
  const meaning = meanTag(tag, form)
  return meaning !== undefined && meaning !== 'cut'
}

function* readParameters({ source }: Desk, writer: ArgumentsWriter, form: Form, shape: ValueShape): Reading {
  for (;;) {
    yield* skipSpace(source)
    const tag = yield* peekTag(source)
    const meaning = tag === undefined ? undefined : meanTag(tag, form)
    if (tag === undefined || meaning === undefined || meaning === 'cut') return
    if (meaning.kind === 'call' || meaning.kind === 'value') source.skip(tag.length)
    if (meaning.kind === 'call') return
    if (meaning.kind === 'value') continue
    if (meaning.kind !== 'parameter') return
    source.skip(tag.length)
    if (tag.selfClosing) writer.text(meaning.name, attribute(tag, 'value') ?? '')
    else yield* readRawValue(source, writer, describeValue(meaning.name, tag, form, shape))
  }
}

function describeValue(name: string, tag: Tag, form: Form, shape: ValueShape): RawValue {
  const typed = attribute(tag, 'string')?.toLowerCase() === 'false'
  return { name, shape, typed, stem: tag.name, mean: (inner) => meanTag(inner, form) }
}

function meanTag(tag: Tag, { isDsml, call }: Form): TagMeaning {
  if (!tag.closing && CONTROL_TOKENS.has(tag.name)) return { kind: 'token' }
  const isOwn = tag.name.startsWith(DSML) === isDsml
  const name = tag.name.startsWith(DSML) ? tag.name.slice(DSML.length) : bareName(tag.name)
  if (VALUE_TAGS.has(name) && isOwn) {
    if (tag.closing) return { kind: 'value' }
    const parameter = tag.value ?? attribute(tag, 'name')
    return parameter === undefined ? undefined : { kind: 'parameter', name: parameter }
  }
  if (VALUE_TAGS.has(name) && tag.closing) return { kind: 'wrong' }
  if (name === 'function' || name === 'invoke') {
    if (!tag.closing) return { kind: 'opening' }
    return { kind: isOwn && name === call ? 'call' : 'foreign' }
  }
  if (!WRAPPER_TAGS.has(name)) return undefined
  if (!tag.closing) return { kind: 'opening' }
  const isWrapper = isOwn && (WRAPPERS[call].has(name) || WRAPPERS[call].has(tag.name))
  return { kind: isWrapper ? 'wrapper' : 'foreign' }
}
