/** Bytes of a client to messages. */
import { parseJson } from '../../protocols/json/parse.ts'
import type { JsonRpcMessage } from './json-rpc.ts'
import { isMessage } from './message-kind.ts'
import { RPC, RpcFailure } from './rpc-failure.ts'

/** Deep enough for every schema, too flat to hurt (M105). */
const LIMITS = { depth: 64, nodes: 500_000 }

const MAX_BATCH = 100

/** One message, or the array of them that one revision knows. */
export type ReadMessages =
  | { readonly batch: false; readonly message: JsonRpcMessage }
  | { readonly batch: true; readonly messages: readonly JsonRpcMessage[] }

/** @throws RpcFailure with status 400 when it is no JSON, or no JSON-RPC. */
export function readMessages(bytes: Uint8Array): ReadMessages {
  let value: unknown
  try {
    value = parseJson(bytes, LIMITS)
  } catch (error) {
    // The parser's own words: line and column, never the text.
    const why = error instanceof Error ? error.message : String(error)
    throw new RpcFailure(RPC.parseError, `The message is not JSON: ${why}`, { status: 400 })
  }
  if (!Array.isArray(value)) {
    if (!isMessage(value)) throw notRpc('The message is not JSON-RPC 2.0.')
    return { batch: false, message: value }
  }
  const messages = value.filter(isMessage)
  if (messages.length === 0 || messages.length !== value.length) throw notRpc('An array must hold messages only.')
  if (messages.length > MAX_BATCH) throw notRpc(`An array may hold at most ${MAX_BATCH} messages.`)
  return { batch: true, messages }
}

function notRpc(message: string): RpcFailure {
  return new RpcFailure(RPC.invalidRequest, message, { status: 400 })
}
