/** Reads what counts at the beginning of a line only: fences, and calls without a mark. */
import { isResultFence } from '../vocabulary.ts'
import { type AnswerReading, cutRest, deskOf } from './answer-reading.ts'
import { CertainCalls } from './desk.ts'
import type { Line } from './line.ts'
import { createDraft } from './page.ts'
import { type CallForms, readCallList } from './read-call-list.ts'
import { peekFence, readFencedCalls, readFenceText, skipFenceEnd } from './read-fence.ts'
import { CALLED_NAME } from './read-python-call.ts'
import type { Reading } from './source.ts'

const INDENT = /[ \t\r]*/y

/** @returns whether something was read. */
export function* readLineStart(reading: AnswerReading, line: Line): Reading<boolean> {
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
