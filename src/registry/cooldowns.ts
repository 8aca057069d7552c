/** Keys that are to rest: those of which a provider has had enough for a while, and those that it refused. */
import type { ApiError, ApiErrorKind } from '../../protocols/ir/error.ts'
import type { Target } from '../providers/target.ts'

export interface KeyHealth {
  readonly provider: string
  /** Id of the stored key; absent: the provider is called without one. */
  readonly keyId?: number
  /** The one model for which it rests; absent: for all. */
  readonly model?: string
  readonly reason: ApiErrorKind
  readonly coolingForMs: number
}

export interface Cooldowns {
  /** Lets the key rest if the error says that it should. */
  note(target: Target, error: ApiError): void
  /** The key works. */
  clear(target: Target): void
  leftMs(target: Target): number
  readonly empty: boolean
  describe(): readonly KeyHealth[]
  /** Lets none rest any longer. @param provider only those of this one. @returns how many did. */
  reset(provider?: string): number
}

interface Rule {
  /** Without a word from the provider. */
  readonly usualMs: number
  /** Limits hold for a model, a refused key is refused for all. */
  readonly holdsFor: 'model' | 'key'
}

const RULES: ReadonlyMap<ApiErrorKind, Rule> = new Map<ApiErrorKind, Rule>([
  ['rate-limited', { usualMs: 5000, holdsFor: 'model' }],
  ['overloaded', { usualMs: 0, holdsFor: 'model' }],
  ['unavailable', { usualMs: 0, holdsFor: 'model' }],
  ['forbidden', { usualMs: 60_000, holdsFor: 'model' }],
  ['unauthorized', { usualMs: 60_000, holdsFor: 'key' }],
  ['payment-required', { usualMs: 60_000, holdsFor: 'key' }],
])

/** A key that rests is tried last, not never: longer than this nobody has to believe a provider. */
const LONGEST_MS = 3_600_000

/** Clients can name models at will: more than this is not remembered. */
const REMEMBERED = 10_000

interface Cooldown {
  readonly target: Target
  readonly holdsFor: Rule['holdsFor']
  readonly reason: ApiErrorKind
  readonly until: number
}

/** @param now milliseconds of a monotonic clock. */
export function createCooldowns(now: () => number): Cooldowns {
  const entries = new Map<string, Cooldown>()

  function leftOf(name: string): number {
    const entry = entries.get(name)
    if (entry === undefined) return 0
    const left = entry.until - now()
    if (left > 0) return left
    entries.delete(name)
    return 0
  }

  return {
    note(target, error) {
      const rule = RULES.get(error.kind)
      const wanted = error.retryAfterMs ?? rule?.usualMs ?? 0
      if (rule === undefined || !(wanted > 0)) return
      const name = nameOf(target, rule.holdsFor)
      const oldest = entries.size < REMEMBERED ? undefined : entries.keys().next().value
      if (oldest !== undefined) entries.delete(oldest)
      const until = now() + Math.min(wanted, LONGEST_MS)
      entries.set(name, { target, holdsFor: rule.holdsFor, reason: error.kind, until })
    },
    clear(target) {
      if (entries.size === 0) return
      entries.delete(nameOf(target, 'key'))
      entries.delete(nameOf(target, 'model'))
    },
    leftMs: (target) =>
      entries.size === 0 ? 0 : Math.max(leftOf(nameOf(target, 'key')), leftOf(nameOf(target, 'model'))),
    get empty() {
      return entries.size === 0
    },
    describe() {
      const left = [...entries].map(([name, entry]) => ({ entry, coolingForMs: leftOf(name) }))
      return left
        .filter(({ coolingForMs }) => coolingForMs > 0)
        .map(({ entry: { target, holdsFor, reason }, coolingForMs }) => ({
          provider: target.provider.name,
          ...(target.key === undefined ? {} : { keyId: target.key.id }),
          ...(holdsFor === 'key' ? {} : { model: target.model }),
          reason,
          coolingForMs,
        }))
    },
    reset(provider) {
      const names = [...entries]
        .filter(([, { target }]) => provider === undefined || target.provider.name === provider)
        .map(([name]) => name)
      const resting = names.filter((name) => leftOf(name) > 0).length
      for (const name of names) entries.delete(name)
      return resting
    },
  }
}

function nameOf({ provider, key, model }: Target, holdsFor: Rule['holdsFor']): string {
  const name = `${provider.name}\n${provider.baseUrl}\n${key?.id ?? ''}`
  return holdsFor === 'key' ? name : `${name}\n${model}`
}
