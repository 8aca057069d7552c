import type { GroupRow } from '../store/groups.ts'
import type { Store } from '../store/open-store.ts'
import { AdminFailure } from './admin-failure.ts'

/** @throws AdminFailure 404 */
export function findGroup(store: Store, name: string): GroupRow {
  const row = store.groups.find(name)
  if (row === undefined) throw new AdminFailure(404, `There is no group "${name}".`)
  return row
}
