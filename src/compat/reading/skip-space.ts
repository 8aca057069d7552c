import { FINISHED, finished } from './finished.ts'
import { MAX_LOOKAHEAD, type Reading, type Source } from './source.ts'

const BLANK = /\s*/y

/** Where white space that begins at an offset ends. */
export function endOfSpace(text: string, at: number): number {
  let end = at
  while (text.charCodeAt(end) === 32 || text.charCodeAt(end) === 10) end++
  if (text.charCodeAt(end) > 32 && text.charCodeAt(end) < 128) return end
  BLANK.lastIndex = end
  BLANK.test(text)
  return BLANK.lastIndex
}

/** Skips white space, and waits for what follows it: the next unit, or the end. */
export function skipSpace(source: Source): Reading {
  source.at = endOfSpace(source.text, source.at)
  return source.left > 0 || source.ended ? FINISHED : waitForToken(source)
}

function* waitForToken(source: Source): Reading {
  for (;;) {
    source.at = endOfSpace(source.text, source.at)
    if (source.left > 0 || source.ended) return
    yield
  }
}

/** Where white space ends that begins at an offset from the reader, who stays where it is: a line may begin there. */
export function offsetBehindSpace(source: Source, offset: number): Reading<number> {
  const end = endOfSpace(source.text, source.at + offset) - source.at
  return end < source.left || source.ended ? finished(end) : waitBehindSpace(source, end)
}

function* waitBehindSpace(source: Source, offset: number): Reading<number> {
  let end = offset
  while (end >= source.left && !source.ended && end <= MAX_LOOKAHEAD) {
    yield
    end = endOfSpace(source.text, source.at + end) - source.at
  }
  return end
}

/** What `nextToken` would say, if that can be told at once: most often it can, and a generator less is made. */
export function tokenAt(source: Source): string | undefined {
  const { text } = source
  let at = source.at
  while (text.charCodeAt(at) <= 32) at++
  const code = text.charCodeAt(at)
  // Beyond ASCII there is white space, too; `/` and `#` may begin a comment.
  if (Number.isNaN(code) || code > 127 || code === 47 || code === 35) return undefined
  source.at = at
  return text.charAt(at)
}

/** The next unit after white space and comments (`//`, block, and `#` where the language has it); empty at the end. */
export function* nextToken(source: Source, hash = false): Reading<string> {
  for (;;) {
    yield* skipSpace(source)
    const first = source.text.charAt(source.at)
    if (first === '/' || (hash && first === '#')) {
      while (source.left < 2 && !source.ended) yield
      const second = source.text.charAt(source.at + 1)
      if (first === '#' || second === '/') {
        yield* skipPast(source, '\n')
        continue
      }
      if (second === '*') {
        yield* skipPast(source, '*/')
        continue
      }
    }
    return first
  }
}

function* skipPast(source: Source, mark: string): Reading {
  for (;;) {
    const found = source.text.indexOf(mark, source.at)
    if (found >= 0) {
      source.at = found + mark.length
      return
    }
    // A mark may be cut: all but its beginning can go.
    source.at = Math.max(source.at, source.text.length - mark.length + 1)
    if (source.ended) {
      source.at = source.text.length
      return
    }
    yield
  }
}
