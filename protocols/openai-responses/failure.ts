/** What a back end says when it fails, in whatever envelope it says it (Q36, Q37, Q48). */
import { defined } from '../ir/defined.ts'
import type { ApiError, ApiErrorKind } from '../ir/error.ts'
import type { JsonObject } from '../ir/extra.ts'
import { kindOfStatus } from '../ir/http-status.ts'
import { isObject } from './is-object.ts'
import { PROTOCOL } from './rest.ts'

/** A vendor's text is passed on, but no page of it. */
const LONGEST_MESSAGE = 2_000

/** Words in `code` and `type` that tell more than the status. */
const WORDS: Readonly<Record<string, ApiErrorKind>> = {
  context_length_exceeded: 'context-overflow',
  string_above_max_length: 'context-overflow',
  model_not_found: 'model-not-found',
  invalid_api_key: 'unauthorized',
  authentication_error: 'unauthorized',
  permission_error: 'forbidden',
  unsupported_country_region_territory: 'forbidden',
  insufficient_quota: 'payment-required',
  billing_hard_limit_reached: 'payment-required',
  rate_limit_exceeded: 'rate-limited',
  rate_limit_error: 'rate-limited',
  too_many_requests: 'rate-limited',
  invalid_prompt: 'content-filtered',
  content_filter: 'content-filtered',
  content_policy_violation: 'content-filtered',
  bio_policy: 'content-filtered',
  image_content_policy_violation: 'content-filtered',
  invalid_request_error: 'bad-request',
  server_is_overloaded: 'overloaded',
  slow_down: 'overloaded',
  overloaded_error: 'overloaded',
  vector_store_timeout: 'upstream-timeout',
  server_error: 'upstream-failed',
}

/** Words that say no more than the status does, where there is one. */
const VAGUE: ReadonlySet<string> = new Set(['invalid_request_error', 'server_error'])

/** What vendors write where they have no word for it; only looked at where nothing says better. */
const PHRASES: readonly { readonly says: RegExp; readonly kind: ApiErrorKind }[] = [
  {
    says: /maximum context length|context (?:length|window)|prompt is too long|too many (?:input )?tokens/i,
    kind: 'context-overflow',
  },
  { says: /(?:incorrect|invalid|missing) api.?key/i, kind: 'unauthorized' },
  { says: /model\b.{0,200}(?:not exist|not found)|(?:unknown|no such) model/i, kind: 'model-not-found' },
]

const ENVELOPE_MEMBERS: ReadonlySet<string> = new Set(['message', 'type', 'param', 'code', 'sequence_number', 'error'])

/**
 * @param body an error answer, an answer that failed, or an event that tells of either.
 * @param status of the HTTP answer, where that is one of failure.
 * @returns nothing when the body tells no failure.
 */
export function readFailure(body: unknown, status?: number): ApiError | undefined {
  const envelope = findEnvelope(body)
  if (envelope === undefined) return undefined
  const code = wordOf(envelope.code)
  const message = clip(messageOf(envelope) ?? code ?? 'The provider told no reason.')
  const rest = Object.entries(envelope).filter(([name, value]) => !ENVELOPE_MEMBERS.has(name) && value !== null)
  return defined<ApiError>({
    kind: kindOf([code, wordOf(envelope.type)], message, status),
    message,
    param: wordOf(envelope.param),
    code,
    source: 'provider',
    status,
    extra: rest.length === 0 ? undefined : { protocol: PROTOCOL, fields: Object.fromEntries(rest) },
  })
}

/** The error of an answer that failed or was given up; `error: null` is none. */
export function readFailedAnswer(body: unknown): ApiError | undefined {
  if (!isObject(body)) return undefined
  if (isObject(body.error) || typeof body.error === 'string') return readFailure(body)
  if (body.status !== 'failed' && body.status !== 'cancelled') return undefined
  return {
    kind: 'upstream-failed',
    message: `The provider's answer has the status ${body.status}.`,
    source: 'provider',
  }
}

/** `{error: {...}}`, `{error: "..."}` with a code beside it (xAI), or the flat event that the API's document has. */
function findEnvelope(body: unknown): JsonObject | undefined {
  if (!isObject(body)) return undefined
  if (isObject(body.error)) return body.error
  if (typeof body.error === 'string' && body.error !== '') return { ...body, message: body.error }
  const isBare = typeof body.message === 'string' || typeof body.detail === 'string'
  return isBare && body.output === undefined ? body : undefined
}

function messageOf({ message, detail }: JsonObject): string | undefined {
  if (typeof message === 'string' && message !== '') return message
  if (typeof detail === 'string') return detail
  const other = message ?? detail
  return other === undefined || other === null || other === '' ? undefined : JSON.stringify(other)
}

function kindOf(words: readonly (string | undefined)[], message: string, status: number | undefined): ApiErrorKind {
  const known = words.filter((word) => word !== undefined && Object.hasOwn(WORDS, word))
  const telling = known.find((word) => word !== undefined && !VAGUE.has(word))
  if (telling !== undefined) return WORDS[telling] ?? kindOfStatus(status)
  const byStatus = kindOfStatus(status)
  if (byStatus === 'unavailable' && /overload|capacity/i.test(message)) return 'overloaded'
  const isVague = byStatus === 'bad-request' || byStatus === 'not-found' || status === undefined
  const phrase = isVague ? PHRASES.find(({ says }) => says.test(message))?.kind : undefined
  if (phrase !== undefined || status !== undefined) return phrase ?? byStatus
  return WORDS[known[0] ?? ''] ?? byStatus
}

function wordOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function clip(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}...`
}
