/** Notices what other processes write into the registry. */
import type { Database } from 'better-sqlite3'

/** Does something again and again. @returns a function that ends it. */
export type Every = (intervalMs: number, work: () => void) => () => void

/** Half the second within which another process's change is to be seen. */
const INTERVAL_MS = 500

/**
 * Looks regularly; where nobody has written, that costs one look at shared memory. What this connection writes itself is
 * not told, and neither is what others write beside the registry.
 *
 * @param revision of the registry.
 * @returns a function that ends the watching.
 */
export function watchOthers(
  database: Database,
  revision: () => number,
  onChange: () => void,
  every: Every = everyInterval,
): () => void {
  let version = readVersion(database)
  let seen = revision()
  return every(INTERVAL_MS, () => {
    try {
      const now = readVersion(database)
      if (now === version) return
      const current = revision()
      version = now
      if (current === seen) return
      seen = current
    } catch {
      // Somebody holds the lock: the next look will tell.
      return
    }
    onChange()
  })
}

/** @see https://www.sqlite.org/pragma.html#pragma_data_version */
function readVersion(database: Database): number {
  return Number(database.pragma('data_version', { simple: true }))
}

function everyInterval(intervalMs: number, work: () => void): () => void {
  const timer = setInterval(work, intervalMs)
  timer.unref()
  return () => clearInterval(timer)
}
