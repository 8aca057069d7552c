/** A JSON-RPC error may come with a status that is none of success; it is then the server's answer like any other. */
import type { JsonRpcErrorAnswer, RequestId } from '../json-rpc.ts'
import { readMessages } from './read-message.ts'

/** @returns the answer under the request's id, as some servers leave it out here; undefined for what is none. */
export function readRefusal(
  text: string,
  id: RequestId,
): (JsonRpcErrorAnswer & { readonly id: RequestId }) | undefined {
  const messages = readMessages(Buffer.from(text))
  const [message] = messages ?? []
  if (message === undefined || messages?.length !== 1 || !('error' in message)) return undefined
  const { error } = message
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  if (message['id'] !== undefined && message['id'] !== null && message['id'] !== id) return undefined
  // It has an error and no result.
  return { ...(message as JsonRpcErrorAnswer), id }
}
