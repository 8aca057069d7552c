import { asBuffer } from './as-buffer.ts'
import type { Span } from './span.ts'

/**
 * The same bytes with another text at these spans.
 *
 * @param spans in the order of the text, without overlap, as a scan gives them.
 * @returns `bytes` itself when the text stands there already, or nowhere.
 */
export function replaceSpans(bytes: Uint8Array, spans: readonly Span[], text: string): Uint8Array {
  const source = asBuffer(bytes)
  const replacement = Buffer.from(text)
  const changed = spans.filter(({ start, end }) => !source.subarray(start, end).equals(replacement))
  if (changed.length === 0) return bytes

  const pieces: Buffer[] = []
  let copied = 0
  for (const { start, end } of changed) {
    pieces.push(source.subarray(copied, start), replacement)
    copied = end
  }
  pieces.push(source.subarray(copied))
  return Buffer.concat(pieces)
}
