/** Takes out of a stream what was put into texts to keep them from being taken for calls. */
import type { PartDelta, StreamEvent } from '../../../protocols/ir/event.ts'
import { createMender, type Mender } from './guard-text.ts'

/** @returns what stands before `emit`; linear, and without a break in a text it holds back one character at most. */
export function mendEvents(emit: (event: StreamEvent) => void): (event: StreamEvent) => void {
  const open = new Map<string, Pending>()

  function flush(key: string): void {
    const pending = open.get(key)
    open.delete(key)
    const rest = pending?.mender.end() ?? ''
    if (pending !== undefined && rest !== '') {
      emit({ type: 'part-delta', part: pending.part, choice: pending.choice, delta: { [pending.member]: rest } })
    }
  }

  return (event) => {
    if (event.type === 'finish' || event.type === 'error') for (const key of [...open.keys()]) flush(key)
    if (event.type === 'part-end') flush(`${event.choice}/${event.part}`)
    if (event.type !== 'part-delta') {
      emit(event)
      return
    }
    const { part, choice, delta } = event
    const member = delta.arguments === undefined ? 'text' : 'arguments'
    const piece = delta[member]
    if (piece === undefined) {
      emit(event)
      return
    }
    const key = `${choice}/${part}`
    const pending = open.get(key) ?? { part, choice, member, mender: createMender() }
    open.set(key, pending)
    const mended = pending.mender.push(piece)
    const { [member]: _, ...others } = delta
    const rest: PartDelta = mended === '' ? others : { ...others, [member]: mended }
    if (Object.keys(rest).length > 0) emit({ ...event, delta: rest })
  }
}

interface Pending {
  readonly part: number
  readonly choice: number
  readonly member: 'text' | 'arguments'
  readonly mender: Mender
}
