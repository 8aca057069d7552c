/** Log probabilities of a text that may turn out to be a call: they are told where all that they belong to is text, or not at all. */
import type { Logprobs } from '../../protocols/ir/logprobs.ts'

export interface TokenOdds {
  /** These belong to what came since the last ones. */
  add(odds: Logprobs): void
  /**
   * Of all that came it is known what it is.
   *
   * @param heard units that came in all. @param said those of them that are text for the client.
   */
  settle(heard: number, said: number): void
}

/**
 * @param tell hears those whose text was said as it came.
 * @param lose hears that some were those of calls.
 */
export function createTokenOdds(tell: (odds: Logprobs) => void, lose: () => void): TokenOdds {
  let waiting: Logprobs[] = []
  let before = 0
  return {
    add(odds) {
      waiting.push(odds)
    },
    settle(heard, said) {
      if (waiting.length === 0) return
      // What is said is a part of what was heard, in its order: where nothing else has come it is the same.
      const other = heard - said
      const isText = other === before
      before = other
      const settled = waiting
      waiting = []
      if (isText) for (const odds of settled) tell(odds)
      else lose()
    },
  }
}
