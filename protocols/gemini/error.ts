/** Errors: read from a back end's answer or stream, written for a client. */
import type { HeaderMap } from '../codec.ts'
import type { ApiError, ApiErrorKind } from '../ir/error.ts'
import { type JsonObject, ownFields } from '../ir/extra.ts'
import { kindOfStatus, STATUSES } from '../ir/http-status.ts'
import { readRetryAfter } from '../ir/retry-after.ts'
import { PROTOCOL } from './keep.ts'
import { describeOverflow, isOverflow } from './overflow.ts'

/** @see https://cloud.google.com/apis/design/errors#error_codes */
const WORDS: Readonly<Record<ApiErrorKind, string>> = {
  'bad-request': 'INVALID_ARGUMENT',
  'context-overflow': 'INVALID_ARGUMENT',
  'content-filtered': 'FAILED_PRECONDITION',
  unauthorized: 'UNAUTHENTICATED',
  'payment-required': 'FAILED_PRECONDITION',
  forbidden: 'PERMISSION_DENIED',
  'not-found': 'NOT_FOUND',
  'model-not-found': 'NOT_FOUND',
  'method-not-allowed': 'UNIMPLEMENTED',
  'request-timeout': 'DEADLINE_EXCEEDED',
  conflict: 'ABORTED',
  'too-large': 'INVALID_ARGUMENT',
  'unsupported-media-type': 'INVALID_ARGUMENT',
  'rate-limited': 'RESOURCE_EXHAUSTED',
  cancelled: 'CANCELLED',
  internal: 'INTERNAL',
  'not-implemented': 'UNIMPLEMENTED',
  'upstream-failed': 'INTERNAL',
  unavailable: 'UNAVAILABLE',
  'upstream-timeout': 'DEADLINE_EXCEEDED',
  overloaded: 'UNAVAILABLE',
}

const KINDS: ReadonlyMap<string, ApiErrorKind> = new Map<string, ApiErrorKind>([
  ['INVALID_ARGUMENT', 'bad-request'],
  ['FAILED_PRECONDITION', 'bad-request'],
  ['OUT_OF_RANGE', 'bad-request'],
  ['UNAUTHENTICATED', 'unauthorized'],
  ['PERMISSION_DENIED', 'forbidden'],
  ['NOT_FOUND', 'not-found'],
  ['ABORTED', 'conflict'],
  ['ALREADY_EXISTS', 'conflict'],
  ['RESOURCE_EXHAUSTED', 'rate-limited'],
  ['CANCELLED', 'cancelled'],
  ['DATA_LOSS', 'upstream-failed'],
  ['UNKNOWN', 'upstream-failed'],
  ['INTERNAL', 'upstream-failed'],
  ['UNIMPLEMENTED', 'not-implemented'],
  ['UNAVAILABLE', 'unavailable'],
  ['DEADLINE_EXCEEDED', 'upstream-timeout'],
])

/** Reads whatever a back end answered instead of a message: its envelope, a list with one in it, a page of a proxy (trap 27). */
export function decodeError(status: number, headers: HeaderMap, body: string): ApiError {
  const fields = parseObject(body)
  const told = fields === undefined ? plainError(status, headers, body) : decodeEnvelope(fields, status)
  const retryAfterMs = told.retryAfterMs ?? readRetryAfter(headers)
  return { ...told, status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}

/**
 * Reads an error object: a body, or a chunk of a stream.
 *
 * @param status of the answer; absent in a stream.
 */
export function decodeEnvelope(fields: JsonObject, status: number | undefined): ApiError {
  const error = asObject(fields.error) ?? fields
  const word = typeof error.status === 'string' ? error.status : undefined
  const code = typeof error.code === 'number' ? error.code : status
  const details = Array.isArray(error.details) ? error.details.map(asObject).filter((one) => one !== undefined) : []
  const message =
    [error.message, fields.error, fields.message].find(
      (text): text is string => typeof text === 'string' && text !== '',
    ) ?? `the provider told an error without words${code === undefined ? '' : ` (${code})`}`
  const kind = (word === undefined ? undefined : KINDS.get(word)) ?? kindOfStatus(code)
  const retryAfterMs = readRetryDelay(details)
  return {
    kind: refineKind(kind, message, details),
    message,
    ...(word === undefined ? {} : { code: word }),
    source: 'provider',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(details.length === 0 ? {} : { extra: { protocol: PROTOCOL, fields: { details } } }),
  }
}

/** Kinds that the API tells by a detail or by the words of its message alone (Q39). */
function refineKind(kind: ApiErrorKind, message: string, details: readonly JsonObject[]): ApiErrorKind {
  if (details.some(({ reason }) => reason === 'API_KEY_INVALID' || reason === 'API_KEY_EXPIRED')) return 'unauthorized'
  if (kind === 'bad-request' && /^api key (?:not valid|expired)/i.test(message)) return 'unauthorized'
  if (kind === 'bad-request' && isOverflow(message)) return 'context-overflow'
  if (kind === 'not-found' && /\bmodels?\b/i.test(message)) return 'model-not-found'
  return kind === 'unavailable' && /overloaded/i.test(message) ? 'overloaded' : kind
}

const RETRY_INFO = 'google.rpc.RetryInfo'

/** The wait stands in the details, as `34.4s`, and in no header (Q39). */
function readRetryDelay(details: readonly JsonObject[]): number | undefined {
  const info = details.find((detail) => String(detail['@type']).endsWith(RETRY_INFO))
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(String(info?.retryDelay))?.[1]
  return seconds === undefined ? undefined : Math.round(Number(seconds) * 1000)
}

const SHOWN_CHARACTERS = 300

function plainError(status: number, headers: HeaderMap, body: string): ApiError {
  const type = headers['content-type']?.split(';')[0]
  const isText = type === undefined || type === 'text/plain' || type === 'application/json'
  const words = isText ? body.trim().slice(0, SHOWN_CHARACTERS) : ''
  const message = `The provider answered ${status}${isText ? '' : ` (${type})`}${words === '' ? '' : `: ${words}`}`
  return { kind: refineKind(kindOfStatus(status), message, []), message, source: 'provider' }
}

function parseObject(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body)
    // A streaming call that asked for no events is answered with a list.
    return asObject(Array.isArray(value) ? value[0] : value)
  } catch {
    return undefined
  }
}

function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
}

/** The answer before a stream has begun. */
export function encodeError(error: ApiError, requestId: string) {
  const headers: Record<string, string> = {}
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000))
  return { status: STATUSES[error.kind], headers, body: encodeEnvelope(error, requestId) }
}

const TYPE = 'type.googleapis.com/google.rpc.'

/** The error object, as a body and as a chunk of a stream. */
export function encodeEnvelope(error: ApiError, requestId?: string): { readonly error: JsonObject } {
  const status = STATUSES[error.kind]
  const word = WORDS[error.kind]
  const message = error.kind === 'context-overflow' ? describeOverflow(error.message) : error.message
  const details = ownFields(error.extra, PROTOCOL, 'error', () => {})?.details ?? [
    ...(error.param === undefined
      ? []
      : [{ '@type': `${TYPE}BadRequest`, fieldViolations: [{ field: error.param, description: message }] }]),
    ...(error.retryAfterMs === undefined
      ? []
      : [{ '@type': `${TYPE}RetryInfo`, retryDelay: `${error.retryAfterMs / 1000}s` }]),
    ...(requestId === undefined ? [] : [{ '@type': `${TYPE}RequestInfo`, requestId }]),
  ]
  const hasDetails = Array.isArray(details) && details.length > 0
  return { error: { code: status, message, status: word, ...(hasDetails ? { details } : {}) } }
}
