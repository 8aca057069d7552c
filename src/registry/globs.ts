/** Patterns of model names: `*` stands for any characters, also none, `?` for exactly one. */

export interface Glob {
  readonly pattern: string
  matches(text: string): boolean
}

/** Whether it is a pattern and not just a name. */
export function isGlob(text: string): boolean {
  return text.includes('*') || text.includes('?')
}

/**
 * Compiles a pattern. Matching backs up to the last star at most, so it takes the product of both lengths at worst:
 * a user's pattern can never be a trap as a regular expression could (S14).
 */
export function compileGlob(pattern: string): Glob {
  const signs = [...pattern]
  return { pattern, matches: (text) => matchSigns(signs, [...text]) }
}

/**
 * Orders patterns so that the more specific one comes first: more characters before the first wildcard, then more
 * characters that stand for themselves, then more that stand for just one; `*` alone is the last of all (lesson 20, defect 8).
 */
export function compareGlobs(one: string, other: string): number {
  return (
    literalPrefix(other) - literalPrefix(one) ||
    count(other, isLiteral) - count(one, isLiteral) ||
    count(other, isOne) - count(one, isOne) ||
    count(one, isStar) - count(other, isStar) ||
    (one < other ? -1 : Number(one > other))
  )
}

function matchSigns(signs: readonly string[], text: readonly string[]): boolean {
  let sign = 0
  let character = 0
  let starAt = -1
  let resumeAt = 0
  while (character < text.length) {
    if (signs[sign] === '*') {
      starAt = sign
      resumeAt = character
      sign += 1
    } else if (sign < signs.length && (signs[sign] === '?' || signs[sign] === text[character])) {
      sign += 1
      character += 1
    } else if (starAt >= 0) {
      // The last star takes one character more; earlier ones need not be tried again.
      resumeAt += 1
      sign = starAt + 1
      character = resumeAt
    } else {
      return false
    }
  }
  while (signs[sign] === '*') sign += 1
  return sign === signs.length
}

function literalPrefix(pattern: string): number {
  const end = pattern.search(/[*?]/)
  return end === -1 ? pattern.length : end
}

function count(pattern: string, claim: (sign: string) => boolean): number {
  let total = 0
  for (const sign of pattern) if (claim(sign)) total += 1
  return total
}

const isStar = (sign: string): boolean => sign === '*'
const isOne = (sign: string): boolean => sign === '?'
const isLiteral = (sign: string): boolean => sign !== '*' && sign !== '?'
