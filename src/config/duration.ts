/** Durations as Go writes them, which is how the configuration file has them. */

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  // The micro sign and the Greek letter look the same and both occur.
  '\u00b5s': 1e-3,
  '\u03bcs': 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

const PIECE = /(\d+(?:\.\d*)?|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/y

/** The longest that a timer of Node can wait; beyond it fires at once. */
const MAX_MS = 2 ** 31 - 1

/**
 * Reads `30s`, `1h30m`, `1.5s`, `100ms` or `0`.
 *
 * @returns milliseconds, also fractions of one.
 * @throws Error in the words of a sentence that begins with the field, for anything else, for what is negative and for more than 24 days.
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseDuration(text: string): number {
  if (text === '0') return 0
  let total = 0
  let at = 0
  while (at < text.length) {
    PIECE.lastIndex = at
    const piece = PIECE.exec(text)
    const unit = UNIT_MS[piece?.[2] ?? '']
    if (piece === null || unit === undefined) throw new Error(EXPECTED)
    total += Number(piece[1]) * unit
    at = PIECE.lastIndex
  }
  if (text === '') throw new Error(EXPECTED)
  if (total > MAX_MS) throw new Error('must not be longer than 24 days')
  return total
}

const EXPECTED = 'must be a duration such as "30s", "1h30m" or "100ms"'
