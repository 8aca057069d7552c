/** Which failures of one target say nothing about the next. */
import type { ApiErrorKind } from '../../protocols/ir/error.ts'

/**
 * Whether another target or key may succeed where one failed so. What the client did wrong stays wrong everywhere; a key
 * that was refused or a provider in trouble does not.
 */
export const MAY_TRY_NEXT: Readonly<Record<ApiErrorKind, boolean>> = {
  'bad-request': false,
  'context-overflow': false,
  'content-filtered': false,
  unauthorized: true,
  'payment-required': true,
  forbidden: true,
  'not-found': false,
  'model-not-found': true,
  'method-not-allowed': false,
  'request-timeout': true,
  conflict: true,
  'too-large': false,
  'unsupported-media-type': false,
  'rate-limited': true,
  cancelled: false,
  internal: false,
  'not-implemented': true,
  'upstream-failed': true,
  unavailable: true,
  'upstream-timeout': true,
  overloaded: true,
}
