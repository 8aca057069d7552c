import type { Store } from '../store/open-store.ts'
import type { ProviderRow } from '../store/providers.ts'
import { AdminFailure } from './admin-failure.ts'

/** @throws AdminFailure 404 */
export function findProvider(store: Store, name: string): ProviderRow {
  const row = store.providers.find(name)
  if (row === undefined) throw new AdminFailure(404, `There is no provider "${name}".`)
  return row
}
