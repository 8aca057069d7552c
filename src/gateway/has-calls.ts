/** Whether a conversation has called tools: that has to be told in words, too, when tools are. */
import type { ChatRequest } from '../../protocols/ir/request.ts'

export function hasCalls({ messages }: ChatRequest): boolean {
  return messages.some(({ parts }) => parts.some(({ type }) => type === 'tool-call' || type === 'tool-result'))
}
