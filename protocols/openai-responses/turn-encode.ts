/** An assistant's turn, written as the items that it is made of. */
import type { ModelFacts } from '../ir/facts.ts'
import type { Part } from '../ir/part.ts'
import type { Kept } from '../ir/rest.ts'
import { type CallContext, encodeCall } from './calls.ts'
import { restoreItem } from './item-notes.ts'
import { CONTENT, encodePart, type PartContext } from './parts.ts'
import { encodeReasoning } from './reasoning.ts'
import { isOwn, isSpelled, PROTOCOL } from './rest.ts'
import { SAME_MESSAGE, STRING } from './turn-decode.ts'
import type { ContentPart, Item } from './wire.ts'

/** A part and where it stands in the request or answer. */
export interface Placed<Kind extends Part = Part> {
  readonly part: Kind
  readonly path: string
}

export type HistoryContext = PartContext & CallContext

/** Parts that stand in one message, side by side. */
type Said = readonly Placed[]

/** Writes the turn for a back end; what belongs to one message goes into one item. */
export function encodeTurn(parts: readonly Placed[], context: HistoryContext): Item[] {
  const items: Item[] = []
  let said: Placed[] = []
  const tellSaid = () => {
    if (said.length > 0) items.push(...encodeMessage(said, context))
    said = []
  }
  for (const placed of parts) {
    const { part } = placed
    if (isSaid(part)) {
      if (beginsMessage(part)) tellSaid()
      said.push(placed)
    } else {
      tellSaid()
      items.push(...encodeItem(placed, context))
    }
  }
  tellSaid()
  return items
}

/** Whether a part stands in a message, and is no item of its own. */
export function isSaid(part: Part): boolean {
  if (part.type === 'opaque') return isSpelled(part, CONTENT)
  return part.type !== 'reasoning' && part.type !== 'tool-call' && part.type !== 'tool-result'
}

/** A client or back end of this protocol began a message with it. */
export function beginsMessage(part: Kept): boolean {
  return isOwn(part) && !isSpelled(part, SAME_MESSAGE)
}

function encodeMessage(said: Said, context: HistoryContext): Item[] {
  const first = said[0]
  if (first === undefined) return []
  if (isOwn(first.part)) return [encodeOwnMessage(first, said, context)]
  // An empty text says nothing, and some refuse it (trap 73).
  const told = said.filter(({ part }) => part.type !== 'text' || part.text !== '')
  const content = told.flatMap(({ part, path }) => encodeSpoken(part, path, context) ?? [])
  const [only] = content
  if (only === undefined) return []
  if (content.length === 1 && only.type === 'output_text' && Object.keys(only).length === 2) {
    return [{ role: 'assistant', content: only.text }]
  }
  if (content.every(({ type }) => type === 'output_text')) return [{ role: 'assistant', content }]
  // A refusal stands only in a message as the API itself writes it, which has an id.
  const whole = content.map((one) => (one.type === 'output_text' ? { annotations: [], ...one } : one))
  const id = `msg_${first.path.replaceAll(/[^a-z0-9]+/g, '_')}`
  return [{ type: 'message', id, role: 'assistant', status: 'completed', content: whole }]
}

/** What an assistant can have said: texts and refusals; a picture that it made is no part of its words. */
function encodeSpoken(part: Part, path: string, context: HistoryContext): ContentPart | undefined {
  if (part.type === 'image' || part.type === 'audio' || part.type === 'file') {
    if (part.type === 'audio' && part.transcript !== undefined) {
      context.report(path, 'sound is told as its transcript', 'changed')
      return { type: 'output_text', text: part.transcript }
    }
    context.report(path, 'an assistant says texts only here')
    return undefined
  }
  return encodePart(part, path, context, 'output')
}

function encodeOwnMessage(first: Placed, said: Said, context: HistoryContext): Item {
  const item: Item = { type: 'message', role: 'assistant' }
  const content = said.flatMap(({ part, path }) => encodePart(part, path, context, 'output', item) ?? [])
  const [only] = content
  item.content = isSpelled(first.part, STRING) && content.length === 1 && only !== undefined ? only.text : content
  restoreItem(item, first.part)
  return item
}

function encodeItem({ part, path }: Placed, context: HistoryContext): Item[] {
  const { report, facts } = context
  switch (part.type) {
    case 'tool-call':
      return [encodeCall(part, path, context)]
    case 'reasoning':
      return mayReturn(part, path, facts, report) ? [encodeReasoning(readable(part, facts), part.id, path, report)] : []
    case 'opaque':
      if (part.protocol === PROTOCOL) return [{ ...(part.value as Item) }]
      report(path, `only ${part.protocol} has such a block`)
      return []
    case 'tool-result':
      report(path, 'an assistant gives no results of tools')
      return []
    case 'text':
    case 'refusal':
    case 'image':
    case 'audio':
    case 'file':
      return []
  }
}

/** A proof of the one who is asked is written bare: it is this wire's own to them. */
function readable(part: Extract<Part, { type: 'reasoning' }>, { issuer = PROTOCOL }: ModelFacts): typeof part {
  return part.issuer === issuer && part.encrypted !== undefined ? { ...part, issuer: PROTOCOL } : part
}

/** Only its issuer can read a thought that is encrypted, and only who asks for it wants one in plain text (traps 87, 99). */
function mayReturn(
  part: Extract<Part, { type: 'reasoning' }>,
  path: string,
  facts: ModelFacts,
  report: PartContext['report'],
): boolean {
  if (part.encrypted !== undefined && part.issuer === (facts.issuer ?? PROTOCOL)) return true
  if (part.encrypted !== undefined || part.signature !== undefined) {
    report(path, `only ${part.issuer ?? 'its issuer'} can read this thought`)
    return false
  }
  if (isOwn(part) || facts.replaysReasoning === true) return true
  report(path, 'a thought without proof is not sent back')
  return false
}
