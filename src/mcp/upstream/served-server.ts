/** One configured server with all that belongs to it: its connections, its catalogue, and what of it is shown. */

import type { ConfiguredMcpServer } from '../../config/mcp-notation.ts'
import { configuredMcpServer } from '../../registry/mcp-servers.ts'
import type { McpServerRow } from '../../store/mcp-servers.ts'
import { maxAgeOf } from '../catalogue/catalogue-age.ts'
import type { CatalogueBook } from '../catalogue/catalogue-book.ts'
import { judgeEntry, KEYS } from '../catalogue/judge-entry.ts'
import { type ReadList, readList } from '../catalogue/read-list.ts'
import type { JsonObject } from '../json-rpc.ts'
import { LIST_KINDS } from '../lists.ts'
import { compileNameRules, type NameFilter } from '../naming/name-filter.ts'
import type { Catalogue, Connection, ListCaching, ListKind } from './connection.ts'
import type { LinkOpener } from './open-link.ts'
import type { StderrRing } from './stderr-ring.ts'
import type { UpstreamServer } from './upstream-server.ts'

const MAX_TOOLS = 1000

export interface ServedServerOptions {
  readonly row: McpServerRow
  readonly book: CatalogueBook
  /** `_meta` of the hub's own requests to a modern server. */
  readonly meta: JsonObject
  readonly stderr: StderrRing
  readonly makeOpener: (config: ConfiguredMcpServer, served: ServedServer) => LinkOpener
  readonly makeServer: (config: ConfiguredMcpServer, opener: LinkOpener, served: ServedServer) => UpstreamServer
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The catalogue says something new. */
  readonly onChange: () => void
  readonly warn: (fields: object, message: string) => void
}

export class ServedServer {
  readonly row: McpServerRow
  readonly config: ConfiguredMcpServer
  readonly upstream: UpstreamServer
  readonly stderr: StderrRing
  readonly #options: ServedServerOptions
  readonly #opener: LinkOpener
  readonly #isIncluded: NameFilter
  #refreshing: Promise<void> | undefined
  #isStale = false
  /** When its lists were asked for the last time, whatever became of it. */
  #askedAt = Number.NEGATIVE_INFINITY
  /** Whether its lists were read since the hub has started. */
  #wasRead = false
  #shown: { readonly from: Catalogue; readonly catalogue: Catalogue } | undefined

  constructor(options: ServedServerOptions) {
    this.#options = options
    this.row = options.row
    this.stderr = options.stderr
    this.config = configuredMcpServer(options.row)
    const { includeTools, excludeTools } = this.config
    this.#isIncluded = compileNameRules({
      deny: excludeTools,
      ...(includeTools === undefined ? {} : { allow: includeTools }),
    })
    this.#opener = options.makeOpener(this.config, this)
    this.upstream = options.makeServer(this.config, this.#opener, this)
  }

  /** What is known of it and may be shown; where nothing is known, somebody goes and asks (M77). */
  catalogue(): Catalogue | undefined {
    const known = this.known()
    if (known === undefined) {
      void this.refresh()
      return undefined
    }
    if (this.#isOld(known)) void this.refresh()
    if (this.#shown?.from !== known) {
      this.#shown = { from: known, catalogue: { ...known, tools: this.#show('tools', known.tools) } }
    }
    return this.#shown.catalogue
  }

  /** What is known of it, shown or not; asks nobody. */
  known(): Catalogue | undefined {
    return this.#options.book.find(this.row)
  }

  /** As the server has listed it, shown or not. */
  readonly inputSchemaOf = (tool: string): JsonObject | undefined => {
    const found = this.known()?.tools.find(({ name }) => name === tool)
    const schema = found?.['inputSchema']
    return typeof schema === 'object' && schema !== null ? (schema as JsonObject) : undefined
  }

  /** Lists over a connection that is open; a list that cannot be had is absent. */
  async readLists(connection: Connection, kinds: readonly ListKind[]) {
    const lists = await this.#read(connection, kinds)
    return Object.fromEntries(lists.map(([kind, { entries }]) => [kind, this.#show(kind, entries)]))
  }

  /** Somebody uses it: what is in the book may be old. */
  used(): void {
    if (!this.#wasRead) void this.refresh()
  }

  /** Reads all lists anew, over whatever link there is; never fails, as what was known stays (M80). */
  refresh(): Promise<void> {
    this.#isStale = true
    this.#refreshing ??= this.#refreshAll().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  /** Tools that describe themselves otherwise than when they were accepted (M106). */
  changedTools(): ReadonlySet<string> {
    return this.#options.book.changedTools(this.row)
  }

  /** @param tools names; absent: all. @returns those that had changed. */
  accept(tools: readonly string[] | undefined): readonly string[] {
    const accepted = this.#options.book.accept(this.row, tools)
    this.#shown = undefined
    this.#options.onChange()
    return accepted
  }

  async close(): Promise<void> {
    await this.upstream.stop()
    await this.#opener.close()
  }

  async #refreshAll(): Promise<void> {
    while (this.#isStale && !this.#options.signal.aborted) {
      this.#isStale = false
      this.#askedAt = this.#options.now()
      try {
        const connection = await this.upstream.openOwn(this.#options.signal)
        try {
          this.#write(connection, await this.#read(connection, LIST_KINDS))
        } finally {
          connection.close()
        }
      } catch (error) {
        if (this.#options.signal.aborted) return
        this.#options.warn({ mcp_server: this.config.name, err: error }, 'the lists of an MCP server could not be read')
      }
    }
  }

  /** No process is started only to see whether it says something new. */
  #isOld(known: Catalogue): boolean {
    if (this.config.transport.type === 'stdio') return false
    const { book, now } = this.#options
    const asked = Math.max(this.#askedAt, book.readAt(this.row) ?? this.#askedAt)
    return now() - asked > maxAgeOf(known)
  }

  async #read(connection: Connection, kinds: readonly ListKind[]): Promise<readonly (readonly [ListKind, ReadList])[]> {
    const read = await Promise.all(
      kinds.map(async (kind) => {
        const list = await readList(connection, kind, this.#options.meta).catch(() => undefined)
        return list === undefined ? [] : [[kind, this.#judge(kind, list, connection)] as const]
      }),
    )
    return read.flat()
  }

  #judge(kind: ListKind, list: ReadList, { facts }: Connection): ReadList {
    const good = list.entries.filter((entry) => {
      const fault = judgeEntry(kind, entry, facts.era)
      if (fault !== undefined) this.#leaveOut(kind, `${entry[KEYS[kind]]} ${fault}`)
      return fault === undefined
    })
    if (list.cutShort !== undefined) this.#leaveOut(kind, `the list ${list.cutShort}`)
    const isTooLong = kind === 'tools' && good.length > MAX_TOOLS
    if (isTooLong) this.#leaveOut(kind, `the list has more than ${MAX_TOOLS} entries`)
    return { ...list, entries: isTooLong ? good.slice(0, MAX_TOOLS) : good }
  }

  #leaveOut(kind: ListKind, reason: string): void {
    this.#options.warn({ mcp_server: this.config.name, list: kind, reason }, 'entries of an MCP server were left out')
  }

  #write({ server, facts }: Connection, lists: readonly (readonly [ListKind, ReadList])[]): void {
    const { book, warn, onChange } = this.#options
    const before = book.find(this.row)
    const caching = lists.flatMap(([kind, list]): (readonly [ListKind, ListCaching])[] =>
      list.caching === undefined ? [] : [[kind, list.caching]],
    )
    const empty = { tools: [], prompts: [], resources: [], resourceTemplates: [] }
    const { isNew, changedTools } = book.write(this.row, {
      ...empty,
      ...before,
      server,
      facts,
      ...Object.fromEntries(lists.map(([kind, { entries }]) => [kind, entries])),
      ...(caching.length === 0 ? {} : { caching: Object.fromEntries(caching) }),
    })
    this.#wasRead = true
    if (changedTools.length > 0) {
      const { changedTools: policy } = this.config
      warn({ mcp_server: server, tools: changedTools, policy }, 'tools describe themselves otherwise than before')
    }
    if (isNew) onChange()
  }

  /** Tools that nobody wants, and those that wait to be accepted, are not there (M106). */
  #show(kind: ListKind, entries: readonly JsonObject[]): readonly JsonObject[] {
    if (kind !== 'tools') return entries
    const { name, changedTools } = this.config
    const changed = changedTools === 'block' ? this.#options.book.changedTools(this.row) : new Set<string>()
    return entries.filter((tool) => {
      const own = String(tool['name'])
      return this.#isIncluded(name, own) && !changed.has(own)
    })
  }
}
