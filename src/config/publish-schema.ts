/** The schema of the configuration file as editors read it: no formats of our own, and unknown keys marked while one types. */
import { FORMATS } from './formats.ts'
import { CONFIG_SCHEMA } from './schema.ts'

/** A text that names a variable of the environment may stand for any other. */
const VARIABLE = '\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}'

/** @returns a JSON Schema (draft 7) that takes everything that the gateway takes. */
export function publishSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Configuration of Interlingua',
    ...Object(publish(CONFIG_SCHEMA)),
  }
}

function publish(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(publish)
  if (typeof schema !== 'object' || schema === null) return schema
  const published = Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
    if (key === 'format') return [['pattern', patternOf(value)]]
    if (key === 'properties') return [[key, publishEach(value)]]
    // What a name of the file is, is no keyword, and what stands for itself is no schema.
    return [[key, key === 'default' || key === 'enum' ? value : publish(value)]]
  })
  const isClosed = 'properties' in schema && 'type' in schema && !('additionalProperties' in schema)
  return { ...Object.fromEntries(published), ...(isClosed ? { additionalProperties: false } : {}) }
}

function publishEach(properties: unknown): object {
  return Object.fromEntries(Object.entries(Object(properties)).map(([name, schema]) => [name, publish(schema)]))
}

function patternOf(format: unknown): string {
  const known = FORMATS[String(format)]
  if (known === undefined) throw new Error(`no format is named ${String(format)}`)
  return `${known.pattern}|${VARIABLE}`
}
