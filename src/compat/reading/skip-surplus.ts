import { offsetBehindSpace } from './skip-space.ts'
import type { Reading, Source } from './source.ts'

/** Skips closing brackets behind an object that are too many. Space behind the last of them is left: a line may begin there. */
export function* skipSurplus(source: Source): Reading {
  for (;;) {
    const next = yield* offsetBehindSpace(source, 0)
    const token = source.text.charAt(source.at + next)
    if (token !== '}' && token !== ']') return
    source.skip(next + 1)
  }
}
