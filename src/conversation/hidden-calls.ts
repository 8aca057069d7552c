/**
 * Keeps calls that the gateway ran beside calls of its client: the client answers its own and never knew of the others, so they
 * are put back into the turn before the model sees it again.
 */
import { LRUCache } from 'lru-cache'
import type { Message } from '../../protocols/ir/message.ts'
import type { Part, ToolCallPart, ToolResultPart } from '../../protocols/ir/part.ts'
import type { ChatRequest } from '../../protocols/ir/request.ts'

export interface HiddenCalls {
  /**
   * @param scope of the conversation: turns of another are never mixed in.
   * @param parts the whole turn as the model said it.
   */
  remember(
    scope: string,
    parts: readonly Part[],
    ran: readonly ToolCallPart[],
    results: readonly ToolResultPart[],
  ): void
  /** @returns the same request when nothing is to be put back. */
  restore(scope: string, request: ChatRequest): ChatRequest
}

interface Turn {
  readonly parts: readonly Part[]
  readonly results: readonly ToolResultPart[]
}

const TURNS = 2000
const TTL_MS = 24 * 60 * 60_000

export function createHiddenCalls(): HiddenCalls {
  const turns = new LRUCache<string, Turn>({ max: TURNS, ttl: TTL_MS })
  return {
    remember(scope, parts, ran, results) {
      const seen = parts.find((part) => part.type === 'tool-call' && !ran.includes(part))
      if (seen?.type === 'tool-call') turns.set(keyOf(scope, seen.id), { parts, results })
    },
    restore(scope, request) {
      if (turns.size === 0) return request
      const messages = restoreTurns(request.messages, (id) => turns.get(keyOf(scope, id)))
      return messages === undefined ? request : { ...request, messages }
    },
  }
}

function keyOf(scope: string, callId: string): string {
  return `${callId}\0${scope}`
}

function restoreTurns(
  messages: readonly Message[],
  find: (callId: string) => Turn | undefined,
): readonly Message[] | undefined {
  let isChanged = false
  const restored = messages.flatMap((message): readonly Message[] => {
    if (message.role !== 'assistant') return [message]
    const call = message.parts.find((part) => part.type === 'tool-call')
    const turn = call?.type === 'tool-call' ? find(call.id) : undefined
    if (turn === undefined) return [message]
    isChanged = true
    return [
      { ...message, parts: turn.parts },
      { role: 'tool', parts: turn.results },
    ]
  })
  return isChanged ? restored : undefined
}
