import { asBuffer } from './as-buffer.ts'
import type { Span } from './span.ts'
import { endOfString } from './string.ts'

const QUOTE = 0x22
const SAMPLE_BYTES = 256

/**
 * Bytes of the strings in a JSON text that hold base64 or a base64 data URL instead of words: what is left of the text
 * is about what a model reads. Judged by the first 256 bytes of each string, so that a picture of megabytes costs one
 * native search; one long word of that alphabet is taken for a payload too.
 *
 * @param threshold strings with no more bytes than this are words, whatever they look like.
 * @param span of one value of the text; absent: all of it.
 * @throws JsonError when a string is not closed; of a scanned text never.
 */
export function longStringBytes(bytes: Uint8Array, threshold: number, span?: Span): number {
  const text = span === undefined ? asBuffer(bytes) : asBuffer(bytes).subarray(span.start, span.end)
  let sum = 0
  let open = text.indexOf(QUOTE)
  while (open >= 0) {
    const end = endOfString(text, open)
    const length = end - open - 2
    if (length > threshold && isPayload(text, open + 1, length)) sum += length
    open = text.indexOf(QUOTE, end)
  }
  return sum
}

// Backslashes too: some encoders escape every slash, others wrap base64 into lines.
const PAYLOAD = /^(?:data:[^,]*;base64,)?[A-Za-z0-9+/=_\\-]*$/

function isPayload(text: Buffer, start: number, length: number): boolean {
  return PAYLOAD.test(text.toString('latin1', start, start + Math.min(length, SAMPLE_BYTES)))
}
