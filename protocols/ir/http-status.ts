/** Kinds of errors and statuses of HTTP, as most protocols have them. */
import type { ApiErrorKind } from './error.ts'

const KINDS: Readonly<Record<number, ApiErrorKind>> = {
  400: 'bad-request',
  401: 'unauthorized',
  402: 'payment-required',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  408: 'upstream-timeout',
  409: 'conflict',
  413: 'too-large',
  415: 'unsupported-media-type',
  422: 'bad-request',
  429: 'rate-limited',
  499: 'cancelled',
  500: 'upstream-failed',
  501: 'not-implemented',
  502: 'upstream-failed',
  503: 'unavailable',
  504: 'upstream-timeout',
  529: 'overloaded',
}

/** What a back end means that answers so, and says no more; without a status it has failed. */
export function kindOfStatus(status: number | undefined): ApiErrorKind {
  if (status === undefined) return 'upstream-failed'
  return KINDS[status] ?? (status >= 400 && status < 500 ? 'bad-request' : 'upstream-failed')
}

/** With which status each kind is told to a client; a protocol may have another one for a kind. */
export const STATUSES: Readonly<Record<ApiErrorKind, number>> = {
  'bad-request': 400,
  'context-overflow': 400,
  'content-filtered': 400,
  unauthorized: 401,
  'payment-required': 402,
  forbidden: 403,
  'not-found': 404,
  'model-not-found': 404,
  'method-not-allowed': 405,
  'request-timeout': 408,
  conflict: 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'rate-limited': 429,
  // As nginx has it: the caller is gone and nobody reads this.
  cancelled: 499,
  internal: 500,
  'not-implemented': 501,
  'upstream-failed': 502,
  unavailable: 503,
  'upstream-timeout': 504,
  overloaded: 503,
}
