/** What is known of the servers without asking them: kept in memory, and in the database for the next start (M77). */
import type { McpCatalogueTable } from '../../store/mcp-catalogues.ts'
import type { McpServerRow } from '../../store/mcp-servers.ts'
import type { Catalogue } from '../upstream/connection.ts'
import { hashTool } from './tool-hash.ts'

/** A server as the book knows it. */
export type BookedServer = Pick<McpServerRow, 'id' | 'name' | 'fingerprint'>

export interface CatalogueBook {
  /** All that is known of it; a server with another definition than then is another server. */
  find(server: BookedServer): Catalogue | undefined
  /** Milliseconds since 1970. */
  readAt(server: BookedServer): number | undefined
  /** @returns whether it says something new, and the tools that have begun to describe themselves otherwise. */
  write(
    server: BookedServer,
    catalogue: Catalogue,
  ): { readonly isNew: boolean; readonly changedTools: readonly string[] }
  /** Tools that describe themselves otherwise than when they were accepted. */
  changedTools(server: BookedServer): ReadonlySet<string>
  /** @param tools names; absent: all. @returns those that had changed. */
  accept(server: BookedServer, tools?: readonly string[]): readonly string[]
}

interface Entry {
  readonly fingerprint: string
  readonly catalogue: Catalogue
  readonly readAt: number
  /** Looked for when somebody asks: to hash every tool of every server would delay the first list. */
  changed: ReadonlySet<string> | undefined
}

export function openCatalogueBook(table: McpCatalogueTable, now: () => number): CatalogueBook {
  const entries = new Map<number, Entry>()
  for (const { serverId, fingerprint, catalogue, readAt } of table.list()) {
    // Written by `write` only.
    const known = catalogue as Catalogue
    entries.set(serverId, { fingerprint, catalogue: known, readAt, changed: undefined })
  }

  function entryOf({ id, fingerprint }: BookedServer): Entry | undefined {
    const entry = entries.get(id)
    return entry?.fingerprint === fingerprint ? entry : undefined
  }

  function changedOf(server: BookedServer): ReadonlySet<string> {
    const entry = entryOf(server)
    if (entry === undefined) return new Set()
    entry.changed ??= compare(entry.catalogue, table.pinsOf(server.id))
    return entry.changed
  }

  return {
    find: (server) => entryOf(server)?.catalogue,
    readAt: (server) => entryOf(server)?.readAt,
    changedTools: changedOf,
    write(server, catalogue) {
      const before = entryOf(server)
      const pins = table.pinsOf(server.id)
      const hashes = hashAll(catalogue)
      // What is seen for the first time is accepted; what was accepted stays so until somebody accepts the change.
      table.pin(server.id, new Map([...hashes].filter(([tool]) => !pins.has(tool))))
      const changed = compare(catalogue, pins)
      const { id, fingerprint } = server
      entries.set(id, { fingerprint, catalogue, readAt: now(), changed })
      const isNew = before === undefined || JSON.stringify(before.catalogue) !== JSON.stringify(catalogue)
      table.save({ serverId: id, fingerprint, catalogue, readAt: now() })
      const known = before === undefined ? new Map<string, string>() : hashAll(before.catalogue)
      return { isNew, changedTools: [...changed].filter((tool) => known.get(tool) !== hashes.get(tool)) }
    },
    accept(server, tools) {
      const entry = entryOf(server)
      if (entry === undefined) return []
      const changed = [...changedOf(server)]
      const accepted = changed.filter((tool) => tools === undefined || tools.includes(tool))
      const hashes = hashAll(entry.catalogue)
      table.pin(server.id, new Map([...hashes].filter(([tool]) => accepted.includes(tool))))
      entry.changed = new Set(changed.filter((tool) => !accepted.includes(tool)))
      return accepted
    },
  }
}

function compare(catalogue: Catalogue, pins: ReadonlyMap<string, string>): ReadonlySet<string> {
  const changed = [...hashAll(catalogue)].filter(([tool, hash]) => pins.has(tool) && pins.get(tool) !== hash)
  return new Set(changed.map(([tool]) => tool))
}

function hashAll({ tools }: Catalogue): ReadonlyMap<string, string> {
  return new Map(tools.map((tool) => [String(tool['name']), hashTool(tool)]))
}
