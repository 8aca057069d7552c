/** How targets and keys have fared lately: circuit breakers, keys that are to rest, and calls in flight. In memory only. */
import type { ApiError, ApiErrorKind } from '../../protocols/ir/error.ts'
import type { Target } from '../providers/target.ts'
import { createCooldowns, type KeyHealth } from './cooldowns.ts'

export interface BreakerSettings {
  readonly enabled: boolean
  /** Failures in a row after which a target is left alone; at least 1. */
  readonly threshold: number
  /** How long it is left alone before one call tries it again. */
  readonly timeoutMs: number
}

/** One call to a target, from the moment it may go to its end. */
export interface AdmittedCall {
  /**
   * To be called once the call is over, however it ended; later calls do nothing.
   *
   * @param error absent: it went well. A client that left is told as `cancelled`.
   */
  end(error?: ApiError): void
}

export interface TargetHealth {
  readonly provider: string
  readonly model: string
  /** `half-open`: the next call, or the one under way, decides. */
  readonly state: 'closed' | 'open' | 'half-open'
  /** In a row. */
  readonly failures: number
  readonly inFlight: number
  /** Milliseconds until it is tried again; 0 unless it is open. */
  readonly retryInMs: number
}

export interface HealthReport {
  /** Those of which there is anything to tell. */
  readonly targets: readonly TargetHealth[]
  /** Those that rest. */
  readonly keys: readonly KeyHealth[]
}

export interface Health {
  /** Takes effect at once; counts and open breakers stay. */
  configure(settings: BreakerSettings): void
  /**
   * Asks for the place of one call. Where a breaker's time is over, only one call gets a place until it has ended.
   *
   * @returns nothing where the target is to be left alone.
   */
  admit(target: Target): AdmittedCall | undefined
  /** Milliseconds until calls to the target are let through; 0: now. */
  closedForMs(target: Target): number
  /** Milliseconds for which the target's key should rest where there is another; 0: not at all. */
  coolingForMs(target: Target): number
  /** Calls that the target, and its key at any target, have not ended yet. */
  busyness(target: Target): { readonly target: number; readonly key: number }
  /** Nothing is open and nothing rests: what most requests need to know. */
  readonly allWell: boolean
  describe(): HealthReport
  /**
   * Forgets failures and rests, so that everything is tried again at once.
   *
   * @param provider only of this one; absent: of all.
   * @returns how many breakers were not closed, and how many keys rested.
   */
  reset(provider?: string): { readonly breakers: number; readonly keys: number }
}

/** What an end says of the target: that it is sound, that it failed, or nothing. */
type Verdict = 'sound' | 'failed' | 'nothing'

/** What a client did wrong was answered by a target that works; what is wrong with a key says nothing of the target. */
const VERDICTS: Readonly<Record<ApiErrorKind, Verdict>> = {
  'bad-request': 'sound',
  'context-overflow': 'sound',
  'content-filtered': 'sound',
  unauthorized: 'nothing',
  'payment-required': 'nothing',
  forbidden: 'nothing',
  'not-found': 'sound',
  'model-not-found': 'sound',
  'method-not-allowed': 'sound',
  'request-timeout': 'nothing',
  conflict: 'sound',
  'too-large': 'sound',
  'unsupported-media-type': 'sound',
  'rate-limited': 'nothing',
  cancelled: 'nothing',
  internal: 'nothing',
  'not-implemented': 'sound',
  'upstream-failed': 'failed',
  unavailable: 'failed',
  'upstream-timeout': 'failed',
  overloaded: 'failed',
}

function judge(error: ApiError | undefined): Verdict {
  if (error === undefined) return 'sound'
  const verdict = VERDICTS[error.kind]
  // What the gateway refused by itself the target has not answered.
  return verdict === 'sound' && error.source !== 'provider' ? 'nothing' : verdict
}

interface Breaker {
  readonly provider: string
  readonly model: string
  failures: number
  inFlight: number
  /** When it may be tried again; absent: closed. */
  openUntil?: number
  /** A call under way decides whether it closes. */
  probing: boolean
}

/** Clients can name models at will: more targets than this are not remembered. */
const REMEMBERED_TARGETS = 10_000

/**
 * @param settings until they are configured anew.
 * @param now milliseconds of a monotonic clock.
 */
export function createHealth(settings: BreakerSettings, now: () => number): Health {
  let { enabled, threshold, timeoutMs } = settings
  const breakers = new Map<string, Breaker>()
  const cooldowns = createCooldowns(now)
  const keysInFlight = new Map<string, number>()
  let openCount = 0

  function find(target: Target): Breaker | undefined {
    return breakers.get(nameOf(target))
  }

  function remember(target: Target): Breaker {
    const name = nameOf(target)
    const known = breakers.get(name)
    if (known !== undefined) return known
    if (breakers.size >= REMEMBERED_TARGETS) forgetOne()
    const fresh: Breaker = {
      provider: target.provider.name,
      model: target.model,
      failures: 0,
      inFlight: 0,
      probing: false,
    }
    breakers.set(name, fresh)
    return fresh
  }

  function forgetOne(): void {
    for (const [name, breaker] of breakers) {
      if (breaker.inFlight > 0) continue
      close(breaker)
      breakers.delete(name)
      return
    }
  }

  function close(breaker: Breaker): void {
    if (breaker.openUntil !== undefined) openCount -= 1
    delete breaker.openUntil
    breaker.failures = 0
  }

  function fail(breaker: Breaker, wasProbe: boolean): void {
    breaker.failures += 1
    const opens = wasProbe || (breaker.openUntil === undefined && breaker.failures >= threshold)
    if (!enabled || !opens) return
    if (breaker.openUntil === undefined) openCount += 1
    breaker.openUntil = now() + timeoutMs
  }

  function closedForMs(target: Target): number {
    if (openCount === 0) return 0
    const breaker = find(target)
    if (!enabled || breaker?.openUntil === undefined) return 0
    const left = Math.max(0, breaker.openUntil - now())
    // Somebody tries it just now; how long that takes nobody knows.
    return left === 0 && breaker.probing ? PROBE_WAIT_MS : left
  }

  return {
    configure(changed) {
      ;({ enabled, threshold, timeoutMs } = changed)
    },
    admit(target) {
      if (closedForMs(target) > 0) return undefined
      const breaker = remember(target)
      const isProbe = enabled && breaker.openUntil !== undefined
      if (isProbe) breaker.probing = true
      breaker.inFlight += 1
      const key = nameOfKey(target)
      keysInFlight.set(key, (keysInFlight.get(key) ?? 0) + 1)
      let ended = false
      return {
        end(error) {
          if (ended) return
          ended = true
          breaker.inFlight -= 1
          lower(keysInFlight, key)
          if (isProbe) breaker.probing = false
          const verdict = judge(error)
          if (verdict === 'sound' && (isProbe || breaker.openUntil === undefined)) close(breaker)
          if (verdict === 'failed') fail(breaker, isProbe)
          if (error === undefined) cooldowns.clear(target)
          else cooldowns.note(target, error)
          if (breaker.inFlight === 0 && breaker.failures === 0) breakers.delete(nameOf(target))
        },
      }
    },
    closedForMs,
    coolingForMs: (target) => cooldowns.leftMs(target),
    busyness: (target) => ({
      target: find(target)?.inFlight ?? 0,
      key: keysInFlight.get(nameOfKey(target)) ?? 0,
    }),
    get allWell() {
      return openCount === 0 && cooldowns.empty
    },
    describe: () => ({ targets: [...breakers.values()].map(describe), keys: cooldowns.describe() }),
    reset(provider) {
      let reset = 0
      for (const [name, breaker] of breakers) {
        if (provider !== undefined && breaker.provider !== provider) continue
        if (breaker.openUntil !== undefined) reset += 1
        close(breaker)
        if (breaker.inFlight === 0) breakers.delete(name)
      }
      return { breakers: reset, keys: cooldowns.reset(provider) }
    },
  }

  function describe(breaker: Breaker): TargetHealth {
    const { provider, model, failures, inFlight, openUntil } = breaker
    const retryInMs = openUntil === undefined ? 0 : Math.max(0, openUntil - now())
    const state = openUntil === undefined || !enabled ? 'closed' : retryInMs === 0 ? 'half-open' : 'open'
    return { provider, model, state, failures, inFlight, retryInMs }
  }
}

/** What those are told who come while one call tries a target. */
const PROBE_WAIT_MS = 1000

/** A provider at another address is another one. */
function nameOf({ provider, model }: Target): string {
  return `${provider.name}\n${provider.baseUrl}\n${model}`
}

function nameOfKey({ provider, key }: Target): string {
  return `${provider.name}\n${key?.id ?? ''}`
}

function lower(counts: Map<string, number>, name: string): void {
  const left = (counts.get(name) ?? 0) - 1
  if (left > 0) counts.set(name, left)
  else counts.delete(name)
}
