/** One loop over the list of targets; after the first byte there is no second attempt. */
import { type ApiError, ApiFailure } from '../../protocols/ir/error.ts'
import type { Target } from '../providers/target.ts'
import type { Health } from '../registry/health.ts'
import type { Exchange } from './exchange.ts'
import { toFailure } from './failure.ts'
import { MAY_TRY_NEXT } from './next-target.ts'

/**
 * @param health told how each attempt ended; a target that it does not admit is passed over.
 * @param begun whether something has reached the client.
 * @throws ApiFailure what the last target failed with, or the first for which no other could help.
 */
export async function tryTargets(
  exchange: Exchange,
  targets: readonly Target[],
  health: Health,
  begun: () => boolean,
  attempt: (target: Target) => Promise<void>,
): Promise<void> {
  const { record, abort } = exchange
  let last: unknown
  for (const target of targets) {
    const call = health.admit(target)
    if (call === undefined) continue
    record.target = target
    record.attempts++
    // Each attempt tells its own losses: what another target was not told does not matter to this answer.
    record.losses = []
    try {
      await attempt(target)
      // A stream that broke off has told so itself.
      call.end(abort.signal.aborted ? CANCELLED : record.error)
      return
    } catch (error) {
      const failure = toFailure(error)
      call.end(abort.signal.aborted ? CANCELLED : failure.error)
      if (abort.signal.aborted || begun() || !MAY_TRY_NEXT[failure.error.kind]) throw error
      record.failures.push({ provider: target.provider.name, model: target.model, error: failure.error })
      last = error
    }
  }
  if (last !== undefined) throw last
  const message = 'Every target that could serve this is being tried by another request after failures: try again.'
  throw new ApiFailure({ kind: 'unavailable', message, source: 'proxy', retryAfterMs: 1000 })
}

/** Says nothing of the target. */
const CANCELLED: ApiError = { kind: 'cancelled', message: 'The client left before the answer was complete.' }
