/** Reads one message of a server. */
import { walkJson } from '../../../protocols/json/walk.ts'
import type { JsonRpcMessage } from '../json-rpc.ts'
import { isMessage } from '../message-kind.ts'

/** Deeper ones could not be written again. */
const LIMITS = { depth: 256, nodes: Number.POSITIVE_INFINITY }

/**
 * The messages in a text: one, or those of a batch (2025-03-26). Each is handed on whole and unchanged; a schema would
 * refuse or drop what is newer than it (M47).
 *
 * @returns undefined for what is no JSON-RPC.
 */
export function readMessages(bytes: Buffer): readonly JsonRpcMessage[] | undefined {
  let value: unknown
  try {
    walkJson(bytes, LIMITS)
    value = JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
  if (!Array.isArray(value)) return isMessage(value) ? [value] : undefined
  return value.every(isMessage) && value.length > 0 ? value : undefined
}
