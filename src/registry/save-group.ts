/** Adds or changes a group and its aliases, from whichever side the wish comes. */
import type { ConfiguredGroup } from '../config/group-notation.ts'
import { findNearest } from '../config/nearest.ts'
import { writePolicy } from '../config/policy-notation.ts'
import type { ConfiguredTarget } from '../config/target-notation.ts'
import type { AliasKind, TargetValues } from '../store/aliases.ts'
import type { GroupRow } from '../store/groups.ts'
import type { Store } from '../store/open-store.ts'
import { DEFAULT_GROUP } from './default-group.ts'
import { RegistryFault } from './registry-fault.ts'

/**
 * Writes what is said of a group; what is not said stays. The aliases and routes named get these targets, others stay.
 *
 * @param reset what is not said of these goes back to what it is by itself.
 * @returns whether the group is new.
 * @throws RegistryFault for a target whose provider there is not.
 */
export function saveGroup(
  store: Store,
  change: ConfiguredGroup,
  reset: ReadonlySet<string> = new Set<keyof ConfiguredGroup>(),
): boolean {
  return store.transaction(() => {
    const before = store.groups.find(change.name)
    const kept = { ...DEFAULTS, open: change.name === DEFAULT_GROUP, ...leaveOut(before, reset) }
    const row = store.groups.save({
      name: change.name,
      description: change.description ?? kept.description,
      enabled: change.enabled ?? kept.enabled,
      open: change.open ?? kept.open,
      toolMode: change.toolMode ?? kept.toolMode,
      policy: change.policy === undefined ? kept.policy : writePolicy(change.policy),
    })
    for (const [pattern, targets] of change.aliases) saveAlias(store, row.id, row.name, pattern, targets)
    for (const [name, targets] of change.routes ?? []) saveAlias(store, row.id, row.name, name, targets, 'route')
    if (change.mcp !== undefined || reset.has('mcp')) store.mcpGroupRules.save(row.id, change.mcp)
    return before === undefined
  })
}

const DEFAULTS = { description: '', enabled: true, toolMode: 'auto', policy: {} as unknown }

function leaveOut(row: GroupRow | undefined, names: ReadonlySet<string>): Partial<GroupRow> {
  return Object.fromEntries(Object.entries(row ?? {}).filter(([name]) => !names.has(name)))
}

/** @returns whether the alias, or route, is new. @throws RegistryFault for a target whose provider there is not. */
export function saveAlias(
  store: Store,
  groupId: number,
  groupName: string,
  pattern: string,
  targets: readonly ConfiguredTarget[],
  kind: AliasKind = 'alias',
): boolean {
  const [table, field] = kind === 'alias' ? [store.aliases, 'aliases'] : [store.routes, 'routes']
  const path = `groups.${groupName}.${field}.${pattern}`
  return table.save(
    groupId,
    pattern,
    targets.map((target) => resolveTarget(store, path, target)),
  )
}

function resolveTarget(store: Store, path: string, target: ConfiguredTarget): TargetValues {
  const provider = store.providers.find(target.provider)
  if (provider === undefined) {
    const names = store.providers.list().map((row) => row.name)
    const [nearest] = findNearest(target.provider, names)
    const hint = nearest === undefined ? 'add it under providers first' : `did you mean ${nearest}`
    throw new RegistryFault(path, `leads to the provider ${target.provider}, which there is not: ${hint}`)
  }
  return {
    providerId: provider.id,
    model: target.model,
    weight: target.weight,
    priority: target.priority,
    parameters: target.parameters,
  }
}
