/** What each kind of error is called on the wire. */
import type { ApiError, ApiErrorKind } from '../ir/error.ts'

interface Named {
  readonly type: string
  /** A word that clients look for; null: the vendor's own word, if it had one. */
  readonly code: string | null
}

const REQUEST = 'invalid_request_error'
const SERVER = 'server_error'

/** @see https://platform.openai.com/docs/guides/error-codes */
export const ERROR_NAMES: Readonly<Record<ApiErrorKind, Named>> = {
  'bad-request': { type: REQUEST, code: null },
  'context-overflow': { type: REQUEST, code: 'context_length_exceeded' },
  'content-filtered': { type: REQUEST, code: 'content_filter' },
  unauthorized: { type: REQUEST, code: 'invalid_api_key' },
  'payment-required': { type: 'insufficient_quota', code: 'insufficient_quota' },
  forbidden: { type: REQUEST, code: 'permission_denied' },
  'not-found': { type: REQUEST, code: 'not_found' },
  'model-not-found': { type: REQUEST, code: 'model_not_found' },
  'method-not-allowed': { type: REQUEST, code: 'method_not_supported' },
  'request-timeout': { type: REQUEST, code: 'request_timeout' },
  conflict: { type: REQUEST, code: 'conflict' },
  'too-large': { type: REQUEST, code: 'request_too_large' },
  'unsupported-media-type': { type: REQUEST, code: 'unsupported_media_type' },
  'rate-limited': { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  cancelled: { type: SERVER, code: 'request_cancelled' },
  internal: { type: SERVER, code: 'internal_error' },
  'not-implemented': { type: SERVER, code: 'not_implemented' },
  'upstream-failed': { type: SERVER, code: 'bad_gateway' },
  unavailable: { type: SERVER, code: 'service_unavailable' },
  'upstream-timeout': { type: SERVER, code: 'gateway_timeout' },
  overloaded: { type: SERVER, code: 'server_is_overloaded' },
}

/** The error of an answer that failed: a code there must be. */
export function encodeFailure(error: ApiError): { code: string; message: string } {
  const { code, type } = ERROR_NAMES[error.kind]
  return { code: code ?? error.code ?? type, message: error.message }
}
