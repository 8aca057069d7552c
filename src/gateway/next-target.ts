/** What a failure of one target says about the next call. */
import type { ApiError, ApiErrorKind } from '../../protocols/ir/error.ts'

/**
 * `stop`: what the client did wrong stays wrong everywhere. `next`: another key or target may do better, this one will not.
 * `again`: the same one may do better after a while, too.
 */
type Prospect = 'stop' | 'next' | 'again'

const PROSPECTS: Readonly<Record<ApiErrorKind, Prospect>> = {
  'bad-request': 'stop',
  'context-overflow': 'stop',
  'content-filtered': 'stop',
  unauthorized: 'next',
  'payment-required': 'next',
  forbidden: 'next',
  'not-found': 'stop',
  'model-not-found': 'next',
  'method-not-allowed': 'stop',
  'request-timeout': 'again',
  conflict: 'again',
  'too-large': 'stop',
  'unsupported-media-type': 'stop',
  'rate-limited': 'again',
  cancelled: 'stop',
  internal: 'stop',
  'not-implemented': 'next',
  'upstream-failed': 'again',
  unavailable: 'again',
  'upstream-timeout': 'again',
  overloaded: 'again',
}

/** Whether another target or key may succeed where one failed so. */
export function mayTryNext({ kind }: ApiError): boolean {
  return PROSPECTS[kind] !== 'stop'
}

/** Whether the same target may succeed later. One that was waited for in vain is not waited for twice. */
export function mayTryAgain(error: ApiError): boolean {
  if (PROSPECTS[error.kind] !== 'again') return false
  return error.kind !== 'upstream-timeout' || error.status !== undefined
}
