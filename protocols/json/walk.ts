/** The grammar of JSON, checked on bytes in one pass without building anything. */
import { asBuffer } from './as-buffer.ts'
import { JsonError } from './json-error.ts'
import type { JsonLimits } from './json-limits.ts'
import { startOfText } from './start-of-text.ts'
import { endOfString } from './string.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const COLON = 0x3a
const ARRAY = 0x5b
const OBJECT = 0x7b
const OBJECT_END = 0x7d
/** From an opening bracket to its closing one, of both kinds. */
const TO_CLOSING = 2

/** Hears of each member of the outermost object: where its name's quote opens, and where its value stands. */
export type MemberSink = (nameStart: number, valueStart: number, valueEnd: number) => void

/**
 * Checks everything but the inside of strings: brackets, commas, colons, literals, numbers, and that one value is all.
 * Where this passes, `JSON.parse` fails only for an escape, a control character or broken UTF-8 in a string.
 *
 * Needs no stack however deep the text is, and stops as soon as a limit is passed.
 *
 * @throws JsonError at the first fault.
 */
export function walkJson(bytes: Uint8Array, limits: JsonLimits, onMember?: MemberSink): void {
  const text = asBuffer(bytes)
  const closers: number[] = []
  let closer: number | undefined
  let nodes = 0
  let nameStart = 0
  let valueStart = 0
  let at = skipSpace(text, startOfText(text))
  if (at === text.length) throw new JsonError(text, at, 'the text is empty')

  for (;;) {
    // A value begins here.
    if (++nodes > limits.nodes) throw new JsonError(text, at, `more than ${limits.nodes} values`)
    if (closers.length === 1) valueStart = at
    const byte = text[at]
    if (byte === QUOTE) {
      at = endOfString(text, at)
    } else if (byte === OBJECT || byte === ARRAY) {
      if (closers.length >= limits.depth) throw new JsonError(text, at, `more than ${limits.depth} levels deep`)
      at = skipSpace(text, at + 1)
      if (text[at] === byte + TO_CLOSING) {
        at++
      } else {
        closer = byte + TO_CLOSING
        closers.push(closer)
        if (byte === ARRAY) continue
        if (closers.length === 1) nameStart = at
        at = startOfMemberValue(text, at)
        continue
      }
    } else {
      at = endOfScalar(text, at)
    }

    // A value has ended here, and perhaps the containers around it.
    for (;;) {
      if (closers.length === 1 && closer === OBJECT_END) onMember?.(nameStart, valueStart, at)
      at = skipSpace(text, at)
      if (closer === undefined) {
        if (at < text.length) throw new JsonError(text, at, 'expected nothing after the value')
        return
      }
      if (text[at] === COMMA) {
        at = skipSpace(text, at + 1)
        if (closer !== OBJECT_END) break
        if (closers.length === 1) nameStart = at
        at = startOfMemberValue(text, at)
        break
      }
      if (text[at] !== closer) fail(text, at, `',' or '${String.fromCharCode(closer)}'`)
      at++
      closers.pop()
      closer = closers[closers.length - 1]
    }
  }
}

/** @returns the first offset from `at` on that holds no white space; the length of the text when there is none. */
export function skipSpace(text: Uint8Array, at: number): number {
  let end = at
  for (;;) {
    const byte = text[end]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return end
    end++
  }
}

function startOfMemberValue(text: Buffer, name: number): number {
  if (text[name] !== QUOTE) fail(text, name, 'a name in double quotes')
  const colon = skipSpace(text, endOfString(text, name))
  if (text[colon] !== COLON) fail(text, colon, "':'")
  return skipSpace(text, colon + 1)
}

function endOfScalar(text: Buffer, at: number): number {
  const byte = text[at]
  if (byte === MINUS || isDigit(byte)) return endOfNumber(text, at)
  if (byte === 0x74 && startsWith(text, at, 'true')) return at + 4
  if (byte === 0x66 && startsWith(text, at, 'false')) return at + 5
  if (byte === 0x6e && startsWith(text, at, 'null')) return at + 4
  return fail(text, at, 'a value')
}

function endOfNumber(text: Buffer, start: number): number {
  let at = text[start] === MINUS ? start + 1 : start
  at = text[at] === ZERO ? at + 1 : endOfDigits(text, at)
  if (text[at] === POINT) at = endOfDigits(text, at + 1)
  if (text[at] === 0x65 || text[at] === 0x45) {
    const hasSign = text[at + 1] === 0x2b || text[at + 1] === MINUS
    at = endOfDigits(text, hasSign ? at + 2 : at + 1)
  }
  return at
}

function endOfDigits(text: Buffer, start: number): number {
  if (!isDigit(text[start])) fail(text, start, 'a digit')
  let at = start + 1
  while (isDigit(text[at])) at++
  return at
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

function startsWith(text: Buffer, at: number, word: string): boolean {
  for (let index = 0; index < word.length; index++) {
    if (text[at + index] !== word.charCodeAt(index)) return false
  }
  return true
}

function fail(text: Buffer, at: number, wanted: string): never {
  throw new JsonError(text, at, at < text.length ? `expected ${wanted}` : `expected ${wanted}, but the text ends`)
}
