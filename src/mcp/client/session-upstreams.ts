/** The connections of one session, each opened when it is first needed and again when it was lost. */
import { LegacyFace } from '../bridge/legacy-face.ts'
import type { HubContext } from '../hub-context.ts'
import type { JsonObject, JsonRpcRequest } from '../json-rpc.ts'
import { createLateListener } from '../late-listener.ts'
import type { ClientHeaders, Connection, ConnectionListener } from '../upstream/connection.ts'
import { UpstreamError } from '../upstream/upstream-error.ts'
import { withinTime } from '../within-time.ts'
import type { IdleConnection } from './idle-connections.ts'

/** What the client said of itself in `initialize`. */
export interface ClientFacts {
  readonly protocolVersion: string
  readonly capabilities: JsonObject
  readonly clientInfo: JsonObject | undefined
}

export interface SessionUpstreamsOptions {
  readonly context: HubContext
  /** Nobody else has it. */
  readonly owner: string
  readonly clientHeaders: ClientHeaders
  readonly client: () => ClientFacts
  readonly listenTo: (connection: Connection) => ConnectionListener
  /** Whether the client listens or waits just now. */
  readonly isBusy: () => boolean
  /** The connection was given back to make room. */
  readonly released: (connection: Connection) => void
}

/** A server that does not say that it listens is used all the same. */
const LISTENING_MS = 2000

export class SessionUpstreams {
  readonly #options: SessionUpstreamsOptions
  readonly #opening = new Map<string, Promise<Connection>>()
  readonly #open = new Map<string, Connection>()
  readonly #idle = new Map<Connection, IdleConnection>()
  readonly #subscribed = new Map<string, Set<string>>()
  readonly #end = new AbortController()
  #level: unknown

  constructor(options: SessionUpstreamsOptions) {
    this.#options = options
  }

  /** Those that are open now. */
  get connections(): Iterable<Connection> {
    return this.#open.values()
  }

  has(server: string): boolean {
    return this.#open.has(server)
  }

  /** @throws UpstreamError when the server cannot be reached. */
  get(server: string): Promise<Connection> {
    const known = this.#opening.get(server)
    const open = this.#open.get(server)
    const idle = open === undefined ? undefined : this.#idle.get(open)
    if (idle !== undefined) this.#options.context.idle.touch(idle)
    if (known !== undefined) return known
    const opening = this.#start(server)
    this.#opening.set(server, opening)
    opening.catch(() => this.#opening.delete(server))
    return opening
  }

  /** The connection is gone; the next call opens another. */
  drop(connection: Connection): void {
    if (this.#open.get(connection.server) !== connection) return
    this.#open.delete(connection.server)
    this.#opening.delete(connection.server)
    this.#forgetIdle(connection)
  }

  /** Tells all servers that log, and those that are started later (M69). */
  async setLevel(level: unknown): Promise<void> {
    this.#level = level
    await Promise.all([...this.#open.values()].map((connection) => this.#sendLevel(connection)))
  }

  /** What the client subscribes to is remembered, to be said again to a server that was started anew (M59). */
  noteSubscription(server: string, { method, params }: JsonRpcRequest): void {
    const uri = params?.['uri']
    if (typeof uri !== 'string') return
    const uris = this.#subscribed.get(server) ?? new Set()
    if (method === 'resources/subscribe') this.#subscribed.set(server, uris.add(uri))
    else if (method === 'resources/unsubscribe') uris.delete(uri)
  }

  close(): void {
    this.#end.abort()
    for (const connection of this.#open.values()) {
      this.#forgetIdle(connection)
      connection.close()
    }
    this.#open.clear()
    this.#opening.clear()
  }

  async #start(server: string): Promise<Connection> {
    const { context, owner, clientHeaders, client, listenTo } = this.#options
    const { protocolVersion, capabilities, clientInfo } = client()
    const { signal } = this.#end
    const late = createLateListener()
    const open = (): Promise<Connection> =>
      context.servers.open(server, {
        era: 'legacy',
        protocolVersion,
        clientCapabilities: capabilities,
        ...(clientInfo === undefined ? {} : { clientInfo }),
        clientHeaders,
        owner,
        listener: late.listener,
        signal,
      })
    const opened = await open().catch((error: unknown) => {
      const isFull = error instanceof UpstreamError && error.failure.kind === 'overloaded'
      if (isFull && context.idle.makeRoom(server)) return open()
      throw error
    })
    const connection = opened.facts.era === 'legacy' ? opened : new LegacyFace(opened, capabilities, clientInfo)
    if (signal.aborted) {
      connection.close()
      throw new Error('the session has ended')
    }
    this.#open.set(server, connection)
    this.#noteIdle(connection)
    if (connection instanceof LegacyFace) {
      late.attach(connection.hear(listenTo(connection)))
      await withinTime(connection.listening(), LISTENING_MS)
    } else {
      late.attach(listenTo(connection))
    }
    await this.#restore(connection)
    return connection
  }

  /** From now on its place may be given to somebody else, whenever it is not in use. */
  #noteIdle(connection: Connection): void {
    const { context, isBusy, released } = this.#options
    const idle: IdleConnection = {
      server: connection.server,
      isBusy,
      release: () => {
        this.drop(connection)
        connection.close()
        released(connection)
      },
    }
    this.#idle.set(connection, idle)
    context.idle.touch(idle)
  }

  #forgetIdle(connection: Connection): void {
    const idle = this.#idle.get(connection)
    this.#idle.delete(connection)
    if (idle !== undefined) this.#options.context.idle.forget(idle)
  }

  /** What the client had said to the session is said to a server that comes later. */
  async #restore(connection: Connection): Promise<void> {
    const uris = [...(this.#subscribed.get(connection.server) ?? [])]
    await Promise.all([
      this.#sendLevel(connection),
      ...uris.map((uri) => connection.ask('resources/subscribe', { uri }, this.#end.signal).catch(() => undefined)),
    ])
  }

  async #sendLevel(connection: Connection): Promise<void> {
    if (this.#level === undefined || connection.facts.capabilities['logging'] === undefined) return
    // A server that refuses a level logs as it likes; that is no fault of the client.
    await connection.ask('logging/setLevel', { level: this.#level }, this.#end.signal).catch(() => undefined)
  }
}
