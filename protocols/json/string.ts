/** Strings of a JSON text, found and checked on its bytes. */
import { JsonError } from './json-error.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const SHORT_STRING_BYTES = 32

/**
 * Where the string ends whose opening quote stands at `open`: the offset behind its closing quote.
 * Its inside is only searched for that quote, natively when it is long.
 *
 * @throws JsonError when it is not closed.
 */
export function endOfString(text: Buffer, open: number): number {
  let at = open + 1
  for (;;) {
    // A native search costs as much as some thirty steps here, and most strings are shorter.
    const near = Math.min(at + SHORT_STRING_BYTES, text.length)
    while (at < near) {
      const byte = text[at]
      if (byte === QUOTE) return at + 1
      at += byte === BACKSLASH ? 2 : 1
    }
    const quote = text.indexOf(QUOTE, at)
    if (quote < 0) throw new JsonError(text, open, 'this string is not closed')
    at = quote + 1
    if (!isQuoteEscaped(text, quote)) return at
  }
}

/** Whether an odd number of backslashes stands before the quote. */
export function isQuoteEscaped(text: Uint8Array, quote: number): boolean {
  let first = quote
  while (text[first - 1] === BACKSLASH) first--
  return (quote - first) % 2 === 1
}

/**
 * Finds what is wrong inside the strings of a text whose grammar is right otherwise; slow, for texts that were refused.
 *
 * @throws JsonError at the first wrong escape or bare control character.
 */
export function checkStrings(text: Uint8Array, start: number, end: number): void {
  let isInside = false
  for (let at = start; at < end; at++) {
    const byte = text[at] ?? 0
    if (byte === QUOTE) {
      isInside = !isInside
    } else if (isInside && byte < 0x20) {
      throw new JsonError(text, at, 'expected control characters in strings to be escaped')
    } else if (isInside && byte === BACKSLASH) {
      const sequence = String.fromCharCode(...text.subarray(at, Math.min(at + 6, end)))
      const found = /^\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/.exec(sequence)
      if (found === null) throw new JsonError(text, at, 'expected an escape that JSON has')
      at += found[0].length - 1
    }
  }
}
