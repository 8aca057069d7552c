import { asBuffer } from './as-buffer.ts'
import { scanObject } from './scan.ts'
import { skipSpace } from './walk.ts'

const OPEN = 0x7b
const CLOSE = 0x7d

/**
 * The same bytes with more outermost members, in front of all others; those that are there already stay as they are.
 *
 * @throws JsonError as `scanObject`.
 */
export function addMembers(bytes: Uint8Array, members: Readonly<Record<string, unknown>>): Uint8Array {
  const present = scanObject(bytes)
  const missing = Object.entries(members).filter(([name]) => present.all(name).length === 0)
  if (missing.length === 0) return bytes
  const text = asBuffer(bytes)
  const inside = text.indexOf(OPEN) + 1
  const written = missing.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')
  const isEmpty = text[skipSpace(text, inside)] === CLOSE
  return Buffer.concat([
    text.subarray(0, inside),
    Buffer.from(isEmpty ? written : `${written},`),
    text.subarray(inside),
  ])
}
