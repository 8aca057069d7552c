/** A stored provider as it would be configured. */
import type { ConfiguredModel } from '../config/model-notation.ts'
import type { ConfiguredProvider } from '../config/provider-notation.ts'
import type { ModelRow } from '../store/models.ts'
import type { Store } from '../store/open-store.ts'
import type { ProviderRow } from '../store/providers.ts'

/** Secrets and all. */
export function configuredProvider(store: Store, row: ProviderRow): ConfiguredProvider {
  const keys = store.providerKeys.listOf(row.id).map((key) => key.secret)
  return {
    name: row.name,
    protocol: row.protocol,
    ...(row.baseUrl === '' ? {} : { baseUrl: row.baseUrl }),
    keys,
    models: store.models.listOf(row.id).map(configuredModel),
    enabled: row.enabled,
    // The registry has judged them before they were committed.
    headers: row.headers as Readonly<Record<string, string>>,
    ...(row.proxyUrl === null ? {} : { proxyUrl: row.proxyUrl }),
  }
}

export function configuredModel(row: ModelRow): ConfiguredModel {
  return {
    name: row.name,
    ...(row.displayName === null ? {} : { displayName: row.displayName }),
    ...(row.contextTokens === null ? {} : { contextTokens: row.contextTokens }),
    ...(row.maxOutputTokens === null ? {} : { maxOutputTokens: row.maxOutputTokens }),
    ...(row.defaultMaxOutputTokens === null ? {} : { defaultMaxOutputTokens: row.defaultMaxOutputTokens }),
    // As above.
    capabilities: row.capabilities as ConfiguredModel['capabilities'],
    ...(row.facts as Pick<ConfiguredModel, 'toolDialect'>),
    enabled: row.enabled,
  }
}
