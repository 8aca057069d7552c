/** What a JSON Schema says about the kind of a value, as far as it decides how a text is read. */
import type { LiteralKind } from '../reading/literal.ts'

/** A schema with the document that its `$ref`s point into. */
export interface PlacedSchema {
  readonly schema: Readonly<Record<string, unknown>>
  readonly root: Readonly<Record<string, unknown>>
}

/** The schema of a parameter and what it says of the type, found out once. */
export interface PropertySchema extends PlacedSchema {
  readonly types: readonly SchemaType[] | undefined
}

export type SchemaType = 'string' | 'integer' | 'number' | 'boolean' | 'null' | 'array' | 'object'

const TYPES: Readonly<Record<SchemaType, LiteralKind>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
  array: 'array',
  object: 'object',
}
/** What schemas that were written by hand, or from code, call them. */
const NAMED_LIKE: ReadonlyMap<unknown, SchemaType> = new Map<string, SchemaType>([
  ['str', 'string'],
  ['text', 'string'],
  ['int', 'integer'],
  ['int32', 'integer'],
  ['int64', 'integer'],
  ['long', 'integer'],
  ['float', 'number'],
  ['double', 'number'],
  ['decimal', 'number'],
  ['bool', 'boolean'],
  ['list', 'array'],
  ['tuple', 'array'],
  ['dict', 'object'],
  ['map', 'object'],
  ['none', 'null'],
])
const MAX_HOPS = 16

/** Follows `$ref`s inside the document; what cannot be followed says nothing. */
export function placeSchema(value: unknown, root: PlacedSchema['root']): PlacedSchema | undefined {
  let schema = value
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    if (!isRecord(schema)) return undefined
    const pointer = schema['$ref']
    if (typeof pointer !== 'string') return { schema, root }
    schema = lookUp(root, pointer)
  }
  return undefined
}

/** The types that a schema allows, in its order; nothing when it does not say. */
export function allowedTypes(placed: PlacedSchema, depth = 0): readonly SchemaType[] | undefined {
  const { schema, root } = placed
  const named = [schema['type']].flat().flatMap(typeNamed)
  if (named.length > 0) return schema['nullable'] === true ? [...named, 'null'] : named
  for (const choices of [schema['enum'], 'const' in schema ? [schema['const']] : undefined])
    if (Array.isArray(choices)) return [...new Set(choices.map(typeOf))]
  if (depth < MAX_HOPS) {
    const branches = branchesOf(placed)
    const types = branches.map((branch) => allowedTypes(branch, depth + 1))
    if (types.length > 0 && types.every((list) => list !== undefined)) return [...new Set(types.flat())]
    const parts = Array.isArray(schema['allOf']) ? schema['allOf'] : []
    for (const part of parts) {
      const inner = placeSchema(part, root)
      const list = inner === undefined ? undefined : allowedTypes(inner, depth + 1)
      if (list !== undefined) return list
    }
  }
  if ('properties' in schema || 'additionalProperties' in schema) return ['object']
  return 'items' in schema ? ['array'] : undefined
}

/** The alternatives of a union. */
export function branchesOf({ schema, root }: PlacedSchema): readonly PlacedSchema[] {
  return [schema['anyOf'], schema['oneOf']]
    .flatMap((branches) => (Array.isArray(branches) ? branches : []))
    .flatMap((branch) => placeSchema(branch, root) ?? [])
}

/** The schema of a member, wherever the object's schema says it; nothing when it does not know it. */
export function memberSchema(placed: PlacedSchema, name: string, depth = 0): PlacedSchema | undefined {
  const { schema, root } = placed
  const properties = schema['properties']
  if (isRecord(properties) && Object.hasOwn(properties, name))
    return placeSchema(properties[name], root) ?? { schema: {}, root }
  if (depth >= MAX_HOPS) return undefined
  const found: PlacedSchema[] = []
  for (const part of [...branchesOf(placed), ...listParts(placed)]) {
    const member = memberSchema(part, name, depth + 1)
    if (member === undefined) continue
    // What is nested deeper is asked for the first one only: no schema may take exponential time.
    if (depth > 0) return member
    found.push(member)
  }
  const [only = placeSchema(schema['additionalProperties'], root), ...others] = found
  return others.length === 0 ? only : { schema: { anyOf: found.map((member) => member.schema) }, root }
}

export function itemSchema({ schema, root }: PlacedSchema, index: number): PlacedSchema | undefined {
  for (const list of [schema['prefixItems'], schema['items']])
    if (Array.isArray(list) && index < list.length) return placeSchema(list[index], root)
  return placeSchema(schema['items'], root)
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listParts({ schema, root }: PlacedSchema): readonly PlacedSchema[] {
  const parts = schema['allOf']
  return Array.isArray(parts) ? parts.flatMap((part) => placeSchema(part, root) ?? []) : []
}

function typeNamed(name: unknown): readonly SchemaType[] {
  const lower = typeof name === 'string' ? name.toLowerCase() : name
  const type = isType(lower) ? lower : NAMED_LIKE.get(lower)
  return type === undefined ? [] : [type]
}

function isType(value: unknown): value is SchemaType {
  return typeof value === 'string' && Object.hasOwn(TYPES, value)
}

function typeOf(value: unknown): SchemaType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value === 'boolean' ? 'boolean' : typeof value === 'object' ? 'object' : 'string'
}

function lookUp(root: PlacedSchema['root'], pointer: string): unknown {
  if (!pointer.startsWith('#')) return undefined
  let value: unknown = root
  for (const segment of pointer.slice(1).split('/').slice(1)) {
    const name = decode(segment).replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
