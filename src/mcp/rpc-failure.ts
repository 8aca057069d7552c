/** What the hub itself answers instead of a result. */
import type { JsonObject, JsonRpcError, JsonRpcErrorAnswer, RequestId } from './json-rpc.ts'

/** Codes of JSON-RPC and of the specification; the hub has none of its own (M43). */
export const RPC = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  headerMismatch: -32020,
  missingCapability: -32021,
  unsupportedVersion: -32022,
} as const

export class RpcFailure extends Error {
  readonly code: number
  readonly data: JsonObject | undefined
  /** Of the HTTP answer, where that tells errors by its status (M28). */
  readonly status: number

  /** @param message a sentence for the caller. Never a secret. */
  constructor(code: number, message: string, options: { readonly data?: JsonObject; readonly status?: number } = {}) {
    super(message)
    this.name = 'RpcFailure'
    this.code = code
    this.data = options.data
    this.status = options.status ?? 200
  }
}

/** The error as it stands in an answer; what was not thrown on purpose is our fault and not told. */
export function toRpcError(error: unknown): JsonRpcError {
  if (!(error instanceof RpcFailure)) return { code: RPC.internal, message: 'The hub failed by a fault of its own.' }
  const { code, message, data } = error
  return data === undefined ? { code, message } : { code, message, data }
}

/** @param id absent where the request had none that could be read. */
export function answerError(id: RequestId | undefined, error: JsonRpcError): JsonRpcErrorAnswer {
  return id === undefined ? { jsonrpc: '2.0', error } : { jsonrpc: '2.0', id, error }
}
