/** The table of the keys by which providers let us in: sealed on the disk, and open towards the registry only. */
import type { Database } from 'better-sqlite3'
import type { Changes } from './changes.ts'
import type { Secrets } from './secrets.ts'

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

export function openProviderKeys(database: Database, changes: Changes, secrets: Secrets): ProviderKeyTable {
  const selectAll = database.prepare<[], Columns>(
    `SELECT ${COLUMNS} FROM provider_keys ORDER BY provider_id, position, id`,
  )
  const selectOf = database.prepare<[number], Columns>(
    `SELECT ${COLUMNS} FROM provider_keys WHERE provider_id = ? ORDER BY position, id`,
  )
  const insert = database.prepare<[number, string, number]>(
    'INSERT INTO provider_keys (provider_id, secret, position) VALUES (?, ?, ?)',
  )
  const move = database.prepare<[number, number]>('UPDATE provider_keys SET position = ? WHERE id = ?')
  const remove = database.prepare<[number]>('DELETE FROM provider_keys WHERE id = ?')
  const touch = database.prepare<[number, number]>('UPDATE providers SET revision = ? WHERE id = ?')
  const listOf = (providerId: number) => selectOf.all(providerId).map(read)

  return {
    list: () => selectAll.all().map(read),
    listOf,
    replace: (providerId, wanted) =>
      changes.transaction(() => {
        // The column holds a sealed text, which is never empty.
        if (wanted.includes('')) throw new Error('an empty text is no key of a provider')
        touch.run(changes.mark(), providerId)
        const known = new Map(listOf(providerId).map((row) => [row.secret, row.id]))
        for (const [secret, id] of known) if (!wanted.includes(secret)) remove.run(id)
        for (const [position, secret] of [...new Set(wanted)].entries()) {
          const id = known.get(secret)
          if (id === undefined) insert.run(providerId, secrets.seal(secret), position)
          else move.run(position, id)
        }
      }),
  }

  function read(row: Columns): ProviderKeyRow {
    return { ...row, secret: secrets.open(row.secret), enabled: row.enabled === 1 }
  }
}
