/** Which known names a mistyped one was probably meant to be. */

/** Longer ones are nobody's typing error. */
const MAX_LENGTH = 200

const MAX_SUGGESTIONS = 3

/**
 * Pairs of letters that one hint may compare, less than a millisecond. Whoever asks for what there is not chooses how long the name is and
 * how much it looks like all the others; the names that share most letters with it have been measured by then.
 */
const MAX_PAIRS = 20_000

/**
 * The known names that are nearest to a name, nearest first; none when nothing is near enough to be meant.
 * The case of letters does not count.
 */
export function findNearest(name: string, known: Iterable<string>): readonly string[] {
  if (name.length === 0 || name.length > MAX_LENGTH) return []
  const asked = name.toLowerCase()
  const near: { readonly name: string; readonly distance: number }[] = []
  // What is farther than the last of those that would be told need not be measured: there may be many thousands.
  let allowed = Math.max(1, Math.floor(asked.length / 3))
  let pairs = 0
  for (const [least, candidates] of sortByLetters(asked, known, allowed).entries()) {
    for (const candidate of candidates) {
      if (least > allowed || pairs > MAX_PAIRS) return near.map((entry) => entry.name)
      pairs += asked.length * candidate.length
      const distance = editDistance(asked, candidate.toLowerCase(), allowed)
      if (distance > allowed) continue
      near.push({ name: candidate, distance })
      near.sort((one, other) => one.distance - other.distance || (one.name < other.name ? -1 : 1))
      if (near.length > MAX_SUGGESTIONS) near.pop()
      allowed = Math.min(allowed, near[MAX_SUGGESTIONS - 1]?.distance ?? allowed)
    }
  }
  return near.map((entry) => entry.name)
}

/**
 * The names that may be near enough, by how far they are at least: each letter that only one of the two names has is one to add, to
 * remove, or, one of either, to replace. That costs the sum of their lengths, and measuring the product.
 */
function sortByLetters(asked: string, known: Iterable<string>, allowed: number): readonly (readonly string[])[] {
  const byLeast: string[][] = Array.from({ length: allowed + 1 }, () => [])
  const counts = new Int16Array(LETTERS)
  for (let index = 0; index < asked.length; index += 1) addAt(counts, letterAt(asked, index), 1)
  const left = new Int16Array(LETTERS)
  for (const candidate of known) {
    if (candidate.length > MAX_LENGTH || Math.abs(candidate.length - asked.length) > allowed) continue
    const letters = candidate.toLowerCase()
    left.set(counts)
    let shared = 0
    for (let index = 0; index < letters.length; index += 1) {
      if (addAt(left, letterAt(letters, index), -1) >= 0) shared += 1
    }
    byLeast[Math.max(asked.length, letters.length) - shared]?.push(candidate)
  }
  return byLeast
}

/** Those beyond ASCII share the places of others, which can only make names seem nearer. */
const LETTERS = 128

function letterAt(name: string, index: number): number {
  return name.charCodeAt(index) % LETTERS
}

function addAt(counts: Int16Array, place: number, change: number): number {
  const count = (counts[place] ?? 0) + change
  counts[place] = count
  return count
}

/**
 * Letters to add, remove or replace, and neighbours to swap (optimal string alignment).
 *
 * @param allowed what is farther is just told to be farther.
 */
function editDistance(one: string, other: string, allowed: number): number {
  let beforeLast: number[] = []
  let last = [0]
  for (let column = 1; column <= other.length; column += 1) last.push(column)
  let lastLeast = 0
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row]
    let least = row
    for (let column = 1; column <= other.length; column += 1) {
      const same = one.charCodeAt(row - 1) === other.charCodeAt(column - 1)
      let best = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1))
      const swapped =
        row > 1 &&
        column > 1 &&
        one.charCodeAt(row - 1) === other.charCodeAt(column - 2) &&
        one.charCodeAt(row - 2) === other.charCodeAt(column - 1)
      if (swapped) best = Math.min(best, at(beforeLast, column - 2) + 1)
      current.push(best)
      if (best < least) least = best
    }
    // Every way goes through one of two rows that follow each other, and none gets shorter.
    if (least > allowed && lastLeast > allowed) return Number.POSITIVE_INFINITY
    lastLeast = least
    beforeLast = last
    last = current
  }
  return at(last, other.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
