/** Tells a model in words what its tools are: whole, and as short as that allows. */
import type { JsonObject } from '../../../protocols/ir/extra.ts'
import type { FunctionTool } from '../../../protocols/ir/tool.ts'
import { breakMarkers } from './guard-text.ts'
import { trimSchema } from './trim-schema.ts'

/** Keywords of an object schema that the list of parameters says in its own way. */
const SAID: ReadonlySet<string> = new Set(['type', 'properties', 'required', 'title', '$schema', 'description'])

/** Keywords of a parameter's schema that its line says. */
const SAID_OF_PARAMETER: ReadonlySet<string> = new Set(['type', 'description', 'title', 'enum', 'default'])

/** One block per tool, in the order of the client. Names and descriptions are texts of users too: nothing in them counts as a marker. */
export function describeTools(tools: readonly FunctionTool[]): string {
  return tools.map(describeTool).join('\n\n')
}

function describeTool({ name, description, parameters }: FunctionTool): string {
  const lines = [`### ${name}`]
  if (description !== undefined && description.trim() !== '') lines.push(description.trim())
  lines.push(describeParameters(parameters))
  return breakMarkers(lines.join('\n'))
}

function describeParameters(schema: JsonObject | undefined): string {
  if (schema === undefined) return 'Parameters: as the description says.'
  const { properties } = schema
  const others = Object.keys(schema).filter((keyword) => !SAID.has(keyword) && !isClosed(schema, keyword))
  // What a line cannot say (definitions, alternatives, conditions) only the schema itself can.
  if (!isObject(properties) || others.length > 0 || usesReferences(properties)) {
    return isEmpty(schema) ? 'Parameters: none.' : `Parameters as JSON Schema: ${JSON.stringify(trimSchema(schema))}`
  }
  const names = Object.entries(properties)
  if (names.length === 0) return 'Parameters: none.'
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : [])
  return ['Parameters:', ...names.map(([name, one]) => describeParameter(name, one, required.has(name)))].join('\n')
}

/** `additionalProperties: false` is what models take for granted. */
function isClosed(schema: JsonObject, keyword: string): boolean {
  return keyword === 'additionalProperties' && schema[keyword] === false
}

function describeParameter(name: string, schema: unknown, isRequired: boolean): string {
  const needed = isRequired ? 'required' : 'optional'
  if (!isObject(schema)) return `- ${name} (${needed})`
  const { type, description, enum: choices, default: preset } = schema
  const words = [
    ...(typeof type === 'string' ? [type] : Array.isArray(type) ? [type.join(' or ')] : []),
    needed,
    ...(Array.isArray(choices) ? [`one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`] : []),
    ...(preset === undefined ? [] : [`default ${JSON.stringify(preset)}`]),
  ]
  const rest = Object.entries(schema).filter(([keyword]) => !SAID_OF_PARAMETER.has(keyword))
  const trimmed = trimSchema(Object.fromEntries(rest))
  const shape = Object.keys(trimmed).length === 0 ? '' : ` ${JSON.stringify(trimmed)}`
  const text = typeof description === 'string' && description.trim() !== '' ? `: ${indent(description.trim())}` : ''
  return `- ${name} (${words.join(', ')})${text}${shape}`
}

/** Lines of one parameter belong to its item of the list. */
function indent(text: string): string {
  return text.replaceAll('\n', '\n  ')
}

function usesReferences(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(usesReferences)
  if (!isObject(value)) return false
  return Object.entries(value).some(
    ([key, member]) => (key === '$ref' && typeof member === 'string') || usesReferences(member),
  )
}

function isEmpty(schema: JsonObject): boolean {
  return Object.keys(schema).every((keyword) => SAID.has(keyword) || isClosed(schema, keyword))
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
