/** The table of providers. */
import type { Database } from 'better-sqlite3'
import type { Changes } from './changes.ts'
import { type JsonText, readJson, writeJson } from './json-column.ts'

export interface ProviderValues {
  /** One name whatever the case of its letters; the first spelling stays. */
  readonly name: string
  readonly protocol: string
  readonly transport: string
  readonly baseUrl: string
  readonly authHeader: string
  readonly authPrefix: string
  readonly headers: unknown
  readonly enabled: boolean
}

export interface ProviderRow extends ProviderValues {
  readonly id: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly updatedAt: number
}

export interface ProviderTable {
  /** In alphabetical order. */
  list(): readonly ProviderRow[]
  find(name: string): ProviderRow | undefined
  /** Adds it, or changes the one of this name. */
  save(values: ProviderValues): ProviderRow
  /** With its keys, its models and the targets that named it. @returns whether there was one. */
  delete(name: string): boolean
}

type Columns = Omit<ProviderRow, 'headers' | 'enabled'> & { readonly headers: JsonText; readonly enabled: number }

const COLUMNS = `id, name, protocol, transport, base_url AS baseUrl, auth_header AS authHeader, auth_prefix AS authPrefix,
  headers, enabled, created_at AS createdAt, updated_at AS updatedAt`

export function openProviders(database: Database, changes: Changes, now: () => number): ProviderTable {
  const selectAll = database.prepare<[], Columns>(`SELECT ${COLUMNS} FROM providers ORDER BY name`)
  const selectOne = database.prepare<[string], Columns>(`SELECT ${COLUMNS} FROM providers WHERE name = ?`)
  const upsert = database.prepare<[Record<string, unknown>], Columns>(`
    INSERT INTO providers (name, protocol, transport, base_url, auth_header, auth_prefix, headers, enabled, created_at, updated_at)
    VALUES (@name, @protocol, @transport, @baseUrl, @authHeader, @authPrefix, @headers, @enabled, @now, @now)
    ON CONFLICT (name) DO UPDATE SET
      protocol = @protocol, transport = @transport, base_url = @baseUrl, auth_header = @authHeader, auth_prefix = @authPrefix,
      headers = @headers, enabled = @enabled, updated_at = @now
    RETURNING ${COLUMNS}`)
  const remove = database.prepare<[string]>('DELETE FROM providers WHERE name = ?')

  return {
    list: () => selectAll.all().map(readRow),
    find(name) {
      const row = selectOne.get(name)
      return row === undefined ? undefined : readRow(row)
    },
    save: (values) =>
      changes.transaction(() => {
        changes.mark()
        const row = upsert.get({
          ...values,
          headers: writeJson(values.headers),
          enabled: Number(values.enabled),
          now: now(),
        })
        if (row === undefined) throw new Error('an upsert returned no row')
        return readRow(row)
      }),
    delete: (name) =>
      changes.transaction(() => {
        changes.mark()
        return remove.run(name).changes > 0
      }),
  }
}

function readRow(row: Columns): ProviderRow {
  return { ...row, headers: readJson(row.headers), enabled: row.enabled === 1 }
}
