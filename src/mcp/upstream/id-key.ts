/** Ids as keys of maps: `1` and `'1'` are two. */
import type { JsonRpcAnswer, JsonRpcMessage, RequestId } from '../json-rpc.ts'

export function keyOfId(id: unknown): string {
  return JSON.stringify(id) ?? ''
}

/** An answer that says what it answers; only an error may leave that out. */
export function isNamedAnswer(message: JsonRpcMessage): message is JsonRpcAnswer & { readonly id: RequestId } {
  return !('method' in message) && message['id'] !== undefined && message['id'] !== null
}
