/** What is kept of this wire: unknown members, the spelling of known ones, and members that say nothing. */
import type { JsonObject } from '../ir/extra.ts'
import { createRestKeeper, type Kept, type Rest } from '../ir/rest.ts'

/** The name of this codec, on everything that it alone understands. */
export const PROTOCOL = 'ollama'

const keeper = createRestKeeper(PROTOCOL)

export const { createRest, isOwn, isSpelled, noted, giveBack } = keeper

const BLANK = 'blank:'

/**
 * The members that say something. Clients send every option as null or empty; both mean absent (Q80), so that elsewhere
 * nobody misses them, while the same protocol gets them back.
 *
 * @param kept members of which an empty value does say something.
 */
export function dropBlank(fields: JsonObject, rest: Rest, kept: ReadonlySet<string> = new Set()): JsonObject {
  const blank = Object.entries(fields).filter(([name, value]) => !kept.has(name) && isBlank(value))
  if (blank.length === 0) return fields
  rest.note(BLANK, JSON.stringify(Object.fromEntries(blank)))
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => kept.has(name) || !isBlank(value)))
}

function isBlank(value: unknown): boolean {
  if (value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** Puts the blank members back of an item that was read from this wire; members that are there already stay. */
export function giveBackBlank(wire: Record<string, unknown>, item: Kept): void {
  const blank = noted(item, BLANK)
  if (blank === undefined) return
  // Written by `dropBlank`.
  const members = JSON.parse(blank) as JsonObject
  for (const [name, value] of Object.entries(members)) wire[name] ??= value
}
