import type { Vocabulary } from '../vocabulary.ts'
import type { Desk } from './desk.ts'
import type { Line } from './line.ts'
import type { Page } from './page.ts'
import type { Reading, Source } from './source.ts'

/** What all readers of one answer share. */
export interface AnswerReading {
  readonly source: Source
  readonly page: Page
  readonly vocabulary: Vocabulary
  readonly desk: Pick<Desk, 'tools' | 'wrapper'>
}

/** Says the next so many units as text. */
export function sayPlain({ source, page }: AnswerReading, line: Line, length: number): void {
  const piece = source.take(length)
  line.atStart = false
  if (line.afterCall && piece.trim() !== '') line.afterCall = false
  page.text(piece)
}

/** Drops what a model invented after its call. */
export function* cutRest({ source, page }: AnswerReading): Reading {
  for (;;) {
    page.cut(source.left)
    source.skip(source.left)
    if (source.ended) return
    yield
  }
}

/** Where a reader of calls works. @param own what is not that of the answer. */
export function deskOf(
  { source, page, desk: { tools, wrapper } }: AnswerReading,
  { offeredOnly, calls = page.calls, reasoning = page.reasoning }: Pick<Desk, 'offeredOnly'> & Partial<Desk>,
): Desk {
  return { tools, wrapper, source, calls, called: page.called, offeredOnly, reasoning }
}
