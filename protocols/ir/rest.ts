/**
 * What a decoder has no word of the interlingua for: unknown members go to the `extra`, the way in which known ones were
 * spelled (null, a bare string, an old name) to the `spelling`. The encoder of the same protocol gives both back.
 */
import { type Extra, type JsonObject, ownFields, type ProtocolName, type Spelling } from './extra.ts'
import type { ReportLoss } from './loss.ts'

/** Whatever bears an extra and a spelling: a request, a message, a part, a tool. */
export interface Kept {
  readonly extra?: Extra
  readonly spelling?: Spelling
}

/** Gathers what is to be kept of one object. */
export interface Rest {
  /**
   * Takes the members that are not in `known`, and notes which are null.
   *
   * @param at where the object stands inside the one that is kept, as a dotted prefix: `function.`; empty for itself.
   */
  take(fields: JsonObject, known: ReadonlySet<string>, at?: string): void
  /** Notes how something was spelled; a word without blanks. */
  spell(word: string): void
  /** Notes a text that says nothing to others, under a prefix: an id, a status. */
  note(prefix: string, text: string): void
  /** Keeps one member as it is. */
  keep(name: string, value: unknown): void
  /** All of it. There is always a spelling, perhaps an empty one: it tells that a client of this protocol wrote this. */
  kept(): Kept & { readonly spelling: Spelling }
}

/** The two directions for one protocol. */
export interface RestKeeper {
  createRest(): Rest
  /** This protocol's decoder made it, so that it may go back as it was. */
  isOwn(item: Kept): boolean
  isSpelled(item: Kept, word: string): boolean
  /** The text that was noted under this prefix. */
  noted(item: Kept, prefix: string): string | undefined
  /**
   * Puts into `wire` what was kept of `item`; members that are there already stay. Fields of another protocol are reported.
   *
   * @param path where `item` stands in the neutral request or answer; empty at the top.
   * @param inner objects that were kept with the item though they do not stand inside it, by their names.
   */
  giveBack(
    wire: WireObject,
    item: Kept,
    path: string,
    report: ReportLoss,
    inner?: Readonly<Record<string, WireObject>>,
  ): void
}

type WireObject = Record<string, unknown>

const NULL = 'null:'

export function createRestKeeper(protocol: ProtocolName): RestKeeper {
  function createRest(): Rest {
    const words: string[] = []
    let unknown: WireObject | undefined

    function keep(name: string, value: unknown): void {
      unknown ??= {}
      setOwn(unknown, name, value)
    }

    return {
      take(fields, known, at = '') {
        for (const name of Object.keys(fields)) {
          const value = fields[name]
          // Null says nothing, known or not, so that elsewhere nobody misses it.
          if (value === null && !name.includes(' ')) words.push(`${NULL}${at}${name}`)
          else if (!known.has(name)) keep(at + name, value)
        }
      },
      spell(word) {
        words.push(word)
      },
      note(prefix, text) {
        words.push(prefix + escapeBlanks(text))
      },
      keep,
      kept: () => ({
        spelling: { protocol, form: words.join(' ') },
        ...(unknown === undefined ? {} : { extra: { protocol, fields: unknown } }),
      }),
    }
  }

  function wordsOf(item: Kept): readonly string[] {
    return item.spelling?.protocol === protocol ? item.spelling.form.split(' ') : []
  }

  return {
    createRest,
    isOwn: (item) => item.spelling?.protocol === protocol,
    isSpelled: (item, word) => wordsOf(item).includes(word),
    noted(item, prefix) {
      const word = wordsOf(item).find((one) => one.startsWith(prefix))
      return word === undefined ? undefined : restoreBlanks(word.slice(prefix.length))
    },
    giveBack(wire, item, path, report, inner = {}) {
      for (const [name, value] of Object.entries(ownFields(item.extra, protocol, path, report) ?? {})) {
        fill(wire, inner, name, value)
      }
      for (const word of wordsOf(item)) {
        if (word.startsWith(NULL)) fill(wire, inner, word.slice(NULL.length), null)
      }
    },
  }
}

/** A dotted name goes into the object that was written under its first piece; without that object it is a name with a dot. */
function fill(wire: WireObject, inner: Readonly<Record<string, WireObject>>, name: string, value: unknown): void {
  const dot = name.indexOf('.')
  const head = name.slice(0, Math.max(0, dot))
  const holder = dot < 0 ? undefined : Object.hasOwn(inner, head) ? inner[head] : wire[head]
  if (typeof holder === 'object' && holder !== null) {
    // Built by the encoder a moment ago, as everything is into which something is filled.
    fill(holder as WireObject, {}, name.slice(dot + 1), value)
  } else if (!Object.hasOwn(wire, name)) {
    setOwn(wire, name, value)
  }
}

/** An own member even when it is called `__proto__`, as `JSON.parse` makes it. */
function setOwn(target: WireObject, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
}

function escapeBlanks(text: string): string {
  return text.replaceAll('%', '%25').replaceAll(' ', '%20')
}

function restoreBlanks(word: string): string {
  return word.replaceAll('%20', ' ').replaceAll('%25', '%')
}
