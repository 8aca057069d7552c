/** What every request of the stateless revision must say of itself, in its body and in its headers (M27, M28). */
import type { JsonObject, JsonRpcRequest } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import { NAMED_BY } from '../named-by.ts'
import { META, MODERN_VERSION, SUPPORTED_VERSIONS } from '../revisions.ts'
import { RPC, RpcFailure } from '../rpc-failure.ts'
import { decodeHeader, headerMismatch } from './header-value.ts'

/** Lower case; absent on stdio, where nothing is said twice. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

export interface RequestMeta {
  readonly capabilities: JsonObject
  readonly clientInfo: JsonObject | undefined
  readonly logLevel: string | undefined
}

export const LOG_LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const

/** @throws RpcFailure with status 400 and the code that the revision has for it. */
export function checkRequest(request: JsonRpcRequest, headers: RequestHeaders | undefined): RequestMeta {
  const { method, params = {} } = request
  const meta = isObject(params['_meta']) ? params['_meta'] : {}
  if (headers !== undefined) checkMethodHeader(headers, method)
  const version = meta[META.protocolVersion]
  const capabilities = meta[META.clientCapabilities]
  if (typeof version !== 'string') throw missing(META.protocolVersion)
  if (!isObject(capabilities)) throw missing(META.clientCapabilities)
  if (headers !== undefined && readHeader(headers, 'MCP-Protocol-Version') !== version) {
    throw headerMismatch('MCP-Protocol-Version is missing or differs from the body.')
  }
  if (version !== MODERN_VERSION) {
    throw new RpcFailure(RPC.unsupportedVersion, 'This protocol version is not known.', {
      status: 400,
      data: { supported: SUPPORTED_VERSIONS, requested: version },
    })
  }
  if (headers !== undefined) checkName(headers, method, params)
  const clientInfo = meta[META.clientInfo]
  return { capabilities, clientInfo: isObject(clientInfo) ? clientInfo : undefined, logLevel: readLevel(meta) }
}

export function readHeader(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name.toLowerCase()]
  if (value === undefined) return undefined
  return (typeof value === 'string' ? value : value.join(', ')).trim()
}

function checkMethodHeader(headers: RequestHeaders, method: string): void {
  const named = readHeader(headers, 'Mcp-Method')
  if (named === undefined) throw headerMismatch('Mcp-Method is missing.')
  if (named !== method) throw headerMismatch('Mcp-Method differs from the body.')
}

function checkName(headers: RequestHeaders, method: string, params: JsonObject): void {
  const member = NAMED_BY.get(method)
  const named = member === undefined ? undefined : params[member]
  if (named === undefined) return
  const header = readHeader(headers, 'Mcp-Name')
  if (header === undefined) throw headerMismatch('Mcp-Name is missing.')
  if (decodeHeader('Mcp-Name', header) !== named) throw headerMismatch('Mcp-Name differs from the body.')
}

function readLevel(meta: JsonObject): string | undefined {
  const level = meta[META.logLevel]
  if (level === undefined) return undefined
  const known = LOG_LEVELS.find((name) => name === level)
  if (known === undefined) {
    throw new RpcFailure(RPC.invalidParams, `The log level must be one of ${LOG_LEVELS.join(', ')}.`)
  }
  return known
}

function missing(member: string): RpcFailure {
  return new RpcFailure(RPC.invalidParams, `_meta must have ${member}.`, { status: 400 })
}
