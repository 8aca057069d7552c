/** Keeps account of which calls of the turn before have their result, for wires that want each answered at once (trap 68). */
import type { ReportLoss } from './loss.ts'
import type { Message } from './message.ts'
import type { ToolCallPart } from './part.ts'

/** What a result is to the calls of the turn before. */
export type Answer = 'first' | 'again' | 'orphan'

export interface OpenCalls {
  /** A turn of the assistant. @param path of the message. */
  begin(message: Message, path: string): void
  /** A result comes; `again` and `orphan` are reported. @param path of the result. */
  answer(callId: string, path: string): Answer
  /** The calls that nobody answered, each reported; from now on none is open. */
  close(): readonly ToolCallPart[]
}

/** The result of a call that has none. */
export const INTERRUPTED = 'The call was interrupted; there is no result.'

/** Stands before a result whose call is gone. */
export const ORPHANED = 'Result of an earlier tool call:'

export function createOpenCalls(report: ReportLoss): OpenCalls {
  const calls = new Map<string, { readonly part: ToolCallPart; readonly path: string; answered: boolean }>()
  return {
    begin({ parts }, path) {
      calls.clear()
      for (const [index, part] of parts.entries()) {
        if (part.type === 'tool-call') calls.set(part.id, { part, path: `${path}.parts.${index}`, answered: false })
      }
    },
    answer(callId, path) {
      const call = calls.get(callId)
      if (call === undefined) {
        report(path, 'the call of this result is not in the turn before; it is sent as text', 'changed')
        return 'orphan'
      }
      if (call.answered) {
        report(path, 'the call has its result already')
        return 'again'
      }
      call.answered = true
      return 'first'
    },
    close() {
      const open = [...calls.values()].filter(({ answered }) => !answered)
      for (const { path } of open) report(path, 'no result follows this call; it is told as interrupted', 'changed')
      calls.clear()
      return open.map(({ part }) => part)
    },
  }
}
