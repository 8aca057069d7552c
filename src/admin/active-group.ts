import { DEFAULT_GROUP } from '../registry/default-group.ts'
import type { Store } from '../store/open-store.ts'

/** The group that `/switch` stands for; within a transaction, the one that it would stand for. */
export function readActiveGroup(store: Store): string {
  const name = store.settings.read('active_group')
  return (name === undefined ? undefined : store.groups.find(name)?.name) ?? DEFAULT_GROUP
}
