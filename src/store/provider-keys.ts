/** The table of the keys by which providers let us in. Secrets leave it towards the registry only. */
import type { Database } from 'better-sqlite3'
import type { Changes } from './changes.ts'

export interface ProviderKeyRow {
  readonly id: number
  readonly providerId: number
  readonly secret: string
  readonly label: string
  readonly enabled: boolean
}

export interface ProviderKeyTable {
  /** By provider, in the order in which they were given. */
  list(): readonly ProviderKeyRow[]
  listOf(providerId: number): readonly ProviderKeyRow[]
  /** From now on the provider has these keys and no other. A key that it had before keeps its id, its label and whether it is enabled. */
  replace(providerId: number, secrets: readonly string[]): void
}

type Columns = Omit<ProviderKeyRow, 'enabled'> & { readonly enabled: number }

const COLUMNS = 'id, provider_id AS providerId, secret, label, enabled'

export function openProviderKeys(database: Database, changes: Changes): ProviderKeyTable {
  const selectAll = database.prepare<[], Columns>(
    `SELECT ${COLUMNS} FROM provider_keys ORDER BY provider_id, position, id`,
  )
  const selectOf = database.prepare<[number], Columns>(
    `SELECT ${COLUMNS} FROM provider_keys WHERE provider_id = ? ORDER BY position, id`,
  )
  const upsert = database.prepare<[number, string, number]>(`
    INSERT INTO provider_keys (provider_id, secret, position) VALUES (?, ?, ?)
    ON CONFLICT (provider_id, secret) DO UPDATE SET position = excluded.position`)
  const remove = database.prepare<[number]>('DELETE FROM provider_keys WHERE id = ?')

  return {
    list: () => selectAll.all().map(readRow),
    listOf: (providerId) => selectOf.all(providerId).map(readRow),
    replace: (providerId, secrets) =>
      changes.transaction(() => {
        changes.mark()
        for (const row of selectOf.all(providerId)) if (!secrets.includes(row.secret)) remove.run(row.id)
        for (const [position, secret] of secrets.entries()) upsert.run(providerId, secret, position)
      }),
  }
}

function readRow(row: Columns): ProviderKeyRow {
  return { ...row, enabled: row.enabled === 1 }
}
