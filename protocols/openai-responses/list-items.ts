/** Messages as items that a client is shown: as it sent them, each with an id by its place where it had none. */
import type { JsonObject } from '../ir/extra.ts'
import { listLosses } from '../ir/loss.ts'
import type { Message } from '../ir/message.ts'
import { encodeInput } from './input-encode.ts'
import type { Item } from './wire.ts'

/** @param seed is part of the ids that are made. */
export function listItems(messages: readonly Message[], seed = ''): JsonObject[] {
  const { report } = listLosses()
  const context = { facts: {}, report, toolName: (name: string) => name, callId: (id: string) => id }
  const { instructions, input } = encodeInput(messages, context)
  const system: Item[] = instructions === undefined ? [] : [{ type: 'message', role: 'system', content: instructions }]
  const items: Item[] = typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : input
  return [...system, ...items].map((item, index) => completeItem(item, `msg_${seed}${index}`))
}

function completeItem(item: Item, madeId: string): JsonObject {
  const { content } = item
  const id = typeof item['id'] === 'string' ? item['id'] : madeId
  const isText = typeof content === 'string'
  const part = { type: item['role'] === 'assistant' ? 'output_text' : 'input_text', text: content }
  return {
    ...item,
    id,
    ...(item['type'] === undefined ? { type: 'message' } : {}),
    ...(isText ? { content: [part] } : {}),
    ...(item['role'] === undefined || item['status'] !== undefined ? {} : { status: 'completed' }),
  }
}
