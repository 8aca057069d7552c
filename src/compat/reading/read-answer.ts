/** Reads the text of an answer: what is text goes out at once, what opens a call is read as one, and what is neither is dropped. */
import type { TagUse, Vocabulary, WordMeaning } from '../vocabulary.ts'
import { type AnswerReading, cutRest, sayPlain } from './answer-reading.ts'
import { FINISHED } from './finished.ts'
import type { Line } from './line.ts'
import { readBlock } from './read-block.ts'
import { readInlineCode } from './read-inline-code.ts'
import { readLineStart } from './read-line-start.ts'
import { betweenPairs, MAX_LOOKAHEAD, type Reading, type Source } from './source.ts'
import { MAX_TAG, type Tag } from './tag.ts'
import { CONTROL_TOKENS } from './tokens.ts'

/** What means something whatever follows it. */
const SPECIAL: ReadonlySet<string> = new Set(['<', '`', '\n'])

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

/** Where a word may begin that is cut; the end of the text if none does. */
function cutWordAt({ text, at, ended }: Source, vocabulary: Vocabulary): number {
  if (ended) return text.length
  for (let from = Math.max(at, text.length - vocabulary.longestWord + 1); from < text.length; from++)
    if (vocabulary.isWordStart(text, from)) return from
  return text.length
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
  let run = 0
  for (;;) {
    while (source.text.charAt(source.at + run) === '`') run++
    if (source.left > run || source.ended || run >= MAX_LOOKAHEAD) break
    yield
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
