import type { JsonObject } from './extra.ts'

/** The object that a text of JSON is; nothing where it is none, be it a list, a bare value or no JSON at all. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    // Looked at just now; its members are anybody's.
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
  } catch {
    // Told or refused by the caller.
    return undefined
  }
}
