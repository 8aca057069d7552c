/** What each group shows of the servers. */
import { readMcpRules, type WrittenMcpRules } from '../../config/mcp-notation.ts'
import { DEFAULT_GROUP } from '../../registry/default-group.ts'
import type { Store } from '../../store/open-store.ts'
import type { GroupRules } from './connection.ts'

export interface GroupRuleIndex {
  /** @param group absent: the default one. @returns undefined where there is no such group, or a disabled one. */
  find(group: string | undefined): GroupRules | undefined
  /** All that are enabled, with their names. */
  readonly entries: readonly (readonly [string, GroupRules])[]
}

export function indexGroups(store: Store): GroupRuleIndex {
  const names = store.mcpServers
    .list()
    .filter(({ enabled }) => enabled)
    .map(({ name }) => name)
  const rules = new Map<string, readonly [string, GroupRules]>()
  for (const { id, name, enabled } of store.groups.list()) {
    if (!enabled) continue
    // Written by `saveGroup` only.
    const { servers, ...rest } = readMcpRules((store.mcpGroupRules.find(id) ?? {}) as WrittenMcpRules)
    const shown = servers === undefined ? names : servers.filter((server) => names.includes(server))
    rules.set(name.toLowerCase(), [name, { ...rest, servers: shown }])
  }
  return {
    find: (group) => rules.get((group ?? DEFAULT_GROUP).toLowerCase())?.[1],
    entries: [...rules.values()],
  }
}
