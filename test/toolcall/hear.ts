/** Feeds a listener and keeps what it says, piece by piece. */
import type { StreamEvent } from '../../protocols/ir/event.ts'
import type { FinishReason } from '../../protocols/ir/finish.ts'
import { createListener } from '../../src/compat/listen.ts'
import type { Listener, ListenerOptions } from '../../src/compat/listener.ts'

export interface Heard {
  readonly events: readonly StreamEvent[]
  readonly listener: Listener
  /** All text parts, joined. */
  readonly text: string
  readonly reasoning: string
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[]
  /** How much text was out after each chunk. */
  readonly textAfter: readonly number[]
}

export function hear(options: ListenerOptions, chunks: readonly string[], reason: FinishReason = 'stop'): Heard {
  const events: StreamEvent[] = []
  const listener = createListener(options, (event) => events.push(event))
  const textAfter: number[] = []
  listener.push({ type: 'part-start', part: 0, choice: 0, head: { type: 'text' } })
  for (const text of chunks) {
    listener.push({ type: 'part-delta', part: 0, choice: 0, delta: { text } })
    textAfter.push(joinText(events, 'text').length)
  }
  listener.push({ type: 'finish', finishes: [{ choice: 0, reason }] })
  return {
    events,
    listener,
    textAfter,
    text: joinText(events, 'text'),
    reasoning: joinText(events, 'reasoning'),
    calls: events.flatMap((event) =>
      event.type === 'part-start' && event.head.type === 'tool-call'
        ? [{ id: event.head.id, name: event.head.name, arguments: joinArguments(events, event.part) }]
        : [],
    ),
  }
}

function joinText(events: readonly StreamEvent[], type: 'text' | 'reasoning'): string {
  const parts = new Set(
    events.flatMap((event) => (event.type === 'part-start' && event.head.type === type ? [event.part] : [])),
  )
  return events
    .map((event) => (event.type === 'part-delta' && parts.has(event.part) ? (event.delta.text ?? '') : ''))
    .join('')
}

function joinArguments(events: readonly StreamEvent[], part: number): string {
  return events
    .map((event) => (event.type === 'part-delta' && event.part === part ? (event.delta.arguments ?? '') : ''))
    .join('')
}
