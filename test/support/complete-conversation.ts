/** A piece of a conversation, made one in which each call has its result, so that an encoder has nothing to repair. */
import type { Message } from '../../protocols/ir/message.ts'

export interface CompleteConversation {
  readonly messages: readonly Message[]
  /** Calls of the turn that was put in front, and results that were put behind. */
  readonly calls: number
  readonly results: number
}

export function completeConversation(piece: readonly Message[]): CompleteConversation {
  const first = piece.findIndex(({ role }) => role === 'assistant')
  const lead = first < 0 ? piece : piece.slice(0, first)
  const tail = piece.slice(
    Math.max(
      0,
      piece.findLastIndex(({ role }) => role === 'assistant'),
    ),
  )
  const calls = new Set(
    lead.flatMap(({ parts }) => parts.flatMap((one) => (one.type === 'tool-result' ? [one.callId] : []))),
  )
  const open = new Set(tail.flatMap(({ parts }) => parts.flatMap((one) => (one.type === 'tool-call' ? [one.id] : []))))
  for (const { parts } of tail) for (const one of parts) if (one.type === 'tool-result') open.delete(one.callId)
  const asked: Message[] =
    calls.size === 0
      ? []
      : [{ role: 'assistant', parts: [...calls].map((id) => ({ type: 'tool-call', id, name: 'f', arguments: '{}' })) }]
  const answered = [...open].map(
    (callId): Message => ({ role: 'tool', parts: [{ type: 'tool-result', callId, content: [] }] }),
  )
  return { messages: [...asked, ...piece, ...answered], calls: calls.size, results: open.size }
}
