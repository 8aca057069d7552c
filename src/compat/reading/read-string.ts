/** Reads strings of JSON and Python, as right or wrong as models write them. */
import { closesBlock, closingTailAt } from './closing-tail.ts'
import { betweenPairs, type Reading, type Source } from './source.ts'
import { endsString, type StringPlace } from './string-end.ts'
import type { Syntax } from './syntax.ts'

const QUOTE = /["\\]/g
const APOSTROPHE = /['\\]/g
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const CODE = /^(?:u([0-9a-fA-F]{4})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?|x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8}))/
const PREFIX = /(?:[rRbBuUfF]{1,2})(?=["'])/y

/** The opening of a string at the reader: its mark and what stands before it. */
interface Opening {
  readonly mark: string
  readonly skip: number
  readonly raw: boolean
}

/** What opens a string here, if anything does. */
export function stringOpening(source: Source, syntax: Syntax): Opening | undefined {
  const { text, at } = source
  for (const mark of syntax.marks) if (text.startsWith(mark, at)) return { mark, skip: mark.length, raw: true }
  const first = text.charAt(at)
  if (first === '"' || first === "'") {
    const triple = syntax.python && text.startsWith(first.repeat(3), at)
    return { mark: triple ? first.repeat(3) : first, skip: triple ? 3 : 1, raw: false }
  }
  if (!syntax.python) return undefined
  PREFIX.lastIndex = at
  if (!PREFIX.test(text)) return undefined
  const prefix = text.slice(at, PREFIX.lastIndex)
  const quote = text.charAt(PREFIX.lastIndex)
  const triple = text.startsWith(quote.repeat(3), PREFIX.lastIndex)
  const mark = triple ? quote.repeat(3) : quote
  return { mark, skip: prefix.length + mark.length, raw: /r/i.test(prefix) }
}

/** A string without escapes whose end can be told at once; nothing where that is not so, and then nothing was read. */
export function stringAt(source: Source, place: StringPlace): string | undefined {
  const { text, at } = source
  const quote = text.charAt(at)
  if (quote !== '"' && quote !== "'") return undefined
  const end = text.indexOf(quote, at + 1)
  const inside = end < 0 ? '\\' : text.slice(at + 1, end)
  if (inside.includes('\\') || endsString(text, end + 1, place, source.ended) !== true) return undefined
  source.at = end + 1
  return inside
}

/**
 * Reads a string to its end.
 *
 * @param emit hears its text, piece by piece, as it comes.
 * @returns whether it was closed; the text may end in the middle of it.
 */
export function* readString(
  source: Source,
  opening: Opening,
  place: StringPlace,
  emit: (piece: string) => void,
): Reading<boolean> {
  source.skip(opening.skip)
  if (opening.mark.length > 1) return yield* readMarked(source, opening, emit)
  const special = opening.mark === '"' ? QUOTE : APOSTROPHE
  for (;;) {
    const { text, at } = source
    special.lastIndex = at
    const found = special.exec(text)?.index ?? text.length
    const safe = found === text.length ? closingTailAt(text, at) : found
    if (safe > at) {
      emit(text.slice(at, safe))
      source.at = safe
    }
    if (found === text.length) {
      if (source.ended) return endUnclosed(source, emit)
      yield
    } else if (text.charAt(found) === '\\' && !opening.raw) yield* readEscape(source, emit)
    else if (text.charAt(found) === '\\') {
      while (source.left < 2 && !source.ended) yield
      emit(source.take(2))
    } else {
      const ends = endsString(text, found + 1, place, source.ended)
      if (ends === undefined) yield
      else if (ends) {
        source.skip(1)
        return true
      } else emit(source.take(1))
    }
  }
}

/** A string between marks of several characters, in which quotes and backslashes are nothing special but for Python. */
function* readMarked(source: Source, { mark, raw }: Opening, emit: (piece: string) => void): Reading<boolean> {
  for (;;) {
    const { text, at } = source
    const end = text.indexOf(mark, at)
    // Looked for no farther than the end: else each of many strings would search all that is left.
    const inside = raw ? '' : text.slice(at, end < 0 ? text.length : end)
    const backslash = inside.includes('\\') ? at + inside.indexOf('\\') : -1
    if (backslash >= 0 && (end < 0 || backslash < end)) {
      if (backslash > at) emit(source.take(backslash - at))
      yield* readEscape(source, emit)
      continue
    }
    const cut = source.ended ? text.length : betweenPairs(text, text.length - mark.length + 1)
    const safe = end >= 0 ? end : Math.min(Math.max(at, cut), closingTailAt(text, at))
    if (safe > at) emit(source.take(safe - at))
    if (end >= 0) {
      source.skip(mark.length)
      return true
    }
    if (source.ended) return endUnclosed(source, emit)
    yield
  }
}

/** Only its quote was forgotten where the block is closed behind it. @returns whether that is so. */
function endUnclosed(source: Source, emit: (piece: string) => void): boolean {
  const closes = !source.cutShort && closesBlock(source.text.slice(source.at))
  if (!closes && source.left > 0) emit(source.take(source.left))
  if (!closes) source.broken = true
  return closes
}

/** The reader stands at a backslash. What is no escape stays as it is written: `C:\Users`. */
function* readEscape(source: Source, emit: (piece: string) => void): Reading {
  while (source.left < 12 && !source.ended && !isShortEscape(source)) yield
  const rest = source.text.slice(source.at + 1, source.at + 12)
  const simple = ESCAPES[rest.charAt(0)]
  const code = CODE.exec(rest)
  if (simple !== undefined) {
    source.skip(2)
    emit(simple)
  } else if (code !== null) {
    source.skip(1 + code[0].length)
    emit(decodeCode(code))
  } else emit(source.take(1))
}

function isShortEscape({ text, at }: Source): boolean {
  const next = text.charAt(at + 1)
  return next !== '' && !'uxU'.includes(next)
}

function decodeCode([, unit, low, byte, point]: readonly (string | undefined)[]): string {
  if (unit !== undefined) {
    const first = Number.parseInt(unit, 16)
    if (low === undefined) return String.fromCharCode(first)
    return String.fromCharCode(first, Number.parseInt(low, 16))
  }
  if (byte !== undefined) return String.fromCharCode(Number.parseInt(byte, 16))
  const value = Number.parseInt(point ?? '0', 16)
  return value <= 0x10ffff ? String.fromCodePoint(value) : '\ufffd'
}
