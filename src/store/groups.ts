/** The table of groups. */
import type { Database } from 'better-sqlite3'
import type { Changes } from './changes.ts'
import { type JsonText, readJson, writeJson } from './json-column.ts'
import type { Secrets } from './secrets.ts'

export interface GroupValues {
  /** One name whatever the case of its letters; the first spelling stays. */
  readonly name: string
  readonly description: string
  readonly enabled: boolean
  readonly open: boolean
  readonly toolMode: string
  /** What it does to requests, as the config file writes it; the values of headers in it are sealed. Absent in a row to save: nothing. */
  readonly policy?: unknown
}

export interface GroupRow extends Required<GroupValues> {
  readonly id: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Another one after every change of it, of its aliases or of its routes. */
  readonly revision: number
}

export interface GroupTable {
  /** In alphabetical order. */
  list(): readonly GroupRow[]
  find(name: string): GroupRow | undefined
  /** Adds it, or changes the one of this name. */
  save(values: GroupValues): GroupRow
  /** With its aliases. @returns whether there was one. */
  delete(name: string): boolean
}

type Columns = Omit<GroupRow, 'enabled' | 'open' | 'policy'> & {
  readonly enabled: number
  readonly open: number
  readonly policy: JsonText
}

const COLUMNS = 'id, name, description, enabled, open, tool_mode AS toolMode, policy, created_at AS createdAt, revision'

export function openGroups(database: Database, changes: Changes, secrets: Secrets, now: () => number): GroupTable {
  const selectAll = database.prepare<[], Columns>(`SELECT ${COLUMNS} FROM groups ORDER BY name`)
  const selectOne = database.prepare<[string], Columns>(`SELECT ${COLUMNS} FROM groups WHERE name = ?`)
  const upsert = database.prepare<[Record<string, unknown>], Columns>(`
    INSERT INTO groups (name, description, enabled, open, tool_mode, policy, created_at, revision)
    VALUES (@name, @description, @enabled, @open, @toolMode, @policy, @now, @revision)
    ON CONFLICT (name) DO UPDATE SET
      description = @description, enabled = @enabled, open = @open, tool_mode = @toolMode, policy = @policy, revision = @revision
    RETURNING ${COLUMNS}`)
  const remove = database.prepare<[string]>('DELETE FROM groups WHERE name = ?')

  return {
    list: () => selectAll.all().map(read),
    find(name) {
      const row = selectOne.get(name)
      return row === undefined ? undefined : read(row)
    },
    save: (values) =>
      changes.transaction(() => {
        const row = upsert.get({
          ...values,
          enabled: Number(values.enabled),
          open: Number(values.open),
          policy: sealPolicy(values.policy ?? {}),
          revision: changes.mark(),
          now: now(),
        })
        if (row === undefined) throw new Error('an upsert returned no row')
        return read(row)
      }),
    delete: (name) =>
      changes.transaction(() => {
        changes.mark()
        return remove.run(name).changes > 0
      }),
  }

  function read(row: Columns): GroupRow {
    return { ...row, enabled: row.enabled === 1, open: row.open === 1, policy: openPolicy(row.policy) }
  }

  function sealPolicy(policy: unknown): JsonText {
    return writeJson(hasHeaders(policy) ? { ...policy, headers: secrets.seal(writeJson(policy.headers)) } : policy)
  }

  function openPolicy(text: JsonText): unknown {
    const policy = readJson(text)
    if (!hasHeaders(policy) || typeof policy.headers !== 'string') return policy
    return { ...policy, headers: readJson(secrets.open(policy.headers)) }
  }
}

function hasHeaders(policy: unknown): policy is { readonly headers: unknown } {
  return typeof policy === 'object' && policy !== null && 'headers' in policy
}
