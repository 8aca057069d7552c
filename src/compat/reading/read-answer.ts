/** Reads the text of an answer: what is text goes out at once, what opens a call is read as one, and what is neither is dropped. */
import { isResultFence, type TagUse, type Vocabulary, type WordMeaning } from '../vocabulary.ts'
import { BoundedReading } from './bounded-reading.ts'
import { CertainCalls, type Desk, type Outcome } from './desk.ts'
import { FINISHED } from './finished.ts'
import type { Line } from './line.ts'
import { createDraft, type Page } from './page.ts'
import { peekTag } from './peek-tag.ts'
import { type CallForms, readCallList } from './read-call-list.ts'
import { peekFence, readFencedCalls, readFenceText, skipFenceEnd } from './read-fence.ts'
import { readInlineCode } from './read-inline-code.ts'
import { CALLED_NAME } from './read-python-call.ts'
import { betweenPairs, type Reading, type Source } from './source.ts'
import { MAX_TAG, type Tag } from './tag.ts'
import { CONTROL_TOKENS } from './tokens.ts'

export interface AnswerReading {
  readonly source: Source
  readonly page: Page
  readonly vocabulary: Vocabulary
  readonly desk: Pick<Desk, 'tools' | 'wrapper'>
}

type BlockReader = (desk: Desk) => Reading<Outcome>

/** What means something whatever follows it. */
const SPECIAL: ReadonlySet<string> = new Set(['<', '`', '\n'])
const INDENT = /[ \t\r]*/y
const BACKTICKS = /`+/y

export function* readAnswer(reading: AnswerReading): Reading {
  const { source, page, vocabulary } = reading
  const line: Line = { atStart: true, code: 0, afterCall: false, block: '', isOpen: false, unread: false }
  for (;;) {
    if (source.left === 0) {
      if (source.ended) break
      yield
    } else if (!line.atStart || !(yield* readLineStart(reading, line))) {
      const first = source.text.charAt(source.at)
      if (SPECIAL.has(first)) yield* readSpecial(reading, line, first)
      else {
        vocabulary.search.lastIndex = source.at
        const special = vocabulary.search.exec(source.text)
        const stop = special?.index ?? cutWordAt(source, vocabulary)
        if (stop > source.at) sayPlain(reading, line, stop - source.at)
        else if (special === null) yield
        else yield* readSpecial(reading, line, special[0])
      }
    }
  }
  page.end()
}

function sayPlain({ source, page }: AnswerReading, line: Line, length: number): void {
  const piece = source.take(length)
  line.atStart = false
  if (line.afterCall && piece.trim() !== '') line.afterCall = false
  page.text(piece)
}

/** Where a word may begin that is cut; the end of the text if none does. */
function cutWordAt({ text, at, ended }: Source, vocabulary: Vocabulary): number {
  if (ended) return text.length
  for (let from = Math.max(at, text.length - vocabulary.longestWord + 1); from < text.length; from++)
    if (vocabulary.isWordStart(text, from)) return from
  return text.length
}

/** What counts at the beginning of a line only: fences, and calls without a mark. @returns whether something was read. */
function* readLineStart(reading: AnswerReading, line: Line): Reading<boolean> {
  const { source, page, vocabulary } = reading
  INDENT.lastIndex = source.at
  INDENT.test(source.text)
  if (INDENT.lastIndex > source.at) page.text(source.take(INDENT.lastIndex - source.at))
  if (source.left === 0) return true
  const first = source.text.charAt(source.at)
  if (first === '`' || first === '~') return yield* readFence(reading, line)
  if (first === '[' && !source.ended && vocabulary.isWordStart(source.text, source.at)) {
    yield
    return true
  }
  if (vocabulary.unmarked !== undefined && first !== '\n' && first !== '<') {
    if (!vocabulary.isWord(source.text, source.at) && (yield* mayBeCall(reading, vocabulary.unmarked, first)))
      return yield* readUnmarked(reading, line)
  }
  // Marks may turn out to be no text: then what stands behind them begins the line.
  return false
}

/** Whether calls without a mark may begin with this. */
function* mayBeCall({ source, desk }: AnswerReading, unmarked: CallForms, first: string): Reading<boolean> {
  if (first === '[') return true
  if (first === '{') return unmarked.json
  if (!unmarked.python || desk.tools.open) return false
  for (;;) {
    CALLED_NAME.lastIndex = source.at
    if (!CALLED_NAME.test(source.text)) return false
    const name = source.text.slice(source.at, CALLED_NAME.lastIndex)
    if (CALLED_NAME.lastIndex < source.text.length || source.ended)
      return source.text.charAt(CALLED_NAME.lastIndex) === '(' && desk.tools.find(name) !== undefined
    if (!desk.tools.mayBegin(name)) return false
    yield
  }
}

function* readUnmarked(reading: AnswerReading, line: Line): Reading<boolean> {
  const { source, page, vocabulary } = reading
  const recording = source.record()
  const draft = createDraft()
  const desk = deskOf(reading, { calls: draft, offeredOnly: true })
  const outcome = yield* readCallList(desk, vocabulary.unmarked ?? { json: false, python: false })
  const raw = source.recorded(recording)
  source.stop(recording)
  line.atStart = false
  line.afterCall = outcome === 'called'
  if (outcome === 'called') page.hold('line', raw, draft)
  else page.text(raw)
  return true
}

function* readFence(reading: AnswerReading, line: Line): Reading<boolean> {
  const { source, page, vocabulary } = reading
  const fence = yield* peekFence(source)
  if (fence === undefined) {
    line.atStart = false
    return false
  }
  if (isResultFence(fence.info) && page.called) {
    yield* cutRest(reading)
    return true
  }
  const forms = vocabulary.fences[fence.info]
  if (forms !== undefined) {
    const start = source.position
    const calls = new CertainCalls(page.calls, source)
    source.skip(fence.length)
    if ((yield* readCallList(deskOf(reading, { offeredOnly: true, calls }), forms)) === 'called') {
      yield* skipFenceEnd(source, fence)
      page.block(source.position - start)
      line.afterCall = true
      return true
    }
    calls.rewind()
  } else if (source.mayRewind) {
    const recording = source.record()
    const draft = createDraft()
    source.skip(fence.length)
    if (yield* readFencedCalls(deskOf(reading, { calls: draft, offeredOnly: true }), vocabulary, fence)) {
      page.hold('fence', source.recorded(recording), draft)
      source.stop(recording)
      line.afterCall = true
      return true
    }
    source.rewind(recording)
  }
  line.afterCall = false
  page.text(source.take(fence.length))
  yield* readFenceText(source, page, fence)
  return true
}

function readSpecial(reading: AnswerReading, line: Line, special: string): Reading {
  if (special === '`') return readBackticks(reading, line)
  if (special === '<') return readBracket(reading, line)
  if (special !== '\n') return readSpecialWord(reading, line, special)
  line.code = 0
  sayPlain(reading, line, 1)
  line.atStart = true
  return FINISHED
}

function* readBackticks(reading: AnswerReading, line: Line): Reading {
  const { source } = reading
  BACKTICKS.lastIndex = source.at
  BACKTICKS.test(source.text)
  const run = BACKTICKS.lastIndex - source.at
  if (BACKTICKS.lastIndex === source.text.length && !source.ended && run < 64) {
    yield
    return
  }
  line.code = line.code === 0 ? run : run === line.code ? 0 : line.code
  sayPlain(reading, line, run)
}

function readSpecialWord(reading: AnswerReading, line: Line, special: string): Reading {
  const meaning = reading.vocabulary.words.find(([word]) => word === special)?.[1]
  if (meaning === undefined) return FINISHED
  return unlessCode(reading, line, () => readWord(reading, line, special, meaning))
}

function readBracket(reading: AnswerReading, line: Line): Reading {
  const { source, vocabulary } = reading
  const tag = source.tagAt(source.at)
  if (tag === 'cut' && (mayCloseWrapper(source, line) || vocabulary.mayBegin(source.text.slice(source.at))))
    return waitForMore()
  const use = tag === undefined || tag === 'cut' ? undefined : vocabulary.use(tag.name)
  if (tag !== undefined && tag !== 'cut' && use !== undefined && isKnown(reading, line, tag, use))
    return unlessCode(reading, line, () => readTag(reading, line, tag, use))
  if (tag === undefined && closesUnfinished(reading, line)) dropControl(reading, source.left)
  else sayPlain(reading, line, 1)
  return FINISHED
}

/** Whether the answer ends in the tag that would close its last call. */
function closesUnfinished({ source, vocabulary }: AnswerReading, { afterCall, code }: Line): boolean {
  if (!source.ended || !afterCall || code !== 0 || source.left > MAX_TAG) return false
  return vocabulary.closesUnfinished(source.text.slice(source.at))
}

function dropControl({ source, page }: AnswerReading, length: number): void {
  source.skip(length)
  page.control(length)
}

function* waitForMore(): Reading {
  yield
}

/** Reads what means something, but where it stands in inline code. */
function unlessCode(reading: AnswerReading, line: Line, read: () => Reading): Reading {
  return line.code === 0 ? read() : readAfterBackticks(reading, line, read)
}

function* readAfterBackticks(reading: AnswerReading, line: Line, read: () => Reading): Reading {
  if (!(yield* readInlineCode(reading.source, line, (length) => sayPlain(reading, line, length)))) yield* read()
}

/** Whether a tag means anything here. */
function isKnown({ vocabulary, page }: AnswerReading, line: Line, tag: Tag, use: TagUse): boolean {
  if (use.isToken) return true
  if (tag.closing) return closesCall(line, tag, use) || vocabulary.isEndOfText(tag)
  return (use.isResult && page.called) || use.reasoningEnd !== undefined || use.opening !== undefined
}

/** Behind a call closing tags may be doubled, and that of its wrapper may be a wrong one; the right one closes it wherever it stands. */
function closesCall({ afterCall, block, isOpen }: Line, { name }: Tag, { isClosing }: TagUse): boolean {
  return afterCall ? isOpen || isClosing || name === block : isOpen && name === block
}

/** Any closing tag may, be it called wrongly. */
function mayCloseWrapper({ text, at }: Source, { afterCall, isOpen }: Line): boolean {
  return afterCall && isOpen && '</'.startsWith(text.slice(at, at + 2))
}

function readTag(reading: AnswerReading, line: Line, tag: Tag, use: TagUse): Reading {
  const { page } = reading
  const { opening, reasoningEnd } = use
  if (!tag.closing) {
    if (page.called && use.isResult) return cutRest(reading)
    if (reasoningEnd !== undefined) return readReasoning(reading, line, tag.length, reasoningEnd)
    if (opening !== undefined) return readBlock(reading, line, tag.length, (desk) => opening(desk, tag), tag.name)
  } else if (tag.name === line.block || !use.isClosing) line.isOpen = false
  if (line.unread && !tag.closing && !CONTROL_TOKENS.has(tag.name)) sayPlain(reading, line, tag.length)
  else dropControl(reading, tag.length)
  return FINISHED
}

function readWord(reading: AnswerReading, line: Line, word: string, meaning: WordMeaning): Reading {
  if (meaning.kind === 'opening') return readBlock(reading, line, word.length, meaning.read)
  if (meaning.kind === 'reasoning') return readReasoning(reading, line, word.length, meaning.end)
  if (meaning.kind === 'result' && reading.page.called) return cutRest(reading)
  if (meaning.kind === 'token') dropControl(reading, word.length)
  else sayPlain(reading, line, word.length)
  return FINISHED
}

/** Thoughts that are written as text stay text, but nothing in them is a call. */
function* readReasoning(reading: AnswerReading, line: Line, opening: number, end: string): Reading {
  const { source } = reading
  const { atStart } = line
  sayPlain(reading, line, opening)
  for (;;) {
    const found = source.text.indexOf(end, source.at)
    const cut = source.ended ? source.text.length : betweenPairs(source.text, source.text.length - end.length + 1)
    const safe = found >= 0 ? found + end.length : cut
    if (safe > source.at) sayPlain(reading, line, safe - source.at)
    // Thoughts are no text of the answer: what follows them begins its line if they did.
    line.atStart = atStart
    if (found >= 0 || source.ended) return
    yield
  }
}

/** Reads a block of calls, and what opens directly inside of it. What is no call is said as text, tags included. */
function* readBlock(reading: AnswerReading, line: Line, opening: number, read: BlockReader, block = ''): Reading {
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

/** Drops what a model invented after its call. */
function* cutRest({ source, page }: AnswerReading): Reading {
  for (;;) {
    page.cut(source.left)
    source.skip(source.left)
    if (source.ended) return
    yield
  }
}

function deskOf(
  { source, page, desk: { tools, wrapper } }: AnswerReading,
  { offeredOnly, calls = page.calls, reasoning = page.reasoning }: Pick<Desk, 'offeredOnly'> & Partial<Desk>,
): Desk {
  return { tools, wrapper, source, calls, called: page.called, offeredOnly, reasoning }
}
