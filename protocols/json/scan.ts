import { asBuffer } from './as-buffer.ts'
import { JsonError } from './json-error.ts'
import { DEFAULT_JSON_LIMITS, type JsonLimits } from './json-limits.ts'
import { readValue, type Span } from './span.ts'
import { startOfText } from './start-of-text.ts'
import { endOfString } from './string.ts'
import { checkUtf8 } from './utf8.ts'
import { skipSpace, walkJson } from './walk.ts'

/** Where the members of one JSON object stand in its bytes. */
export interface JsonMembers {
  /** The value that counts: where a name comes twice, `JSON.parse` and most others keep the last. */
  last(name: string): Span | undefined
  /** Every value under this name, in the order of the text. */
  all(name: string): readonly Span[]
  /** Where this name itself is written, with its quotes, in the order of the text. */
  names(name: string): readonly Span[]
}

/** The span of a value, and where its name begins. */
interface Member extends Span {
  readonly nameStart: number
}

/**
 * Finds the outermost members of a JSON object without building it: what is relayed as it is need not be parsed.
 * The whole text is checked but for the inside of its strings (escapes and bare control characters pass).
 * Names are compared as they are meant: `"mod\u0065l"` is `model`.
 *
 * @throws JsonError when this is no JSON object, no UTF-8, or beyond the limits.
 */
export function scanObject(bytes: Uint8Array, limits: JsonLimits = DEFAULT_JSON_LIMITS): JsonMembers {
  const text = asBuffer(bytes)
  checkUtf8(text)
  const start = skipSpace(text, startOfText(text))
  if (start < text.length && text[start] !== 0x7b) throw new JsonError(text, start, 'expected a JSON object')

  const members = new Map<string, Member[]>()
  walkJson(text, limits, (nameStart, start, end) => {
    const name = readName(text, nameStart)
    const member = { nameStart, start, end }
    const known = members.get(name)
    if (known === undefined) members.set(name, [member])
    else known.push(member)
  })
  return {
    last: (name) => members.get(name)?.at(-1),
    all: (name) => members.get(name) ?? [],
    names: (name) =>
      (members.get(name) ?? []).map(({ nameStart }) => ({ start: nameStart, end: endOfString(text, nameStart) })),
  }
}

function readName(text: Buffer, start: number): string {
  const end = endOfString(text, start)
  const name = text.toString('utf8', start + 1, end - 1)
  return name.includes('\\') ? String(readValue(text, { start, end })) : name
}
