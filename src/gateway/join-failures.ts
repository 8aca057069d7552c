/** What a client is told when no target could serve it. */
import { type ApiError, ApiFailure } from '../../protocols/ir/error.ts'
import type { ExchangeRecord } from './exchange.ts'

type Failures = ExchangeRecord['failures']

/** More of them, or of a name, helps nobody: the log has all. */
const TOLD_TARGETS = 10
const SHOWN_CHARACTERS = 100

/**
 * The last failure as it is, with what became of each target in one line behind its words: `slow down (tried one/m1: 503; two/m2: 429)`.
 * Whoever is told to come back is told the soonest time at which any of them would take it (F52).
 *
 * @param failures all of them, in order; where there is but one, its own words say it all.
 */
export function joinFailures(last: ApiFailure, failures: Failures): ApiFailure {
  if (failures.length < 2) return last
  const { message, retryAfterMs } = last.error
  const soonest = Math.min(...failures.map(({ error }) => error.retryAfterMs ?? Number.POSITIVE_INFINITY))
  const error: ApiError = {
    ...last.error,
    message: `${message} (tried ${listTried(failures)})`,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs: soonest }),
  }
  return new ApiFailure(error, { cause: last })
}

function listTried(failures: Failures): string {
  const targets = [...Map.groupBy(failures, ({ provider, model }) => shown(`${provider}/${model}`))]
  const told = targets.slice(0, TOLD_TARGETS).map(([name, tries]) => `${name}: ${listReasons(tries)}`)
  const rest = targets.length - told.length
  return [...told, ...(rest === 0 ? [] : [`and ${rest} more`])].join('; ')
}

/** Of one target, which may have been tried with several keys, and again after a while. */
function listReasons(tries: Failures): string {
  const reasons = [...Map.groupBy(tries, ({ error }) => reasonOf(error))]
  return reasons.map(([reason, { length }]) => (length === 1 ? reason : `${reason} (${length} times)`)).join(', ')
}

/** No words of a provider or of the network: they may hold anything. */
function reasonOf({ status, kind }: ApiError): string {
  return status === undefined ? kind.replaceAll('-', ' ') : String(status)
}

/** A client may name a model of its own. */
function shown(name: string): string {
  const characters = [...name.replace(/\p{C}/gu, '\u{fffd}')]
  return `${characters.slice(0, SHOWN_CHARACTERS).join('')}${characters.length > SHOWN_CHARACTERS ? '…' : ''}`
}
