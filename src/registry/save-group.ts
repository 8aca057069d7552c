/** Adds or changes a group and its aliases, from whichever side the wish comes. */
import type { ConfiguredGroup } from '../config/group-notation.ts'
import { findNearest } from '../config/nearest.ts'
import type { ConfiguredTarget } from '../config/target-notation.ts'
import type { TargetValues } from '../store/aliases.ts'
import type { Store } from '../store/open-store.ts'
import { RegistryFault } from './registry-fault.ts'

/**
 * Writes what is said of a group; what is not said stays. The aliases named get these targets, others stay.
 *
 * @returns whether the group is new.
 * @throws RegistryFault for a target whose provider there is not.
 */
export function saveGroup(store: Store, change: ConfiguredGroup): boolean {
  return store.transaction(() => {
    const before = store.groups.find(change.name)
    const row = store.groups.save({
      name: change.name,
      description: change.description ?? before?.description ?? '',
      enabled: change.enabled ?? before?.enabled ?? true,
      open: change.open ?? before?.open ?? false,
      toolMode: change.toolMode ?? before?.toolMode ?? 'auto',
    })
    for (const [pattern, targets] of change.aliases) saveAlias(store, row.id, row.name, pattern, targets)
    return before === undefined
  })
}

/** @returns whether the alias is new. @throws RegistryFault for a target whose provider there is not. */
export function saveAlias(
  store: Store,
  groupId: number,
  groupName: string,
  pattern: string,
  targets: readonly ConfiguredTarget[],
): boolean {
  const path = `groups.${groupName}.aliases.${pattern}`
  return store.aliases.save(
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
