/** Which known names a mistyped one was probably meant to be. */

/** Longer ones are nobody's typing error, and the comparison costs the product of both lengths. */
const MAX_LENGTH = 200

const MAX_SUGGESTIONS = 3

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
  for (const candidate of known) {
    if (candidate.length > MAX_LENGTH || Math.abs(candidate.length - name.length) > allowed) continue
    const distance = editDistance(asked, candidate.toLowerCase(), allowed)
    if (distance > allowed) continue
    near.push({ name: candidate, distance })
    near.sort((one, other) => one.distance - other.distance || (one.name < other.name ? -1 : 1))
    if (near.length > MAX_SUGGESTIONS) near.pop()
    allowed = Math.min(allowed, near[MAX_SUGGESTIONS - 1]?.distance ?? allowed)
  }
  return near.map((entry) => entry.name)
}

/**
 * Letters to add, remove or replace, and neighbours to swap (optimal string alignment).
 *
 * @param allowed what is farther is just told to be farther.
 */
function editDistance(one: string, other: string, allowed: number): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, index) => index)
  let lastLeast = 0
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row]
    let least = row
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1]
      let best = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1))
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
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
