/** All that the registry holds, as it would be configured. */
import type { ConfiguredGroup } from '../config/group-notation.ts'
import type { ConfiguredMcpServer } from '../config/mcp-notation.ts'
import type { ConfiguredProvider } from '../config/provider-notation.ts'
import type { Store } from '../store/open-store.ts'
import { configuredGroup } from './configured-group.ts'
import { configuredProvider } from './configured-provider.ts'
import { configuredMcpServer } from './mcp-servers.ts'

export interface ConfiguredRegistry {
  readonly providers: readonly ConfiguredProvider[]
  readonly groups: readonly ConfiguredGroup[]
  readonly mcpServers: readonly ConfiguredMcpServer[]
  /** Absent: nobody ever chose one. */
  readonly activeGroup?: string
}

/** Secrets and all; as of one moment. */
export function configuredRegistry(store: Store): ConfiguredRegistry {
  return store.read(() => {
    const activeGroup = store.settings.read('active_group')
    return {
      providers: store.providers.list().map((row) => configuredProvider(store, row)),
      groups: store.groups.list().map((row) => configuredGroup(store, row)),
      mcpServers: store.mcpServers.list().map(configuredMcpServer),
      ...(activeGroup === undefined ? {} : { activeGroup }),
    }
  })
}
