/** The id and status of an item, and whether it bore its type: they say nothing to other protocols. */
import type { JsonObject } from '../ir/extra.ts'
import type { Kept, Rest } from '../ir/rest.ts'
import { isSpelled, noted } from './rest.ts'
import type { Item } from './wire.ts'

const ID = 'id:'
const STATUS = 'status:'
const UNTYPED = 'untyped'

export function noteItem(fields: JsonObject, rest: Rest): void {
  if (fields.type === undefined) rest.spell(UNTYPED)
  if (typeof fields.id === 'string') rest.note(ID, fields.id)
  if (typeof fields.status === 'string') rest.note(STATUS, fields.status)
}

/** Puts back what `noteItem` took. */
export function restoreItem(item: Item, part: Kept): void {
  const id = notedId(part)
  const status = notedStatus(part)
  if (isSpelled(part, UNTYPED)) delete item.type
  if (id !== undefined) item.id = id
  if (status !== undefined) item.status = status
}

export function notedId(part: Kept): string | undefined {
  return noted(part, ID)
}

export function notedStatus(part: Kept): string | undefined {
  return noted(part, STATUS)
}
