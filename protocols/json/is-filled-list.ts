import type { Span } from './span.ts'

const OPEN_BRACKET = 0x5b
const BLANK = 0x20

/** Whether the value there is a list with something in it, told by its first byte behind the bracket. No value is none. */
export function isFilledList(bytes: Uint8Array, span: Span | undefined): boolean {
  if (span === undefined || bytes[span.start] !== OPEN_BRACKET) return false
  for (let at = span.start + 1; at < span.end - 1; at++) {
    if ((bytes[at] ?? 0) > BLANK) return true
  }
  return false
}
