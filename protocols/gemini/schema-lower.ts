/**
 * JSON Schema in the dialect of `parameters` and `responseSchema`: a subset of OpenAPI 3.0, whose unknown keywords are
 * answered with 400 (traps 120 to 124).
 *
 * @see https://ai.google.dev/api/caching#Schema
 */
import type { JsonObject } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'
import { lowerSchema, type NoteChange, type SchemaDialect, type SchemaDraft } from '../json/schema.ts'

const DIALECT: SchemaDialect = {
  plain: new Set([
    'type',
    'format',
    'title',
    'description',
    'nullable',
    'enum',
    'required',
    'pattern',
    'minimum',
    'maximum',
    'minItems',
    'maxItems',
    'minLength',
    'maxLength',
    'minProperties',
    'maxProperties',
    'propertyOrdering',
  ]),
  holding: new Map([
    ['properties', 'map'],
    ['items', 'one'],
    ['anyOf', 'list'],
  ]),
  rewrite,
  complete,
  maxDepth: 24,
  maxSchemas: 2000,
  cut: { type: 'object' },
}

/** @returns the schema, of an object, as a function's parameters have to be. What was changed is reported once. */
export function lowerParameters(schema: JsonObject, path: string, report: ReportLoss): JsonObject {
  const lowered = lowerAll(schema, path, report)
  return lowered.type === 'object' ? lowered : { type: 'object', properties: {} }
}

export function lowerAll(schema: JsonObject, path: string, report: ReportLoss): JsonObject {
  const changes: string[] = []
  const lowered = lowerSchema(schema, DIALECT, (place, change) => changes.push(`${place}: ${change}`))
  if (changes.length > 0) report(path, describeChanges(changes), 'changed')
  return lowered
}

const TOLD_CHANGES = 8

/** One sentence for a whole schema: hundreds of rows would hide what matters. */
function describeChanges(changes: readonly string[]): string {
  const told = changes.slice(0, TOLD_CHANGES).join('; ')
  const rest = changes.length - TOLD_CHANGES
  return rest > 0 ? `${told}; and ${rest} more` : told
}

function rewrite(schema: SchemaDraft, note: NoteChange): void {
  delete schema.$schema
  delete schema.$comment
  joinAllOf(schema, note)
  if (schema.anyOf === undefined && Array.isArray(schema.oneOf)) {
    schema.anyOf = schema.oneOf
    delete schema.oneOf
    note('oneOf', 'became anyOf')
  }
  rewriteConst(schema)
  rewriteType(schema, note)
  rewriteEnum(schema, note)
  rewriteBound(schema, 'exclusiveMinimum', 'minimum', 1, note)
  rewriteBound(schema, 'exclusiveMaximum', 'maximum', -1, note)
  rewriteItems(schema, note)
  spreadAnyOf(schema, note)
  filterFormat(schema, note)
}

/** All at once is one schema with everything that they say. */
function joinAllOf(schema: SchemaDraft, note: NoteChange): void {
  if (!Array.isArray(schema.allOf)) return
  const branches = schema.allOf.filter(isObject)
  delete schema.allOf
  if (branches.filter((branch) => branch.$ref !== undefined).length > 1) {
    note('allOf', 'only its first reference is followed')
  }
  for (const branch of branches) mergeInto(schema, branch)
  note('allOf', 'its schemas became one')
}

function mergeInto(schema: SchemaDraft, branch: JsonObject): void {
  for (const [keyword, value] of Object.entries(branch)) {
    const before = schema[keyword]
    if (keyword === 'required' && Array.isArray(before) && Array.isArray(value)) {
      schema.required = [...new Set([...before, ...value])]
    } else if (keyword === 'properties' && isObject(before) && isObject(value)) {
      schema.properties = { ...before, ...value }
    } else if (before === undefined) schema[keyword] = value
  }
}

function rewriteConst(schema: SchemaDraft): void {
  if (!Object.hasOwn(schema, 'const')) return
  schema.enum ??= [schema.const]
  delete schema.const
}

/** `[T, "null"]` is a T that is nullable; several other types are an `anyOf` of them (trap 121). */
function rewriteType(schema: SchemaDraft, note: NoteChange): void {
  if (schema.type === 'null') {
    delete schema.type
    schema.nullable = true
    return
  }
  if (!Array.isArray(schema.type)) return
  const types = schema.type.filter((type) => type !== 'null')
  if (types.length < schema.type.length) schema.nullable = true
  if (types.length <= 1) {
    schema.type = types[0]
    if (schema.type === undefined) delete schema.type
    return
  }
  delete schema.type
  if (schema.anyOf === undefined) schema.anyOf = types.map((type) => ({ type }))
  else note('type', 'the types beside anyOf are left out')
}

/** Only texts can be listed. */
function rewriteEnum(schema: SchemaDraft, note: NoteChange): void {
  if (!Array.isArray(schema.enum)) return
  const values = schema.enum.filter((value) => value !== null)
  if (values.length < schema.enum.length) schema.nullable = true
  if (values.length > 0 && values.every((value) => typeof value === 'string')) {
    schema.enum = values
    schema.type ??= 'string'
    return
  }
  delete schema.enum
  if (schema.type === undefined && values.length > 0) schema.type = typeNameOf(values[0])
  if (values.length > 0) note('enum', 'values that are no texts cannot be listed')
}

function typeNameOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value === 'boolean' ? 'boolean' : 'string'
}

function rewriteBound(schema: SchemaDraft, exclusive: string, inclusive: string, step: number, note: NoteChange): void {
  const bound = schema[exclusive]
  if (bound === undefined) return
  delete schema[exclusive]
  if (typeof bound === 'number' && schema[inclusive] === undefined) {
    schema[inclusive] = schema.type === 'integer' ? bound + step : bound
  }
  note(exclusive, `became ${inclusive}`)
}

/** A list of schemas by position is a list of any of them. */
function rewriteItems(schema: SchemaDraft, note: NoteChange): void {
  const byPosition = Array.isArray(schema.prefixItems) ? schema.prefixItems : schema.items
  if (!Array.isArray(byPosition)) return
  delete schema.prefixItems
  schema.items = byPosition.length === 1 ? byPosition[0] : { anyOf: byPosition }
  note('items', 'schemas by position became one for all')
}

/** Beside `anyOf` nothing may stand: it goes into each of the branches. A branch for null makes them nullable. */
function spreadAnyOf(schema: SchemaDraft, note: NoteChange): void {
  if (!Array.isArray(schema.anyOf)) return
  const { anyOf, ...shared } = schema
  const branches = anyOf.filter((branch) => !isNull(branch))
  if (branches.length < anyOf.length) shared.nullable = true
  const spread = branches.map((branch) => {
    const merged: SchemaDraft = isObject(branch) ? { ...branch } : {}
    mergeInto(merged, shared)
    return merged
  })
  for (const keyword of Object.keys(schema)) delete schema[keyword]
  const [only] = spread
  if (spread.length === 1 && only !== undefined) {
    Object.assign(schema, only)
    // What it brought along has to be said in this dialect too.
    rewrite(schema, note)
  } else if (spread.length > 0) schema.anyOf = spread
  else Object.assign(schema, shared)
}

function isNull(branch: unknown): boolean {
  return isObject(branch) && (branch.type === 'null' || branch.const === null) && Object.keys(branch).length <= 2
}

/** @see the API's refusal: "only 'enum' and 'date-time' are supported for STRING type". */
const FORMATS: ReadonlyMap<unknown, readonly unknown[]> = new Map<unknown, readonly unknown[]>([
  ['string', ['enum', 'date-time']],
  ['number', ['float', 'double']],
  ['integer', ['int32', 'int64']],
])

function filterFormat(schema: SchemaDraft, note: NoteChange): void {
  if (schema.format === undefined || FORMATS.get(schema.type)?.includes(schema.format)) return
  delete schema.format
  note('format', 'left out')
}

/** Each schema must say its type, and what it demands must be there. */
function complete(schema: SchemaDraft, note: NoteChange): void {
  if (schema.anyOf !== undefined) return
  if (schema.type === undefined) {
    if (isObject(schema.properties)) schema.type = 'object'
    else if (schema.items !== undefined) schema.type = 'array'
    else {
      schema.type = 'string'
      note('type', 'anything became a text')
    }
  }
  if (schema.type === 'array' && schema.items === undefined) {
    schema.items = { type: 'string' }
    note('items', 'items of any kind became texts')
  }
  if (!Array.isArray(schema.required)) return
  const properties = isObject(schema.properties) ? schema.properties : {}
  const present = schema.required.filter((name) => typeof name === 'string' && Object.hasOwn(properties, name))
  if (present.length === schema.required.length) return
  note('required', 'names without a property are left out')
  if (present.length > 0) schema.required = present
  else delete schema.required
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
