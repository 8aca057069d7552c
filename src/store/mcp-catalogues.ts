/** The tables of what is known of MCP servers without asking them: their lists, and how their tools were accepted. */
import type { Database } from 'better-sqlite3'
import { type JsonText, readJson, writeJson } from './json-column.ts'

export interface McpCatalogueRow {
  readonly serverId: number
  /** Of the definition under which it was read. */
  readonly fingerprint: string
  readonly catalogue: unknown
  /** Milliseconds since 1970. */
  readonly readAt: number
}

export interface McpCatalogueTable {
  list(): readonly McpCatalogueRow[]
  /** Is a cache and no change of the registry. Does nothing for a server that is gone. */
  save(row: McpCatalogueRow): void
  /** Hashes by name of the tool. */
  pinsOf(serverId: number): ReadonlyMap<string, string>
  pin(serverId: number, hashes: ReadonlyMap<string, string>): void
}

type Columns = Omit<McpCatalogueRow, 'catalogue'> & { readonly catalogue: JsonText }

export function openMcpCatalogues(database: Database, now: () => number): McpCatalogueTable {
  const selectAll = database.prepare<[], Columns>(
    'SELECT server_id AS serverId, fingerprint, catalogue, read_at AS readAt FROM mcp_catalogues',
  )
  const upsert = database.prepare<[Columns]>(`
    INSERT INTO mcp_catalogues (server_id, fingerprint, catalogue, read_at)
    SELECT id, @fingerprint, @catalogue, @readAt FROM mcp_servers WHERE id = @serverId
    ON CONFLICT (server_id) DO UPDATE SET fingerprint = @fingerprint, catalogue = @catalogue, read_at = @readAt`)
  const selectPins = database.prepare<[number], { readonly tool: string; readonly hash: string }>(
    'SELECT tool, hash FROM mcp_tool_pins WHERE server_id = ?',
  )
  const upsertPin = database.prepare<[Record<string, unknown>]>(`
    INSERT INTO mcp_tool_pins (server_id, tool, hash, pinned_at)
    SELECT id, @tool, @hash, @now FROM mcp_servers WHERE id = @serverId
    ON CONFLICT (server_id, tool) DO UPDATE SET hash = @hash, pinned_at = @now`)

  return {
    list: () => selectAll.all().map((row) => ({ ...row, catalogue: readJson(row.catalogue) })),
    save: (row) => {
      upsert.run({ ...row, catalogue: writeJson(row.catalogue) })
    },
    pinsOf: (serverId) => new Map(selectPins.all(serverId).map(({ tool, hash }) => [tool, hash])),
    pin: database.transaction((serverId: number, hashes: ReadonlyMap<string, string>) => {
      for (const [tool, hash] of hashes) upsertPin.run({ serverId, tool, hash, now: now() })
    }),
  }
}
