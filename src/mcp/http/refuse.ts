/** Answers of the hub's HTTP endpoints that are errors: JSON-RPC in the body, and a status that says the same. */
import type { ServerResponse } from 'node:http'
import { type ApiError, type ApiErrorKind, ApiFailure } from '../../../protocols/ir/error.ts'
import { type AnswerHeaders, sendJson } from '../../http/answer.ts'
import type { RequestId } from '../json-rpc.ts'
import { answerError, RPC, RpcFailure, toRpcError } from '../rpc-failure.ts'

/** What can go wrong with a body. */
const BODY_STATUS: Partial<Record<ApiErrorKind, number>> = {
  'too-large': 413,
  'unsupported-media-type': 415,
  'request-timeout': 408,
}

/** @param id of the request, where it was read. */
export function refuse(response: ServerResponse, error: unknown, id?: RequestId, headers: AnswerHeaders = {}): void {
  const failure = error instanceof ApiFailure ? ofBody(error) : error
  const status = failure instanceof RpcFailure && failure.status !== 200 ? failure.status : 500
  const retry = failure instanceof RpcFailure ? failure.data?.['retryAfterSeconds'] : undefined
  sendJson(
    response,
    status,
    { ...headers, ...(retry === undefined ? {} : { 'retry-after': String(retry) }) },
    answerError(id, toRpcError(failure)),
  )
}

/** What the guard and the keys find. */
const ENTRY_STATUS: Partial<Record<ApiErrorKind, number>> = { 'bad-request': 400, unauthorized: 401 }

/** Answers a request that may not enter. */
export function refuseEntry(response: ServerResponse, error: ApiError): void {
  const status = ENTRY_STATUS[error.kind] ?? 403
  refuse(
    response,
    httpFailure(status, error.message),
    undefined,
    status === 401 ? { 'www-authenticate': 'Bearer' } : {},
  )
}

/** For what is wrong with the HTTP request and not with the message in it. */
export function httpFailure(status: number, message: string): RpcFailure {
  return new RpcFailure(RPC.invalidRequest, message, { status })
}

function ofBody({ error }: ApiFailure): RpcFailure {
  return httpFailure(BODY_STATUS[error.kind] ?? 400, error.message)
}
