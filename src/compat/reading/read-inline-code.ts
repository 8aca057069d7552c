/** Inline code: what stands between runs of as many backticks on one line is text. */
import type { Line } from './line.ts'
import { MAX_LOOKAHEAD, type Reading, type Source } from './source.ts'

/**
 * Finds out, at something that means something, whether the inline code that was opened before it is closed on this line.
 *
 * @param say says so many units as text.
 * @returns whether it was code; then it is said to its end.
 */
export function* readInlineCode(source: Source, line: Line, say: (length: number) => void): Reading<boolean> {
  if (line.code === 0) return false
  const wanted = line.code
  // The text was cut in a run that is too long already: the rest of it is none of its own.
  let isTooLong = false
  for (let scanned = 0; ; ) {
    const { text, at } = source
    const limit = at + MAX_LOOKAHEAD
    let from = at + scanned
    while (from < text.length && from < limit) {
      const unit = text.charAt(from)
      if (unit === '\n') {
        line.code = 0
        return false
      }
      if (unit !== '`' || isTooLong) {
        isTooLong = unit === '`'
        from++
        continue
      }
      let end = from
      while (text.charAt(end) === '`') end++
      if (end === text.length && !source.ended && end - from <= wanted) break
      if (end - from === wanted) {
        line.code = 0
        say(end - at)
        return true
      }
      isTooLong = end === text.length
      from = end
    }
    scanned = from - at
    if (source.ended || from >= limit) {
      line.code = 0
      return false
    }
    yield
  }
}
