/** Says whether a URI may have been made from a template; without a regular expression, which a server could turn into a trap. */

/** Beyond it nobody is matched: both texts come from outside. */
const MAX_CHARACTERS = 2048

/**
 * Matches one URI against a template of RFC 6570: each `{expression}` stands for any characters, also none; a simple one not for `/`.
 * Wide on purpose: it finds the server to ask, which then judges for itself.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6570
 */
export function matchesTemplate(template: string, uri: string): boolean {
  if (template.length > MAX_CHARACTERS || uri.length > MAX_CHARACTERS) return false
  const pieces = readPieces(template)
  if (pieces === undefined) return false
  const { first, holes } = pieces
  if (!uri.startsWith(first)) return false
  // Ends of what is matched so far; a set, so that the work is bounded by both lengths however many holes there are.
  let ends = new Set([first.length])
  for (const { mayCrossSlash, literal } of holes) {
    ends = passHole(uri, Math.min(...ends), ends, mayCrossSlash, literal)
    if (ends.size === 0) return false
  }
  return ends.has(uri.length)
}

interface Hole {
  readonly mayCrossSlash: boolean
  /** What stands between it and the next. */
  readonly literal: string
}

/** Operators after which a value may hold a `/`. */
const RESERVED = new Set(['+', '#', '/', '?', '&', ';', '.'])

function readPieces(template: string): { readonly first: string; readonly holes: readonly Hole[] } | undefined {
  const [first = '', ...rest] = template.split('{')
  const holes: Hole[] = []
  for (const piece of rest) {
    const close = piece.indexOf('}')
    if (close < 1) return undefined
    const mayCrossSlash = RESERVED.has(piece[0] ?? '') || piece[close - 1] === '*'
    holes.push({ mayCrossSlash, literal: piece.slice(close + 1) })
  }
  return { first, holes }
}

function passHole(uri: string, from: number, starts: ReadonlySet<number>, mayCrossSlash: boolean, literal: string) {
  const ends = new Set<number>()
  let reachable = false
  for (let at = from; at <= uri.length; at += 1) {
    if (!mayCrossSlash && uri[at - 1] === '/' && at > from) reachable = false
    reachable ||= starts.has(at)
    if (reachable && uri.startsWith(literal, at)) ends.add(at + literal.length)
  }
  return ends
}
