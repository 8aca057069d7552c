/** What a back end says when it fails, in whatever envelope it says it (Q36, Q37). */

import { defined } from '../ir/defined.ts'
import type { ApiError, ApiErrorKind } from '../ir/error.ts'
import type { JsonObject } from '../ir/extra.ts'
import { kindOfStatus } from '../ir/http-status.ts'
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
  invalid_authentication_error: 'unauthorized',
  account_deactivated: 'forbidden',
  permission_error: 'forbidden',
  unsupported_country_region_territory: 'forbidden',
  insufficient_quota: 'payment-required',
  billing_hard_limit_reached: 'payment-required',
  insufficient_balance: 'payment-required',
  rate_limit_exceeded: 'rate-limited',
  rate_limit_error: 'rate-limited',
  rate_limit_reached_error: 'rate-limited',
  content_filter: 'content-filtered',
  content_policy_violation: 'content-filtered',
  overloaded_error: 'overloaded',
  engine_overloaded_error: 'overloaded',
  engine_overloaded: 'overloaded',
  request_timeout: 'upstream-timeout',
  request_too_large: 'too-large',
}

/** What vendors write where they have no word for it; only looked at where the status says nothing better. */
const PHRASES: readonly { readonly says: RegExp; readonly kind: ApiErrorKind }[] = [
  {
    says: /maximum context length|context (?:length|window)|prompt is too long|input is too long|too many (?:input )?tokens/i,
    kind: 'context-overflow',
  },
  {
    says: /(?:incorrect|invalid|wrong|missing) api.?key|api.?key (?:is )?(?:not valid|invalid)/i,
    kind: 'unauthorized',
  },
  { says: /model\b.{0,200}(?:not exist|not found|unknown)|(?:unknown|no such) model/i, kind: 'model-not-found' },
]

const ENVELOPE_MEMBERS: ReadonlySet<string> = new Set(['message', 'type', 'param', 'code', 'status_code'])

/**
 * @param body the parsed JSON of an error answer, of an answer that holds an error, or of an event that tells one.
 * @param status of the answer, where that is one of failure.
 * @returns nothing when the body tells no failure.
 */
export function readFailure(body: unknown, status?: number): ApiError | undefined {
  const envelope = findEnvelope(body)
  if (envelope === undefined) return undefined
  const code = wordOf(envelope.code)
  const told = statusOf(envelope) ?? status
  const message = clip(messageOf(envelope) ?? (code === undefined ? 'The provider told no reason.' : code))
  const rest = Object.entries(envelope).filter(([name, value]) => !ENVELOPE_MEMBERS.has(name) && value !== null)
  return defined<ApiError>({
    kind: kindOf([code, wordOf(envelope.type)], message, told),
    message,
    param: wordOf(envelope.param),
    code,
    source: 'provider',
    status: told,
    extra: rest.length === 0 ? undefined : { protocol: PROTOCOL, fields: Object.fromEntries(rest) },
  })
}

/** OpenRouter may tell what failed beside the end of a choice; there is no answer then, whatever its status. */
export function readFailedChoice(choices: unknown): ApiError | undefined {
  if (!Array.isArray(choices)) return undefined
  const failed = choices.find((choice) => isObject(choice) && isObject(choice.error))
  return failed === undefined ? undefined : readFailure(failed)
}

/** `{error: {...}}`, `{error: "..."}` with a code beside it, the bare object itself, or any of them in a list. */
function findEnvelope(body: unknown): JsonObject | undefined {
  const outer: unknown = Array.isArray(body) ? body[0] : body
  if (!isObject(outer)) return undefined
  if (isObject(outer.error)) return outer.error
  if (typeof outer.error === 'string' && outer.error !== '') return { ...outer, message: outer.error, error: null }
  const tellsBare = typeof outer.message === 'string' || outer.detail !== undefined || outer.object === 'error'
  return tellsBare && outer.choices === undefined ? outer : undefined
}

function messageOf(envelope: JsonObject): string | undefined {
  const { message, detail, metadata } = envelope
  if (typeof message === 'string' && message !== '') {
    // OpenRouter says "Provider returned error" and keeps what the provider said.
    const raw = isObject(metadata) ? metadata.raw : undefined
    return typeof raw === 'string' && raw !== '' ? `${message}: ${raw}` : message
  }
  if (typeof detail === 'string') return detail
  const other = message ?? detail
  return other === undefined || other === null ? undefined : JSON.stringify(other)
}

function kindOf(words: readonly (string | undefined)[], message: string, status: number | undefined): ApiErrorKind {
  for (const word of words) {
    const kind = word !== undefined && Object.hasOwn(WORDS, word) ? WORDS[word] : undefined
    if (kind !== undefined) return kind
  }
  const byStatus = kindOfStatus(status)
  if (byStatus === 'unavailable' && /overload|capacity/i.test(message)) return 'overloaded'
  const isVague = byStatus === 'bad-request' || byStatus === 'not-found' || status === undefined
  return (isVague ? PHRASES.find(({ says }) => says.test(message))?.kind : undefined) ?? byStatus
}

/** Some put the status into the code, some into a member of its own. */
function statusOf(envelope: JsonObject): number | undefined {
  const told = [envelope.status_code, envelope.code].find(
    (value) => typeof value === 'number' || /^[45]\d\d$/.test(`${value}`),
  )
  const status = Number(told)
  return status >= 400 && status < 600 ? status : undefined
}

function wordOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function clip(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}...`
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
