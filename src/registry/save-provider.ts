/** Adds or changes a provider, from whichever side the wish comes: the configuration file or the admin API. */

import type { ConfiguredModel } from '../config/model-notation.ts'
import type { ConfiguredProvider } from '../config/provider-notation.ts'
import { parseBaseUrl } from '../providers/base-url.ts'
import { describeProvider } from '../providers/known-providers.ts'
import type { ModelValues } from '../store/models.ts'
import type { Store } from '../store/open-store.ts'
import type { ProviderRow } from '../store/providers.ts'
import { RegistryFault } from './registry-fault.ts'

export interface SavedProvider {
  readonly created: boolean
  /** Keys and headers were stored for another origin and are gone now. */
  readonly droppedSecrets: boolean
}

/**
 * Writes what is said of a provider; what is not said stays, or is what is known of the name.
 *
 * A stored key belongs to the origin it was given for, and so do fixed headers, which may hold one: they never go to another
 * scheme, host or port (S4).
 *
 * @param dropSecrets what to do when the origin changes and no new ones come: drop the stored ones, or refuse.
 * @param reset what is not said of these goes back to what is known of the name.
 * @throws RegistryFault for an unknown name without a base URL, and for a change of origin that would take keys along.
 */
export function saveProvider(
  store: Store,
  change: ConfiguredProvider,
  dropSecrets: boolean,
  reset: ReadonlySet<string> = new Set<keyof ConfiguredProvider>(),
): SavedProvider {
  return store.transaction(() => {
    const before = store.providers.find(change.name)
    const kept = leaveOut(before, reset)
    const baseUrl = chooseBaseUrl(change, kept.baseUrl)
    const known = describeProvider(change.name, change.protocol ?? kept.protocol)
    const keptAuth = change.protocol === undefined && kept.protocol !== undefined ? before : undefined
    const droppedSecrets = before !== undefined && carriesSecrets(store, change, before, baseUrl)
    if (droppedSecrets && !dropSecrets) {
      throw new RegistryFault(
        `providers.${change.name}.api_base_url`,
        'leads to another server, and the stored key and headers belong to the old one: give api_key, and headers if there are any, in the same call',
      )
    }
    const row = store.providers.save({
      name: change.name,
      protocol: known.protocol,
      transport: known.transport,
      baseUrl,
      authHeader: keptAuth?.authHeader ?? known.auth.header,
      authPrefix: keptAuth?.authPrefix ?? known.auth.prefix,
      headers: change.headers ?? (droppedSecrets ? {} : (kept.headers ?? {})),
      proxyUrl: change.proxyUrl ?? kept.proxyUrl ?? null,
      enabled: change.enabled ?? kept.enabled ?? true,
    })
    const dropsKeys = droppedSecrets || reset.has('keys')
    if (change.keys !== undefined || dropsKeys) store.providerKeys.replace(row.id, change.keys ?? [])
    const models = change.models ?? (reset.has('models') ? [] : undefined)
    if (models !== undefined) store.models.replace(row.id, models.map(writeModel))
    return { created: before === undefined, droppedSecrets }
  })
}

function leaveOut(row: ProviderRow | undefined, names: ReadonlySet<string>): Partial<ProviderRow> {
  return Object.fromEntries(Object.entries(row ?? {}).filter(([name]) => !names.has(name)))
}

function chooseBaseUrl(change: ConfiguredProvider, kept: string | undefined): string {
  const path = `providers.${change.name}.api_base_url`
  const text = change.baseUrl ?? kept ?? describeProvider(change.name).baseUrl
  if (text === undefined) throw new RegistryFault(path, 'is required: nothing is known of a provider of this name')
  if (text === '') return text
  try {
    return parseBaseUrl(text)
  } catch (error) {
    throw new RegistryFault(path, `is wrong: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Whether something secret that was stored for one origin would go to another. */
function carriesSecrets(store: Store, change: ConfiguredProvider, before: ProviderRow, baseUrl: string): boolean {
  if (originOf(before.baseUrl) === originOf(baseUrl)) return false
  const carriesKeys = change.keys === undefined && store.providerKeys.listOf(before.id).length > 0
  const carriesHeaders = change.headers === undefined && JSON.stringify(before.headers) !== '{}'
  return carriesKeys || carriesHeaders
}

function originOf(baseUrl: string): string {
  return baseUrl === '' ? '' : new URL(baseUrl).origin
}

function writeModel(model: ConfiguredModel): ModelValues {
  return {
    name: model.name,
    displayName: model.displayName ?? null,
    contextTokens: model.contextTokens ?? null,
    maxOutputTokens: model.maxOutputTokens ?? null,
    defaultMaxOutputTokens: model.defaultMaxOutputTokens ?? null,
    capabilities: model.capabilities,
    facts: model.toolDialect === undefined ? {} : { toolDialect: model.toolDialect },
    enabled: model.enabled,
  }
}
