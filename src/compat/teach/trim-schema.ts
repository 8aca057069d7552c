/** Takes out of a JSON Schema what generators put into it and what tells a model nothing. */
import type { JsonObject } from '../../../protocols/ir/extra.ts'

/** Keywords whose members are named by the author of the schema. */
const NAMED: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
])

/** Keywords whose values are data. */
const DATA: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'examples', 'required'])

/** Titles that repeat names, the schema's own version, and bounds of numbers that every number meets. Never changes `schema`. */
export function trimSchema(schema: JsonObject): JsonObject {
  const members = Object.entries(schema).filter(([keyword, value]) => !isNoise(keyword, value))
  return Object.fromEntries(
    members.map(([keyword, value]) => [keyword, NAMED.has(keyword) ? trimNamed(value) : trim(keyword, value)]),
  )
}

function trimNamed(value: unknown): unknown {
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, trimAny(schema)]))
}

function trim(keyword: string, value: unknown): unknown {
  if (DATA.has(keyword)) return value
  return Array.isArray(value) ? value.map(trimAny) : trimAny(value)
}

function trimAny(value: unknown): unknown {
  return isObject(value) ? trimSchema(value) : value
}

function isNoise(keyword: string, value: unknown): boolean {
  if (keyword === 'title' || keyword === '$schema') return typeof value === 'string'
  if (keyword === 'maximum' || keyword === 'exclusiveMaximum') return value === Number.MAX_SAFE_INTEGER
  return (keyword === 'minimum' || keyword === 'exclusiveMinimum') && value === Number.MIN_SAFE_INTEGER
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
