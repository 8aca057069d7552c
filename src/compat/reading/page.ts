/** What a reader says about an answer, in order, with what is not decided yet held back. */
import type { CallHead, CallSink } from './desk.ts'

export interface AnswerSink extends CallSink {
  text(piece: string): void
  reasoning(piece: string): void
}

type Entry =
  | { readonly type: 'start'; readonly head: CallHead }
  | { readonly type: 'arguments'; readonly piece: string }
  | { readonly type: 'end'; readonly whole: boolean }

/** Keeps what a reader of calls says, until it is known whether it counts. */
export interface Draft extends CallSink {
  readonly entries: readonly Entry[]
}

export function createDraft(): Draft {
  const entries: Entry[] = []
  return {
    entries,
    start: (head) => entries.push({ type: 'start', head }),
    arguments: (piece) => entries.push({ type: 'arguments', piece }),
    end: (whole) => entries.push({ type: 'end', whole }),
  }
}

/** `line`: calls without a mark; `fence`: calls in a code fence; `sure`: calls that stand after such. */
interface Held {
  readonly kind: 'line' | 'fence' | 'sure' | 'space'
  readonly raw: string
  readonly entries: readonly Entry[]
}

export interface Page {
  readonly calls: CallSink
  /** A call was said, or will be if nothing more comes. */
  readonly called: boolean
  text(piece: string): void
  reasoning(piece: string): void
  /** So many units were calls, or tags around them. */
  block(length: number): void
  control(length: number): void
  cut(length: number): void
  /** Calls that count only if nothing but space and calls follows to the end. */
  hold(kind: 'line' | 'fence', raw: string, draft: Draft): void
  end(): void
}

export interface PageTally {
  text: number
  reasoning: number
  calls: number
  control: number
  cut: number
}

const MAX_SPACE = 16_384

export function createPage(sink: AnswerSink, tally: PageTally): Page {
  let held: Held[] = []
  let space = ''
  let inText = false
  let called = false
  let sure: Draft | undefined

  function say(piece: string): void {
    tally.text += piece.length
    sink.text(piece)
  }

  /** White space that touches a call belongs to its format; it is no text of its own. */
  function sayText(piece: string): void {
    if (inText) {
      say(piece)
      return
    }
    space += piece
    if (space.length < MAX_SPACE && space.trim() === '') return
    inText = true
    const text = space
    space = ''
    say(text)
  }

  function leaveText(): void {
    tally.calls += space.length
    space = ''
    inText = false
  }

  function replay(entries: readonly Entry[]): void {
    leaveText()
    called = true
    for (const entry of entries) {
      if (entry.type === 'start') sink.start(entry.head)
      else if (entry.type === 'arguments') sink.arguments(entry.piece)
      else sink.end(entry.whole)
    }
  }

  function decide(counts: boolean): void {
    const decided = held
    held = []
    sure = undefined
    for (const { kind, raw, entries } of decided) {
      if (kind === 'sure' || (counts && kind !== 'space')) {
        replay(entries)
        tally.calls += raw.length
      } else sayText(raw)
    }
  }

  const calls: CallSink = {
    start(head) {
      if (held.some(({ kind }) => kind === 'fence')) decide(false)
      if (held.length > 0) {
        sure = createDraft()
        held.push({ kind: 'sure', raw: '', entries: sure.entries })
      } else {
        leaveText()
        called = true
      }
      ;(sure ?? sink).start(head)
    },
    arguments: (piece) => (sure ?? sink).arguments(piece),
    end(whole) {
      ;(sure ?? sink).end(whole)
      sure = undefined
    },
  }

  return {
    calls,
    get called() {
      return called || held.length > 0
    },
    text(piece) {
      if (piece === '') return
      if (held.length === 0) sayText(piece)
      else if (piece.trim() === '') held.push({ kind: 'space', raw: piece, entries: [] })
      else {
        decide(false)
        sayText(piece)
      }
    },
    reasoning(piece) {
      if (held.length > 0) decide(false)
      leaveText()
      tally.reasoning += piece.length
      sink.reasoning(piece)
    },
    block(length) {
      tally.calls += length
    },
    control(length) {
      if (called && held.length === 0 && !inText) leaveText()
      tally.control += length
    },
    cut(length) {
      decide(true)
      tally.cut += length
    },
    hold(kind, raw, draft) {
      held.push({ kind, raw, entries: draft.entries })
    },
    end() {
      decide(true)
      if (space === '') return
      if (called) leaveText()
      else {
        say(space)
        space = ''
      }
    },
  }
}
