/** A whole answer's parts, written as items for a client. */
import { unwrapText } from '../ir/freeform.ts'
import type { Part } from '../ir/part.ts'
import type { Choice } from '../ir/response.ts'
import { notedStatus } from './item-notes.ts'
import {
  type ItemStatus,
  nameCall,
  nameItem,
  type OutputContext,
  readLogprobs,
  writeCall,
  writeMessage,
  writeText,
  writeThought,
  writeWhole,
} from './output.ts'
import { encodePart } from './parts.ts'
import { beginsMessage, isSaid, type Placed } from './turn-encode.ts'
import type { ContentPart, Item, ResponseStatus } from './wire.ts'

export function encodeOutput(choice: Choice, status: ResponseStatus, context: OutputContext): Item[] {
  const items: Item[] = []
  let said: Placed[] = []
  let logprobs = readLogprobs(choice.logprobs, context.report)
  const last = choice.parts.at(-1)

  /** What was cut is the last thing that was said (Q49). @param end the last part of the item. */
  function statusOf(first: Part, end: Part): ItemStatus {
    const own = notedStatus(first)
    if (own === 'completed' || own === 'incomplete' || own === 'in_progress') return own
    return status === 'incomplete' && end === last ? 'incomplete' : 'completed'
  }

  function tellSaid(): void {
    const first = said[0]
    if (first === undefined) return
    const content = said.flatMap(({ part, path }) => {
      const piece = writeSaid(part, path, logprobs, context)
      if (part.type === 'text') logprobs = []
      return piece ?? []
    })
    const end = said.at(-1)?.part ?? first.part
    const id = nameItem('msg', items.length, context, first.part)
    items.push(writeMessage(id, statusOf(first.part, end), content, first.part))
    said = []
  }

  for (const [index, part] of choice.parts.entries()) {
    const path = `choices.${choice.index}.parts.${index}`
    if (isSaid(part) && (part.type === 'text' || part.type === 'refusal' || part.type === 'opaque')) {
      if (beginsMessage(part)) tellSaid()
      said.push({ part, path })
      continue
    }
    tellSaid()
    const item = encodeItem(part, path, items.length, statusOf(part, part), context)
    if (item !== undefined) items.push(item)
  }
  tellSaid()
  return items
}

function writeSaid(
  part: Part,
  path: string,
  logprobs: readonly unknown[],
  context: OutputContext,
): ContentPart | undefined {
  const { report } = context
  if (part.type !== 'text') return encodePart(part, path, { facts: {}, report }, 'output', {})
  if (part.signature !== undefined) report(`${path}.signature`, 'text is not signed here')
  const piece = writeText(part.text, part.citations ?? [], logprobs, path, report)
  // Members that its vendor added go back, those of the message into the message.
  const { citations: _citations, signature: _signature, ...bare } = part
  const kept = encodePart(bare, path, { facts: {}, report }, 'output', {})
  return { ...kept, ...piece, type: 'output_text' }
}

function encodeItem(
  part: Part,
  path: string,
  index: number,
  status: ItemStatus,
  context: OutputContext,
): Item | undefined {
  const { report } = context
  switch (part.type) {
    case 'tool-call': {
      const call = nameCall(part, context)
      const args = call.isWrapped ? unwrapText(part.arguments) : part.arguments
      const id = nameItem(call.isSearch ? 'tsc' : call.isFreeform ? 'ctc' : 'fc', index, context, part)
      if (part.signature !== undefined) report(`${path}.signature`, 'calls are not signed here')
      return writeCall(id, part.id, call, args, status, part, path, report)
    }
    case 'reasoning':
      return writeThought(part, part.id ?? nameItem('rs', index, context), undefined, path, report)
    case 'text':
    case 'refusal':
    case 'image':
    case 'audio':
    case 'file':
    case 'tool-result':
    case 'opaque':
      return writeWhole(part, nameItem(part.type === 'image' ? 'ig' : 'msg', index, context), path, report)
  }
}
