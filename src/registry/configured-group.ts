/** A stored group as it would be configured. */
import type { ChatSettings } from '../../protocols/ir/request.ts'
import type { ConfiguredGroup } from '../config/group-notation.ts'
import { readMcpRules, type WrittenMcpRules } from '../config/mcp-notation.ts'
import { readPolicy, type WrittenPolicy } from '../config/policy-notation.ts'
import type { ConfiguredTarget } from '../config/target-notation.ts'
import type { AliasTable } from '../store/aliases.ts'
import type { GroupRow } from '../store/groups.ts'
import type { Store } from '../store/open-store.ts'

/** With its aliases and routes, and the headers that its policy may hold. */
export function configuredGroup(store: Store, row: GroupRow): ConfiguredGroup {
  const rules = store.mcpGroupRules.find(row.id)
  const routes = configuredTargets(store, store.routes, row.id)
  // Written by `writePolicy` only, as the tool mode and the rules are by their own kin.
  const policy = readPolicy(row.policy as WrittenPolicy) ?? {}
  return {
    name: row.name,
    description: row.description,
    enabled: row.enabled,
    open: row.open,
    toolMode: row.toolMode as Exclude<ConfiguredGroup['toolMode'], undefined>,
    ...(Object.keys(policy).length === 0 ? {} : { policy }),
    aliases: configuredTargets(store, store.aliases, row.id),
    ...(routes.size === 0 ? {} : { routes }),
    ...(rules === undefined ? {} : { mcp: readMcpRules(rules as WrittenMcpRules) }),
  }
}

/** @param table that of aliases, or that of routes. */
function configuredTargets(
  store: Store,
  table: AliasTable,
  groupId: number,
): ReadonlyMap<string, readonly ConfiguredTarget[]> {
  const providers = new Map(store.providers.list().map((row) => [row.id, row.name]))
  const targets = Map.groupBy(table.listTargetsOf(groupId), (target) => target.aliasId)
  return new Map(
    table.listOf(groupId).map((alias) => [
      alias.pattern,
      (targets.get(alias.id) ?? []).map(({ providerId, model, weight, priority, parameters }) => ({
        provider: providers.get(providerId) ?? '',
        model,
        weight,
        priority,
        // Written by `readParameters` only.
        parameters: parameters as Partial<ChatSettings>,
      })),
    ]),
  )
}
