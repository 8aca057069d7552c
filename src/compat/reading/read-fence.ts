/** Code fences: nothing in them is a call, unless nothing but calls is in them. */
import type { Vocabulary } from '../vocabulary.ts'
import type { Desk } from './desk.ts'
import type { Page } from './page.ts'
import { peekTag } from './peek-tag.ts'
import { readCallList } from './read-call-list.ts'
import { skipSpace } from './skip-space.ts'
import { MAX_LOOKAHEAD, type Reading, type Source } from './source.ts'

export interface Fence {
  readonly mark: '`' | '~'
  readonly run: number
  /** The first word behind the mark, in lower case. */
  readonly info: string
  /** Units of its line, line break included. */
  readonly length: number
}

const OPENING = /(?:(`{3,64})([^`\n]{0,200})|(~{3,64})([^\n]{0,200}))\n/y
const CUT_OPENING = /(?:`{1,64}|`{3,64}[^`\n]{0,200}|~{1,64}|~{3,64}[^\n]{0,200})$/y
/** A special token may follow it on its line. */
const CLOSING = /[ \t]*(`{3,}|~{3,})[ \t\r]*(?:\n|$|(?=<(?:[|｜]|\/s>|(?:turn\||end_of_turn|seed:eos)>)))/y
const CUT_CLOSING = /[ \t]*(?:`*|~*)[ \t\r]*(?:<[\w/:|]{0,12})?$/y

/** The fence that opens here; the reader stands at the beginning of a line. */
export function* peekFence(source: Source): Reading<Fence | undefined> {
  for (;;) {
    OPENING.lastIndex = source.at
    const match = OPENING.exec(source.text)
    if (match !== null) {
      const [line, ticks, tickInfo, tildes = '', tildeInfo] = match
      const info = (tickInfo ?? tildeInfo ?? '').trim().split(/[\s{]/, 1)[0]?.toLowerCase() ?? ''
      return { mark: ticks === undefined ? '~' : '`', run: (ticks ?? tildes).length, info, length: line.length }
    }
    CUT_OPENING.lastIndex = source.at
    if (source.ended || !CUT_OPENING.test(source.text)) return undefined
    yield
  }
}

/** Says the inside of a fence as text, up to and with its end. */
export function* readFenceText(source: Source, page: Page, fence: Fence): Reading {
  let atStart = true
  for (;;) {
    if (source.left === 0) {
      if (source.ended) return
      yield
      continue
    }
    if (atStart) {
      const length = closingLength(source, fence)
      if (length > 0) {
        page.text(source.take(length))
        return
      }
      if (length < 0) {
        yield
        continue
      }
    }
    const end = source.text.indexOf('\n', source.at)
    atStart = end >= 0
    page.text(source.take((end < 0 ? source.text.length : end + 1) - source.at))
  }
}

/** Units of the closing line at the reader; 0: it is none; -1: it may become one. */
function closingLength(source: Source, fence: Fence): number {
  CLOSING.lastIndex = source.at
  const match = CLOSING.exec(source.text)
  const isWhole = match !== null && (match[0].endsWith('\n') || source.ended || CLOSING.lastIndex < source.text.length)
  if (isWhole) {
    const run = match[1] ?? ''
    return run.charAt(0) === fence.mark && run.length >= fence.run ? match[0].length : 0
  }
  CUT_CLOSING.lastIndex = source.at
  return !source.ended && source.left < MAX_LOOKAHEAD && CUT_CLOSING.test(source.text) ? -1 : 0
}

/** Skips the end of a fence that was read as calls, if it is there. */
export function* skipFenceEnd(source: Source, fence: Fence): Reading<boolean> {
  yield* skipSpace(source)
  for (;;) {
    const length = closingLength(source, fence)
    if (length >= 0) {
      source.skip(length)
      return length > 0
    }
    yield
  }
}

/**
 * Reads the inside of a fence as calls of offered tools, the reader standing behind its first line.
 *
 * @returns whether there is nothing else in it.
 */
export function* readFencedCalls(desk: Desk, vocabulary: Vocabulary, fence: Fence): Reading<boolean> {
  const { source } = desk
  let called = false
  let thought = false
  const inside: Desk = {
    ...desk,
    reasoning: () => {
      thought = true
    },
  }
  for (;;) {
    yield* skipSpace(source)
    if (thought) return false
    if (source.left === 0) return called
    const first = source.text.charAt(source.at)
    if (first === fence.mark) return (yield* skipFenceEnd(source, fence)) && called
    if (first === '<') {
      const tag = yield* peekTag(source)
      if (tag === undefined) return false
      source.skip(tag.length)
      const use = vocabulary.use(tag.name)
      if (use.isToken || (tag.closing && called && use.isClosing)) continue
      const read = tag.closing ? undefined : use.opening
      const outcome = read === undefined ? 'none' : yield* read(inside, tag)
      if (outcome === 'none' || outcome === 'cut') return false
      called ||= outcome === 'called'
      continue
    }
    if (!source.ended && vocabulary.words.some(([text]) => text.startsWith(source.text.slice(source.at)))) {
      yield
      continue
    }
    const word = vocabulary.words.find(([text]) => source.text.startsWith(text, source.at))
    if (word?.[1].kind === 'opening') {
      source.skip(word[0].length)
      if ((yield* word[1].read(inside)) !== 'called') return false
    } else if (vocabulary.unmarked === undefined) return false
    else if ((yield* readCallList(desk, vocabulary.unmarked)) !== 'called') return false
    called = true
  }
}
