/** Answers that are kept: what they answered, listed, and their end told. */
import type { Codec } from '../codec.ts'
import { refuse } from '../ir/expect.ts'
import { divideInstructions } from './input-encode.ts'
import { listItems } from './list-items.ts'

const MOST = 100
const USUAL = 20

/** @see https://platform.openai.com/docs/api-reference/responses/input-items */
export const stored: NonNullable<Codec['stored']> = {
  divide: (request) => divideInstructions(request.messages),
  list(input, query) {
    const limit = readLimit(query.get('limit'))
    const items = listItems(input)
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
