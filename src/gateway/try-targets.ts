/** One loop over the list of targets; after the first byte there is no second attempt. */
import { type ApiError, ApiFailure } from '../../protocols/ir/error.ts'
import type { Target } from '../providers/target.ts'
import type { Health } from '../registry/health.ts'
import type { Exchange } from './exchange.ts'
import { toFailure } from './failure.ts'
import { joinFailures } from './join-failures.ts'
import { mayTryAgain, mayTryNext } from './next-target.ts'
import { pause } from './pause.ts'
import type { RetryBudget } from './retry-budget.ts'

export interface RetrySettings {
  /** Calls for one request in all; where more targets are listed, each of them is called once all the same. */
  readonly attempts: number
  /** Nobody is waited for longer than this. */
  readonly maxWaitMs: number
  /** The first wait where a target tells none; each further one is twice as long. */
  readonly backoffMs: number
}

export interface Trying {
  /** Told how each attempt ended; a target that it does not admit is passed over. */
  readonly health: Health
  readonly retry: RetrySettings
  readonly budget: RetryBudget
  /** At least 0, below 1. */
  readonly random: () => number
}

/**
 * Calls each target once, in order; then those that may do better by now, the soonest first, as far as settings and budget go.
 *
 * @param begun whether something has reached the client.
 * @throws ApiFailure what the last target failed with and what became of each, or the first for which no other could help.
 */
export async function tryTargets(
  exchange: Exchange,
  targets: readonly Target[],
  trying: Trying,
  begun: () => boolean,
  attempt: (target: Target) => Promise<void>,
): Promise<void> {
  const { record, abort } = exchange
  const { retry, budget } = trying
  budget.earn()
  const waiting: Waiting[] = []
  let last: ApiFailure | undefined

  /** @returns whether the exchange is over. */
  async function tryOne(target: Target): Promise<boolean> {
    const call = trying.health.admit(target)
    if (call === undefined) return false
    record.target = target
    record.attempts++
    // Each attempt tells its own losses: what another target was not told does not matter to this answer.
    record.losses = []
    try {
      await attempt(target)
      // A stream that broke off has told so itself.
      call.end(abort.signal.aborted ? CANCELLED : record.error)
      return true
    } catch (error) {
      const failure = toFailure(error)
      call.end(abort.signal.aborted ? CANCELLED : failure.error)
      if (abort.signal.aborted || begun() || record.acted === true || !mayTryNext(failure.error)) throw error
      record.failures.push({ provider: target.provider.name, model: target.model, error: failure.error })
      last = failure
      if (mayTryAgain(failure.error)) waiting.push({ target, readyAt: performance.now() + waitFor(failure.error) })
      return false
    }
  }

  function waitFor(error: ApiError): number {
    // Doubled for each round, and never the same for two requests that failed together.
    const round = Math.max(0, Math.floor((record.attempts - 1) / targets.length))
    const backoff = retry.backoffMs * 2 ** round * (0.5 + trying.random() / 2)
    return Math.max(error.retryAfterMs ?? 0, backoff)
  }

  for (const target of targets) {
    if (await tryOne(target)) return
  }
  while (record.attempts > 0 && record.attempts < retry.attempts) {
    waiting.sort((one, other) => one.readyAt - other.readyAt)
    const next = waiting[0]
    const waitMs = Math.max(0, (next?.readyAt ?? 0) - performance.now())
    if (next === undefined || waitMs > retry.maxWaitMs || !budget.spend()) break
    waiting.shift()
    if (!(await pause(waitMs, abort.signal))) throw new ApiFailure(CANCELLED)
    if (await tryOne(next.target)) return
  }
  throw last === undefined ? new ApiFailure(ALL_BUSY) : joinFailures(last, record.failures)
}

interface Waiting {
  readonly target: Target
  /** Of the monotonic clock. */
  readonly readyAt: number
}

/** Says nothing of the target. */
const CANCELLED: ApiError = { kind: 'cancelled', message: 'The client left before the answer was complete.' }

const ALL_BUSY: ApiError = {
  kind: 'unavailable',
  message: 'Every target that could serve this is being tried by another request after failures: try again.',
  source: 'proxy',
  retryAfterMs: 1000,
}
