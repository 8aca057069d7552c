/** Reads all arguments of a call where they are one value and no object: a text of JSON, null, an empty list. */
import type { Literal } from './literal.ts'
import { readLiteral } from './read-literal.ts'
import { endOfSpace } from './skip-space.ts'
import type { Reading, Source } from './source.ts'
import { JSON_SYNTAX } from './syntax.ts'

/** An object in quotes whose own quotes nobody escaped. */
const UNESCAPED = /"\s*\{\s*"[^"\\\n]{1,128}"\s*:/y
const CUT_UNESCAPED = /"\s*(?:\{\s*(?:"[^"\\\n]{0,128}(?:"\s*)?)?)?$/y
const MAX_UNESCAPED = 512

/** The reader stands at the value. @returns nothing where none begins. */
export function* readWholeArguments(source: Source): Reading<Literal | undefined> {
  if (source.text.charAt(source.at) !== '"' || !(yield* isUnescaped(source)))
    return yield* readLiteral(source, JSON_SYNTAX, 'member')
  source.skip(1)
  return { kind: 'string', text: yield* readToClosingQuote(source) }
}

/** The quote that counts stands behind a brace, and closers or a comma stand behind it. */
function* readToClosingQuote(source: Source): Reading<string> {
  let read = ''
  let last = ''
  for (;;) {
    const quote = source.text.indexOf('"', source.at)
    const piece = source.take((quote < 0 ? source.text.length : quote) - source.at)
    last = piece.trimEnd().slice(-1) || last
    read += piece
    if (quote < 0 && source.ended) return read
    const next = quote < 0 ? source.text.length : endOfSpace(source.text, source.at + 1)
    if (quote >= 0 && (last !== '}' || next < source.text.length || source.ended)) {
      source.skip(1)
      if (last === '}' && ',}]<`'.includes(source.text.charAt(next))) return read
      last = '"'
      read += last
    } else yield
  }
}

function* isUnescaped(source: Source): Reading<boolean> {
  for (;;) {
    CUT_UNESCAPED.lastIndex = source.at
    if (source.ended || source.left > MAX_UNESCAPED || !CUT_UNESCAPED.test(source.text)) break
    yield
  }
  UNESCAPED.lastIndex = source.at
  return UNESCAPED.test(source.text)
}
