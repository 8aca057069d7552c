/** The table of providers. */
import type { Database } from 'better-sqlite3'
import type { Changes } from './changes.ts'
import type { JsonText } from './json-column.ts'
import { openJson, sealJson } from './sealed-column.ts'
import type { Secrets } from './secrets.ts'

export interface ProviderValues {
  /** One name whatever the case of its letters; the first spelling stays. */
  readonly name: string
  readonly protocol: string
  readonly transport: string
  readonly baseUrl: string
  readonly authHeader: string
  readonly authPrefix: string
  /** Their values are sealed, as they may be secrets. */
  readonly headers: unknown
  /** Sealed, as it may hold credentials; null: what holds for all. */
  readonly proxyUrl?: string | null
  readonly enabled: boolean
}

export interface ProviderRow extends Required<ProviderValues> {
  readonly id: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly updatedAt: number
  /** Another one after every change of it, of its keys or of its models. */
  readonly revision: number
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
  headers, proxy_url AS proxyUrl, enabled, created_at AS createdAt, updated_at AS updatedAt, revision`

export function openProviders(
  database: Database,
  changes: Changes,
  secrets: Secrets,
  now: () => number,
): ProviderTable {
  const selectAll = database.prepare<[], Columns>(`SELECT ${COLUMNS} FROM providers ORDER BY name`)
  const selectOne = database.prepare<[string], Columns>(`SELECT ${COLUMNS} FROM providers WHERE name = ?`)
  const upsert = database.prepare<[Record<string, unknown>], Columns>(`
    INSERT INTO providers (name, protocol, transport, base_url, auth_header, auth_prefix, headers, proxy_url, enabled, created_at,
      updated_at, revision)
    VALUES (@name, @protocol, @transport, @baseUrl, @authHeader, @authPrefix, @headers, @proxyUrl, @enabled, @now, @now,
      @revision)
    ON CONFLICT (name) DO UPDATE SET
      protocol = @protocol, transport = @transport, base_url = @baseUrl, auth_header = @authHeader, auth_prefix = @authPrefix,
      headers = @headers, proxy_url = @proxyUrl, enabled = @enabled, updated_at = @now, revision = @revision
    RETURNING ${COLUMNS}`)
  // The groups whose targets go with it.
  const touchGroups = database.prepare<[number, string]>(`
    UPDATE groups SET revision = ? WHERE id IN (
      SELECT aliases.group_id FROM aliases JOIN targets ON targets.alias_id = aliases.id
      JOIN providers ON providers.id = targets.provider_id WHERE providers.name = ?)`)
  const remove = database.prepare<[string]>('DELETE FROM providers WHERE name = ?')

  return {
    list: () => selectAll.all().map(read),
    find(name) {
      const row = selectOne.get(name)
      return row === undefined ? undefined : read(row)
    },
    save: (values) =>
      changes.transaction(() => {
        const revision = changes.mark()
        const row = upsert.get({
          ...values,
          revision,
          headers: sealJson(secrets, values.headers),
          proxyUrl: (values.proxyUrl ?? null) === null ? null : secrets.seal(values.proxyUrl ?? ''),
          enabled: Number(values.enabled),
          now: now(),
        })
        if (row === undefined) throw new Error('an upsert returned no row')
        return read(row)
      }),
    delete: (name) =>
      changes.transaction(() => {
        touchGroups.run(changes.mark(), name)
        return remove.run(name).changes > 0
      }),
  }

  function read(row: Columns): ProviderRow {
    return {
      ...row,
      headers: openJson(secrets, row.headers),
      proxyUrl: row.proxyUrl === null ? null : secrets.open(row.proxyUrl),
      enabled: row.enabled === 1,
    }
  }
}
