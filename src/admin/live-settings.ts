/** Settings of the config file that may be changed while the gateway runs, without touching the file. */
import { parseDuration } from '../config/duration.ts'
import type { RoutingSettings } from '../registry/registry.ts'
import type { Store } from '../store/open-store.ts'

/** What of the running gateway they are about. */
export interface Changeable {
  readonly logExchanges: boolean
  readonly responseModel: 'provider/model' | 'upstream' | 'requested' | undefined
  /** Calls for one request in all. */
  readonly attempts: number
  readonly routing: RoutingSettings
}

/** In the file's names and notations; null: not set. */
export interface LiveValues {
  readonly log: boolean
  readonly response_model: Exclude<Changeable['responseModel'], undefined> | null
  readonly max_attempts: number
  readonly long_context_threshold: number
  readonly circuit_breaker_enabled: boolean
  readonly circuit_breaker_threshold: number
  readonly circuit_breaker_timeout: string
}

type Name = keyof LiveValues

/** A value that was set over HTTP, and what the file said then: it counts until the file says something else. */
type Overrides = { readonly [One in Name]?: { readonly value: LiveValues[One]; readonly file: LiveValues[One] } }

export interface LiveSettings {
  readonly values: LiveValues
  /** Those that are not as the file has them. */
  readonly changed: readonly Name[]
}

/** What is in force. @param file what the file says, or the defaults where it says nothing. */
export function readLiveSettings(store: Store, file: Changeable): LiveSettings {
  const said = writeValues(file)
  const overrides = readOverrides(store)
  const changed = (Object.keys(said) as Name[]).filter((name) => overrides[name]?.file === said[name])
  const values = Object.fromEntries(changed.map((name) => [name, overrides[name]?.value]))
  return { values: { ...said, ...values }, changed }
}

/** The same as the gateway takes it. */
export function applyLiveSettings(store: Store, file: Changeable): Changeable {
  const { values } = readLiveSettings(store, file)
  return {
    logExchanges: values.log,
    responseModel: values.response_model ?? undefined,
    attempts: values.max_attempts,
    routing: {
      longContextThreshold: values.long_context_threshold,
      breaker: {
        enabled: values.circuit_breaker_enabled,
        threshold: values.circuit_breaker_threshold,
        timeoutMs: parseDuration(values.circuit_breaker_timeout),
      },
    },
  }
}

/** @param wanted null: as the file has it. */
export function writeLiveSettings(
  store: Store,
  file: Changeable,
  wanted: { readonly [One in Name]?: LiveValues[One] | null },
): void {
  const said = writeValues(file)
  const { changed } = readLiveSettings(store, file)
  const overrides = readOverrides(store)
  const kept = changed.filter((name) => wanted[name] === undefined).map((name) => [name, overrides[name]])
  const set = (Object.keys(wanted) as Name[])
    .filter((name) => wanted[name] !== null && wanted[name] !== said[name])
    .map((name) => [name, { value: wanted[name], file: said[name] }])
  store.settings.write('live_settings', JSON.stringify(Object.fromEntries([...kept, ...set])))
}

function writeValues({ logExchanges, responseModel, attempts, routing }: Changeable): LiveValues {
  const { breaker, longContextThreshold } = routing
  return {
    log: logExchanges,
    response_model: responseModel ?? null,
    max_attempts: attempts,
    long_context_threshold: longContextThreshold,
    circuit_breaker_enabled: breaker.enabled,
    circuit_breaker_threshold: breaker.threshold,
    circuit_breaker_timeout: `${breaker.timeoutMs}ms`,
  }
}

function readOverrides(store: Store): Overrides {
  // Written by `writeLiveSettings` only.
  return JSON.parse(store.settings.read('live_settings') ?? '{}') as Overrides
}
