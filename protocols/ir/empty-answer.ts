/** An answer of nothing is a failure of the back end, plain or streamed: another one may do better. */
import type { ApiError } from './error.ts'
import type { ChatResponse } from './response.ts'

export const EMPTY_ANSWER: ApiError = {
  kind: 'upstream-failed',
  message: 'The provider answered with nothing: no text, no tool call and no reason.',
  source: 'provider',
}

/**
 * Whether a whole answer says nothing and has no reason for it.
 * A model may end its turn without a word after a tool result: then it has counted what it wrote.
 */
export function saysNothing({ choices, usage }: ChatResponse): boolean {
  if ((usage?.outputTokens ?? 0) > 0) return false
  return choices.every(({ parts, finish }) => parts.length === 0 && finish.reason === 'stop')
}
