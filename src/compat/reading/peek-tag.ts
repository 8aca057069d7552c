import { finished } from './finished.ts'
import { endOfSpace, skipSpace } from './skip-space.ts'
import type { Reading, Source } from './source.ts'
import type { Tag } from './tag.ts'

const NO_TAG: Reading<undefined> = finished(undefined)

/** The tag at the reader, once it is known whether there is one. */
export function peekTag(source: Source): Reading<Tag | undefined> {
  if (source.left === 0) return waitForTag(source)
  if (source.text.charAt(source.at) !== '<') return NO_TAG
  const tag = source.tagAt(source.at)
  return tag === 'cut' ? waitForTag(source) : finished(tag)
}

function* waitForTag(source: Source): Reading<Tag | undefined> {
  for (;;) {
    if (source.left > 0 && source.text.charAt(source.at) !== '<') return undefined
    const tag = source.left === 0 ? 'cut' : source.tagAt(source.at)
    if (tag !== 'cut') return tag
    if (source.ended) return undefined
    yield
  }
}

/** Skips white space, and tells the tag behind it. */
export function nextTag(source: Source): Reading<Tag | undefined> {
  source.at = endOfSpace(source.text, source.at)
  return source.left > 0 ? peekTag(source) : waitForNextTag(source)
}

function* waitForNextTag(source: Source): Reading<Tag | undefined> {
  yield* skipSpace(source)
  return yield* peekTag(source)
}
