/** The fence that models put around the inside of a call. */
import type { Desk, Outcome } from './desk.ts'
import { skipSpace } from './skip-space.ts'
import type { Reading, Source } from './source.ts'

const OPENING = /```[\w-]*\s*/y
const CUT_OPENING = /`{0,3}[\w-]*\s*$/y
const CLOSING = /`{3,}/y
const MAX_OPENING = 64

/** Reads what stands in the fence, if there is one at the reader, and skips its end. */
export function* readInnerFence(desk: Desk, read: () => Reading<Outcome>): Reading<Outcome> {
  const { source } = desk
  const isFenced = yield* skipOpening(source)
  const outcome = yield* read()
  if (!isFenced || outcome !== 'called') return outcome
  yield* skipSpace(source)
  while (!source.ended && source.left < MAX_OPENING && /^`*$/.test(source.text.slice(source.at))) yield
  CLOSING.lastIndex = source.at
  if (CLOSING.test(source.text)) source.at = CLOSING.lastIndex
  return outcome
}

function* skipOpening(source: Source): Reading<boolean> {
  if (source.text.charAt(source.at) !== '`') return false
  for (;;) {
    CUT_OPENING.lastIndex = source.at
    if (source.ended || source.left > MAX_OPENING || !CUT_OPENING.test(source.text)) break
    yield
  }
  OPENING.lastIndex = source.at
  if (!OPENING.test(source.text)) return false
  source.at = OPENING.lastIndex
  return true
}
