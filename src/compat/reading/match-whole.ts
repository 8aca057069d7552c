import { finished } from './finished.ts'
import { MAX_LOOKAHEAD, type Reading, type Source } from './source.ts'

/** What stands without quotes in JSON and Python: a number, a word, a name. */
export const WORD: RegExp = /[^\s,:=[\]{}()"'<>`]+/y

/** What a pattern matches here, once it is known to end. */
export function matchWhole(source: Source, pattern: RegExp): Reading<string> {
  pattern.lastIndex = source.at
  const end = pattern.test(source.text) ? pattern.lastIndex : source.at
  return end < source.text.length ? finished(source.text.slice(source.at, end)) : waitForMatch(source, pattern)
}

function* waitForMatch(source: Source, pattern: RegExp): Reading<string> {
  for (;;) {
    pattern.lastIndex = source.at
    const end = pattern.test(source.text) ? pattern.lastIndex : source.at
    if (end < source.text.length || source.ended || end - source.at > MAX_LOOKAHEAD)
      return source.text.slice(source.at, end)
    yield
  }
}
