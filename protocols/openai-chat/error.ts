/** Errors, both ways: any vendor's answer in, OpenAI's envelope out. */
import type { HeaderMap } from '../codec.ts'
import type { ApiError, ApiErrorKind } from '../ir/error.ts'
import type { JsonObject } from '../ir/extra.ts'
import { readRetryAfter } from '../ir/retry-after.ts'
import { encodeEnvelope } from './error-envelope.ts'
import { kindOfStatus, readFailure } from './failure.ts'

/** Longer plain text is no message but a page. */
const LONGEST_TEXT = 300

/** @param body text of the answer, possibly no JSON at all (trap 27). */
export function decodeError(status: number, headers: HeaderMap, body: string): ApiError {
  const wait = readRetryAfter(headers)
  const error = readFailure(parse(body), status) ?? {
    kind: kindOfStatus(status),
    message: describe(status, headers, body),
    source: 'provider' as const,
  }
  return { ...error, status, ...(wait === undefined ? {} : { retryAfterMs: wait }) }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    // A page of a proxy in between, or nothing.
    return undefined
  }
}

function describe(status: number, headers: HeaderMap, body: string): string {
  const type = headers['content-type']?.split(';')[0]?.trim() ?? ''
  const answered = `upstream answered ${status}${type === '' ? '' : ` (${type})`}`
  const text = body.trim()
  const isPlain = type === 'text/plain' && text !== '' && text.length <= LONGEST_TEXT
  return isPlain ? `${answered}: ${text}` : answered
}

/** How each kind of error is told. @see https://platform.openai.com/docs/guides/error-codes */
const STATUSES: Readonly<Record<ApiErrorKind, number>> = {
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

export interface EncodedError {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: JsonObject
}

/** The answer before a stream has begun. */
export function encodeError(error: ApiError, requestId: string): EncodedError {
  const headers: Record<string, string> = { 'content-type': 'application/json', 'x-request-id': requestId }
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000))
  return { status: STATUSES[error.kind], headers, body: encodeEnvelope(error) }
}
