/**
 * Keeps of a wire object what the interlingua has no name for, and gives it back to the same protocol: unknown members in
 * the `extra`, the way in which known ones were spelled (snake_case, null, small letters) as words of the `spelling`.
 *
 * The API reads protobuf's JSON, which takes each name in two spellings and enumerations in any case (Q74, trap 132).
 */
import { type Extra, type JsonObject, ownFields, type Spelling } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'

/** The name of this codec, on everything that it alone understands. */
export const PROTOCOL = 'gemini'

/** Whatever bears an extra and a spelling: a request, a message, a part, a tool. */
export interface Kept {
  readonly extra?: Extra
  readonly spelling?: Spelling
}

export interface Keeper {
  /**
   * Hands out the members that are known and not null, under their camelCase names; notes the rest.
   *
   * @param at where the object stands inside the one that is kept, as a dotted prefix: `generationConfig.`
   */
  read(fields: JsonObject, known: ReadonlySet<string>, at?: string): JsonObject
  /** Notes how something was spelled; a word without blanks. */
  spell(word: string): void
  /** Keeps one member as it is. */
  keep(name: string, value: unknown): void
  /** Keeps the very value of a member that is read as something near; it goes back as long as the member is written. */
  stash(name: string, value: unknown): void
  /** Reads an enumeration's word, in capitals; notes it where it was written otherwise. */
  readWord(value: string, name: string): string
  /** All of it. There is always a spelling, perhaps an empty one: it tells that this codec read the object. */
  kept(): Kept & { readonly spelling: Spelling }
  /** What has no name here, without how things were spelled: for answers, which are always written in one way. */
  extra(): Pick<Kept, 'extra'>
}

const NULL = 'null:'
const SNAKE = 'snake:'
const EMPTY = 'has:'
const LITERAL = 'as:'
const STASH = 'raw:'

/** Objects that are made anew for a member that goes back into them. */
const CONTAINERS: ReadonlySet<string> = new Set([
  'generationConfig',
  'thinkingConfig',
  'toolConfig',
  'functionCallingConfig',
])

export function createKeeper(): Keeper {
  const words: string[] = []
  let unknown: Record<string, unknown> | undefined

  function keep(name: string, value: unknown): void {
    unknown ??= {}
    setOwn(unknown, name, value)
  }

  const extra = () => (unknown === undefined ? {} : { extra: { protocol: PROTOCOL, fields: unknown } })

  return {
    read(fields, known, at = '') {
      const read: Record<string, unknown> = {}
      for (const name of Object.keys(fields)) {
        const value = fields[name]
        const canonical = known.has(name) ? name : toCamelCase(name)
        const isKnown = known.has(canonical) && (canonical === name || fields[canonical] === undefined)
        if (!isKnown) keep(at + name, value)
        else if (value === null) words.push(NULL + at + name)
        else {
          setOwn(read, canonical, value)
          if (canonical !== name) words.push(SNAKE + at + canonical)
        }
      }
      if (CONTAINERS.has(at.slice(0, -1).split('.').at(-1) ?? '')) words.push(EMPTY + at.slice(0, -1))
      return read
    },
    spell(word) {
      words.push(word)
    },
    keep,
    stash(name, value) {
      words.push(`${STASH}${name}=${escapeBlanks(JSON.stringify(value))}`)
    },
    readWord(value, name) {
      const word = value.toUpperCase()
      if (word !== value) words.push(`${LITERAL}${name}=${encodeURIComponent(value)}`)
      return word
    },
    kept: () => ({ spelling: { protocol: PROTOCOL, form: words.join(' ') }, ...extra() }),
    extra,
  }
}

/** The same members under camelCase names; for answers, of which nobody asks how they were spelled (trap 108). */
export function readNames(fields: JsonObject): JsonObject {
  if (!Object.keys(fields).some((name) => name.includes('_'))) return fields
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [toCamelCase(name), value]))
}

function toCamelCase(name: string): string {
  return name.includes('_') ? name.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase()) : name
}

/** The snake_case name of a member. */
function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** This codec read it from a client, so that it may go back as it was. */
export function isOwn(item: Kept): boolean {
  return item.spelling?.protocol === PROTOCOL
}

/** The words that tell how a client of this protocol spelled it. */
export function wordsOf(item: Kept): readonly string[] {
  return item.spelling?.protocol === PROTOCOL ? item.spelling.form.split(' ') : []
}

/** The item was spelled in this way by a client of this protocol. */
export function isSpelled(item: Kept, word: string): boolean {
  return wordsOf(item).includes(word)
}

/** What follows a prefix in the words: `tool:` finds `0` in `tool:0`. */
export function spelledAfter(item: Kept, prefix: string): string | undefined {
  const word = wordsOf(item).find((one) => one.startsWith(prefix))
  return word?.slice(prefix.length)
}

/**
 * Puts into `wire` what was kept of `item`; fields of another protocol are reported.
 *
 * @param path where `item` stands in the neutral request or answer; empty at the top.
 */
export function giveBack(wire: Record<string, unknown>, item: Kept, path: string, report: ReportLoss): void {
  for (const [name, value] of Object.entries(ownFields(item.extra, PROTOCOL, path, report) ?? {}))
    put(wire, name, value)
  const words = wordsOf(item)
  for (const word of words) {
    if (word.startsWith(EMPTY)) enter(wire, `${word.slice(EMPTY.length)}.`)
    else if (word.startsWith(NULL)) putNull(wire, word.slice(NULL.length))
    else if (word.startsWith(LITERAL)) putLiteral(wire, word.slice(LITERAL.length))
    else if (word.startsWith(STASH)) unstash(wire, word.slice(STASH.length))
  }
  // Inner names first: the way to them is told in camelCase.
  for (const word of [...words].reverse()) if (word.startsWith(SNAKE)) rename(wire, word.slice(SNAKE.length))
}

interface Place {
  readonly holder: Record<string, unknown>
  readonly name: string
}

/** The object that a dotted name leads to, made where it may be. Where there is none, the name is one with dots. */
function enter(wire: Record<string, unknown>, dotted: string): Place {
  const dot = dotted.indexOf('.')
  if (dot < 0) return { holder: wire, name: dotted }
  const first = dotted.slice(0, dot)
  if (CONTAINERS.has(first)) wire[first] ??= {}
  const inner = wire[first]
  // Built by this encoder a moment ago, as everything is into which something is put.
  if (isObject(inner)) return enter(inner, dotted.slice(dot + 1))
  return { holder: wire, name: dotted }
}

function put(wire: Record<string, unknown>, dotted: string, value: unknown): void {
  const { holder, name } = enter(wire, dotted)
  if (!Object.hasOwn(holder, name)) setOwn(holder, name, value)
}

/** Only where its object is: a null is no reason to make one. */
function putNull(wire: Record<string, unknown>, dotted: string): void {
  const { holder, name } = enter(wire, dotted)
  if (!name.includes('.') && !Object.hasOwn(holder, name)) setOwn(holder, name, null)
}

/** The client's own spelling of an enumeration's word, as long as the word is the same. */
function putLiteral(wire: Record<string, unknown>, assignment: string): void {
  const equals = assignment.indexOf('=')
  const literal = decodeURIComponent(assignment.slice(equals + 1))
  const { holder, name } = enter(wire, assignment.slice(0, equals))
  if (holder[name] === literal.toUpperCase()) holder[name] = literal
}

function unstash(wire: Record<string, unknown>, assignment: string): void {
  const equals = assignment.indexOf('=')
  const { holder, name } = enter(wire, assignment.slice(0, equals))
  const text = assignment
    .slice(equals + 1)
    .replaceAll('%20', ' ')
    .replaceAll('%25', '%')
  if (Object.hasOwn(holder, name)) holder[name] = JSON.parse(text)
}

/** Words are parted by blanks. */
function escapeBlanks(text: string): string {
  return text.replaceAll('%', '%25').replaceAll(' ', '%20')
}

function rename(wire: Record<string, unknown>, dotted: string): void {
  const { holder, name } = enter(wire, dotted)
  if (!Object.hasOwn(holder, name)) return
  setOwn(holder, toSnakeCase(name), holder[name])
  delete holder[name]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An own member even when it is called `__proto__`, as `JSON.parse` makes it. */
function setOwn(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
}
