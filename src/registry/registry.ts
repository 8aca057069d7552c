/** The registry: the one place that holds the present snapshot. */
import type { ProtocolName } from '../../protocols/ir/extra.ts'
import type { Store } from '../store/open-store.ts'
import { buildSnapshot } from './build-snapshot.ts'
import { type BreakerSettings, createHealth, type Health } from './health.ts'
import { countTurns } from './order-targets.ts'
import type { Snapshot } from './snapshot.ts'

export interface Registry {
  /** The present state. Whoever serves a request takes it once and keeps it. */
  snapshot(): Snapshot
  /** How targets and keys fare. To be told of every call. */
  readonly health: Health
  /**
   * Reads the rows anew, for when another process has written them.
   *
   * @throws RegistryFault when they cannot be served; the last good snapshot then goes on serving.
   */
  refresh(): void
  /** Listens to the store no longer. */
  close(): void
}

export interface RegistryOptions {
  readonly store: Store
  /** Names of the codecs that there are. */
  readonly protocols: readonly ProtocolName[]
  /** At least 0, below 1. */
  readonly random?: () => number
  /** Until `health` is configured anew. */
  readonly breaker?: BreakerSettings
  /** Milliseconds of a monotonic clock. */
  readonly clock?: () => number
}

/** As the configuration has it where the file says nothing. */
const BREAKER: BreakerSettings = { enabled: true, threshold: 5, timeoutMs: 60_000 }

/**
 * Opens the registry over a store. From then on every change of the store is tried before it is committed: one that
 * cannot be served is undone whole, one that can is served from the next request on.
 *
 * @throws RegistryFault when what is stored cannot be served.
 */
export function openRegistry(options: RegistryOptions): Registry {
  const { store, protocols, random = Math.random, breaker = BREAKER, clock = () => performance.now() } = options
  const health = createHealth(breaker, clock)
  const draw = { random, nextTurn: countTurns() }
  const build = () => buildSnapshot(store.readRegistry(), { protocols, draw, health })
  let current = build()
  let next = current
  const close = store.listen({
    beforeCommit() {
      next = build()
    },
    afterCommit() {
      current = next
    },
  })
  return {
    snapshot: () => current,
    health,
    refresh() {
      current = build()
    },
    close,
  }
}
