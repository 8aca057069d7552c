/** Adds or changes a provider, from whichever side the wish comes: the configuration file or the admin API. */
import type { ConfiguredProvider } from '../config/config.ts'
import type { ConfiguredModel } from '../config/model-notation.ts'
import { parseBaseUrl } from '../providers/base-url.ts'
import { describeProvider } from '../providers/known-providers.ts'
import type { ModelValues } from '../store/models.ts'
import type { Store } from '../store/open-store.ts'
import type { ProviderRow } from '../store/providers.ts'
import { RegistryFault } from './registry-fault.ts'

export interface SavedProvider {
  readonly created: boolean
  /** Keys were stored for another origin and are gone now. */
  readonly droppedKeys: boolean
}

/**
 * Writes what is said of a provider; what is not said stays, or is what is known of the name.
 *
 * A stored key belongs to the origin it was given for: it never goes to another scheme, host or port (S4).
 *
 * @param dropKeys what to do when the origin changes and no new key comes: drop the stored ones, or refuse.
 * @throws RegistryFault for an unknown name without a base URL, and for a change of origin that would take keys along.
 */
export function saveProvider(store: Store, change: ConfiguredProvider, dropKeys: boolean): SavedProvider {
  return store.transaction(() => {
    const before = store.providers.find(change.name)
    const baseUrl = chooseBaseUrl(change, before)
    const known = describeProvider(change.name, change.protocol ?? before?.protocol)
    const keptAuth = change.protocol === undefined ? before : undefined
    const row = store.providers.save({
      name: change.name,
      protocol: known.protocol,
      transport: known.transport,
      baseUrl,
      authHeader: keptAuth?.authHeader ?? known.auth.header,
      authPrefix: keptAuth?.authPrefix ?? known.auth.prefix,
      headers: change.headers ?? before?.headers ?? {},
      enabled: change.enabled ?? before?.enabled ?? true,
    })
    const droppedKeys = before !== undefined && change.keys === undefined && losesKeys(store, before, baseUrl)
    if (droppedKeys && !dropKeys) {
      throw new RegistryFault(
        `providers.${change.name}.api_base_url`,
        'leads to another server, and the stored key belongs to the old one: give api_key in the same call',
      )
    }
    if (change.keys !== undefined || droppedKeys) store.providerKeys.replace(row.id, change.keys ?? [])
    if (change.models !== undefined) store.models.replace(row.id, change.models.map(writeModel))
    return { created: before === undefined, droppedKeys }
  })
}

function chooseBaseUrl(change: ConfiguredProvider, before: ProviderRow | undefined): string {
  const path = `providers.${change.name}.api_base_url`
  const text = change.baseUrl ?? before?.baseUrl ?? describeProvider(change.name).baseUrl
  if (text === undefined) throw new RegistryFault(path, 'is required: nothing is known of a provider of this name')
  if (text === '') return text
  try {
    return parseBaseUrl(text)
  } catch (error) {
    throw new RegistryFault(path, `is wrong: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function losesKeys(store: Store, before: ProviderRow, baseUrl: string): boolean {
  return originOf(before.baseUrl) !== originOf(baseUrl) && store.providerKeys.listOf(before.id).length > 0
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
    facts: {},
    enabled: model.enabled,
  }
}
