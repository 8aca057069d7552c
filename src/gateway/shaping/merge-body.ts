/** Writes a group's own fields into a body for a back end. */
import type { JsonObject } from '../../../protocols/ir/extra.ts'

/** A new body: objects are joined, everything else of the group takes the place of what is there. */
export function mergeBody(body: JsonObject, own: Readonly<Record<string, unknown>>): JsonObject {
  const merged: Record<string, unknown> = { ...body }
  for (const [name, value] of Object.entries(own)) {
    const before = Object.hasOwn(merged, name) ? merged[name] : undefined
    merged[name] = isObject(before) && isObject(value) ? mergeBody(before, value) : value
  }
  return merged
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
