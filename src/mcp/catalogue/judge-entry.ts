/** What an entry of a list may cost those who read it; one beyond is left out, and that is said (M105). */
import type { JsonObject } from '../json-rpc.ts'
import type { Era, ListKind } from '../upstream/connection.ts'
import { readHeaderBindings } from '../upstream/mirror-headers.ts'

const MAX_SCHEMA_BYTES = 256 * 1024
const MAX_DESCRIPTION_BYTES = 16 * 1024
const MAX_DEPTH = 64

/** The member that names an entry. */
export const KEYS: Readonly<Record<ListKind, string>> = {
  tools: 'name',
  prompts: 'name',
  resources: 'uri',
  resourceTemplates: 'uriTemplate',
}

/** @returns why the entry is left out, as the rest of a sentence; undefined for a good one. */
export function judgeEntry(kind: ListKind, entry: JsonObject, era: Era): string | undefined {
  if (typeof entry[KEYS[kind]] !== 'string') return `has no ${KEYS[kind]}`
  if (!isFlat(entry, MAX_DEPTH)) return `is more than ${MAX_DEPTH} levels deep`
  if (bytesOf(entry['description']) > MAX_DESCRIPTION_BYTES)
    return `is described at length of more than ${MAX_DESCRIPTION_BYTES} bytes`
  for (const schema of ['inputSchema', 'outputSchema']) {
    if (bytesOf(entry[schema]) > MAX_SCHEMA_BYTES) return `has an ${schema} of more than ${MAX_SCHEMA_BYTES} bytes`
  }
  if (kind !== 'tools' || era !== 'modern') return undefined
  // Its caller would have to send headers that nobody can write (M30).
  const schema = entry['inputSchema']
  const bindings = readHeaderBindings(
    typeof schema === 'object' && schema !== null ? (schema as JsonObject) : undefined,
  )
  return typeof bindings === 'string' ? `asks for headers that cannot be: ${bindings}` : undefined
}

function bytesOf(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value))
}

function isFlat(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((member) => isFlat(member, depth - 1))
}
