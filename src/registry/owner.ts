/** Who has the say over an entry of the registry: the config file that named it, or whoever made it over HTTP. */
import type { AliasKind } from '../store/aliases.ts'
import type { Store } from '../store/open-store.ts'

export type Owner = 'file' | 'api'

/** Paths of entries, as the store keeps which of them the file has named. */
export const ENTRY_PATH = {
  provider: (name: string) => `providers/${name.toLowerCase()}`,
  group: (name: string) => `groups/${name.toLowerCase()}`,
  alias: (group: string, kind: AliasKind, pattern: string) =>
    `groups/${group.toLowerCase()}/${kind === 'alias' ? 'aliases' : 'routes'}/${pattern}`,
  activeGroup: 'active_group',
  mcpServer: (name: string) => `mcp_servers/${name.toLowerCase()}`,
} as const

/** @param path of `ENTRY_PATH`. */
export function ownerOf(store: Store, path: string): Owner {
  return store.fileEntries.has(path) ? 'file' : 'api'
}
