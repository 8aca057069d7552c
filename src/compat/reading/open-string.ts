import { finished } from './finished.ts'
import { stringOpening } from './read-string.ts'
import type { Reading, Source } from './source.ts'
import type { Syntax } from './syntax.ts'

/** What opens a string here, once that is known: a prefix or a triple quote may be cut. */
export function openString(source: Source, syntax: Syntax): Reading<ReturnType<typeof stringOpening>> {
  return isCutOpening(source, syntax) ? waitForOpening(source, syntax) : finished(stringOpening(source, syntax))
}

function isCutOpening(source: Source, { python }: Syntax): boolean {
  if (!python || source.left >= 6 || source.ended) return false
  return /^(?:[rRbBuUfF]{0,2}|["']{1,2})$/.test(source.text.slice(source.at))
}

function* waitForOpening(source: Source, syntax: Syntax): Reading<ReturnType<typeof stringOpening>> {
  while (isCutOpening(source, syntax)) yield
  return stringOpening(source, syntax)
}
