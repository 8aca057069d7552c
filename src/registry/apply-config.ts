/** Brings what a configuration file names into the registry. */
import { codecs } from '../../protocols/index.ts'
import type { Config } from '../config/config.ts'
import type { Environment } from '../config/expand-variables.ts'
import type { ConfiguredProvider } from '../config/provider-notation.ts'
import { describeProvider } from '../providers/known-providers.ts'
import type { Store } from '../store/open-store.ts'
import { buildSnapshot } from './build-snapshot.ts'
import { saveGroup } from './save-group.ts'
import { saveProvider } from './save-provider.ts'

/**
 * Applies a configuration in one transaction: either all of it is in the registry afterwards, or nothing has changed. What the file does not name stays.
 *
 * A provider that is named without a key takes it from the variable that belongs to its name, such as `OPENAI_API_KEY`. A variable alone makes no provider.
 *
 * @returns what happened that one should know, each as a sentence.
 * @throws RegistryFault when the registry could not serve it.
 */
export function applyConfig(config: Config, store: Store, environment: Environment): readonly string[] {
  return store.transaction(() => {
    const notices = config.providers.flatMap((provider) => {
      const saved = saveProvider(store, withKey(provider, environment), true)
      return saved.droppedSecrets
        ? [
            `What was stored of the key and headers of provider ${provider.name} was for another server than its api_base_url and was deleted.`,
          ]
        : []
    })
    for (const group of config.groups) saveGroup(store, group)
    // The registry may not be open yet: what it could not serve must not be committed, or the next start would fail of it too.
    buildSnapshot(store.readRegistry(), { protocols: codecs.map((codec) => codec.name), draw: UNUSED_DRAW })
    return notices
  })
}

/** Nothing is resolved with it. */
const UNUSED_DRAW = { random: () => 0, nextTurn: () => 0 }

function withKey(provider: ConfiguredProvider, environment: Environment): ConfiguredProvider {
  if (provider.keys !== undefined) return provider
  for (const variable of describeProvider(provider.name).keyVariables) {
    const key = environment[variable]?.trim() ?? ''
    if (key !== '') return { ...provider, keys: [key] }
  }
  return provider
}
