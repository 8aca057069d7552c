/**
 * Writes a JSON Schema in a dialect that knows fewer keywords: the engine; what a dialect knows stands in its table.
 *
 * Only keywords are judged, never names: a property that is called `default` or `$ref` is a property like any other
 * (trap 120). The source is not touched (trap 85). References are replaced by what they mean, until they recur (trap 122).
 */
import { resolvePointer } from './schema-pointer.ts'

/** Where the subschemas of a keyword are: the value itself, a list of them, or the members of an object. */
export type Holding = 'one' | 'list' | 'map'

/** A schema that is being written: a copy of its outermost members, free to be changed. */
export type SchemaDraft = Record<string, unknown>

/** Says what became of a keyword. */
export type NoteChange = (keyword: string, change: string) => void

export interface SchemaDialect {
  /** Keywords whose values are taken as they are. */
  readonly plain: ReadonlySet<string>
  /** Keywords whose values are schemas. */
  readonly holding: ReadonlyMap<string, Holding>
  /** Says in the dialect's own words what it has no keyword for; before its subschemas are looked at. */
  readonly rewrite: (schema: SchemaDraft, note: NoteChange) => void
  /** Adds what the dialect demands; after its subschemas are written. */
  readonly complete: (schema: SchemaDraft, note: NoteChange) => void
  /** Schemas inside each other; what lies deeper becomes `cut`. */
  readonly maxDepth: number
  /** Schemas altogether, as references can multiply. */
  readonly maxSchemas: number
  /** Stands in for what is too deep, recurs or cannot be found. */
  readonly cut: Readonly<Record<string, unknown>>
}

/** @param path of keywords and names from the schema's root, dotted; empty for the root. */
export type ReportChange = (path: string, change: string) => void

interface Walk {
  readonly root: unknown
  readonly dialect: SchemaDialect
  readonly report: ReportChange
  schemaCount: number
}

/** @param schema any JSON value; what is no object (`true`, say) is taken for the schema without keywords. */
export function lowerSchema(schema: unknown, dialect: SchemaDialect, report: ReportChange): SchemaDraft {
  return lower(schema, '', [], 0, { root: schema, dialect, report, schemaCount: 0 })
}

/** @param references the references that lead here. */
function lower(schema: unknown, path: string, references: readonly string[], depth: number, walk: Walk): SchemaDraft {
  const { dialect, report } = walk
  walk.schemaCount++
  if (depth > dialect.maxDepth || walk.schemaCount > dialect.maxSchemas) {
    report(path, 'too deep or too large: the rest is left out')
    return { ...dialect.cut }
  }
  let draft: SchemaDraft = isObject(schema) ? { ...schema } : {}
  const note: NoteChange = (keyword, change) => report(path === '' ? keyword : `${path}.${keyword}`, change)

  const reference = draft.$ref
  if (typeof reference === 'string') {
    delete draft.$ref
    const recurs = references.includes(reference)
    const target = recurs ? undefined : resolvePointer(walk.root, reference)
    if (isObject(target)) return lower({ ...target, ...draft }, path, [...references, reference], depth, walk)
    note('$ref', recurs ? 'recursion is cut' : 'nothing lies there')
    draft = { ...dialect.cut, ...draft }
  }

  dialect.rewrite(draft, note)
  // A schema that was taken apart may have left a reference.
  if (typeof draft.$ref === 'string') return lower(draft, path, references, depth, walk)
  const written: SchemaDraft = {}
  for (const [keyword, value] of Object.entries(draft)) {
    if (dialect.plain.has(keyword)) setOwn(written, keyword, value)
    else if (dialect.holding.has(keyword)) {
      setOwn(written, keyword, lowerHeld(keyword, value, path, references, depth, walk))
    } else if (!DEFINITIONS.has(keyword)) note(keyword, 'left out')
  }
  dialect.complete(written, note)
  return written
}

/** Their schemas are where the references to them were. */
const DEFINITIONS: ReadonlySet<string> = new Set(['$defs', 'definitions'])

function lowerHeld(
  keyword: string,
  value: unknown,
  path: string,
  references: readonly string[],
  depth: number,
  walk: Walk,
): unknown {
  const place = path === '' ? keyword : `${path}.${keyword}`
  const inner = (schema: unknown, name: string | number | undefined) =>
    lower(schema, name === undefined ? place : `${place}.${name}`, references, depth + 1, walk)
  const holding = walk.dialect.holding.get(keyword)
  if (holding === 'list') return (Array.isArray(value) ? value : [value]).map(inner)
  if (holding === 'one') return inner(value, undefined)
  const lowered: SchemaDraft = {}
  for (const [name, schema] of Object.entries(isObject(value) ? value : {})) setOwn(lowered, name, inner(schema, name))
  return lowered
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An own member even when it is called `__proto__`, as `JSON.parse` makes it. */
function setOwn(target: SchemaDraft, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
}
