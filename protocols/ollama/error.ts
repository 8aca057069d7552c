/** Errors, both ways: `{"error": "..."}`, as a body and as a line of a stream. */
import type { HeaderMap } from '../codec.ts'
import type { ApiError, ApiErrorKind } from '../ir/error.ts'
import type { JsonObject } from '../ir/extra.ts'
import { kindOfStatus, STATUSES } from '../ir/http-status.ts'
import { readRetryAfter } from '../ir/retry-after.ts'

/** A vendor's text is passed on, but no page of it. */
const LONGEST_MESSAGE = 2_000

/** The wire has no codes: what went wrong is told in words only, and these are the server's. */
const PHRASES: readonly { readonly says: RegExp; readonly kind: ApiErrorKind }[] = [
  { says: /model\b.{0,200}\bnot found|no such model|try pulling it first/i, kind: 'model-not-found' },
  {
    says: /context (?:length|window|size)|(?:prompt|input)(?: length)? (?:is too long|exceeds)|too many tokens/i,
    kind: 'context-overflow',
  },
  { says: /maximum pending requests|server busy|overloaded/i, kind: 'overloaded' },
  { says: /unauthorized|invalid api.?key/i, kind: 'unauthorized' },
]

/** @param body text of the answer, possibly no JSON at all (trap 27). */
export function decodeError(status: number, headers: HeaderMap, body: string): ApiError {
  const type = headers['content-type']?.split(';')[0]?.trim() ?? ''
  const message = readMessage(body) ?? `upstream answered ${status}${type === '' ? '' : ` (${type})`}`
  const wait = readRetryAfter(headers)
  return { ...describe(message, status), status, ...(wait === undefined ? {} : { retryAfterMs: wait }) }
}

/** An error that came as a line of a stream, or in an answer that calls itself a success. */
export function decodeToldError(error: unknown): ApiError {
  return describe(messageOf(error) ?? 'The provider told no reason.', undefined)
}

/** Whether an object tells an error; null and an empty text tell none. */
export function tellsError(fields: JsonObject): boolean {
  return fields.error !== undefined && fields.error !== null && fields.error !== ''
}

function describe(message: string, status: number | undefined): ApiError {
  const phrase = PHRASES.find(({ says }) => says.test(message))
  return { kind: phrase?.kind ?? kindOfStatus(status), message: message.slice(0, LONGEST_MESSAGE), source: 'provider' }
}

function readMessage(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && 'error' in value ? messageOf(value.error) : undefined
  } catch {
    // A page of a proxy in between, or nothing.
    return undefined
  }
}

/** A text, or what other APIs make of it: an object with a message. */
function messageOf(error: unknown): string | undefined {
  if (typeof error === 'string') return error === '' ? undefined : error
  if (typeof error !== 'object' || error === null) return undefined
  return 'message' in error && typeof error.message === 'string' ? error.message : JSON.stringify(error)
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

/** The one member that clients read; where it was wrong they are told in words. */
export function encodeEnvelope(error: ApiError): { readonly error: string } {
  const isNamed = error.param === undefined || error.message.includes(error.param)
  return { error: isNamed ? error.message : `${error.param}: ${error.message}` }
}
