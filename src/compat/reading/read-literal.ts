/** Reads values of JSON and Python into memory, leniently. */
import { finished } from './finished.ts'
import { type Literal, readWord } from './literal.ts'
import { matchWhole, WORD } from './match-whole.ts'
import { openString } from './open-string.ts'
import { readMembers } from './read-members.ts'
import { readString, stringAt, stringOpening } from './read-string.ts'
import { nextToken, tokenAt } from './skip-space.ts'
import type { Reading, Source } from './source.ts'
import type { StringPlace } from './string-end.ts'
import type { Syntax } from './syntax.ts'

/** Deeper than any tool asks for; what is deeper is told as text. */
const MAX_DEPTH = 200
/** A text without quotes runs to the end of its member. */
const BARE_TEXT = /[^,[\]{}()"<>`\n]+/y
const OPENING: ReadonlySet<string> = new Set(['{', '[', '('])
const ENDING: ReadonlySet<string> = new Set(['}', ']', ')'])
const ENDS_NUMBER: ReadonlySet<string> = new Set([',', ...ENDING])
const AFTER_VALUE: ReadonlySet<string> = new Set([',', '}', ')'])
const CLOSING: ReadonlySet<string> = new Set(['', '}', ']', ')', '<', '`', ',', ';'])

/** @returns nothing when no value begins here. */
export function readLiteral(
  source: Source,
  syntax: Syntax,
  place: StringPlace,
  depth = 0,
): Reading<Literal | undefined> {
  const value = literalAt(source, syntax, place)
  return value === undefined ? readAnyLiteral(source, syntax, place, depth) : finished(value)
}

/** A string, number or word whose end can be told at once; nothing where that is not so, and then only space was read. */
export function literalAt(source: Source, syntax: Syntax, place: StringPlace): Literal | undefined {
  if (tokenAt(source) === undefined) return undefined
  const text = syntax.python ? loneStringAt(source, place) : stringAt(source, place)
  return text === undefined ? wordAt(source) : { kind: 'string', text }
}

/** A string of Python that no other one follows. An empty one may be the beginning of a triple quote. */
function loneStringAt(source: Source, place: StringPlace): string | undefined {
  const { at } = source
  const text = stringAt(source, place)
  const next = text === undefined || text === '' ? undefined : tokenAt(source)
  if (next !== undefined && next !== '"' && next !== "'") return text
  source.at = at
  return undefined
}

function wordAt(source: Source): Literal | undefined {
  const { text, at } = source
  const integer = integerAt(text, at)
  if (integer !== undefined) {
    source.at += integer.length
    return { kind: 'number', digits: integer }
  }
  WORD.lastIndex = at
  if (!WORD.test(text) || WORD.lastIndex === text.length) return undefined
  const end = WORD.lastIndex
  const value = readWord(text.slice(at, end))
  if (value !== undefined) source.at = end
  return value
}

/** The digits of a whole number that ends where a member or an item ends. */
function integerAt(text: string, at: number): string | undefined {
  const first = text.charCodeAt(at)
  if (!(first > 48 && first <= 57)) return undefined
  let end = at + 1
  while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++
  return ENDS_NUMBER.has(text.charAt(end)) ? text.slice(at, end) : undefined
}

function* readAnyLiteral(
  source: Source,
  syntax: Syntax,
  place: StringPlace,
  depth: number,
): Reading<Literal | undefined> {
  const token = tokenAt(source) ?? (yield* nextToken(source, syntax.python))
  const text = syntax.python ? undefined : stringAt(source, place)
  if (text !== undefined) return { kind: 'string', text }
  while (token === '<' && source.left < 10 && !source.ended) yield
  const opening = syntax.python ? yield* openString(source, syntax) : stringOpening(source, syntax)
  if (opening !== undefined) {
    const pieces: string[] = []
    yield* readString(source, opening, place, (piece) => pieces.push(piece))
    if (syntax.python) yield* readFollowing(source, syntax, place, pieces)
    return { kind: 'string', text: pieces.join('') }
  }
  if (depth > MAX_DEPTH && OPENING.has(token)) return { kind: 'string', text: yield* readBalanced(source, syntax) }
  if (token === '{') {
    source.skip(1)
    const set = syntax.python ? yield* readSet(source, syntax, depth) : undefined
    if (set !== undefined) return { kind: 'array', items: set }
    const members: [string, Literal][] = []
    yield* readMembers(source, syntax, function* (name) {
      const value = yield* readLiteral(source, syntax, syntax.python ? 'entry' : 'member', depth + 1)
      if (value !== undefined) members.push([name, value])
      return value !== undefined || isMissing(source)
    })
    return { kind: 'object', members }
  }
  if (token === '[' || (token === '(' && syntax.python)) {
    source.skip(1)
    return { kind: 'array', items: yield* readItems(source, syntax, depth, '])') }
  }
  if (CLOSING.has(token)) return undefined
  return yield* readBare(source, syntax)
}

/** A value was forgotten behind its name: what follows is read on. */
export function isMissing(source: Source): boolean {
  return AFTER_VALUE.has(source.text.charAt(source.at))
}

/** The text of a structure to its closing bracket, without looking at what is in it. */
function* readBalanced(source: Source, syntax: Syntax): Reading<string> {
  const recording = source.record()
  let open = 0
  do {
    const token = yield* nextToken(source, syntax.python)
    const opening = yield* openString(source, syntax)
    if (token === '') break
    if (opening !== undefined) yield* readString(source, opening, 'alone', () => undefined)
    else {
      if (OPENING.has(token)) open++
      else if (ENDING.has(token)) open--
      source.skip(1)
    }
  } while (open > 0)
  const text = source.recorded(recording)
  source.stop(recording)
  return text
}

/** Strings side by side are one in Python. */
function* readFollowing(source: Source, syntax: Syntax, place: StringPlace, pieces: string[]): Reading {
  for (;;) {
    const next = tokenAt(source) ?? (yield* nextToken(source, true))
    if (next !== '"' && next !== "'") return
    const opening = yield* openString(source, syntax)
    if (opening === undefined) return
    yield* readString(source, opening, place, (piece) => pieces.push(piece))
  }
}

/** A set of Python is a list of JSON. @returns nothing when it is no set; then nothing was read. */
function* readSet(source: Source, syntax: Syntax, depth: number): Reading<Literal[] | undefined> {
  const opening = yield* nextToken(source, true)
  // What has parts is no name; it must not be read twice either, since it may hold sets that would be, too.
  if (OPENING.has(opening)) return opening === '{' ? undefined : yield* readItems(source, syntax, depth, '}')
  const recording = source.record()
  const first = yield* readLiteral(source, syntax, 'name', depth + 1)
  const token = first === undefined ? '' : yield* nextToken(source, true)
  const isSet = first !== undefined && (token === ',' || token === '}')
  if (isSet) source.stop(recording)
  else source.rewind(recording)
  return isSet ? [first, ...(yield* readItems(source, syntax, depth, '}'))] : undefined
}

/** @param closings the brackets that may end the list. */
function* readItems(source: Source, syntax: Syntax, depth: number, closings: string): Reading<Literal[]> {
  const items: Literal[] = []
  for (;;) {
    const token = tokenAt(source) ?? (yield* nextToken(source, syntax.python))
    if (token !== '' && closings.includes(token)) {
      source.skip(1)
      return items
    }
    if (token === ',') {
      source.skip(1)
      continue
    }
    const item = yield* readLiteral(source, syntax, syntax.python ? 'element' : 'item', depth + 1)
    if (item === undefined) return items
    items.push(item)
  }
}

/** A number, a word, or a text without quotes. */
function* readBare(source: Source, { bare }: Syntax): Reading<Literal | undefined> {
  const word = yield* matchWhole(source, WORD)
  const value = readWord(word)
  if (value !== undefined) {
    source.skip(word.length)
    return value
  }
  if (!bare) return undefined
  const text = yield* matchWhole(source, BARE_TEXT)
  if (text === '') return undefined
  source.skip(text.length)
  return { kind: 'string', text: text.trimEnd() }
}
