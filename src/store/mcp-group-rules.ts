/** The table of what groups show of the MCP servers. */
import type { Database } from 'better-sqlite3'
import type { Changes } from './changes.ts'
import { type JsonText, readJson, writeJson } from './json-column.ts'

export interface McpGroupRuleTable {
  /** Nothing where nothing was ever said. */
  find(groupId: number): unknown
  /** @param rules absent: nothing is said any more. */
  save(groupId: number, rules: object | undefined): void
}

export function openMcpGroupRules(database: Database, changes: Changes): McpGroupRuleTable {
  const select = database.prepare<[number], { readonly rules: JsonText }>(
    'SELECT rules FROM mcp_group_rules WHERE group_id = ?',
  )
  const upsert = database.prepare<[number, JsonText]>(
    'INSERT INTO mcp_group_rules (group_id, rules) VALUES (?, ?) ON CONFLICT (group_id) DO UPDATE SET rules = excluded.rules',
  )
  const remove = database.prepare<[number]>('DELETE FROM mcp_group_rules WHERE group_id = ?')
  return {
    find(groupId) {
      const row = select.get(groupId)
      return row === undefined ? undefined : readJson(row.rules)
    },
    save: (groupId, rules) =>
      changes.transaction(() => {
        changes.mark()
        if (rules === undefined) remove.run(groupId)
        else upsert.run(groupId, writeJson(rules))
      }),
  }
}
