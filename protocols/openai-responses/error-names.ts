/** What each kind of error is called on the wire. */
import type { ApiError, ApiErrorKind } from '../ir/error.ts'

interface Named {
  readonly status: number
  readonly type: string
  /** A word that clients look for; null: the vendor's own word, if it had one. */
  readonly code: string | null
}

const REQUEST = 'invalid_request_error'
const SERVER = 'server_error'

/** @see https://platform.openai.com/docs/guides/error-codes */
export const ERROR_NAMES: Readonly<Record<ApiErrorKind, Named>> = {
  'bad-request': { status: 400, type: REQUEST, code: null },
  'context-overflow': { status: 400, type: REQUEST, code: 'context_length_exceeded' },
  'content-filtered': { status: 400, type: REQUEST, code: 'content_filter' },
  unauthorized: { status: 401, type: REQUEST, code: 'invalid_api_key' },
  'payment-required': { status: 402, type: 'insufficient_quota', code: 'insufficient_quota' },
  forbidden: { status: 403, type: REQUEST, code: 'permission_denied' },
  'not-found': { status: 404, type: REQUEST, code: 'not_found' },
  'model-not-found': { status: 404, type: REQUEST, code: 'model_not_found' },
  'method-not-allowed': { status: 405, type: REQUEST, code: 'method_not_supported' },
  'request-timeout': { status: 408, type: REQUEST, code: 'request_timeout' },
  conflict: { status: 409, type: REQUEST, code: 'conflict' },
  'too-large': { status: 413, type: REQUEST, code: 'request_too_large' },
  'unsupported-media-type': { status: 415, type: REQUEST, code: 'unsupported_media_type' },
  'rate-limited': { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  // As nginx has it: the caller is gone and nobody reads this.
  cancelled: { status: 499, type: SERVER, code: 'request_cancelled' },
  internal: { status: 500, type: SERVER, code: 'internal_error' },
  'not-implemented': { status: 501, type: SERVER, code: 'not_implemented' },
  'upstream-failed': { status: 502, type: SERVER, code: 'bad_gateway' },
  unavailable: { status: 503, type: SERVER, code: 'service_unavailable' },
  'upstream-timeout': { status: 504, type: SERVER, code: 'gateway_timeout' },
  overloaded: { status: 503, type: SERVER, code: 'server_is_overloaded' },
}

/** The error of an answer that failed: a code there must be. */
export function encodeFailure(error: ApiError): { code: string; message: string } {
  const { code, type } = ERROR_NAMES[error.kind]
  return { code: code ?? error.code ?? type, message: error.message }
}
