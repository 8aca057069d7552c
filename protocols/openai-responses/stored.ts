/** Answers that are kept: what they answered, listed, and their end told. */
import type { Codec } from '../codec.ts'
import { refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import { listLosses } from '../ir/loss.ts'
import type { Message } from '../ir/message.ts'
import { divideInstructions, encodeInput } from './input-encode.ts'
import type { Item } from './wire.ts'

const MOST = 100
const USUAL = 20

/** @see https://platform.openai.com/docs/api-reference/responses/input-items */
export const stored: NonNullable<Codec['stored']> = {
  divide: (request) => divideInstructions(request.messages),
  list(input, query) {
    const limit = readLimit(query.get('limit'))
    const items = writeItems(input)
    // The newest first, unless asked for otherwise.
    if (query.get('order') !== 'asc') items.reverse()
    const after = query.get('after')
    const from = after === null ? 0 : items.findIndex((item) => item['id'] === after) + 1
    if (after !== null && from === 0) refuse('after', 'expected the id of an item of this list')
    const page = items.slice(from, from + limit)
    return {
      object: 'list',
      data: page,
      first_id: page[0]?.['id'] ?? null,
      last_id: page.at(-1)?.['id'] ?? null,
      has_more: from + page.length < items.length,
    }
  },
  deleted: (id) => ({ id, object: 'response', deleted: true }),
}

function readLimit(text: string | null): number {
  if (text === null) return USUAL
  const limit = Number(text)
  return Number.isInteger(limit) && limit >= 1 && limit <= MOST ? limit : refuse('limit', `expected 1 to ${MOST}`)
}

/** Items as their client sent them, each with an id by its place where it had none. */
function writeItems(messages: readonly Message[]): JsonObject[] {
  const { report } = listLosses()
  const context = { facts: {}, report, toolName: (name: string) => name, callId: (id: string) => id }
  const { instructions, input } = encodeInput(messages, context)
  const system: Item[] = instructions === undefined ? [] : [{ type: 'message', role: 'system', content: instructions }]
  const items: Item[] = typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : input
  return [...system, ...items].map((item, index) => completeItem(item, index))
}

function completeItem(item: Item, index: number): JsonObject {
  const { content } = item
  const id = typeof item['id'] === 'string' ? item['id'] : `msg_${index}`
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
