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
export function findUnknownKeys(schema: SchemaNode, value: unknown): readonly UnknownKey[] {
  const found: UnknownKey[] = []
  // One list, grown and shrunk on the way: a large file has a hundred thousand keys and no fault.
  const path: (string | number)[] = []
  visit(schema, value, '')
  return found

  function visit(node: SchemaNode, part: unknown, pattern: string): void {
    if (typeof part !== 'object' || part === null) return
    if (Array.isArray(part)) {
      for (const [index, item] of node.items === undefined ? [] : part.entries()) {
        step(index, node.items, item, `${pattern}*.`)
      }
      return
    }
    for (const [key, member] of Object.entries(part)) visitMember(node, key, member, pattern)
  }

  function visitMember(node: SchemaNode, key: string, member: unknown, pattern: string): void {
    const { properties, additionalProperties } = node
    // What is switched off does nothing anyway.
    if (member !== false && NOT_ACTING_YET.has(pattern + key)) {
      found.push({ path: [...path, key], problem: 'is taken, but does not act yet' })
    } else if (properties !== undefined && Object.hasOwn(properties, key)) {
      step(key, properties[key], member, `${pattern}${key}.`)
    } else if (additionalProperties !== undefined) {
      step(key, additionalProperties, member, `${pattern}*.`)
    } else if (properties !== undefined) {
      // A schema that names nothing takes anything.
      found.push({ path: [...path, key], problem: explain(key, listNames(properties)) })
    }
  }

  function step(key: string | number, node: SchemaNode | undefined, part: unknown, pattern: string): void {
    if (node === undefined || typeof part !== 'object') return
    path.push(key)
    visit(node, part, pattern)
    path.pop()
  }
}

function listNames(properties: Readonly<Record<string, SchemaNode>>): readonly string[] {
  return Object.entries(properties).flatMap(([name, schema]) => (schema.deprecated === true ? [] : [name]))
}

function explain(key: string, known: readonly string[]): string {
  const [nearest] = findNearest(key, known)
  return `is no known setting and does nothing${nearest === undefined ? '' : `; the nearest known one is ${nearest}`}`
}
