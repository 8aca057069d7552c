/** The dialect of `parameters` and `responseSchema`, written as JSON Schema, which all other protocols speak. */
import type { JsonObject } from '../ir/extra.ts'

/**
 * Types in capitals or as numbers, `nullable`, counts as texts and snake_case names become what JSON Schema has for them.
 *
 * @returns the schema itself when nothing had to be changed, as with a real JSON Schema.
 */
export function raiseSchema(schema: JsonObject): JsonObject {
  let raised: Record<string, unknown> | undefined
  for (const keyword of Object.keys(schema)) {
    const value = schema[keyword]
    const rule = RULES.get(keyword)
    if (rule === undefined) continue
    const written = rule(value)
    if (written.keyword === keyword && written.value === value) continue
    raised ??= { ...schema }
    delete raised[keyword]
    if (written.keyword !== undefined) raised[written.keyword] = written.value
  }
  return allowNull(inOrder(raised ?? schema, schema.propertyOrdering ?? schema.property_ordering))
}

/** JSON Schema has no word for the order of properties, but models write them in the order in which they are told. */
function inOrder(schema: JsonObject, ordering: unknown): JsonObject {
  const { properties } = schema
  if (!Array.isArray(ordering) || !isObject(properties)) return schema
  const first = ordering.filter((name) => typeof name === 'string' && Object.hasOwn(properties, name))
  const names = new Set([...first, ...Object.keys(properties)])
  return { ...schema, properties: Object.fromEntries([...names].map((name) => [name, properties[name]])) }
}

interface Written {
  /** Absent: the keyword says nothing. */
  readonly keyword?: string
  readonly value?: unknown
}

type Rule = (value: unknown) => Written

const keepAs =
  (keyword: string, read: (value: unknown) => unknown = (value) => value): Rule =>
  (value) => ({ keyword, value: read(value) })

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['type', raiseType],
  ['properties', keepAs('properties', raiseMap)],
  ['items', keepAs('items', raiseOne)],
  ['anyOf', keepAs('anyOf', raiseList)],
  ['any_of', keepAs('anyOf', raiseList)],
  ['oneOf', keepAs('oneOf', raiseList)],
  ['prefixItems', keepAs('prefixItems', raiseList)],
  ['additionalProperties', keepAs('additionalProperties', raiseOne)],
  ['additional_properties', keepAs('additionalProperties', raiseOne)],
  ['$defs', keepAs('$defs', raiseMap)],
  ['defs', keepAs('$defs', raiseMap)],
  ['ref', keepAs('$ref')],
  ['propertyOrdering', () => ({})],
  ['property_ordering', () => ({})],
  ...['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties'].flatMap(
    (name): [string, Rule][] => [
      [name, keepAs(name, raiseCount)],
      [name.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`), keepAs(name, raiseCount)],
    ],
  ),
])

/** In the order of the numbers that stand for them where enumerations are asked for as such (Q75). */
const TYPES = ['', 'string', 'number', 'integer', 'boolean', 'array', 'object', 'null']
const UNSPECIFIED = 'type_unspecified'

function raiseType(value: unknown): Written {
  if (Array.isArray(value)) {
    const types = value.map((type) => (typeof type === 'string' ? type.toLowerCase() : type))
    return { keyword: 'type', value: types.every((type, index) => type === value[index]) ? value : types }
  }
  const name = typeof value === 'number' ? TYPES[value] : typeof value === 'string' ? value.toLowerCase() : undefined
  return name === undefined || name === '' || name === UNSPECIFIED ? {} : { keyword: 'type', value: name }
}

/** Protobuf writes 64-bit numbers as texts. */
function raiseCount(value: unknown): unknown {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
}

function raiseOne(value: unknown): unknown {
  return isObject(value) ? raiseSchema(value) : value
}

function raiseList(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  const raised = value.map(raiseOne)
  return raised.every((one, index) => one === value[index]) ? value : raised
}

function raiseMap(value: unknown): unknown {
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(([name, schema]) => [name, raiseOne(schema)] as const)
  return entries.every(([name, schema]) => schema === value[name]) ? value : Object.fromEntries(entries)
}

function allowNull(schema: JsonObject): JsonObject {
  if (typeof schema.nullable !== 'boolean') return schema
  const { nullable, ...rest } = schema
  if (!nullable) return rest
  if (Array.isArray(rest.anyOf)) return { ...rest, anyOf: [...rest.anyOf, { type: 'null' }] }
  return {
    ...rest,
    ...(typeof rest.type === 'string' ? { type: [rest.type, 'null'] } : {}),
    ...(Array.isArray(rest.enum) ? { enum: [...rest.enum, null] } : {}),
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
