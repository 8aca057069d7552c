/** Tells what kind of message a JSON value is. */
import type { JsonObject, JsonRpcAnswer, JsonRpcMessage, JsonRpcNotification, JsonRpcRequest } from './json-rpc.ts'

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Whether a value is a message that can be routed. Members that nobody here knows are welcome, so is a number of any size
 * as an id: schemas of an SDK refuse more than the protocol does (M47).
 */
export function isMessage(value: unknown): value is JsonRpcMessage {
  if (!isObject(value) || value['jsonrpc'] !== '2.0') return false
  const { id, method, params } = value
  if (params !== undefined && !isObject(params)) return false
  if (method !== undefined) return typeof method === 'string' && (id === undefined || isId(id))
  const hasResult = value['result'] !== undefined
  const hasError = isObject(value['error'])
  return hasResult !== hasError && (isId(id) || (hasError && (id === undefined || id === null)))
}

export function isRequest(message: JsonRpcMessage): message is JsonRpcRequest {
  return 'method' in message && message['id'] !== undefined
}

export function isNotification(message: JsonRpcMessage): message is JsonRpcNotification {
  return 'method' in message && message['id'] === undefined
}

export function isAnswer(message: JsonRpcMessage): message is JsonRpcAnswer {
  return !('method' in message)
}

function isId(id: unknown): boolean {
  return typeof id === 'string' || typeof id === 'number'
}
