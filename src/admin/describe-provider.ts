/** A provider as the management API shows it. */
import { writeModel } from '../config/model-notation.ts'
import { configuredModel } from '../registry/configured-provider.ts'
import { ENTRY_PATH, ownerOf } from '../registry/owner.ts'
import type { Store } from '../store/open-store.ts'
import type { ProviderRow } from '../store/providers.ts'
import { maskSecret } from './mask-secret.ts'
import { isMembers } from './read-body.ts'
import { type Resource, tagOfRevision } from './resource.ts'

/**
 * Built field by field and never from the row, so that no secret gets out by being added there.
 *
 * @param health as `readHealth` tells it.
 */
export function describeProvider(store: Store, row: ProviderRow, health: object): Resource & { readonly tag: string } {
  const keys = store.providerKeys.listOf(row.id).map((key) => maskSecret(key.secret))
  const body = {
    name: row.name,
    protocol: row.protocol,
    api_base_url: row.baseUrl,
    ...(keys[0] === undefined ? {} : { api_key: keys[0] }),
    api_keys: keys,
    models: store.models.listOf(row.id).map((model) => writeModel(configuredModel(model))),
    enabled: row.enabled,
    // Their values may be secrets.
    header_names: isMembers(row.headers) ? Object.keys(row.headers) : [],
    ...(row.proxyUrl === null ? {} : { proxy_host: hostOf(row.proxyUrl) }),
    owner: ownerOf(store, ENTRY_PATH.provider(row.name)),
    health,
    created_at: new Date(row.createdAt).toISOString(),
    updated_at: new Date(row.updatedAt).toISOString(),
  }
  return { body, tag: tagOfRevision(row) }
}

/** Its credentials stay where they are; an empty address says that there is to be no proxy. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : ''
}
