/** How a provider is just now: whether it can be called, and what its models and keys have gone through lately. */
import type { TargetHealth } from '../registry/health.ts'
import type { Registry } from '../registry/registry.ts'
import type { ProviderState } from '../registry/snapshot.ts'

/** Tells of each provider of the present moment. */
export function readHealth(registry: Registry): (provider: string) => object {
  const { targets, keys } = registry.health.describe()
  const states = new Map(registry.snapshot().providers.map((state) => [state.name, state]))
  return (name) => {
    const state = states.get(name) ?? { name }
    const own = targets.filter((target) => target.provider === name)
    return {
      usable: isUsable(state, own),
      ...(state.problem === undefined ? {} : { problem: state.problem }),
      models: own.map(({ model, state, failures, inFlight, retryInMs }) => ({
        model,
        state,
        failures,
        in_flight: inFlight,
        retry_in_ms: Math.round(retryInMs),
      })),
      resting_keys: keys
        .filter((key) => key.provider === name)
        .map(({ keyId, model, reason, coolingForMs }) => ({
          ...(keyId === undefined ? {} : { key_id: keyId }),
          ...(model === undefined ? {} : { model }),
          reason,
          rests_for_ms: Math.round(coolingForMs),
        })),
    }
  }
}

/**
 * Whether it can really be called. Where all that was asked of it lately is left alone, asking for something else would hardly go
 * better.
 *
 * @param targets those of this provider.
 */
export function isUsable({ problem }: ProviderState, targets: readonly TargetHealth[]): boolean {
  if (problem !== undefined) return false
  return targets.length === 0 || targets.some(({ state }) => state !== 'open')
}
