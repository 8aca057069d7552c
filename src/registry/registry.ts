/** The registry: the one place that holds the present snapshot. */
import type { ProtocolName } from '../../protocols/ir/extra.ts'
import type { Store } from '../store/open-store.ts'
import type { Every } from '../store/watch-others.ts'
import { buildSnapshot } from './build-snapshot.ts'
import { type BreakerSettings, createHealth, type Health } from './health.ts'
import { countTurns } from './order-targets.ts'
import { type Parts, serveParts } from './serve-parts.ts'
import type { Snapshot } from './snapshot.ts'

/** What the config file says of routing beside providers and groups. */
export interface RoutingSettings {
  readonly breaker: BreakerSettings
  /** A request of more tokens takes the route `longContext`. */
  readonly longContextThreshold: number
}

export interface Registry {
  /** The present state. Whoever serves a request takes it once and keeps it. */
  snapshot(): Snapshot
  /** How targets and keys fare. To be told of every call. */
  readonly health: Health
  /** Takes effect for the next request. */
  configure(settings: RoutingSettings): void
  /**
   * Reads what has changed, for when another process has written it.
   *
   * @throws RegistryFault when it cannot be served; the last good snapshot then goes on serving.
   */
  refresh(): void
  /**
   * Does the work, tries what it leaves as any change is tried, and undoes it whole.
   *
   * @returns what the work returned.
   * @throws RegistryFault when what it leaves could not be served, and whatever the work throws.
   */
  rehearse<Result>(work: () => Result): Result
  /** Listens to the store no longer. */
  close(): void
}

export interface RegistryOptions {
  readonly store: Store
  /** Names of the codecs that there are. */
  readonly protocols: readonly ProtocolName[]
  /** At least 0, below 1. */
  readonly random?: () => number
  /** Until it is configured anew. */
  readonly settings?: Partial<RoutingSettings>
  /** Milliseconds of a monotonic clock. */
  readonly clock?: () => number
  /** Told what another process has written that cannot be served. */
  readonly report?: (fault: unknown) => void
  /** By which the store is looked at for what other processes write; a timer, if not given. */
  readonly every?: Every
}

/** As the configuration has it where the file says nothing. */
export const ROUTING: RoutingSettings = {
  breaker: { enabled: true, threshold: 5, timeoutMs: 60_000 },
  longContextThreshold: 60_000,
}

interface State {
  readonly parts: Parts
  readonly snapshot: Snapshot
}

/**
 * Opens the registry over a store. From then on every change of the store is tried before it is committed: one that
 * cannot be served is undone whole, one that can is served from the next request on. What another process writes is
 * served within a second.
 *
 * @throws RegistryFault when what is stored cannot be served.
 */
export function openRegistry(options: RegistryOptions): Registry {
  const { store, protocols, random = Math.random, clock = () => performance.now(), report = () => {} } = options
  let settings: RoutingSettings = { ...ROUTING, ...options.settings }
  const health = createHealth(settings.breaker, clock)
  const draw = { random, nextTurn: countTurns() }

  // Never from what was tried and not committed: its revisions are given again.
  const build = (before?: State): State => make(store.read(() => serveParts(store, protocols, before?.parts)))
  const make = (parts: Parts): State => ({ parts, snapshot: buildSnapshot(parts, { draw, health, ...settings }) })

  let current = build()
  let next = current
  const refresh = (): void => {
    current = build(current)
  }
  const endListening = store.listen({
    beforeCommit() {
      next = build(current)
    },
    afterCommit() {
      current = next
    },
  })
  const endWatching = store.watchOthers(() => {
    try {
      refresh()
    } catch (fault) {
      report(fault)
    }
  }, options.every)

  return {
    snapshot: () => current.snapshot,
    health,
    configure(changed) {
      settings = changed
      health.configure(settings.breaker)
      current = make(current.parts)
    },
    refresh,
    rehearse<Result>(work: () => Result): Result {
      const results: Result[] = []
      try {
        store.transaction(() => {
          results.push(work())
          build(current)
          throw UNDO
        })
      } catch (thrown) {
        if (thrown !== UNDO) throw thrown
      }
      // It is there: nothing but a fault ends the transaction before.
      return results[0] as Result
    },
    close() {
      endListening()
      endWatching()
    },
  }
}

const UNDO = new Error('a rehearsal is undone')
