/** What a reader says about an answer, in order, with what is not decided yet held back. */
import type { CallHead, CallSink } from './desk.ts'

export interface AnswerSink extends CallSink {
  text(piece: string): void
  reasoning(piece: string): void
}

interface DraftedCall {
  readonly head: CallHead
  readonly arguments: string
  readonly whole: boolean
}

/** Keeps what a reader of calls says, until it is known whether it counts. */
export interface Draft extends CallSink {
  readonly drafted: readonly DraftedCall[]
}

export function createDraft(): Draft {
  const drafted: DraftedCall[] = []
  const pieces: string[] = []
  let open: CallHead | undefined
  return {
    drafted,
    start(head) {
      open = head
    },
    arguments: (piece) => pieces.push(piece),
    end(whole) {
      // Joined at once: many pieces take many times as much memory as their text.
      if (open !== undefined) drafted.push({ head: open, arguments: pieces.join(''), whole })
      open = undefined
      pieces.length = 0
    },
  }
}

/** `line`: calls without a mark; `fence`: calls in a code fence; `sure`: calls that stand after such. */
interface Held {
  readonly kind: 'line' | 'fence' | 'sure' | 'space'
  readonly raw: string
  readonly drafted: readonly DraftedCall[]
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

  function replay(drafted: readonly DraftedCall[]): void {
    leaveText()
    called = true
    for (const { head, arguments: text, whole } of drafted) {
      sink.start(head)
      sink.arguments(text)
      sink.end(whole)
    }
  }

  function decide(counts: boolean): void {
    const decided = held
    held = []
    sure = undefined
    for (const { kind, raw, drafted } of decided) {
      if (kind === 'sure' || (counts && kind !== 'space')) {
        replay(drafted)
        tally.calls += raw.length
      } else sayText(raw)
    }
  }

  const calls: CallSink = {
    start(head) {
      if (held.some(({ kind }) => kind === 'fence')) decide(false)
      if (held.length > 0) {
        sure = createDraft()
        held.push({ kind: 'sure', raw: '', drafted: sure.drafted })
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
      else if (piece.trim() === '') held.push({ kind: 'space', raw: piece, drafted: [] })
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
      held.push({ kind, raw, drafted: draft.drafted })
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
