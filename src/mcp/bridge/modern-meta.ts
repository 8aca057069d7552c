/** What a modern message carries beyond a legacy one, written and taken away. */
import type { JsonObject, JsonRpcRequest } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import { META, MODERN_VERSION } from '../revisions.ts'

/** What is said of the client in every request to a modern server. */
export interface ClientMeta {
  readonly capabilities: JsonObject
  readonly clientInfo: JsonObject | undefined
  readonly logLevel: unknown
}

/** `params` with `_meta` as a modern server wants it; the client's own members of it stay. */
export function writeModernMeta(params: JsonObject | undefined, client: ClientMeta): JsonObject {
  const { capabilities, clientInfo, logLevel } = client
  const meta = params?.['_meta']
  return {
    ...params,
    _meta: {
      ...(isObject(meta) ? meta : {}),
      [META.protocolVersion]: MODERN_VERSION,
      [META.clientCapabilities]: capabilities,
      ...(clientInfo === undefined ? {} : { [META.clientInfo]: clientInfo }),
      ...(logLevel === undefined ? {} : { [META.logLevel]: logLevel }),
    },
  }
}

const REQUEST_MEMBERS: ReadonlySet<string> = new Set([
  META.protocolVersion,
  META.clientCapabilities,
  META.clientInfo,
  META.logLevel,
])

/** The request as a legacy server knows it. */
export function stripRequestMeta(request: JsonRpcRequest): JsonRpcRequest {
  const { params } = request
  return params === undefined ? request : { ...request, params: withoutMeta(params, REQUEST_MEMBERS) }
}

const RESULT_MEMBERS: ReadonlySet<string> = new Set([META.serverInfo, META.subscriptionId])

/** The result as a legacy client knows it. */
export function stripModernResult(result: unknown): unknown {
  if (!isObject(result)) return result
  const { resultType: _type, ttlMs: _ttl, cacheScope: _scope, ...rest } = result
  return withoutMeta(rest, RESULT_MEMBERS)
}

/** Params of a notification of a modern server without what names its subscription. */
export function stripSubscription(params: JsonObject): JsonObject {
  return withoutMeta(params, RESULT_MEMBERS)
}

/** Never leaves an empty `_meta` behind that nobody had written. */
function withoutMeta(holder: JsonObject, members: ReadonlySet<string>): JsonObject {
  const { _meta: meta, ...rest } = holder
  if (!isObject(meta) || !Object.keys(meta).some((name) => members.has(name))) return holder
  const kept = Object.fromEntries(Object.entries(meta).filter(([name]) => !members.has(name)))
  return Object.keys(kept).length === 0 ? rest : { ...rest, _meta: kept }
}
