/** JSON that is exchanged is UTF-8 and nothing else (RFC 8259, section 8.1). */
import { isUtf8 } from 'node:buffer'
import { JsonError } from './json-error.ts'

/** @throws JsonError at the first byte that cannot stand where it stands. */
export function checkUtf8(bytes: Uint8Array): void {
  if (!isUtf8(bytes)) throw new JsonError(bytes, firstBrokenSequence(bytes), 'expected UTF-8')
}

/** The native check does not say where; this is slow, and only a refused text comes here. */
function firstBrokenSequence(bytes: Uint8Array): number {
  let at = 0
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at] ?? 0)
    if (!isUtf8(bytes.subarray(at, at + length))) break
    at += length
  }
  return at
}

/** How many bytes a sequence has that begins so, if it is one. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1
  if (lead < 0xe0) return 2
  return lead < 0xf0 ? 3 : 4
}
