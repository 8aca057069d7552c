/** The headers that say again what stands in the body of a modern request (M27, M29, M30). */
import type { JsonObject, JsonRpcRequest } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import { NAMED_BY } from '../named-by.ts'
import { META } from '../revisions.ts'
import { metaOf } from './mapped-members.ts'

/**
 * Written anew for each hop: a tool has another name here than at the client (M31).
 *
 * @param inputSchemaOf of a tool, as its server has listed it.
 * @see https://modelcontextprotocol.io/seps/2243-http-standardization
 */
export function writeMirrorHeaders(
  request: JsonRpcRequest,
  inputSchemaOf: (tool: string) => JsonObject | undefined,
): Record<string, string> {
  const { method, params } = request
  const headers: Record<string, string> = { 'mcp-method': method }
  const version = metaOf(params)?.[META.protocolVersion]
  if (typeof version === 'string') headers['mcp-protocol-version'] = version
  const subject = params?.[NAMED_BY.get(method) ?? '']
  if (typeof subject === 'string') headers['mcp-name'] = encodeHeaderText(subject)
  if (method !== 'tools/call' || typeof subject !== 'string') return headers
  const bindings = readHeaderBindings(inputSchemaOf(subject))
  if (!Array.isArray(bindings)) return headers
  for (const { header, path } of bindings) {
    const value = valueAt(params?.['arguments'], path)
    if (value !== undefined) headers[`mcp-param-${header.toLowerCase()}`] = encodeHeaderText(value)
  }
  return headers
}

export interface HeaderBinding {
  readonly header: string
  /** From the arguments down. */
  readonly path: readonly string[]
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const PRIMITIVES: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean', 'number'])
const MAX_DEPTH = 32

/** @returns the bindings of a schema of arguments, or why they are not valid; the tool is then left out (M30). */
export function readHeaderBindings(schema: JsonObject | undefined): readonly HeaderBinding[] | string {
  const bindings: HeaderBinding[] = []
  const problem = collect(schema, [], bindings)
  if (problem !== undefined) return problem
  const names = bindings.map(({ header }) => header.toLowerCase())
  const doubled = names.find((name, index) => names.indexOf(name) !== index)
  return doubled === undefined ? bindings : `two properties have the header ${doubled}`
}

function collect(schema: unknown, path: readonly string[], into: HeaderBinding[]): string | undefined {
  if (!isObject(schema) || path.length > MAX_DEPTH) return undefined
  const { properties } = schema
  if (!isObject(properties)) return undefined
  for (const [name, property] of Object.entries(properties)) {
    if (!isObject(property)) continue
    const here = [...path, name]
    const header = property['x-mcp-header']
    if (header === undefined) {
      const problem = collect(property, here, into)
      if (problem !== undefined) return problem
    } else if (typeof header !== 'string' || !TOKEN.test(header)) {
      return `the header of ${here.join('.')} is no name of a header`
    } else if (!PRIMITIVES.has(property['type'])) {
      return `${here.join('.')} has a header, but is no text, number or boolean`
    } else {
      into.push({ header, path: here })
    }
  }
  return undefined
}

function valueAt(value: unknown, path: readonly string[]): string | undefined {
  let present = value
  for (const name of path) present = isObject(present) && Object.hasOwn(present, name) ? present[name] : undefined
  return typeof present === 'string' || typeof present === 'number' || typeof present === 'boolean'
    ? String(present)
    : undefined
}

/** As it is where a header can hold it, else in Base64 with marks around it. */
function encodeHeaderText(text: string): string {
  const isPlain = /^[\t\x20-\x7e]*$/.test(text) && text.trim() === text && !/^=\?base64\?.*\?=$/i.test(text)
  return isPlain ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`
}
