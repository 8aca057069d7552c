/** Arguments that a tool wants to see in headers, too (M30). */
import type { JsonObject } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import { type RequestHeaders, readHeader } from './check-request.ts'
import { decodeHeader, headerMismatch } from './header-value.ts'

/**
 * Compares the headers with the arguments that a tool's schema marks with `x-mcp-header`.
 *
 * @param tool its definition, as listed; absent: nothing is known of it.
 * @throws RpcFailure `-32020`, 400.
 */
export function checkParamHeaders(headers: RequestHeaders, tool: JsonObject | undefined, given: unknown): void {
  if (tool !== undefined) checkProperties(headers, tool['inputSchema'], given)
}

function checkProperties(headers: RequestHeaders, schema: unknown, given: unknown): void {
  const properties = isObject(schema) ? schema['properties'] : undefined
  if (!isObject(properties) || !isObject(given)) return
  for (const [name, property] of Object.entries(properties)) {
    const value = given[name]
    if (!isObject(property) || value === undefined || value === null) continue
    const header = property['x-mcp-header']
    if (typeof header === 'string') checkHeader(headers, `Mcp-Param-${header}`, value)
    else checkProperties(headers, property, value)
  }
}

function checkHeader(headers: RequestHeaders, name: string, value: unknown): void {
  const header = readHeader(headers, name)
  if (header === undefined) throw headerMismatch(`${name} is missing.`)
  const sent = decodeHeader(name, header)
  // 42 and 42.0 are one integer.
  const isEqual = typeof value === 'number' ? sent !== '' && Number(sent) === value : sent === String(value)
  if (!isEqual) throw headerMismatch(`${name} differs from the body.`)
}
