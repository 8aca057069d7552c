/** Errors: read from a back end's answer or stream, written for a client. */
import type { HeaderMap } from '../codec.ts'
import type { ApiError, ApiErrorKind } from '../ir/error.ts'
import type { JsonObject } from '../ir/extra.ts'
import { kindOfStatus } from '../ir/http-status.ts'
import { readRetryAfter } from '../ir/retry-after.ts'
import { describeOverflow, isOverflow } from './overflow.ts'

interface Envelope {
  readonly status: number
  readonly type: string
}

/** @see https://docs.anthropic.com/en/api/errors */
const ENVELOPES: Record<ApiErrorKind, Envelope> = {
  'bad-request': { status: 400, type: 'invalid_request_error' },
  'context-overflow': { status: 400, type: 'invalid_request_error' },
  'content-filtered': { status: 400, type: 'invalid_request_error' },
  unauthorized: { status: 401, type: 'authentication_error' },
  'payment-required': { status: 402, type: 'billing_error' },
  forbidden: { status: 403, type: 'permission_error' },
  'not-found': { status: 404, type: 'not_found_error' },
  'model-not-found': { status: 404, type: 'not_found_error' },
  'method-not-allowed': { status: 405, type: 'invalid_request_error' },
  'request-timeout': { status: 408, type: 'timeout_error' },
  conflict: { status: 409, type: 'invalid_request_error' },
  'too-large': { status: 413, type: 'request_too_large' },
  'unsupported-media-type': { status: 415, type: 'invalid_request_error' },
  'rate-limited': { status: 429, type: 'rate_limit_error' },
  cancelled: { status: 499, type: 'api_error' },
  internal: { status: 500, type: 'api_error' },
  'not-implemented': { status: 501, type: 'api_error' },
  'upstream-failed': { status: 502, type: 'api_error' },
  unavailable: { status: 503, type: 'overloaded_error' },
  'upstream-timeout': { status: 504, type: 'timeout_error' },
  overloaded: { status: 529, type: 'overloaded_error' },
}

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

function parseObject(body: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(body))
  } catch {
    return undefined
  }
}

function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
}

/** The answer before a stream has begun. */
export function encodeError(error: ApiError, requestId: string) {
  const { status } = ENVELOPES[error.kind]
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
      type: ENVELOPES[error.kind].type,
      message,
      ...(Object.keys(details).length === 0 ? {} : { details }),
    },
  }
}
