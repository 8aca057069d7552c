/** Puts the parts of one candidate answer in a line: one open at a time, the others wait, nothing is lost. */
import { type ArgumentsTracker, createArgumentsTracker } from './arguments.ts'
import type { PartDelta, PartHead, StreamEvent } from './event.ts'
import type { ReportLoss } from './loss.ts'

export interface ChoiceLineContext {
  readonly choice: number
  readonly emit: (event: StreamEvent) => void
  readonly report: ReportLoss
  /** A fresh id for a call that the back end did not name. */
  readonly nextCallId: () => string
}

export interface ChoiceLine {
  start(part: number, head: PartHead): void
  delta(part: number, delta: PartDelta): void
  end(part: number): void
  /** Ends all parts in order. @param cut the answer met its length limit, so that a half call is no surprise. */
  close(cut: boolean): void
  /** Ends the open part only: the answer broke off. */
  abandon(): void
  readonly sawCall: boolean
  /** No part was ever handed out. */
  readonly empty: boolean
  /** Name of a call whose arguments break off. */
  readonly brokenCall: string | undefined
}

/** A part on its way through the line. */
interface Place {
  head: PartHead
  /** Its number behind the grammar, once it is handed out. */
  index: number | undefined
  /** What came while it waited. */
  waiting: PartDelta[]
  /** The decoder has said that it is over. */
  over: boolean
  closed: boolean
  readonly arguments: ArgumentsTracker | undefined
}

export function createChoiceLine(context: ChoiceLineContext): ChoiceLine {
  const { choice, emit, report } = context
  const places = new Map<number, Place>()
  const queue: Place[] = []
  let open: Place | undefined
  let nextIndex = 0
  let sawCall = false
  let brokenCall: string | undefined
  // The answer met its length limit, so that a half call is no surprise.
  let cutShort = false

  function handOut(place: Place): void {
    place.index = nextIndex++
    if (place.head.type === 'tool-call') {
      sawCall = true
      if (place.head.id === '') place.head = { ...place.head, id: context.nextCallId() }
    }
    emit({ type: 'part-start', part: place.index, choice, head: place.head })
    for (const delta of place.waiting) emitDelta(place, delta)
    place.waiting = []
  }

  function emitDelta(place: Place, delta: PartDelta): void {
    if (place.index === undefined) return
    if (delta.arguments !== undefined) place.arguments?.push(delta.arguments)
    emit({ type: 'part-delta', part: place.index, choice, delta })
  }

  /**
   * A call is handed out when its name is known; its id may still come until the first piece of its arguments.
   * Running text is handed out with its first piece: an empty text says nothing, and replayed it is refused by some.
   */
  function isReady(place: Place): boolean {
    const head = place.head
    if (head.type === 'whole') return true
    if (head.type !== 'tool-call') {
      return place.waiting.length > 0 || (head.type === 'reasoning' && head.encrypted !== undefined)
    }
    if (head.name === '') return false
    return head.id !== '' || place.over || place.waiting.some((delta) => delta.arguments !== undefined)
  }

  function closeOpen(): void {
    const place = open
    if (place === undefined) return
    open = undefined
    place.closed = true
    place.over = true
    if (place.index === undefined) {
      if (isReady(place)) handOut(place)
      else if (place.head.type === 'tool-call') reportNameless(place)
    }
    if (place.index === undefined) return
    finishArguments(place)
    emit({ type: 'part-end', part: place.index, choice })
  }

  function finishArguments(place: Place): void {
    if (place.head.type !== 'tool-call' || place.head.freeform === true || place.arguments === undefined) return
    if (place.arguments.empty && !cutShort) emitDelta(place, { arguments: '{}' })
    else if (place.arguments.truncated && !cutShort) brokenCall ??= place.head.name
  }

  function reportNameless(place: Place): void {
    const size = place.waiting.reduce((sum, delta) => sum + (delta.arguments?.length ?? 0), 0)
    report(`choices.${choice}.parts.${nextIndex}`, `a tool call without a name, with ${size} characters of arguments`)
  }

  /** Opens the next in line as long as the one in front of it is over. */
  function advance(): void {
    while (open === undefined) {
      const next = queue.shift()
      if (next === undefined) return
      open = next
      if (isReady(next)) handOut(next)
      if (next.over || (queue.length > 0 && mayYield(next))) closeOpen()
    }
  }

  function enqueue(part: number, head: PartHead): void {
    const place: Place = {
      head,
      index: undefined,
      waiting: [],
      over: head.type === 'whole',
      closed: false,
      arguments: head.type === 'tool-call' ? createArgumentsTracker() : undefined,
    }
    places.set(part, place)
    queue.push(place)
    // Back ends do not say when a part is over. Running text is when something else begins; a call when its JSON is whole.
    if (open !== undefined && mayYield(open)) closeOpen()
    advance()
  }

  return {
    start(part, head) {
      const known = places.get(part)
      if (known === undefined || known.closed) enqueue(part, head)
      else fillHead(known, head)
    },
    delta(part, delta) {
      let place = places.get(part)
      if (place === undefined) {
        report(`choices.${choice}.parts.${part}`, 'a piece of a part that never began')
        return
      }
      if (place.closed) {
        if (!continues(place.head, delta)) {
          reportLate(place, delta, choice, report)
          return
        }
        enqueue(part, place.head)
        place = places.get(part) ?? place
      }
      if (place.head.type === 'tool-call')
        fillHead(place, { ...place.head, id: delta.id ?? '', name: delta.name ?? '' })
      const kept = keepFitting(place.head, delta)
      if (place.index === undefined) {
        if (kept !== undefined) place.waiting.push(kept)
        if (open === place && isReady(place)) handOut(place)
      } else if (kept !== undefined) emitDelta(place, kept)
      if (open === place && queue.length > 0 && mayYield(place)) {
        closeOpen()
        advance()
      }
    },
    end(part) {
      const place = places.get(part)
      if (place === undefined || place.closed) return
      place.over = true
      if (open === place) {
        closeOpen()
        advance()
      }
    },
    close(cut) {
      cutShort = cut
      while (open !== undefined || queue.length > 0) {
        for (const place of queue) place.over = true
        closeOpen()
        advance()
      }
    },
    abandon() {
      if (open?.index !== undefined) emit({ type: 'part-end', part: open.index, choice })
      open = undefined
    },
    get sawCall() {
      return sawCall
    },
    get empty() {
      return nextIndex === 0
    },
    get brokenCall() {
      return brokenCall
    },
  }
}

/** Whether an open part may be closed because another begins. */
function mayYield(place: Place): boolean {
  if (place.head.type !== 'tool-call') return true
  return place.index !== undefined && place.head.freeform !== true && (place.arguments?.complete ?? false)
}

/** Takes an id or a name that came later than the start; the first one that is not empty counts. */
function fillHead(place: Place, head: PartHead): void {
  if (place.head.type !== 'tool-call' || head.type !== 'tool-call' || place.index !== undefined) return
  place.head = {
    ...place.head,
    id: place.head.id === '' ? head.id : place.head.id,
    name: place.head.name === '' ? head.name : place.head.name,
  }
}

/** Whether a piece for a part that is closed goes on with it, as a part of its own. */
function continues(head: PartHead, delta: PartDelta): boolean {
  return (head.type === 'text' || head.type === 'reasoning' || head.type === 'refusal') && (delta.text ?? '') !== ''
}

function reportLate(place: Place, delta: PartDelta, choice: number, report: ReportLoss): void {
  if ((delta.arguments ?? '').trim() === '' && delta.signature === undefined && delta.encrypted === undefined) return
  report(`choices.${choice}.parts.${place.index ?? 0}`, 'more of a part came after its end')
}

/** The members of a piece that its kind of part can have; nothing when none is left. */
function keepFitting(head: PartHead, delta: PartDelta): PartDelta | undefined {
  if (head.type === 'whole') return undefined
  if (isPlainText(head, delta)) return delta
  const { id: _id, name: _name, arguments: args, text, ...rest } = delta
  const takesText = head.type !== 'tool-call'
  const kept: PartDelta = {
    ...rest,
    ...(takesText && text !== undefined && text !== '' ? { text } : {}),
    ...(!takesText && args !== undefined && args !== '' ? { arguments: args } : {}),
  }
  for (const _name in kept) return kept
  return undefined
}

/** The common case, which needs no copy. */
function isPlainText(head: PartHead, delta: PartDelta): boolean {
  if (head.type === 'tool-call' || delta.text === undefined || delta.text === '') return false
  return delta.arguments === undefined && delta.id === undefined && delta.name === undefined
}
