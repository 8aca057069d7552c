/** Bounds how much the gateway repeats by itself, so that a provider in trouble is not buried under repetitions. */

/** Of all requests, so many may cause one call more (F52). */
const SHARE = 0.2

/** What a quiet gateway may spend at once. */
const MOST = 10

export interface RetryBudget {
  /** A request came in. */
  earn(): void
  /** @returns whether one more call may be made. */
  spend(): boolean
}

export function createRetryBudget(): RetryBudget {
  let left = MOST
  return {
    earn() {
      left = Math.min(MOST, left + SHARE)
    },
    spend() {
      if (left < 1) return false
      left -= 1
      return true
    },
  }
}
