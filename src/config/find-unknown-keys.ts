/** Finds keys that a schema does not name: a mistyped setting would otherwise just not act. */

import type { JsonPath } from './config-document.ts'
import { findNearest } from './nearest.ts'
import { NOT_ACTING_YET } from './schema.ts'

interface SchemaNode {
  /** Another spelling, which nobody need be told of. */
  readonly deprecated?: boolean
  readonly type?: unknown
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode
  readonly items?: SchemaNode
}

export interface UnknownKey {
  readonly path: JsonPath
  /** The rest of a sentence that begins with the path. */
  readonly problem: string
}

/** @param value valid by the schema. */
export function findUnknownKeys(
  schema: SchemaNode,
  value: unknown,
  path: JsonPath = [],
  pattern: JsonPath = [],
): readonly UnknownKey[] {
  if (Array.isArray(value)) {
    const { items } = schema
    return items === undefined
      ? []
      : value.flatMap((item, index) => findUnknownKeys(items, item, [...path, index], [...pattern, '*']))
  }
  if (typeof value !== 'object' || value === null) return []
  const { properties, additionalProperties } = schema
  return Object.entries(value).flatMap(([key, member]) => {
    const memberPath = [...path, key]
    const memberPattern = [...pattern, key]
    // What is switched off does nothing anyway.
    if (member !== false && NOT_ACTING_YET.has(memberPattern.join('.')))
      return [{ path: memberPath, problem: 'is taken, but does not act yet' }]
    if (properties !== undefined && Object.hasOwn(properties, key)) {
      return findUnknownKeys(properties[key] ?? {}, member, memberPath, memberPattern)
    }
    if (additionalProperties !== undefined)
      return findUnknownKeys(additionalProperties, member, memberPath, [...pattern, '*'])
    // A schema that names nothing takes anything.
    if (properties === undefined) return []
    return [{ path: memberPath, problem: explain(key, listNames(properties)) }]
  })
}

function listNames(properties: Readonly<Record<string, SchemaNode>>): readonly string[] {
  return Object.entries(properties).flatMap(([name, schema]) => (schema.deprecated === true ? [] : [name]))
}

function explain(key: string, known: readonly string[]): string {
  const [nearest] = findNearest(key, known)
  return `is no known setting and does nothing${nearest === undefined ? '' : `; the nearest known one is ${nearest}`}`
}
