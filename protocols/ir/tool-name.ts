/** Names of tools, as far as a protocol takes them (trap 51). */
import { digest } from './digest.ts'

export interface NameRules {
  /** Each character that a name may not have where it stands: global, unicode. */
  readonly foreign: RegExp
  /** In characters. */
  readonly longest: number
}

/** What most APIs take. Some take longer names by now, but not all of their copies. */
export const NARROW_NAMES: NameRules = { foreign: /[^a-zA-Z0-9_-]/gu, longest: 64 }

/** Digits of the digest that tells a shortened name from others. */
const MARK_LENGTH = 8

/**
 * A name that the protocol takes: the name itself where it does. Else each foreign character becomes its code point (`.` is
 * `_u2e_`), and a name that is too long or taken is cut and marked with its digest.
 *
 * It depends on nothing but the name, as long as nothing is taken: so a prompt that grows keeps its beginning.
 */
export function fitToolName(name: string, rules: NameRules, isTaken: (name: string) => boolean): string {
  const escaped = name.replace(rules.foreign, escapeCharacter)
  if (escaped.length <= rules.longest && !isTaken(escaped)) return escaped
  const kept = escaped.slice(0, rules.longest - MARK_LENGTH - 1)
  for (let seed = name; ; seed += ' ') {
    const marked = `${kept}_${digest(seed).slice(0, MARK_LENGTH)}`
    if (!isTaken(marked)) return marked
  }
}

function escapeCharacter(character: string): string {
  return `_u${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}_`
}
