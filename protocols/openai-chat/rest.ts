/**
 * What a decoder has no word of the interlingua for: unknown members go to the `extra`, the way in which known ones were
 * spelled (null, a bare string, an old name) to the `spelling`. The encoder of this protocol gives both back.
 */
import { type Extra, type JsonObject, ownFields, type Spelling } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'

/** The name of this codec, on everything that it alone understands. */
export const PROTOCOL = 'openai-chat'

/** Spelling of a request whose client knows functions only: it wants its answer with `function_call`. */
export const LEGACY_CLIENT = 'legacy-client'

/** Whatever bears an extra and a spelling: a request, a message, a part, a tool. */
export interface Kept {
  readonly extra?: Extra
  readonly spelling?: Spelling
}

export interface Rest {
  /**
   * Takes the members that are not in `known`, and notes which are null.
   *
   * @param at where the object stands inside the one that is kept, as a dotted prefix: `function.`; empty for itself.
   */
  take(fields: JsonObject, known: ReadonlySet<string>, at?: string): void
  /** Notes how something was spelled; a word without blanks. */
  spell(word: string): void
  /** Keeps one member as it is. */
  keep(name: string, value: unknown): void
  /** All of it. There is always a spelling, perhaps an empty one: it tells that a client of this protocol wrote this. */
  kept(): Kept & { readonly spelling: Spelling }
}

const NULL = 'null:'

export function createRest(): Rest {
  const words: string[] = []
  let unknown: Record<string, unknown> | undefined

  function keep(name: string, value: unknown): void {
    unknown ??= {}
    setOwn(unknown, name, value)
  }

  return {
    take(fields, known, at = '') {
      for (const [name, value] of Object.entries(fields)) {
        // Null says nothing, known or not, so that elsewhere nobody misses it.
        if (value === null && !name.includes(' ')) words.push(`${NULL}${at}${name}`)
        else if (!known.has(name)) keep(at + name, value)
      }
    },
    spell(word) {
      words.push(word)
    },
    keep,
    kept: () => ({
      spelling: { protocol: PROTOCOL, form: words.join(' ') },
      ...(unknown === undefined ? {} : { extra: { protocol: PROTOCOL, fields: unknown } }),
    }),
  }
}

/** A client of this protocol wrote it, so that it may go back as it was. */
export function isOwn(item: Kept): boolean {
  return item.spelling?.protocol === PROTOCOL
}

/** The words that tell how a client of this protocol spelled it. */
export function wordsOf(item: Kept): readonly string[] {
  return item.spelling?.protocol === PROTOCOL ? item.spelling.form.split(' ') : []
}

export function isSpelled(item: Kept, word: string): boolean {
  return wordsOf(item).includes(word)
}

/** One member of an extra of this protocol. */
export function ownMember(extra: Extra | undefined, name: string): unknown {
  return extra?.protocol === PROTOCOL && Object.hasOwn(extra.fields, name) ? extra.fields[name] : undefined
}

/** What follows a prefix in the words: `format:` finds `xai` in `format:xai`. */
export function spelledAfter(item: Kept, prefix: string): string | undefined {
  return wordsOf(item)
    .find((word) => word.startsWith(prefix))
    ?.slice(prefix.length)
}

/**
 * Puts into `wire` what was kept of `item`; members that are there already stay. Fields of another protocol are reported.
 *
 * @param path where `item` stands in the neutral request or answer; empty at the top.
 */
export function giveBack(wire: Record<string, unknown>, item: Kept, path: string, report: ReportLoss): void {
  for (const [name, value] of Object.entries(ownFields(item.extra, PROTOCOL, path, report) ?? {}))
    fill(wire, name, value)
  for (const word of wordsOf(item)) if (word.startsWith(NULL)) fill(wire, word.slice(NULL.length), null)
}

/** A dotted name goes into the object that was written under its first piece; without that object it is a name with a dot. */
function fill(wire: Record<string, unknown>, name: string, value: unknown): void {
  const dot = name.indexOf('.')
  const inner = dot < 0 ? undefined : wire[name.slice(0, dot)]
  if (typeof inner === 'object' && inner !== null) {
    // Built by this encoder a moment ago, as everything is into which something is filled.
    fill(inner as Record<string, unknown>, name.slice(dot + 1), value)
  } else if (!Object.hasOwn(wire, name)) {
    setOwn(wire, name, value)
  }
}

/** An own member even when it is called `__proto__`, as `JSON.parse` makes it. */
function setOwn(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
}
