/** Errors, both ways: any vendor's answer in, OpenAI's envelope out. */
import type { HeaderMap } from '../codec.ts'
import type { ApiError } from '../ir/error.ts'
import type { JsonObject } from '../ir/extra.ts'
import { kindOfStatus, STATUSES } from '../ir/http-status.ts'
import { readRetryAfter } from '../ir/retry-after.ts'
import { ERROR_NAMES } from './error-names.ts'
import { readFailure } from './failure.ts'
import { PROTOCOL } from './rest.ts'

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

export interface EncodedError {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: JsonObject
}

/** The answer before a stream has begun. `source` tells a refusal of the gateway from one of the provider. */
export function encodeError(error: ApiError, requestId: string): EncodedError {
  const headers: Record<string, string> = { 'content-type': 'application/json', 'x-request-id': requestId }
  if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000))
  const { type, code } = ERROR_NAMES[error.kind]
  const own = error.extra?.protocol === PROTOCOL ? error.extra.fields : {}
  const told = { message: error.message, type, param: error.param ?? null, code: code ?? error.code ?? null }
  const source = error.source === undefined ? {} : { source: error.source }
  return { status: STATUSES[error.kind], headers, body: { error: { ...own, ...told, ...source } } }
}
