/** What decides whether a model is asked again before its client has the answer. */
import type { ReportLoss } from '../../../protocols/ir/loss.ts'
import type { ChatRequest } from '../../../protocols/ir/request.ts'
import type { ChatResponse } from '../../../protocols/ir/response.ts'
import type { InvalidCall } from '../../compat/listener.ts'

/** One answer, heard to its end. */
export interface Step {
  /** What was asked. */
  readonly request: ChatRequest
  readonly response: ChatResponse
  readonly invalidCalls: readonly InvalidCall[]
  /** Counted from 1. */
  readonly number: number
  /** Takes note of what the client does not see. */
  readonly report: ReportLoss
}

export interface Continuation {
  /** Whether calls of this tool are run here: the client never sees them. */
  hides(name: string): boolean
  /**
   * @returns what to ask next; nothing: the client has its answer.
   * @throws ApiFailure where it cannot go on.
   */
  next(step: Step, signal: AbortSignal): Promise<ChatRequest | undefined>
}
