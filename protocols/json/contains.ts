/** A first look into a JSON text without parsing it: is there a picture, a tool, a document in it at all? */
import { asBuffer } from './as-buffer.ts'
import type { Span } from './span.ts'
import { isQuoteEscaped } from './string.ts'

/**
 * Whether a string that is exactly this word stands anywhere in a JSON text, as a name or as a value at any depth.
 * A string that only contains the word does not count, nor does the word in quotes inside a string, where the quotes
 * are escaped.
 *
 * It cannot say where: a user who writes `image_url` and nothing else is found too. And it does not see a word that is
 * spelled with escapes (`"image\u005furl"`), which JSON allows and nobody writes.
 *
 * @param word letters, digits, `_`, `-`, `.` or `/`: of anything else the quotes around it might belong to two strings.
 * @param span of one value of the text; absent: all of it.
 */
export function containsToken(bytes: Uint8Array, word: string, span?: Span): boolean {
  return findToken(viewOf(bytes, span), word, () => true)
}

/**
 * Whether a member `"type": "<value>"` stands anywhere in a JSON text, with any white space around the colon.
 * What is said of `containsToken` holds here too; a tool's example or schema with such a member is found as well.
 */
export function containsType(bytes: Uint8Array, value: string, span?: Span): boolean {
  return findToken(viewOf(bytes, span), value, isValueOfType)
}

function findToken(text: Buffer, word: string, accept: (text: Buffer, quote: number) => boolean): boolean {
  const token = Buffer.from(`"${word}"`)
  let at = text.indexOf(token)
  while (at >= 0) {
    if (!isQuoteEscaped(text, at) && accept(text, at)) return true
    at = text.indexOf(token, at + 1)
  }
  return false
}

const TYPE = Buffer.from('"type"')

function isValueOfType(text: Buffer, quote: number): boolean {
  const colon = skipSpaceBack(text, quote)
  if (text[colon - 1] !== 0x3a) return false
  const nameEnd = skipSpaceBack(text, colon - 1)
  const nameStart = nameEnd - TYPE.length
  return nameStart >= 0 && TYPE.equals(text.subarray(nameStart, nameEnd)) && !isQuoteEscaped(text, nameStart)
}

/** @returns the offset behind the last byte before `end` that is no white space. */
function skipSpaceBack(text: Buffer, end: number): number {
  let at = end
  for (;;) {
    const byte = text[at - 1]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at
    at--
  }
}

function viewOf(bytes: Uint8Array, span: Span | undefined): Buffer {
  const text = asBuffer(bytes)
  return span === undefined ? text : text.subarray(span.start, span.end)
}

/**
 * Whether a string that begins with these characters stands anywhere in a JSON text, as a name or as a value:
 * `image/` finds `"image/png"`. What is said of `containsToken` holds here too.
 */
export function containsStart(bytes: Uint8Array, start: string, span?: Span): boolean {
  const text = viewOf(bytes, span)
  const token = Buffer.from(`"${start}`)
  let at = text.indexOf(token)
  while (at >= 0) {
    if (!isQuoteEscaped(text, at)) return true
    at = text.indexOf(token, at + 1)
  }
  return false
}
