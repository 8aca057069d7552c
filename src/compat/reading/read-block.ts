import { type AnswerReading, cutRest, deskOf } from './answer-reading.ts'
import { BoundedReading } from './bounded-reading.ts'
import { CertainCalls, type Desk, type Outcome } from './desk.ts'
import type { Line } from './line.ts'
import { peekTag } from './peek-tag.ts'
import type { Reading } from './source.ts'

type BlockReader = (desk: Desk) => Reading<Outcome>

/** Reads a block of calls, and what opens directly inside of it. What is no call is said as text, tags included. */
export function* readBlock(
  reading: AnswerReading,
  line: Line,
  opening: number,
  read: BlockReader,
  block = '',
): Reading {
  const { source, page, vocabulary } = reading
  const calls = new CertainCalls(page.calls, source)
  const start = source.position
  let thought = 0
  const reasoning = (piece: string): void => {
    thought += piece.length
    page.reasoning(piece)
  }
  const desk = deskOf(reading, { offeredOnly: false, calls, reasoning })
  source.skip(opening)
  let outcome = yield* new BoundedReading(read(desk), calls)
  const isWrapper = outcome === 'opening'
  while (outcome === 'opening') {
    const tag = yield* peekTag(source)
    const next = tag === undefined || tag.closing ? undefined : vocabulary.use(tag.name).opening
    if (tag === undefined || next === undefined || calls.isEndless) outcome = 'none'
    else {
      source.skip(tag.length)
      outcome = yield* new BoundedReading(next(desk, tag), calls)
    }
  }
  // A mark behind a call that nothing follows was meant to close it, or opens a block that stayed empty.
  const isLast = outcome === 'none' && source.ended && source.left === 0
  if (isLast && line.afterCall && calls.recorded().slice(opening).trim() === '') outcome = 'empty'
  if (outcome === 'message') line.code = 0
  line.atStart = outcome === 'message' || (outcome === 'empty' && line.atStart)
  line.afterCall = outcome === 'called' || (outcome === 'empty' && line.afterCall)
  if (outcome === 'called' && (isWrapper || !line.isOpen)) {
    line.block = block
    line.isOpen = isWrapper || !source.isClosed
  }
  if (outcome === 'none' || outcome === 'called') line.unread = outcome === 'none'
  if (outcome === 'none') page.text(calls.recorded())
  else page.block(source.position - start - thought)
  calls.stop()
  if (outcome === 'cut') yield* cutRest(reading)
}
