/** What a client is answered when the hub could not get an answer from a server. */
import type { JsonObject, JsonRpcAnswer, JsonRpcRequest } from './json-rpc.ts'
import { answerError, RPC, RpcFailure, toRpcError } from './rpc-failure.ts'
import type { UpstreamFailure } from './upstream/connection.ts'
import { UpstreamError } from './upstream/upstream-error.ts'
import { UpstreamRefusal } from './upstream/upstream-refusal.ts'

/**
 * A failed tool is a result, so that the model can go on; everything else is an error (M63).
 *
 * @param more members of the result that the client's era wants.
 */
export function answerFailure(request: JsonRpcRequest, failure: UpstreamFailure, more: JsonObject = {}): JsonRpcAnswer {
  if (request.method !== 'tools/call') return answerError(request.id, { code: RPC.internal, message: failure.message })
  const result = { ...more, content: [{ type: 'text', text: failure.message }], isError: true }
  return { jsonrpc: '2.0', id: request.id, result }
}

/**
 * The same for whatever was thrown on the way.
 *
 * @param report is told of what nobody had foreseen; the client only hears that there is a fault.
 */
export function answerThrown(
  request: JsonRpcRequest,
  error: unknown,
  report: (error: unknown) => void,
  more: JsonObject = {},
): JsonRpcAnswer {
  if (error instanceof UpstreamError) return answerFailure(request, error.failure, more)
  if (error instanceof UpstreamRefusal) return answerError(request.id, error.error)
  if (!(error instanceof RpcFailure)) report(error)
  return answerError(request.id, toRpcError(error))
}
