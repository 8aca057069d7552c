/** The table of groups. */
import type { Database } from 'better-sqlite3'
import type { Changes } from './changes.ts'

export interface GroupValues {
  /** One name whatever the case of its letters; the first spelling stays. */
  readonly name: string
  readonly description: string
  readonly enabled: boolean
  readonly open: boolean
  readonly toolMode: string
}

export interface GroupRow extends GroupValues {
  readonly id: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
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

type Columns = Omit<GroupRow, 'enabled' | 'open'> & { readonly enabled: number; readonly open: number }

const COLUMNS = 'id, name, description, enabled, open, tool_mode AS toolMode, created_at AS createdAt'

export function openGroups(database: Database, changes: Changes, now: () => number): GroupTable {
  const selectAll = database.prepare<[], Columns>(`SELECT ${COLUMNS} FROM groups ORDER BY name`)
  const selectOne = database.prepare<[string], Columns>(`SELECT ${COLUMNS} FROM groups WHERE name = ?`)
  const upsert = database.prepare<[Record<string, unknown>], Columns>(`
    INSERT INTO groups (name, description, enabled, open, tool_mode, created_at)
    VALUES (@name, @description, @enabled, @open, @toolMode, @now)
    ON CONFLICT (name) DO UPDATE SET description = @description, enabled = @enabled, open = @open, tool_mode = @toolMode
    RETURNING ${COLUMNS}`)
  const remove = database.prepare<[string]>('DELETE FROM groups WHERE name = ?')

  return {
    list: () => selectAll.all().map(readRow),
    find(name) {
      const row = selectOne.get(name)
      return row === undefined ? undefined : readRow(row)
    },
    save: (values) =>
      changes.transaction(() => {
        changes.mark()
        const row = upsert.get({ ...values, enabled: Number(values.enabled), open: Number(values.open), now: now() })
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

function readRow(row: Columns): GroupRow {
  return { ...row, enabled: row.enabled === 1, open: row.open === 1 }
}
