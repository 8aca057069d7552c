/** All servers behind the hub, as the database has them. */
import { randomBytes } from 'node:crypto'
import type { Environment } from '../../config/expand-variables.ts'
import type { ConfiguredMcpServer } from '../../config/mcp-notation.ts'
import { RegistryFault } from '../../registry/registry-fault.ts'
import type { Store } from '../../store/open-store.ts'
import { openCatalogueBook } from '../catalogue/catalogue-book.ts'
import { findClashes, viewGroup } from '../catalogue/view-group.ts'
import type { JsonObject } from '../json-rpc.ts'
import { createCallGate } from './call-gate.ts'
import { type Clock, systemClock } from './clock.ts'
import type { UpstreamServers } from './connection.ts'
import { indexGroups } from './group-rules.ts'
import { modernMeta } from './handshake.ts'
import { createLinkOpener, type LinkOpener } from './open-link.ts'
import { createProcessGroups } from './process-groups.ts'
import { ServedServer } from './served-server.ts'
import { createStderrRing } from './stderr-ring.ts'
import { UpstreamError } from './upstream-error.ts'
import { UPSTREAM_LIMITS, type UpstreamLimits } from './upstream-limits.ts'
import { UpstreamServer } from './upstream-server.ts'

export interface UpstreamServersOptions {
  readonly store: Store
  readonly version: string
  /** Of this process, so that a hub that is its own server is noticed (M114). */
  readonly instanceId: string
  /** Of which processes see next to nothing. */
  readonly environment: Environment
  readonly warn: (fields: object, message: string) => void
  readonly clock?: Clock
  readonly random?: () => number
  /** Milliseconds since 1970. */
  readonly now?: () => number
  readonly limits?: Partial<UpstreamLimits>
}

/** What only the management of the hub may do. */
export interface ManagedServers extends UpstreamServers {
  /** Absent: there is no such server, or it is disabled. */
  find(name: string): ServedServer | undefined
}

/** Starts of processes at once (M78). */
const PARALLEL_STARTS = 4

/** Waits for a process to start; more are never refused. */
const MAX_WAITING_STARTS = 10_000

/** Opens no connection and starts no process: that happens when somebody needs one. */
export function createUpstreamServers(options: UpstreamServersOptions): ManagedServers {
  const { store, warn, clock = systemClock, random = Math.random, now = Date.now } = options
  const groups = createProcessGroups(clock)
  const starts = createCallGate(PARALLEL_STARTS, MAX_WAITING_STARTS)
  const book = openCatalogueBook(store.mcpCatalogues, now)
  const life = new AbortController()
  const listeners = new Set<(server: string | undefined) => void>()
  const clientInfo: JsonObject = { name: 'interlingua', version: options.version }
  const meta = modernMeta({ clientInfo, clientCapabilities: {}, instanceId: options.instanceId })
  const userAgent = `interlingua/${options.version}`
  const served = new Map<string, ServedServer>()
  /** Old ones that are still ending. */
  const ending = new Set<Promise<void>>()
  const toldClashes = new Set<string>()
  let groupRules = indexGroups(store)

  function limitsOf({ transport, timeoutMs }: ConfiguredMcpServer): UpstreamLimits {
    const limits = { ...UPSTREAM_LIMITS[transport.type === 'stdio' ? 'stdio' : 'http'], ...options.limits }
    if (timeoutMs === undefined) return limits
    return { ...limits, callIdleMs: timeoutMs, callTotalMs: Math.max(timeoutMs, limits.callTotalMs) }
  }

  function makeOpener(config: ConfiguredMcpServer, { row, stderr, inputSchemaOf }: ServedServer): LinkOpener {
    // Whoever writes the file may mean this machine; whoever calls the management API has to say so (M104).
    const policy = config.allowPrivate ? 'private' : row.owner === 'file' ? 'loopback' : 'public'
    const { environment } = options
    const limits = limitsOf(config)
    return createLinkOpener({ config, policy, environment, groups, stderr, clock, limits, userAgent, inputSchemaOf })
  }

  function makeServer(config: ConfiguredMcpServer, opener: LinkOpener, owner: ServedServer): UpstreamServer {
    const { name, transport, shared } = config
    return new UpstreamServer({
      name,
      transport: transport.type,
      shared,
      forwardHeaders: transport.type === 'stdio' ? [] : (transport.forwardHeaders ?? []),
      limits: limitsOf(config),
      clock,
      random,
      randomId: () => randomBytes(6).toString('base64url'),
      clientInfo,
      instanceId: options.instanceId,
      starts,
      openLink: opener.open,
      onNews: () => void owner.refresh(),
    })
  }

  const knownOf = (server: string) => served.get(server)?.known()

  /** A group that wants plain names must not have two tools of one name, as far as the tools are known (M65). */
  function refuseClashes(): void {
    for (const [name, rules] of indexGroups(store).entries) {
      const [clash] = findClashes(rules, knownOf)
      if (clash !== undefined) throw new RegistryFault(`groups.${name}.mcp.naming`, `must not be plain: ${clash}`)
    }
  }

  /** Servers change their tools when they like. */
  function warnOfClashes(): void {
    for (const [group, rules] of groupRules.entries) {
      for (const clash of findClashes(rules, knownOf)) {
        if (toldClashes.has(clash)) continue
        toldClashes.add(clash)
        warn({ group, clash }, 'two tools would have one name')
      }
    }
  }

  function tell(server: string | undefined): void {
    warnOfClashes()
    for (const listener of listeners) listener(server)
  }

  function end(server: ServedServer): void {
    const closing = server.close().catch((error: unknown) => warn({ err: error }, 'an MCP server did not end well'))
    ending.add(closing)
    void closing.finally(() => ending.delete(closing))
  }

  /** A server with another definition is another server; all others go on undisturbed. */
  function load(): void {
    const rows = store.mcpServers.list().filter(({ enabled }) => enabled)
    const present = new Map(rows.map((row) => [row.name, row]))
    for (const [name, server] of served) {
      const row = present.get(name)
      if (row?.fingerprint === server.row.fingerprint && row.id === server.row.id && row.owner === server.row.owner)
        continue
      served.delete(name)
      end(server)
    }
    for (const row of rows) {
      if (served.has(row.name)) continue
      const { name } = row
      const onChange = (): void => tell(name)
      const { signal } = life
      const stderr = createStderrRing()
      served.set(
        name,
        new ServedServer({ row, book, meta, stderr, makeOpener, makeServer, signal, now, onChange, warn }),
      )
    }
    groupRules = indexGroups(store)
    tell(undefined)
  }

  load()
  const stopListening = store.listen({ beforeCommit: refuseClashes, afterCommit: load })
  const stopWatching = store.watchOthers(load)

  return {
    find: (name) => served.get(name),
    rulesOf: (group) => groupRules.find(group),
    catalogueOf: (server) => served.get(server)?.catalogue(),
    view: viewGroup,
    async open(name, openOptions) {
      const server = served.get(name)
      if (server === undefined) {
        throw new UpstreamError({ kind: 'unreachable', message: `There is no MCP server ${name}.` })
      }
      const connection = await server.upstream.open(openOptions)
      server.used()
      return connection
    },
    readLists: async (connection, kinds) => (await served.get(connection.server)?.readLists(connection, kinds)) ?? {},
    onChange(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    async close() {
      stopListening()
      stopWatching()
      life.abort()
      await Promise.all([...served.values()].map((server) => server.close()).concat([...ending]))
      await groups.close()
    },
  }
}
