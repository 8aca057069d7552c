/** Reads objects of JSON and Python, whatever is made of their values. */
import { matchWhole, WORD } from './match-whole.ts'
import { openString } from './open-string.ts'
import { readString, stringAt } from './read-string.ts'
import { nextToken, tokenAt } from './skip-space.ts'
import type { Reading, Source } from './source.ts'
import type { Syntax } from './syntax.ts'

/** A name without quotes runs to its colon, also over several words. */
const BARE_NAME = /[^,:=[\]{}()"'<>`\n]+/y

/**
 * Reads the members of an object behind its brace, up to and with the closing one, if there is one.
 *
 * @param readMember reads the value, at once where it can; false ends the object, as nothing that could be a value stands there.
 * @param end says what comes of it; without it: whether it was closed.
 */
export function* readMembers(
  source: Source,
  syntax: Syntax,
  readMember: (name: string) => boolean | Reading<boolean>,
  end: (closed: boolean) => boolean = (closed) => closed,
): Reading<boolean> {
  let isDoubled = false
  for (let isFirst = true; ; isFirst = false) {
    const token = tokenAt(source) ?? (yield* nextToken(source, syntax.python))
    if (token === '}') {
      source.skip(1)
      if (!isDoubled) return end(true)
      isDoubled = false
      continue
    }
    if (token === ',') {
      source.skip(1)
      continue
    }
    // As a template has its braces: `{{"city": "Oslo"}}`.
    if (token === '{' && isFirst) {
      source.skip(1)
      isDoubled = true
      continue
    }
    if (token === '<' && (yield* skipStrayMark(source, syntax))) continue
    const name = nameAt(source, syntax) ?? (yield* readName(source, syntax))
    if (name === undefined) return end(false)
    const mark = tokenAt(source) ?? (yield* nextToken(source, syntax.python))
    if (mark === ':' || mark === '=') source.skip(1)
    const isRead = readMember(name)
    if (!(typeof isRead === 'boolean' ? isRead : yield* isRead)) return end(false)
  }
}

/** A mark behind a value that it did not open. */
function* skipStrayMark(source: Source, { marks }: Syntax): Reading<boolean> {
  if (marks.length === 0) return false
  while (source.left < 10 && !source.ended) yield
  const mark = marks.find((one) => source.text.startsWith(one, source.at))
  const isStray = mark !== undefined && ',}'.includes(source.text.charAt(source.at + mark.length))
  if (isStray) source.skip(mark.length)
  return isStray
}

/** A name whose end can be told at once; nothing where that is not so, and then nothing was read. */
function nameAt(source: Source, { python }: Syntax): string | undefined {
  if (python) return undefined
  const text = stringAt(source, 'name')
  if (text !== undefined) return text
  WORD.lastIndex = source.at
  return WORD.test(source.text) && source.text.charAt(WORD.lastIndex) === ':'
    ? source.take(WORD.lastIndex - source.at)
    : undefined
}

function* readName(source: Source, syntax: Syntax): Reading<string | undefined> {
  while (source.text.charAt(source.at) === '<' && source.left < 10 && !source.ended) yield
  const opening = yield* openString(source, syntax)
  if (opening !== undefined) {
    const pieces: string[] = []
    yield* readString(source, opening, 'name', (piece) => pieces.push(piece))
    return pieces.join('')
  }
  const spaced = yield* matchWhole(source, BARE_NAME)
  const mark = source.text.charAt(source.at + spaced.length)
  const name = mark === ':' || mark === '=' ? spaced : yield* matchWhole(source, WORD)
  if (name.trim() === '') return undefined
  source.skip(name.length)
  return name.trimEnd()
}
