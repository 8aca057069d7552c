/** Errors: read from a back end's answer or stream, written for a client. */
import type { HeaderMap } from '../codec.ts'
import type { ApiError, ApiErrorKind } from '../ir/error.ts'
import type { JsonObject } from '../ir/extra.ts'
import { kindOfStatus, STATUSES } from '../ir/http-status.ts'
import { parseObject } from '../ir/parse-object.ts'
import { readRetryAfter } from '../ir/retry-after.ts'
import { describeOverflow, isOverflow } from './overflow.ts'

/** @see https://docs.anthropic.com/en/api/errors */
const TYPES: Readonly<Record<ApiErrorKind, string>> = {
  'bad-request': 'invalid_request_error',
  'context-overflow': 'invalid_request_error',
  'content-filtered': 'invalid_request_error',
  unauthorized: 'authentication_error',
  'payment-required': 'billing_error',
  forbidden: 'permission_error',
  'not-found': 'not_found_error',
  'model-not-found': 'not_found_error',
  'method-not-allowed': 'invalid_request_error',
  'request-timeout': 'timeout_error',
  conflict: 'invalid_request_error',
  'too-large': 'request_too_large',
  'unsupported-media-type': 'invalid_request_error',
  'rate-limited': 'rate_limit_error',
  cancelled: 'api_error',
  internal: 'api_error',
  'not-implemented': 'api_error',
  'upstream-failed': 'api_error',
  unavailable: 'overloaded_error',
  'upstream-timeout': 'timeout_error',
  overloaded: 'overloaded_error',
}

/** This API has a status of its own for one kind. */
const OVERLOADED = 529

/** Types of this API, and names of exceptions of Amazon's, which sells the same models. */
const KINDS: ReadonlyMap<string, ApiErrorKind> = new Map<string, ApiErrorKind>([
  ['invalid_request_error', 'bad-request'],
  ['authentication_error', 'unauthorized'],
  ['billing_error', 'payment-required'],
  ['permission_error', 'forbidden'],
  ['not_found_error', 'not-found'],
  ['conflict_error', 'conflict'],
  ['request_too_large', 'too-large'],
  ['rate_limit_error', 'rate-limited'],
  ['timeout_error', 'upstream-timeout'],
  ['api_error', 'upstream-failed'],
  ['overloaded_error', 'overloaded'],
  ['ValidationException', 'bad-request'],
  ['UnrecognizedClientException', 'unauthorized'],
  ['ExpiredTokenException', 'unauthorized'],
  ['AccessDeniedException', 'forbidden'],
  ['ResourceNotFoundException', 'model-not-found'],
  ['ThrottlingException', 'rate-limited'],
  ['ServiceQuotaExceededException', 'rate-limited'],
  ['ModelNotReadyException', 'unavailable'],
  ['ServiceUnavailableException', 'unavailable'],
  ['ModelTimeoutException', 'upstream-timeout'],
  ['ModelErrorException', 'upstream-failed'],
  ['ModelStreamErrorException', 'upstream-failed'],
  ['InternalServerException', 'upstream-failed'],
])

/** Reads whatever a back end answered instead of a message: its envelope, Amazon's, another's, a page of a proxy (trap 27). */
export function decodeError(status: number, headers: HeaderMap, body: string): ApiError {
  const retryAfterMs = readRetryAfter(headers)
  const fields = parseObject(body)
  const exception = headers['x-amzn-errortype']?.split(':')[0]
  const told =
    fields === undefined
      ? plainError(status, headers, body)
      : decodeEnvelope(exception === undefined ? fields : { __type: exception, ...fields }, status)
  return { ...told, status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}

/**
 * Reads an error object: a body, or an event of a stream.
 *
 * @param status of the answer; absent in a stream.
 */
export function decodeEnvelope(fields: JsonObject, status: number | undefined): ApiError {
  const error = asObject(fields.error) ?? fields
  const type = [error.type, error.__type, fields.__type].find((word) => typeof word === 'string' && word !== 'error')
  const name = typeof type === 'string' ? type.replace(/^.*#/, '') : undefined
  const message =
    readMessage(fields, error) ??
    `the provider told an error without words${status === undefined ? '' : ` (${status})`}`
  const byName = name === undefined ? undefined : KINDS.get(name)
  // A proxy in between may keep the words of one failure and the status of another: a failure of the server stays one.
  const trusted = status !== undefined && status >= 500 && byName === 'bad-request' ? undefined : byName
  const kind = trusted ?? (status === undefined ? 'upstream-failed' : kindOfStatus(status))
  return {
    kind: refineKind(kind, message),
    message,
    ...(name === undefined ? {} : { code: name }),
    source: 'provider',
  }
}

function readMessage(fields: JsonObject, error: JsonObject): string | undefined {
  const candidates = [error.message, fields.message, fields.Message, fields.error, fields.detail]
  return candidates.find((text): text is string => typeof text === 'string' && text !== '')
}

/** Two kinds that the API tells by the words of its message alone. */
function refineKind(kind: ApiErrorKind, message: string): ApiErrorKind {
  if ((kind === 'bad-request' || kind === 'too-large') && isOverflow(message)) return 'context-overflow'
  return kind === 'not-found' && /^model\b/i.test(message) ? 'model-not-found' : kind
}

const SHOWN_CHARACTERS = 300

function plainError(status: number, headers: HeaderMap, body: string): ApiError {
  const type = headers['content-type']?.split(';')[0]
  const isText = type === undefined || type === 'text/plain' || type === 'application/json'
  const words = isText ? body.trim().slice(0, SHOWN_CHARACTERS) : ''
  const message = `The provider answered ${status}${isText ? '' : ` (${type})`}${words === '' ? '' : `: ${words}`}`
  return { kind: refineKind(kindOfStatus(status), message), message, source: 'provider' }
}

function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
}

/** The answer before a stream has begun. */
export function encodeError(error: ApiError, requestId: string) {
  const status = error.kind === 'overloaded' ? OVERLOADED : STATUSES[error.kind]
  const headers: Record<string, string> = {}
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000))
  return { status, headers, body: { ...encodeEnvelope(error), request_id: requestId } }
}

/** The error object, as a body and as an event of a stream. */
export function encodeEnvelope(error: ApiError): { readonly type: 'error'; readonly error: JsonObject } {
  const message = error.kind === 'context-overflow' ? describeOverflow(error.message) : error.message
  const details = {
    ...(error.param === undefined ? {} : { field: error.param, issue: message }),
    ...(error.kind === 'unauthorized' && error.source !== undefined ? { source: error.source } : {}),
  }
  return {
    type: 'error',
    error: {
      type: TYPES[error.kind],
      message,
      ...(Object.keys(details).length === 0 ? {} : { details }),
    },
  }
}
