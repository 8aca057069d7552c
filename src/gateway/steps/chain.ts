/** Several reasons to go on, as one. */
import type { Continuation } from './continuation.ts'

/** The first that has something to ask is heard. @returns nothing where there is no reason at all. */
export function chainContinuations(reasons: readonly Continuation[]): Continuation | undefined {
  const [first, ...others] = reasons
  if (first === undefined || others.length === 0) return first
  return {
    hides: (name) => reasons.some((reason) => reason.hides(name)),
    async next(step, signal) {
      for (const reason of reasons) {
        const next = await reason.next(step, signal)
        if (next !== undefined) return next
      }
      return undefined
    },
  }
}
