/** What a model answered, whole. */

import type { Extra } from './extra.ts'
import type { Finish } from './finish.ts'
import type { Logprobs } from './logprobs.ts'
import type { Part } from './part.ts'
import type { Usage } from './usage.ts'

/** One candidate answer; most protocols know only one. */
export interface Choice {
  readonly index: number
  readonly parts: readonly Part[]
  readonly finish: Finish
  readonly logprobs?: Logprobs
  readonly extra?: Extra
}

export interface ChatResponse {
  /** As the back end named it; empty when it did not. */
  readonly id: string
  /** The model that the back end says has answered; empty when it did not. */
  readonly model: string
  /** Unix time in seconds. */
  readonly createdAt?: number
  /** In the order of their index. */
  readonly choices: readonly Choice[]
  readonly usage?: Usage
  readonly serviceTier?: string
  readonly extra?: Extra
  /** What the back end repeated of the request: it goes back to the same protocol, and nobody else misses it. */
  readonly echo?: Extra
}
