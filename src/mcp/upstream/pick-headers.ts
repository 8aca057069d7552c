/** Which headers of a client a server is told: those that its configuration names, and no others (M88). */
import type { ClientHeaders } from './connection.ts'

/** @param names in lower case, in the order in which they come out. */
export function pickHeaders(names: readonly string[], given: ClientHeaders): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined
      return value === undefined ? [] : [[name, [value].flat().join(', ')]]
    }),
  )
}
