/** Servers behind the hub that live in this process: what the hub sends can be looked at, and nothing is started. */
import type { JsonObject, JsonRpcMessage, RequestId } from '../../../src/mcp/json-rpc.ts'
import { isAnswer, isRequest } from '../../../src/mcp/message-kind.ts'
import { MODERN_VERSION } from '../../../src/mcp/revisions.ts'
import type {
  Catalogue,
  Connection,
  Era,
  GroupRules,
  GroupView,
  ListKind,
  OpenOptions,
  ServerFacts,
  UpstreamFailure,
  UpstreamServers,
} from '../../../src/mcp/upstream/connection.ts'
import { UpstreamError } from '../../../src/mcp/upstream/upstream-error.ts'
import { UpstreamRefusal } from '../../../src/mcp/upstream/upstream-refusal.ts'
import { Recorder } from './recorder.ts'

/** How a server behaves: it is given every message, and says what it likes, when it likes. */
export type FakeBehaviour = (message: any, peer: FakePeer) => void

export interface FakeServer {
  readonly name: string
  readonly eras: readonly Era[]
  readonly facts?: Partial<ServerFacts>
  readonly behave: FakeBehaviour
  readonly catalogue?: Partial<Catalogue>
  /** Of connections at once. */
  readonly limit?: number
}

interface Seen {
  readonly peer: FakePeer
  readonly message: any
}

/** One connection, seen from the server. */
export class FakePeer {
  readonly options: OpenOptions
  readonly connection: Connection
  /** Everything that the hub sent, its own requests included. */
  readonly received: any[] = []
  closed = false
  readonly #own = new Map<RequestId, { resolve(value: any): void; reject(error: Error): void }>()
  #count = 0

  constructor(server: FakeServer, options: OpenOptions, seen: Recorder<Seen>) {
    this.options = options
    const era = server.eras.includes(options.era) ? options.era : (server.eras[0] ?? 'legacy')
    const receive = (message: any): void => {
      this.received.push(message)
      seen.add({ peer: this, message })
      server.behave(message, this)
    }
    this.connection = {
      server: server.name,
      facts: factsOf(server, era, options.protocolVersion),
      send: (message) => {
        if (!this.closed) receive(message)
      },
      ask: (method, params) =>
        new Promise((resolve, reject) => {
          this.#count += 1
          const id = `own-${this.#count}`
          this.#own.set(id, { resolve, reject })
          receive({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) })
        }),
      close: () => {
        this.closed = true
      },
    }
  }

  /** Says something to the hub. */
  say(message: any, relatedTo?: RequestId): void {
    const own = isAnswer(message as JsonRpcMessage) ? this.#own.get(message.id) : undefined
    if (own !== undefined) {
      this.#own.delete(message.id)
      if (message.error === undefined) own.resolve(message.result)
      else own.reject(new UpstreamRefusal(message.error))
    } else if (!this.closed) {
      this.options.listener.message(message, relatedTo)
    }
  }

  answer(id: RequestId, result: unknown): void {
    this.say({ jsonrpc: '2.0', id, result })
  }

  fail(id: RequestId, failure: UpstreamFailure): void {
    this.options.listener.failed(id, failure)
  }

  /** The server is gone in the middle of everything. */
  lose(
    open: readonly RequestId[],
    failure: UpstreamFailure = { kind: 'closed', message: 'the server has gone' },
  ): void {
    this.closed = true
    for (const id of open) this.options.listener.failed(id, failure)
    this.options.listener.closed(failure)
  }
}

export interface FakeServers extends UpstreamServers {
  readonly peers: FakePeer[]
  /** Tells the hub that something has changed. */
  change(server: string, catalogue: Partial<Catalogue>): void
  /** Servers that cannot be reached. */
  readonly dead: Set<string>
  /** Resolves when a server has had this request, for the n-th time. */
  got(id: RequestId, times?: number): Promise<FakePeer>
}

const EMPTY = { tools: [], prompts: [], resources: [], resourceTemplates: [] }

/** @param groups which servers each group has; absent: every group that is asked for has all. */
export function createFakeServers(
  servers: readonly FakeServer[],
  groups?: Readonly<Record<string, readonly string[]>>,
): FakeServers {
  const catalogues = new Map<string, Catalogue>()
  for (const server of servers) {
    if (server.catalogue === undefined) continue
    const facts = factsOf(server, server.eras[0] ?? 'legacy', '2025-11-25')
    catalogues.set(server.name, { ...EMPTY, server: server.name, facts, ...server.catalogue })
  }
  const listeners = new Set<(server: string | undefined) => void>()
  const peers: FakePeer[] = []
  const dead = new Set<string>()
  const seen = new Recorder<Seen>()
  const all = servers.map((server) => server.name)
  return {
    peers,
    dead,
    async got(id, times = 1) {
      const fits = ({ message }: Seen) => message.id === id && message.method !== undefined
      const { peer } = await seen.find((item) => fits(item) && seen.items.filter(fits).indexOf(item) === times - 1)
      return peer
    },
    rulesOf(group) {
      const named = group === undefined || groups === undefined ? all : groups[group]
      return named === undefined ? undefined : { servers: named, naming: 'auto' }
    },
    catalogueOf: (server) => catalogues.get(server),
    view: (rules, catalogueOf) => createFakeView(rules, catalogueOf),
    async open(name, options) {
      const server = servers.find((candidate) => candidate.name === name)
      if (server === undefined || dead.has(name)) {
        throw new UpstreamError({ kind: 'unreachable', message: `The server ${name} cannot be reached.` })
      }
      const open = peers.filter((peer) => peer.connection.server === name && !peer.closed)
      if (open.length >= (server.limit ?? Number.POSITIVE_INFINITY)) {
        throw new UpstreamError({ kind: 'overloaded', message: `The server ${name} is full.` })
      }
      const peer = new FakePeer(server, options, seen)
      peers.push(peer)
      return peer.connection
    },
    async readLists(connection, kinds) {
      const method = {
        tools: 'tools/list',
        prompts: 'prompts/list',
        resources: 'resources/list',
        resourceTemplates: 'resources/templates/list',
      }
      const read = await Promise.all(
        kinds.map(async (kind) => [kind, (await connection.ask(method[kind], {}))[kind] ?? []]),
      )
      return Object.fromEntries(read) as Partial<Record<ListKind, readonly JsonObject[]>>
    },
    onChange(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    change(server, catalogue) {
      const known = catalogues.get(server)
      if (known !== undefined) catalogues.set(server, { ...known, ...catalogue })
      for (const tell of listeners) tell(server)
    },
    async close() {},
  }
}

function factsOf(server: FakeServer, era: Era, asked: string): ServerFacts {
  const protocolVersion = era === 'modern' ? MODERN_VERSION : asked
  const capabilities = { tools: {}, prompts: {}, resources: { subscribe: true }, logging: {}, completions: {} }
  const facts = { era, protocolVersion, capabilities, serverInfo: { name: server.name, version: '1' }, ...server.facts }
  return { ...facts, result: { ...facts } }
}

/** Plain names while a server is alone, else with its name before them. */
function createFakeView(rules: GroupRules, catalogueOf: (server: string) => Catalogue | undefined): GroupView {
  const found = rules.servers.map((server) => catalogueOf(server)).filter((catalogue) => catalogue !== undefined)
  const show = (server: string, name: unknown) => (rules.servers.length === 1 ? String(name) : `${server}__${name}`)
  const named = (kind: 'tools' | 'prompts') =>
    found.flatMap(({ server, [kind]: entries }) =>
      entries.map((entry) => ({
        server,
        name: String(entry['name']),
        entry: { ...entry, name: show(server, entry['name']) },
      })),
    )
  const find = (kind: 'tools' | 'prompts') => (name: string) => {
    const hit = named(kind).find(({ entry }) => entry.name === name)
    return hit === undefined ? { near: [] } : { server: hit.server, name: hit.name }
  }
  return {
    lists: {
      tools: named('tools').map(({ entry }) => entry),
      prompts: named('prompts').map(({ entry }) => entry),
      resources: found.flatMap(({ resources }) => resources),
      resourceTemplates: found.flatMap(({ resourceTemplates }) => resourceTemplates),
    },
    findTool: find('tools'),
    findPrompt: find('prompts'),
    findResource: (uri) =>
      found.find(({ resources }) => resources.some((entry) => entry['uri'] === uri))?.server ?? rules.servers[0],
    isHarmless: (name) => named('tools').some(({ entry }) => entry.name === name && 'harmless' in entry),
    nameTool: (server, name) => show(server, name),
  }
}

/** A behaviour that answers each request by a function of its method. */
export function answering(results: Readonly<Record<string, (message: any, peer: FakePeer) => unknown>>): FakeBehaviour {
  return (message, peer) => {
    if (!isRequest(message)) return
    const result = results[message.method]
    if (result === undefined) peer.answer(message.id, {})
    else
      void Promise.resolve(result(message, peer)).then((value) => {
        if (value !== undefined) peer.answer(message.id, value)
      })
  }
}
