/** When a server that did not start may be tried again (M79). In memory only: what failed yesterday is no reason to fail today. */
import type { Clock } from './clock.ts'

export type Admission =
  | { readonly admitted: true; readonly waitMs: number }
  /** Too many failures in a row. */
  | { readonly admitted: false; readonly retryInMs: number }

export interface StartBreaker {
  admit(): Admission
  succeeded(): void
  failed(): void
  /** A changed configuration or a person who starts it begins anew. */
  reset(): void
  /** Failures in a row. */
  readonly failures: number
}

const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 60_000
const OPENS_AFTER = 5
const OPEN_MS = 60_000
/** So that many servers that died together do not all come back together. */
const JITTER = 0.2

/** @param random at least 0, below 1. */
export function createStartBreaker(clock: Clock, random: () => number): StartBreaker {
  let failures = 0
  let mayStartAt = Number.NEGATIVE_INFINITY
  let isTrying = false

  return {
    admit() {
      const waitMs = Math.max(0, mayStartAt - clock.now())
      if (failures < OPENS_AFTER) return { admitted: true, waitMs }
      // Half open: one tries, the others hear of the failure before.
      if (waitMs > 0 || isTrying) return { admitted: false, retryInMs: Math.max(waitMs, FIRST_WAIT_MS) }
      isTrying = true
      return { admitted: true, waitMs: 0 }
    },
    succeeded() {
      failures = 0
      isTrying = false
      mayStartAt = Number.NEGATIVE_INFINITY
    },
    failed() {
      failures += 1
      isTrying = false
      const pauseMs = failures >= OPENS_AFTER ? OPEN_MS : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1))
      mayStartAt = clock.now() + pauseMs * (1 + JITTER * random())
    },
    reset() {
      this.succeeded()
    },
    get failures() {
      return failures
    },
  }
}
