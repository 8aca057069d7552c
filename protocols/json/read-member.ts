import type { JsonMembers } from './scan.ts'
import { readValue } from './span.ts'

/** The value of a member of the object that was scanned; of two with one name the last counts, as in `JSON.parse`. Absent: undefined. */
export function readMember(bytes: Uint8Array, members: JsonMembers, name: string): unknown {
  const span = members.last(name)
  return span === undefined ? undefined : readValue(bytes, span)
}
