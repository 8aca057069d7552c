/** Mistral: a word in brackets before a list of JSON, or before a name and JSON. */
import type { Dialect } from '../dialect.ts'
import { type Desk, findTool, type Outcome } from '../reading/desk.ts'
import { finished } from '../reading/finished.ts'
import { matchWhole } from '../reading/match-whole.ts'
import { readCallList } from '../reading/read-call-list.ts'
import { readInnerFence } from '../reading/read-inner-fence.ts'
import { readNamedCall } from '../reading/read-named-call.ts'
import { skipSpace } from '../reading/skip-space.ts'
import type { Reading } from '../reading/source.ts'
import { ArgumentsWriter } from '../reading/write-arguments.ts'
import { EVERYDAY_TAGS } from './hermes.ts'

const NAME = /[^\s[\]{}<>`"',;]+/uy
const ID = /\[CALL_ID\]\s*([A-Za-z0-9_-]*)\s*/y
const ARGUMENTS = '[ARGS]'

function* readToolCalls(desk: Desk): Reading<Outcome> {
  const { source } = desk
  yield* skipSpace(source)
  if ('[{`'.includes(source.text.charAt(source.at)))
    return yield* readInnerFence(desk, () => readCallList(desk, { json: true, python: false }))
  const name = yield* matchWhole(source, NAME)
  source.skip(name.length)
  yield* skipSpace(source)
  const id = yield* readId(desk)
  const marked = yield* skipWord(desk, ARGUMENTS)
  yield* skipSpace(source)
  const first = source.text.charAt(source.at)
  const tool = findTool(desk, name)
  if (tool === undefined || !(marked || first === '{')) return 'none'
  const head = { tool, ...(id === undefined ? {} : { id }) }
  const outcome = yield* readNamedCall(desk, head)
  if (outcome === 'called' || first !== '[') return outcome
  // The next call follows at once.
  new ArgumentsWriter(desk.calls, head).end(true)
  return 'called'
}

function* readId({ source }: Desk): Reading<string | undefined> {
  for (;;) {
    ID.lastIndex = source.at
    const match = ID.exec(source.text)
    const isCut =
      match === null ? '[CALL_ID]'.startsWith(source.text.slice(source.at)) : ID.lastIndex === source.text.length
    if (!isCut || source.ended) {
      if (match === null) return undefined
      source.skip(match[0].length)
      return match[1] === '' ? undefined : match[1]
    }
    yield
  }
}

function* skipWord({ source }: Desk, word: string): Reading<boolean> {
  while (source.left < word.length && !source.ended && word.startsWith(source.text.slice(source.at))) yield
  const found = source.text.startsWith(word, source.at)
  if (found) source.skip(word.length)
  return found
}

/** Some of its templates close what they opened. */
function skipClosing({ called }: Desk): Reading<Outcome> {
  return finished(called ? 'empty' : 'none')
}

export const MISTRAL: Dialect = {
  name: 'mistral',
  ownTags: EVERYDAY_TAGS,
  words: [
    { word: '[TOOL_CALLS]', read: readToolCalls },
    { word: '[/TOOL_CALLS]', read: skipClosing },
  ],
  results: ['[TOOL_RESULTS]'],
  unmarked: { json: true, python: false },
}
