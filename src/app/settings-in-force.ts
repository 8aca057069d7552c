/** What the file says and what was set over HTTP since, as both together hold just now. */
import { isDeepStrictEqual } from 'node:util'
import { applyLiveSettings, type Changeable } from '../admin/live-settings.ts'
import type { RetrySettings } from '../gateway/try-targets.ts'
import { type Registry, ROUTING } from '../registry/registry.ts'
import type { Store } from '../store/open-store.ts'
import type { LiveSettings } from './app-options.ts'

const RETRY: RetrySettings = { attempts: 3, maxWaitMs: 20_000, backoffMs: 250 }

export interface SettingsInForce {
  /** What the file says. */
  said(): LiveSettings
  /** What the file says of what may be set over HTTP too. */
  file(): Changeable
  now(): Changeable
  retry(): RetrySettings
  /** Takes what the file says anew. */
  configure(settings: LiveSettings): void
  /** Listens to the store no longer. */
  close(): void
}

/** What is about routing goes to the registry by itself, now and with each change. */
export function openSettings(store: Store, registry: Registry, first: LiveSettings): SettingsInForce {
  let said = first
  const file = (): Changeable => readChangeable(said)
  let inForce = applyLiveSettings(store, file())
  registry.configure(inForce.routing)
  const readRetry = (): RetrySettings => ({ ...RETRY, ...said.retry, attempts: inForce.attempts })
  // Asked for by every request, made when something changes.
  let retry = readRetry()
  const apply = (): void => {
    const before = inForce
    inForce = applyLiveSettings(store, file())
    retry = readRetry()
    if (!isDeepStrictEqual(inForce, before)) registry.configure(inForce.routing)
  }
  // What this process is told over HTTP, and what another one is.
  const ends = [store.listen({ beforeCommit() {}, afterCommit: apply }), store.watchOthers(apply)]
  return {
    said: () => said,
    file,
    now: () => inForce,
    retry: () => retry,
    configure(settings) {
      said = settings
      apply()
    },
    close() {
      for (const end of ends) end()
    },
  }
}

function readChangeable({ logExchanges, responseModel, retry, routing }: LiveSettings): Changeable {
  return {
    logExchanges,
    responseModel,
    attempts: { ...RETRY, ...retry }.attempts,
    routing: { ...ROUTING, ...routing },
  }
}
