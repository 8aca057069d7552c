/** How old the lists of a server elsewhere may be before they are read anew: it tells nobody of changes while nobody is connected. */
import type { Catalogue } from '../upstream/connection.ts'

/** Of a server that does not say it. */
const DEFAULT_MS = 5 * 60_000

/** Of one that wants nothing kept: lists are asked for often, and one that is this old serves while the next one comes. */
const LEAST_MS = 30_000

/** @returns milliseconds; what the server said of its lists, the shortest (M33). */
export function maxAgeOf({ caching = {} }: Catalogue): number {
  const said = Object.values(caching).map(({ ttlMs }) => ttlMs)
  return said.length === 0 ? DEFAULT_MS : Math.max(LEAST_MS, Math.min(...said))
}
