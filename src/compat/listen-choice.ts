/** Listens to one candidate answer. */
import type { PartDelta, PartHead } from '../../protocols/ir/event.ts'
import type { EarContext } from './ear-context.ts'
import type { Tally } from './listener.ts'
import { createPage, type PageTally } from './reading/page.ts'
import { readAnswer } from './reading/read-answer.ts'
import { Source } from './reading/source.ts'
import { createCallTeller } from './tell-calls.ts'
import { createTokenOdds } from './token-odds.ts'
import { VOCABULARIES } from './vocabulary.ts'

export interface ChoiceEar {
  start(part: number, head: PartHead): void
  delta(part: number, delta: PartDelta): void
  endPart(part: number): void
  /** Nothing more comes. @param cutShort the answer met its length limit. */
  end(cutShort: boolean): void
  readonly tally: Tally
}

type TextHead = Extract<PartHead, { type: 'text' }>

/** As almost all deltas of text are. */
function hasOnlyText(delta: PartDelta): boolean {
  for (const field in delta) if (field !== 'text') return false
  return true
}

/** How many units it is known of what they are. */
function total({ text, reasoning, calls, control, cut }: PageTally): number {
  return text + reasoning + calls + control + cut
}

export function createChoiceEar(context: EarContext): ChoiceEar {
  const { choice, emit, report } = context
  const tally: PageTally = { text: 0, reasoning: 0, calls: 0, control: 0, cut: 0 }
  const { dialect } = context.options
  let parts = 0
  let open: { readonly part: number; readonly type: 'text' | 'reasoning' } | undefined
  let textHead: TextHead = { type: 'text' }
  let ended = false
  const texts = new Set<number>()
  const passing = new Map<number, number>()

  function close(): void {
    if (open !== undefined) emit({ type: 'part-end', part: open.part, choice })
    open = undefined
  }

  function partFor(type: 'text' | 'reasoning'): number {
    if (open?.type === type) return open.part
    close()
    open = { part: parts++, type }
    emit({ type: 'part-start', part: open.part, choice, head: type === 'text' ? textHead : { type } })
    return open.part
  }

  function say(type: 'text' | 'reasoning', text: string): void {
    emit({ type: 'part-delta', part: partFor(type), choice, delta: { text } })
  }

  let isLossTold = false
  const odds = createTokenOdds(
    (logprobs) => emit({ type: 'part-delta', part: partFor('text'), choice, delta: { logprobs } }),
    () => {
      if (!isLossTold)
        report(`choices.${choice}.logprobs`, 'those of calls that were written as text are no part of the answer')
      isLossTold = true
    },
  )

  const calls = createCallTeller(context, () => {
    close()
    return parts++
  })
  const page = createPage(
    { ...calls, text: (piece) => say('text', piece), reasoning: (piece) => say('reasoning', piece) },
    tally,
  )
  const source = new Source()
  const vocabulary = VOCABULARIES.get(dialect)
  if (vocabulary === undefined) throw new TypeError(`no such dialect: ${dialect}`)
  const desk = { tools: context.tools, wrapper: { isMinimax: dialect === 'minimax' } }
  const reading = readAnswer({ source, page, vocabulary, desk })[Symbol.iterator]()

  function hear(text: string): void {
    if (ended) {
      tally.text += text.length
      say('text', text)
      return
    }
    source.push(text)
    reading.next()
  }

  return {
    start(part, head) {
      if (head.type === 'text') {
        if (!texts.has(part)) close()
        texts.add(part)
        textHead = head
        return
      }
      const own = passing.get(part) ?? parts++
      passing.set(part, own)
      emit({ type: 'part-start', part: own, choice, head })
    },
    delta(part, delta) {
      const own = passing.get(part)
      if (own !== undefined) {
        emit({ type: 'part-delta', part: own, choice, delta })
        return
      }
      const { text = '' } = delta
      if (text !== '') hear(text)
      if (hasOnlyText(delta)) return
      if (delta.logprobs !== undefined) {
        odds.add(delta.logprobs)
        // Not before: they may come behind their text.
        if (total(tally) === source.received) odds.settle(source.received, tally.text)
      }
      const { text: _heard, logprobs: _odds, ...rest } = delta
      if (Object.keys(rest).length > 0) emit({ type: 'part-delta', part: partFor('text'), choice, delta: rest })
    },
    endPart(part) {
      const own = passing.get(part)
      if (own !== undefined) emit({ type: 'part-end', part: own, choice })
    },
    end(cutShort) {
      if (ended) return
      source.end(cutShort)
      reading.next()
      odds.settle(source.received, tally.text)
      ended = true
      close()
      const { cut } = tally
      if (cut > 0)
        report(`choices.${choice}.parts`, `${cut} characters behind a call, in which the model answers itself`)
    },
    tally,
  }
}
