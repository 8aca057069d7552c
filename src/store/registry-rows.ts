/** All rows of the registry at one moment. */
import type { AliasRow, TargetRow } from './aliases.ts'
import type { GroupRow } from './groups.ts'
import type { ModelRow } from './models.ts'
import type { ProviderKeyRow } from './provider-keys.ts'
import type { ProviderRow } from './providers.ts'

export interface RegistryRows {
  readonly providers: readonly ProviderRow[]
  readonly keys: readonly ProviderKeyRow[]
  readonly models: readonly ModelRow[]
  readonly groups: readonly GroupRow[]
  readonly aliases: readonly AliasRow[]
  readonly targets: readonly TargetRow[]
  readonly activeGroup: string | undefined
}
