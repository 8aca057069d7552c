/** The content of one message of a request: a string where one will do, else a list of parts. */
import type { Part } from '../ir/part.ts'
import { carriesCache } from './cache.ts'
import { encodePart, type PartContext, reportTextMarks } from './parts.ts'
import { isSpelled, type Kept } from './rest.ts'
import type { ContentPart } from './wire.ts'

/** A part and where it stands in the request. */
export interface Placed<Kind extends Part = Part> {
  readonly part: Kind
  readonly path: string
}

/** @param path of the list: `messages.2.parts`. */
export function placeParts(parts: readonly Part[], path: string): Placed[] {
  return parts.map((part, index) => ({ part, path: `${path}.${index}` }))
}

/**
 * @param message whose spelling tells how its client wrote the content.
 * @param joiner between texts that become one string; undefined: several texts make a list.
 * @returns nothing where the client left the content out.
 */
export function encodeContent(
  placed: readonly Placed[],
  message: Kept,
  joiner: string | undefined,
  context: PartContext,
): string | ContentPart[] | undefined {
  if (isSpelled(message, 'list')) return encodeList(placed, context)
  if (placed.length === 0)
    return isSpelled(message, 'no-content') || isSpelled(message, 'null:content') ? undefined : ''
  // An empty text says nothing, and several vendors refuse it (trap 73).
  const said = placed.filter(({ part }) => part.type !== 'text' || part.text !== '')
  const texts = said.flatMap(({ part }) =>
    part.type === 'text' && part.extra === undefined && !carriesCache(part, context.facts) ? [part.text] : [],
  )
  const fitsString = texts.length === said.length && (joiner !== undefined || texts.length <= 1)
  if (!fitsString) {
    const list = encodeList(said, context)
    // The API refuses an empty list.
    return list.length === 0 ? '' : simplify(list)
  }
  for (const { part, path } of said) {
    if (part.type !== 'text') continue
    reportTextMarks(part, path, context.report)
    if (part.cache !== undefined) context.report(`${path}.cache`, 'this model is not known to read cache marks')
  }
  return texts.join(joiner ?? '')
}

export function encodeList(placed: readonly Placed[], context: PartContext): ContentPart[] {
  return placed.flatMap(({ part, path }) => encodePart(part, path, context) ?? [])
}

/** A list of one plain text is that text: some servers take nothing else. */
export function simplify(content: ContentPart[]): string | ContentPart[] {
  const [first] = content
  const isPlain = content.length === 1 && first?.type === 'text' && Object.keys(first).length === 2
  return isPlain && typeof first.text === 'string' ? first.text : content
}
