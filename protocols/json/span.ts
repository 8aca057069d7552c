/** A piece of a JSON text: offsets in its bytes, the end not included. */
import { asBuffer } from './as-buffer.ts'
import { checkStrings } from './string.ts'

export interface Span {
  readonly start: number
  readonly end: number
}

export function textOf(bytes: Uint8Array, span: Span): string {
  return asBuffer(bytes).toString('utf8', span.start, span.end)
}

/**
 * The value that stands at a span of a scanned text.
 *
 * @throws JsonError when a string in it holds a wrong escape or a bare control character, which scanning does not see.
 */
export function readValue(bytes: Uint8Array, span: Span): unknown {
  try {
    return JSON.parse(textOf(bytes, span))
  } catch (cause) {
    checkStrings(bytes, span.start, span.end)
    throw cause
  }
}
