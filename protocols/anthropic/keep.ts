/**
 * Keeps of a wire object what the interlingua has no name for, and gives it back to the same protocol:
 * unknown members in the `extra`, the shape of known ones (null, a bare string, ...) as words of the `spelling`.
 */
import { collectExtra, type Extra, type JsonObject, ownFields, type Spelling } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'

/** The name of this codec, on everything that it alone understands. */
export const PROTOCOL = 'anthropic'

/** Whatever bears an extra and a spelling: a request, a message, a part, a tool. */
export interface Kept {
  readonly extra?: Extra
  readonly spelling?: Spelling
}

/** An object inside the object, whose members are kept under dotted names: `thinking.block_binding`. */
export interface Inner {
  readonly name: InnerName
  readonly fields: JsonObject
  readonly known: ReadonlySet<string>
}

/** Objects whose members may be kept under dotted names. */
type InnerName = 'cache_control' | 'source' | 'thinking' | 'output_config' | 'tool_choice' | 'metadata'
const INNER_NAMES: ReadonlySet<string> = new Set<InnerName>([
  'cache_control',
  'source',
  'thinking',
  'output_config',
  'tool_choice',
  'metadata',
])

const NULL = 'null:'

/** @param words on how known members were spelled, besides those that are null, which are found here. */
export function keepRest(
  fields: JsonObject,
  known: ReadonlySet<string>,
  words: readonly string[] = [],
  inner: readonly Inner[] = [],
): Kept {
  let extra = collectExtra(fields, known, PROTOCOL)
  const allWords = [...words, ...nullWords(fields, known, '')]
  for (const one of inner) {
    const rest = collectExtra(one.fields, one.known, PROTOCOL)
    if (rest !== undefined) {
      const named = Object.entries(rest.fields).map(([name, value]) => [`${one.name}.${name}`, value])
      extra = { protocol: PROTOCOL, fields: { ...extra?.fields, ...Object.fromEntries(named) } }
    }
    allWords.push(...nullWords(one.fields, one.known, `${one.name}.`))
  }
  return {
    ...(extra === undefined ? {} : { extra }),
    ...(allWords.length === 0 ? {} : { spelling: { protocol: PROTOCOL, form: allWords.join(' ') } }),
  }
}

function nullWords(fields: JsonObject, known: ReadonlySet<string>, prefix: string): string[] {
  return Object.keys(fields)
    .filter((name) => fields[name] === null && known.has(name))
    .map((name) => `${NULL}${prefix}${name}`)
}

/** This codec decoded it, so that it may go back as it was. */
export function isOwn(item: Kept): boolean {
  return item.spelling?.protocol === PROTOCOL
}

/** The item was spelled in this way by a client of this protocol. */
export function isSpelled(item: Kept, word: string): boolean {
  return item.spelling?.protocol === PROTOCOL && item.spelling.form.split(' ').includes(word)
}

/** Writes to `wire` what was kept; fields of another protocol are reported. */
export function giveBack(wire: Record<string, unknown>, item: Kept, path: string, report: ReportLoss): void {
  for (const [name, value] of Object.entries(ownFields(item.extra, PROTOCOL, path, report) ?? {})) {
    setMember(wire, name, value)
  }
  if (item.spelling?.protocol !== PROTOCOL) return
  for (const word of item.spelling.form.split(' ')) {
    if (word.startsWith(NULL)) setMember(wire, word.slice(NULL.length), null, true)
  }
}

function setMember(wire: Record<string, unknown>, name: string, value: unknown, onlyIfAbsent = false): void {
  const outer = name.slice(0, Math.max(0, name.indexOf('.')))
  if (INNER_NAMES.has(outer)) {
    const inner = wire[outer]
    // What it belonged to was left out, and so is this.
    if (typeof inner !== 'object' || inner === null) return
    // A copy: what lies there may belong to the request that is being encoded.
    const copy: Record<string, unknown> = { ...inner }
    wire[outer] = copy
    setMember(copy, name.slice(outer.length + 1), value, onlyIfAbsent)
    return
  }
  if (onlyIfAbsent && Object.hasOwn(wire, name)) return
  // An own member even when it is called __proto__.
  Object.defineProperty(wire, name, { value, enumerable: true, configurable: true, writable: true })
}
