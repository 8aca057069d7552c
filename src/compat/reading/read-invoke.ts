/** Reads calls whose parameters are tags: `<function=N>`, `<invoke name="N">` and those of DSML. */
import { type Desk, findTool, type Outcome } from './desk.ts'
import { nextTag, peekTag } from './peek-tag.ts'
import { type RawValue, readRawValue, type TagMeaning } from './read-raw-value.ts'
import { readTypedArguments } from './read-typed-arguments.ts'
import { skipSpace } from './skip-space.ts'
import { skipSurplus } from './skip-surplus.ts'
import type { Reading } from './source.ts'
import { JSON_SYNTAX } from './syntax.ts'
import { attribute, bareName, type Tag } from './tag.ts'
import { CONTROL_TOKENS } from './tokens.ts'
import type { ValueShape } from './value-text.ts'
import { ArgumentsWriter } from './write-arguments.ts'

/** The prefix of the tags of DSML. */
const DSML = '|dsml|'
/** What tags are in a call, by their name without a prefix. */
const ROLES: ReadonlyMap<string, 'value' | 'call' | 'wrapper'> = new Map([
  ['parameter', 'value'],
  ['param', 'value'],
  ['arg', 'value'],
  ['function', 'call'],
  ['invoke', 'call'],
  ['tool_call', 'wrapper'],
  ['tool_calls', 'wrapper'],
  ['function_calls', 'wrapper'],
  ['function_call', 'wrapper'],
])

/** The wrappers around each form of a call. */
const WRAPPERS: Readonly<Record<'function' | 'invoke', ReadonlySet<string>>> = {
  function: new Set(['tool_call', 'seed:tool_call']),
  invoke: new Set(['function_calls', 'tool_calls', 'minimax:tool_call']),
}

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
    if (first !== '' && first !== '{' && !isInside(yield* peekTag(source), form)) return 'none'
  }
  const writer = new ArgumentsWriter(desk.calls, { tool })
  if (!tag.selfClosing) {
    if (source.text.charAt(source.at) === '{') {
      yield* readTypedArguments(source, JSON_SYNTAX, writer)
      yield* skipSurplus(source)
    }
    yield* readParameters(desk, writer, form, shape)
  }
  writer.end(source.whole)
  return 'called'
}

/** Whether what follows the tag can stand inside a call, or end it. */
function isInside(tag: Tag | undefined, form: Form): boolean {
  return tag !== undefined && meanTag(tag, form) !== undefined
}

function* readParameters({ source }: Desk, writer: ArgumentsWriter, form: Form, shape: ValueShape): Reading {
  for (;;) {
    const tag = yield* nextTag(source)
    const meaning = tag === undefined ? undefined : meanTag(tag, form)
    if (tag === undefined) source.leaveOpen()
    if (tag === undefined || meaning === undefined) return
    const isStray = meaning.kind === 'value' || meaning.kind === 'wrong'
    const isEnd = meaning.kind === 'call' || meaning.kind === 'foreign'
    if (!isStray && !isEnd && meaning.kind !== 'parameter') return
    source.skip(tag.length)
    if (isEnd) return
    if (meaning.kind !== 'parameter') continue
    if (tag.selfClosing) writer.text(meaning.name, attribute(tag, 'value') ?? '')
    else yield* readRawValue(source, writer, describeValue(meaning.name, tag, form, shape))
  }
}

function describeValue(name: string, tag: Tag, form: Form, shape: ValueShape): RawValue {
  const typed = attribute(tag, 'string')?.toLowerCase() === 'false'
  return { name, shape, typed, stem: tag.name, mean: (inner) => meanTag(inner, form) }
}

function meanTag(tag: Tag, { isDsml, call }: Form): Exclude<TagMeaning, 'cut'> {
  const isPrefixed = tag.name.startsWith(DSML)
  const name = isPrefixed ? tag.name.slice(DSML.length) : bareName(tag.name)
  const role = ROLES.get(name)
  if (role === undefined && tag.closing) return name.startsWith(call) ? { kind: 'foreign' } : undefined
  if (role === undefined) return CONTROL_TOKENS.has(tag.name) ? { kind: 'token' } : undefined
  const isOwn = isPrefixed === isDsml
  if (role === 'value') {
    if (tag.closing) return { kind: isOwn ? 'value' : 'wrong' }
    const parameter = isOwn ? (tag.value ?? attribute(tag, 'name')) : undefined
    return parameter === undefined ? undefined : { kind: 'parameter', name: parameter }
  }
  if (!tag.closing) return { kind: 'opening' }
  const closes = role === 'call' ? name === call : WRAPPERS[call].has(name) || WRAPPERS[call].has(tag.name)
  return { kind: isOwn && closes ? role : 'foreign' }
}
