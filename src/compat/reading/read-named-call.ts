/** Reads what stands behind the name of a call: its arguments in JSON. */
import type { CallHead, Desk, Outcome } from './desk.ts'
import { readInnerFence } from './read-inner-fence.ts'
import { readTypedArguments } from './read-typed-arguments.ts'
import { readWholeArguments } from './read-whole-arguments.ts'
import { skipSpace } from './skip-space.ts'
import { skipSurplus } from './skip-surplus.ts'
import type { Reading } from './source.ts'
import { JSON_SYNTAX } from './syntax.ts'
import { ArgumentsWriter } from './write-arguments.ts'

/** What else than an object may be all arguments: a text, null, an empty list. */
const WHOLE = /"|null\b|None\b|\[\s*\]/y
const CUT_WHOLE = /(?:n(?:u(?:ll?)?)?|N(?:o(?:ne?)?)?|\[\s*)$/y

/** Calls with what stands there, be it in a fence; with nothing where a token or the end of the text follows. Else there is no call. */
export function* readNamedCall(desk: Desk, head: CallHead): Reading<Outcome> {
  yield* skipSpace(desk.source)
  return yield* readInnerFence(desk, () => readArguments(desk, head))
}

function* readArguments({ source, calls }: Desk, head: CallHead): Reading<Outcome> {
  yield* skipSpace(source)
  const first = source.text.charAt(source.at)
  if (first === '{') {
    const writer = new ArgumentsWriter(calls, head)
    yield* readTypedArguments(source, JSON_SYNTAX, writer)
    yield* skipSurplus(source)
    writer.end(source.whole)
    return 'called'
  }
  for (;;) {
    CUT_WHOLE.lastIndex = source.at
    if (source.ended || !CUT_WHOLE.test(source.text)) break
    yield
  }
  WHOLE.lastIndex = source.at
  const isWhole = WHOLE.test(source.text)
  if (!isWhole && first !== '' && first !== '<') return 'none'
  const value = isWhole ? yield* readWholeArguments(source) : undefined
  const writer = new ArgumentsWriter(calls, head)
  if (value === undefined) source.leaveOpen()
  else writer.all(value)
  writer.end(source.whole)
  return 'called'
}
