/** The keyring as configuration and database have it now. */
import type { ConfiguredApiKey } from '../config/api-key-notation.ts'
import type { AccessKeyRow } from '../store/access-keys.ts'
import type { Store } from '../store/open-store.ts'
import { type AccessKey, createKeyring, digestKey, type Keyring } from './keyring.ts'

/** The keys that the file names. */
export interface ConfiguredKeys {
  /** Opens everything. */
  readonly apiKey?: string
  readonly apiKeys: readonly ConfiguredApiKey[]
}

export interface KeyringHolder {
  /** The present keyring. Whoever serves a request asks once. */
  keyring(): Keyring
  /** Takes the file's keys anew. */
  configure(keys: ConfiguredKeys): void
  /** Reads the rows anew, for when another process has written them. */
  refresh(): void
  /** Listens to the store no longer. */
  close(): void
}

/** A change of the store holds from the next request on. */
export function openKeyring(store: Store, configured: ConfiguredKeys, now: () => number): KeyringHolder {
  let named = listConfigured(configured)
  let stored = listStored(store)
  let keyring = join()
  const endListening = store.listen({
    beforeCommit() {},
    afterCommit: refresh,
  })
  const endWatching = store.watchOthers(refresh)

  function join(): Keyring {
    return createKeyring([...named, ...stored], now)
  }
  function refresh(): void {
    stored = listStored(store)
    keyring = join()
  }

  return {
    keyring: () => keyring,
    configure(keys) {
      named = listConfigured(keys)
      keyring = join()
    },
    refresh,
    close() {
      endListening()
      endWatching()
    },
  }
}

function listConfigured({ apiKey, apiKeys }: ConfiguredKeys): readonly AccessKey[] {
  const main = apiKey === undefined ? [] : [{ digest: digestKey(apiKey), caller: { name: 'apikey', isAdmin: true } }]
  const others = apiKeys
    .filter((key) => key.enabled)
    .map(({ name, key, groups }) => ({
      digest: digestKey(key),
      caller: { name, isAdmin: false, ...(groups === undefined ? {} : { groups: lowerCase(groups) }) },
    }))
  return [...main, ...others]
}

function listStored(store: Store): readonly AccessKey[] {
  return store.accessKeys
    .list()
    .filter((row) => row.enabled)
    .map(readRow)
}

function readRow({ digest, name, admin, groups, expiresAt }: AccessKeyRow): AccessKey {
  return {
    digest,
    caller: { name, isAdmin: admin, ...(groups === undefined ? {} : { groups: lowerCase(groups) }) },
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

function lowerCase(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()))
}
