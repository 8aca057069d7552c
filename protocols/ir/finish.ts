/** Why a model stopped. */

/** `pause`: the back end wants the turn sent back to go on with it. */
export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'refusal' | 'pause' | 'error'

/** The end of one candidate answer. */
export interface Finish {
  readonly reason: FinishReason
  /** The text that stopped it, when a stop sequence of the request did. */
  readonly stopSequence?: string
  /** The protocol's own word, when it says more than `reason`. */
  readonly original?: { readonly protocol: string; readonly value: string }
}
