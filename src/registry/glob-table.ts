/** Many patterns at once: finds the most specific one that takes a name without trying them all. */
import { compareGlobs, compileGlob, type Glob } from './globs.ts'

export interface GlobTable<Value> {
  /** What belongs to the most specific pattern that takes the text. */
  find(text: string): Value | undefined
}

interface Entry<Value> {
  readonly glob: Glob
  readonly value: Value
}

/**
 * The order of patterns begins with the length of what stands before their first wildcard. So for each of these lengths, longest
 * first, only the patterns need a look whose beginning is that of the text.
 *
 * @param entries of equal patterns the first counts.
 */
export function createGlobTable<Value>(entries: Iterable<readonly [pattern: string, value: Value]>): GlobTable<Value> {
  const byLength = new Map<number, Map<string, Entry<Value>[]>>()
  for (const [pattern, value] of entries) {
    const end = pattern.search(/[*?]/)
    const beginning = end === -1 ? pattern : pattern.slice(0, end)
    const beginnings = findOrAdd(byLength, beginning.length, () => new Map())
    findOrAdd(beginnings, beginning, () => []).push({ glob: compileGlob(pattern), value })
  }
  const lengths = [...byLength].sort(([one], [other]) => other - one)
  for (const [, beginnings] of lengths) {
    for (const list of beginnings.values()) {
      list.sort((one, other) => compareGlobs(one.glob.pattern, other.glob.pattern))
    }
  }
  return {
    find(text) {
      for (const [length, beginnings] of lengths) {
        if (length > text.length) continue
        const found = beginnings.get(text.slice(0, length))?.find((entry) => entry.glob.matches(text))
        if (found !== undefined) return found.value
      }
      return undefined
    },
  }
}

function findOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
