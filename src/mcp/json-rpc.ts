/**
 * JSON-RPC messages as they stand on the wire. They are passed on as they were parsed, with every member that nobody here
 * knows: classes and schemas of an SDK would drop or refuse what is newer than they are.
 *
 * @see https://www.jsonrpc.org/specification
 */

/** What `JSON.parse` gives for an object; the order of its members is kept. */
export interface JsonObject {
  readonly [name: string]: unknown
}

/** `1` is not `'1'`. */
export type RequestId = string | number

export interface JsonRpcRequest extends JsonObject {
  readonly jsonrpc: '2.0'
  readonly id: RequestId
  readonly method: string
  readonly params?: JsonObject
}

export interface JsonRpcNotification extends JsonObject {
  readonly jsonrpc: '2.0'
  readonly method: string
  readonly params?: JsonObject
}

export interface JsonRpcError extends JsonObject {
  readonly code: number
  readonly message: string
  readonly data?: unknown
}

export interface JsonRpcResultAnswer extends JsonObject {
  readonly jsonrpc: '2.0'
  readonly id: RequestId
  readonly result: unknown
}

/** The id is absent, or null, where the request was too broken to have one. */
export interface JsonRpcErrorAnswer extends JsonObject {
  readonly jsonrpc: '2.0'
  readonly id?: RequestId | null
  readonly error: JsonRpcError
}

export type JsonRpcAnswer = JsonRpcResultAnswer | JsonRpcErrorAnswer
export type JsonRpcMessage = JsonRpcRequest | JsonRpcNotification | JsonRpcAnswer
