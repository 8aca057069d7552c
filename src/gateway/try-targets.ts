/** One loop over the list of targets; after the first byte there is no second attempt. */
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { Target } from '../providers/target.ts'
import type { Exchange } from './exchange.ts'
import { toFailure } from './failure.ts'
import { MAY_TRY_NEXT } from './next-target.ts'

/**
 * @param begun whether something has reached the client.
 * @throws ApiFailure what the last target failed with, or the first for which no other could help.
 */
export async function tryTargets(
  exchange: Exchange,
  targets: readonly Target[],
  begun: () => boolean,
  attempt: (target: Target) => Promise<void>,
): Promise<void> {
  const { record, abort } = exchange
  let last: unknown
  for (const target of targets) {
    record.target = target
    record.attempts++
    // Each attempt tells its own losses: what another target was not told does not matter to this answer.
    record.losses = []
    try {
      await attempt(target)
      return
    } catch (error) {
      const failure = toFailure(error)
      if (abort.signal.aborted || begun() || !MAY_TRY_NEXT[failure.error.kind]) throw error
      record.failures.push({ provider: target.provider.name, model: target.model, error: failure.error })
      last = error
    }
  }
  throw last ?? new ApiFailure({ kind: 'unavailable', message: 'No target is configured.', source: 'proxy' })
}
