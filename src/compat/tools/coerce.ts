/** Gives values the types that the schema of their tool asks for, where their text allows it. */
import { type Literal, readNumber, writeLiteral } from '../reading/literal.ts'
import { parseLiteral } from '../reading/parse-literal.ts'
import {
  allowedTypes,
  branchesOf,
  itemSchema,
  memberSchema,
  type PlacedSchema,
  type PropertySchema,
  type SchemaType,
} from './property-schema.ts'

/** The first quote is escaped: then all are. */
const ESCAPED_QUOTE = /^[^"']*\\"/

/** A value that has a type already, as JSON and Python give it. What does not fit stays as it is. */
export function coerce(value: Literal, placed: PlacedSchema | PropertySchema | undefined): Literal {
  if (placed === undefined) return value
  const types = 'types' in placed ? placed.types : allowedTypes(placed)
  if (types === undefined || fits(value, types)) return coerceInside(value, placed, types)
  if (value.kind === 'string') return readAs(value.text, types, placed) ?? value
  if (types.includes('string') && value.kind !== 'null') return { kind: 'string', text: writeLiteral(value) }
  return value
}

/** A value that came as bare text, as XML gives it. Without a schema it is a string. */
export function coerceText(text: string, placed: PropertySchema | undefined): Literal {
  const types = placed?.types
  if (placed === undefined || types === undefined || isListed(text, placed)) return { kind: 'string', text }
  return readAs(text, types, placed) ?? { kind: 'string', text }
}

/** The text is one of those that the schema lists: then it is no number, though it may look like one. */
function isListed(text: string, { schema }: PlacedSchema): boolean {
  const list = schema['enum']
  return schema['const'] === text || (Array.isArray(list) && list.includes(text))
}

function fits(value: Literal, types: readonly SchemaType[]): boolean {
  if (value.kind === 'number') return types.includes('number') || types.includes('integer')
  return types.includes(value.kind)
}

/** The source's own type if it is allowed, else none. */
function readAs(text: string, types: readonly SchemaType[], placed: PlacedSchema): Literal | undefined {
  const trimmed = text.trim()
  const first = trimmed.charAt(0)
  const isStructure = types.includes('array') || types.includes('object')
  if (isStructure && (first === '[' || first === '{' || first === '(')) {
    const value = parseEscaped(trimmed) ?? parseLiteral(trimmed, false)
    if (value !== undefined && fits(value, types)) return coerceInside(value, placed, types)
  }
  if (!types.includes('string') && (first === '"' || first === "'" || trimmed.startsWith('\\"'))) {
    const value = parseEscaped(trimmed) ?? parseLiteral(trimmed, false)
    return value?.kind === 'string' ? readAs(value.text, types, placed) : undefined
  }
  if (types.includes('boolean') && /^(?:true|false)$/i.test(trimmed))
    return { kind: 'boolean', value: trimmed.toLowerCase() === 'true' }
  if (types.includes('null') && (trimmed === 'null' || trimmed === 'None')) return { kind: 'null' }
  if (types.includes('number') || types.includes('integer')) {
    const number = readNumber(trimmed)
    if (number !== undefined) return shortenNumber(number, types)
  }
  return undefined
}

/** What stands in a string of JSON, but without its quotes: `[\"a\"]`. */
function parseEscaped(text: string): Literal | undefined {
  const inner = ESCAPED_QUOTE.test(text) ? parseLiteral(`"${text}"`, false) : undefined
  return inner?.kind === 'string' ? parseLiteral(inner.text, false) : undefined
}

/** `5.0` is an integer. */
function shortenNumber(value: Literal, types: readonly SchemaType[]): Literal {
  if (value.kind !== 'number' || types.includes('number')) return value
  const whole = /^(-?\d+)\.0*$/.exec(value.digits)?.[1]
  return whole === undefined ? value : { kind: 'number', digits: whole }
}

function coerceInside(value: Literal, placed: PlacedSchema, types: readonly SchemaType[] | undefined): Literal {
  if (value.kind === 'number') return shortenNumber(value, types ?? ['number'])
  if (value.kind === 'array') {
    const schema = branchFor('array', placed)
    return { kind: 'array', items: value.items.map((item, index) => coerce(item, itemSchema(schema, index))) }
  }
  if (value.kind === 'object') {
    const schema = branchFor('object', placed)
    return {
      kind: 'object',
      members: value.members.map(([name, member]) => [name, coerce(member, memberSchema(schema, name))] as const),
    }
  }
  return value
}

/** The alternative of a union that describes this kind of value. */
function branchFor(type: SchemaType, placed: PlacedSchema): PlacedSchema {
  return branchesOf(placed).find((branch) => allowedTypes(branch)?.includes(type)) ?? placed
}
