/** Everything that can go wrong in an exchange, as a closed list that each codec puts into its own envelope. */
import type { Extra } from './extra.ts'

export type ApiErrorKind =
  | 'bad-request'
  | 'context-overflow'
  | 'content-filtered'
  | 'unauthorized'
  | 'payment-required'
  | 'forbidden'
  | 'not-found'
  | 'model-not-found'
  | 'method-not-allowed'
  | 'request-timeout'
  | 'conflict'
  | 'too-large'
  | 'unsupported-media-type'
  | 'rate-limited'
  | 'cancelled'
  | 'internal'
  | 'not-implemented'
  | 'upstream-failed'
  | 'unavailable'
  | 'upstream-timeout'
  | 'overloaded'

export interface ApiError {
  readonly kind: ApiErrorKind
  /** One or two sentences: what was wrong, where, and what would be right. Never a secret, never a stack trace. */
  readonly message: string
  /** The field that was wrong, as a path of the wire: `messages.2.content`. */
  readonly param?: string
  /** The vendor's own word for it. */
  readonly code?: string
  /** Whose fault it was told by: the gateway itself, or the back end. */
  readonly source?: 'proxy' | 'provider'
  /** The back end's HTTP status, when it told the error. */
  readonly status?: number
  readonly retryAfterMs?: number
  readonly extra?: Extra
}

/** The one class that carries an `ApiError` up to where it is answered. */
export class ApiFailure extends Error {
  readonly error: ApiError

  constructor(error: ApiError, options?: { readonly cause?: unknown }) {
    super(error.message, options)
    this.name = 'ApiFailure'
    this.error = error
  }
}
