/** One call to a target, as it is planned. */
import type { Codec } from '../../protocols/codec.ts'
import type { CalledTools } from '../../protocols/ir/called-tools.ts'
import type { Loss } from '../../protocols/ir/loss.ts'
import type { ChatRequest } from '../../protocols/ir/request.ts'
import type { Target } from '../providers/target.ts'
import type { UpstreamCall } from '../upstream/upstream.ts'
import type { Road } from './exchange.ts'
import type { OpenListening } from './listening.ts'
import type { Continuation } from './steps/continuation.ts'

export interface Plan {
  readonly target: Target
  /** The target's protocol. */
  readonly codec: Codec
  readonly road: Road
  readonly call: UpstreamCall
  /** Whose thoughts are remembered together; absent for a relay. */
  readonly scope?: string
  /** The request from which the call was written; absent for a relay. */
  readonly request?: ChatRequest
  /** Tools that the target knows by another name or form. */
  readonly called?: CalledTools
  /** Calls come as text. */
  readonly listen?: OpenListening
  /** The model is asked again before the client has its answer, if there is reason to. */
  readonly goesOn?: GoesOn
  /** The model was given tools in its protocol's way; it may say that it cannot have them. */
  readonly offersTools: boolean
  /** What the target is not told of the request. */
  readonly losses: readonly Loss[]
}

/** How a plan is gone on from. */
export interface GoesOn {
  readonly continuation: Continuation
  /** The same target is asked this. */
  plan(request: ChatRequest): Plan
}
