/** The table of the servers behind the MCP hub. */
import type { Database } from 'better-sqlite3'
import type { Changes } from './changes.ts'
import { readJson, writeJson } from './json-column.ts'
import type { Secrets } from './secrets.ts'

export interface McpServerValues {
  /** One name whatever the case of its letters; the first spelling stays. */
  readonly name: string
  readonly definition: unknown
  readonly enabled: boolean
  /** Whose word it is: that of the file, or of an administrator. */
  readonly owner: 'file' | 'admin'
}

export interface McpServerRow extends McpServerValues {
  readonly id: number
  /** Of the definition: another text when it is another definition. */
  readonly fingerprint: string
}

export interface McpServerTable {
  /** In the order in which they were added. */
  list(): readonly McpServerRow[]
  find(name: string): McpServerRow | undefined
  /** Adds it, or changes the one of this name. @returns whether it is new. */
  save(values: McpServerValues): boolean
  /** @returns whether there was one. */
  delete(name: string): boolean
}

interface Columns {
  readonly id: number
  readonly name: string
  readonly definition: string
  readonly enabled: number
  readonly owner: 'file' | 'admin'
}

const COLUMNS = 'id, name, definition, enabled, owner'

export function openMcpServers(
  database: Database,
  changes: Changes,
  secrets: Secrets,
  now: () => number,
): McpServerTable {
  const selectAll = database.prepare<[], Columns>(`SELECT ${COLUMNS} FROM mcp_servers ORDER BY id`)
  const selectOne = database.prepare<[string], Columns>(`SELECT ${COLUMNS} FROM mcp_servers WHERE name = ?`)
  const upsert = database.prepare<[Record<string, unknown>]>(`
    INSERT INTO mcp_servers (name, definition, enabled, owner, created_at, updated_at)
    VALUES (@name, @definition, @enabled, @owner, @now, @now)
    ON CONFLICT (name) DO UPDATE SET definition = @definition, enabled = @enabled, owner = @owner, updated_at = @now`)
  const remove = database.prepare<[string]>('DELETE FROM mcp_servers WHERE name = ?')

  function readRow(row: Columns): McpServerRow {
    const text = secrets.open(row.definition)
    return { ...row, definition: readJson(text), enabled: row.enabled === 1, fingerprint: secrets.fingerprint(text) }
  }

  return {
    list: () => selectAll.all().map(readRow),
    find(name) {
      const row = selectOne.get(name)
      return row === undefined ? undefined : readRow(row)
    },
    save: ({ name, definition, enabled, owner }) =>
      changes.transaction(() => {
        changes.mark()
        const isNew = selectOne.get(name) === undefined
        const sealed = secrets.seal(writeJson(definition))
        upsert.run({ name, definition: sealed, enabled: Number(enabled), owner, now: now() })
        return isNew
      }),
    delete: (name) =>
      changes.transaction(() => {
        changes.mark()
        return remove.run(name).changes > 0
      }),
  }
}
