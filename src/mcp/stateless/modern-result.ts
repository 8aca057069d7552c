/** Results as the stateless revision wants them, made by the hub or of a legacy server's (M33). */
import type { JsonObject, JsonRpcAnswer } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import { META } from '../revisions.ts'
import { RPC } from '../rpc-failure.ts'

/** What a legacy server says of a resource that there is none of (M43, M96). */
const LEGACY_NOT_FOUND = -32002

/** Results that must say how long they may be kept; of a legacy server nobody knows. */
const CACHEABLE: ReadonlySet<string> = new Set([
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
])

export function completeResult(result: JsonObject, serverInfo: JsonObject | undefined): JsonObject {
  const meta = isObject(result['_meta']) ? result['_meta'] : {}
  return {
    resultType: 'complete',
    ...result,
    ...(serverInfo === undefined ? {} : { _meta: { ...meta, [META.serverInfo]: serverInfo } }),
  }
}

/** A legacy server's answer, for a modern client. */
export function raiseAnswer(answer: JsonRpcAnswer, method: string, serverInfo: JsonObject | undefined): JsonRpcAnswer {
  const { result, error } = answer
  if (isObject(result)) {
    const caching = CACHEABLE.has(method) ? { ttlMs: 0, cacheScope: 'private' } : {}
    return { ...answer, jsonrpc: '2.0', result: completeResult({ ...result, ...caching }, serverInfo) } as JsonRpcAnswer // its result is one still
  }
  if (isObject(error) && error['code'] === LEGACY_NOT_FOUND) {
    return {
      ...answer,
      jsonrpc: '2.0',
      error: { ...error, code: RPC.invalidParams, message: String(error['message']) },
    }
  }
  return answer
}

/** Errors that a status tells, too (M28). */
const STATUS: ReadonlyMap<unknown, number> = new Map([
  [RPC.methodNotFound, 404],
  [RPC.headerMismatch, 400],
  [RPC.missingCapability, 400],
  [RPC.unsupportedVersion, 400],
])

export function statusOf(answer: JsonRpcAnswer): number {
  const { error } = answer
  return isObject(error) ? (STATUS.get(error['code']) ?? 200) : 200
}
