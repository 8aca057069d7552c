/** The table of the gateway's own keys. */
import type { Database } from 'better-sqlite3'
import type { Changes } from './changes.ts'

export interface AccessKeyValues {
  /** One name whatever the case of its letters; the first spelling stays. */
  readonly name: string
  /** SHA-256 of the key. */
  readonly digest: Uint8Array
  /** The end of the key, to show. */
  readonly hint: string
  /** Names of the groups that it opens; absent: all. */
  readonly groups?: readonly string[]
  readonly enabled: boolean
  readonly admin: boolean
  /** Milliseconds since 1970; absent: never. */
  readonly expiresAt?: number
}

export interface AccessKeyRow extends AccessKeyValues {
  readonly id: number
  /** Milliseconds since 1970, as below. */
  readonly createdAt: number
  readonly updatedAt: number
}

export interface AccessKeyTable {
  /** In alphabetical order. */
  list(): readonly AccessKeyRow[]
  find(name: string): AccessKeyRow | undefined
  /** Adds it, or changes the one of this name. */
  save(values: AccessKeyValues): AccessKeyRow
  /** @returns whether there was one. */
  delete(name: string): boolean
}

interface Columns {
  readonly id: number
  readonly name: string
  readonly digest: Uint8Array
  readonly hint: string
  readonly groups: string | null
  readonly enabled: number
  readonly admin: number
  readonly expiresAt: number | null
  readonly createdAt: number
  readonly updatedAt: number
}

const COLUMNS =
  'id, name, digest, hint, groups, enabled, admin, expires_at AS expiresAt, created_at AS createdAt, updated_at AS updatedAt'

export function openAccessKeys(database: Database, changes: Changes, now: () => number): AccessKeyTable {
  const selectAll = database.prepare<[], Columns>(`SELECT ${COLUMNS} FROM access_keys ORDER BY name`)
  const selectOne = database.prepare<[string], Columns>(`SELECT ${COLUMNS} FROM access_keys WHERE name = ?`)
  const upsert = database.prepare<[Record<string, unknown>], Columns>(`
    INSERT INTO access_keys (name, digest, hint, groups, enabled, admin, expires_at, created_at, updated_at)
    VALUES (@name, @digest, @hint, @groups, @enabled, @admin, @expiresAt, @now, @now)
    ON CONFLICT (name) DO UPDATE SET digest = @digest, hint = @hint, groups = @groups, enabled = @enabled, admin = @admin,
      expires_at = @expiresAt, updated_at = @now
    RETURNING ${COLUMNS}`)
  const remove = database.prepare<[string]>('DELETE FROM access_keys WHERE name = ?')

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
          groups: values.groups === undefined ? null : JSON.stringify(values.groups),
          enabled: Number(values.enabled),
          admin: Number(values.admin),
          expiresAt: values.expiresAt ?? null,
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

function readRow(row: Columns): AccessKeyRow {
  const { groups, expiresAt, ...rest } = row
  return {
    ...rest,
    // Written by `save` only.
    ...(groups === null ? {} : { groups: JSON.parse(groups) as readonly string[] }),
    ...(expiresAt === null ? {} : { expiresAt }),
    enabled: row.enabled === 1,
    admin: row.admin === 1,
  }
}
