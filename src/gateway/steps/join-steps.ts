/** Joins the answers that a model gives one after the other, until its client has one. */
import type { ApiError } from '../../../protocols/ir/error.ts'
import type {
  FinishEvent,
  PartDeltaEvent,
  PartEndEvent,
  PartStartEvent,
  StreamEvent,
} from '../../../protocols/ir/event.ts'
import type { Usage } from '../../../protocols/ir/usage.ts'
import { addUsage } from './add-usage.ts'

export interface StepJoiner {
  /** Takes a legal event of the present answer. Returns what hearing it returned, or true where nobody hears it. */
  push(event: StreamEvent): boolean
  /** The last answer was the last: tells how it all ended. */
  end(): void
  fail(error: ApiError): void
}

/** What an answer says goes on below what the answer before has said. */
const GAP = '\n\n'

/**
 * One start, parts numbered through, counters added up, one end.
 *
 * @param hides names of tools whose calls the client never sees.
 */
export function joinSteps(take: (event: StreamEvent) => boolean, hides: (name: string) => boolean): StepJoiner {
  const choices = new Map<number, JoinedChoice>()
  let isStarted = false
  let usage: Usage | undefined
  let finish: FinishEvent | undefined

  function choiceOf(index: number): JoinedChoice {
    const known = choices.get(index)
    if (known !== undefined) return known
    const fresh: JoinedChoice = { next: 0, hidden: false, calls: 0, saidBefore: false, says: false, gap: false }
    choices.set(index, fresh)
    return fresh
  }

  function pushPart(event: PartStartEvent | PartDeltaEvent | PartEndEvent): boolean {
    const choice = choiceOf(event.choice)
    if (event.type === 'part-start') {
      const { head } = event
      choice.hidden = head.type === 'tool-call' && hides(head.name)
      if (choice.hidden) return true
      if (head.type === 'tool-call') choice.calls += 1
      choice.gap = head.type === 'text' && choice.saidBefore
      if (head.type === 'text') choice.says = true
      choice.next += 1
    }
    if (choice.hidden) return true
    const part = choice.next - 1
    if (event.type === 'part-delta' && choice.gap && event.delta.text !== undefined) {
      choice.gap = false
      choice.saidBefore = false
      return take({ ...event, part, delta: { ...event.delta, text: GAP + event.delta.text } })
    }
    return take({ ...event, part })
  }

  return {
    push(event) {
      if (event.type === 'start') {
        for (const choice of choices.values()) choice.saidBefore = choice.says
        if (isStarted) return true
        isStarted = true
        return take(event)
      }
      if (event.type === 'usage') usage = addUsage(usage, event.usage)
      else if (event.type === 'finish') finish = event
      else if (event.type === 'error') return take(event)
      else return pushPart(event)
      return true
    },
    end() {
      if (usage !== undefined) take({ type: 'usage', usage })
      const finishes = (finish?.finishes ?? []).map((one) => {
        if (one.reason !== 'tool-calls' && one.reason !== 'stop') return one
        // Calls that nobody sees are none to wait for.
        return { ...one, reason: choiceOf(one.choice).calls === 0 ? ('stop' as const) : ('tool-calls' as const) }
      })
      take({ ...finish, type: 'finish', finishes })
    },
    fail(error) {
      take({ type: 'error', error })
    },
  }
}

interface JoinedChoice {
  /** Number of the next part. */
  next: number
  /** The open part is one that the client does not see. */
  hidden: boolean
  /** Calls that the client has seen. */
  calls: number
  /** Whether an answer before this one, and whether this one, has said something. */
  saidBefore: boolean
  says: boolean
  /** The open part needs a gap before its first piece. */
  gap: boolean
}
