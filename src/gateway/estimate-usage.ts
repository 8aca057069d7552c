/** Counts what a back end did not count: clients that bill, compact or show by tokens are told an estimate, not nothing. */
import type { StreamEvent } from '../../protocols/ir/event.ts'
import type { Part } from '../../protocols/ir/part.ts'
import type { ChatResponse } from '../../protocols/ir/response.ts'
import type { Usage } from '../../protocols/ir/usage.ts'

const CHARACTERS_PER_TOKEN = 4

/** The answer with counters, estimated where it has none: text, thoughts and arguments count (lesson 48). */
export function estimateUsage(response: ChatResponse, inputTokens: number): ChatResponse {
  if (response.usage?.outputTokens !== undefined) return response
  let characters = 0
  for (const { parts } of response.choices) for (const part of parts) characters += lengthOf(part)
  return { ...response, usage: completeUsage(response.usage, inputTokens, characters) }
}

/**
 * Stands before an encoder: where the back end ends without counters of its own, they are told before the end.
 *
 * @param emit what it returns is returned.
 */
export function createUsageEstimator<Result>(
  inputTokens: number,
  emit: (event: StreamEvent) => Result,
): (event: StreamEvent) => Result {
  let characters = 0
  let isCounted = false
  return (event) => {
    if (event.type === 'part-delta') {
      characters += (event.delta.text?.length ?? 0) + (event.delta.arguments?.length ?? 0)
    } else if (event.type === 'usage') {
      isCounted = true
      if (event.usage.outputTokens === undefined) {
        return emit({ type: 'usage', usage: completeUsage(event.usage, inputTokens, characters) })
      }
    } else if (event.type === 'finish' && !isCounted) {
      emit({ type: 'usage', usage: completeUsage(undefined, inputTokens, characters) })
    }
    return emit(event)
  }
}

function completeUsage(told: Usage | undefined, inputTokens: number, characters: number): Usage {
  return { inputTokens, outputTokens: Math.ceil(characters / CHARACTERS_PER_TOKEN), ...told, estimated: true }
}

function lengthOf(part: Part): number {
  if (part.type === 'text' || part.type === 'reasoning' || part.type === 'refusal') return part.text.length
  return part.type === 'tool-call' ? part.arguments.length : 0
}
