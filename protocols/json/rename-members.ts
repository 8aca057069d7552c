import { asBuffer } from './as-buffer.ts'
import { replaceSpans } from './replace.ts'
import { scanObject } from './scan.ts'

/**
 * The same bytes with other names for some outermost members of the object.
 * Where the new name is there already, its value counts, and stands under both places: readers differ in which one they take.
 *
 * @returns `bytes` itself when none of the old names is there.
 * @throws JsonError as `scanObject`.
 */
export function renameMembers(bytes: Uint8Array, renames: Readonly<Record<string, string>>): Uint8Array {
  let renamed = bytes
  for (const [old, name] of Object.entries(renames)) {
    const members = scanObject(renamed)
    if (members.all(old).length === 0) continue
    const present = members.last(name)
    if (present !== undefined) {
      const value = asBuffer(renamed).toString('utf8', present.start, present.end)
      renamed = replaceSpans(renamed, members.all(old), value)
    }
    renamed = replaceSpans(renamed, scanObject(renamed).names(old), JSON.stringify(name))
  }
  return renamed
}
