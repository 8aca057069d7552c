import { asBuffer } from './as-buffer.ts'
import { scanObject } from './scan.ts'
import { skipSpace } from './walk.ts'

const COMMA = 0x2c

/**
 * The same bytes without these outermost members of the object.
 *
 * @returns `bytes` itself when none of them is there.
 * @throws JsonError as `scanObject`.
 */
export function removeMembers(bytes: Uint8Array, names: readonly string[]): Uint8Array {
  let text = asBuffer(bytes)
  for (const name of names) {
    // One at a time: the comma that goes with it depends on what is left.
    for (;;) {
      const members = scanObject(text)
      const [named] = members.names(name)
      const [value] = members.all(name)
      if (named === undefined || value === undefined) break
      text = cutMember(text, named.start, value.end)
    }
  }
  return text.equals(bytes) ? bytes : text
}

/** With the comma behind it, or for the last member the one before it. */
function cutMember(text: Buffer, start: number, end: number): Buffer {
  const next = skipSpace(text, end)
  if (text[next] === COMMA) return Buffer.concat([text.subarray(0, start), text.subarray(skipSpace(text, next + 1))])
  const before = text.lastIndexOf(COMMA, start)
  const isBetween = before >= 0 && skipSpace(text, before + 1) === start
  return Buffer.concat([text.subarray(0, isBetween ? before : start), text.subarray(end)])
}
