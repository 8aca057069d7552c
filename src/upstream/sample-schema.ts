/** Makes up a value that a JSON Schema describes: enough for the demo to call any tool and to answer in any form. */
import type { JsonObject } from '../../protocols/ir/extra.ts'

/** Schemas that refer to themselves have no end. */
const MAX_DEPTH = 8

/**
 * A value of this schema with all its required members, as small as can be. Keywords that it does not know (patterns,
 * conditions) are passed over, so a demanding schema may refuse the value.
 *
 * @param text what a string without further rules says.
 */
export function sampleSchema(schema: JsonObject, text: string): unknown {
  return sample(schema, text, schema, 0)
}

function sample(schema: unknown, text: string, root: JsonObject, depth: number): unknown {
  if (!isObject(schema) || depth > MAX_DEPTH) return null
  if ('const' in schema) return schema.const
  if ('default' in schema) return schema.default
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return schema.enum[0]
  if (typeof schema.$ref === 'string') return sample(findReference(root, schema.$ref), text, root, depth + 1)
  const branch = [schema.anyOf, schema.oneOf, schema.allOf].find((list) => Array.isArray(list) && list.length > 0)
  if (Array.isArray(branch)) return sample(branch[0], text, root, depth + 1)
  return SAMPLES[readType(schema)](schema, text, root, depth)
}

type SchemaType = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null'

const SAMPLES: Readonly<
  Record<SchemaType, (schema: JsonObject, text: string, root: JsonObject, depth: number) => unknown>
> = {
  object(schema, text, root, depth) {
    const properties = isObject(schema.properties) ? schema.properties : {}
    const required = Array.isArray(schema.required) ? schema.required : []
    const names = Object.keys(properties).filter((name) => required.includes(name))
    return Object.fromEntries(names.map((name) => [name, sample(properties[name], text, root, depth + 1)]))
  },
  array(schema, text, root, depth) {
    const count = typeof schema.minItems === 'number' ? Math.min(schema.minItems, MAX_DEPTH) : 0
    return Array.from({ length: count }, () => sample(schema.items, text, root, depth + 1))
  },
  string: (_schema, text) => text,
  number: (schema) => readMinimum(schema),
  integer: (schema) => Math.ceil(readMinimum(schema)),
  boolean: () => true,
  null: () => null,
}

function readType(schema: JsonObject): SchemaType {
  const named: unknown = Array.isArray(schema.type) ? schema.type[0] : schema.type
  const type = typeof named === 'string' ? named.toLowerCase() : undefined
  if (type !== undefined && isSchemaType(type)) return type
  return 'properties' in schema ? 'object' : 'string'
}

function isSchemaType(type: string): type is SchemaType {
  return Object.hasOwn(SAMPLES, type)
}

function readMinimum(schema: JsonObject): number {
  return typeof schema.minimum === 'number' ? schema.minimum : 1
}

/** `#/$defs/name` and the like; nothing for references to elsewhere. */
function findReference(root: JsonObject, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined
  let value: unknown = root
  for (const segment of reference.slice(2).split('/')) {
    const name = segment.replaceAll('~1', '/').replaceAll('~0', '~')
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined
    value = value[name]
  }
  return value
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
