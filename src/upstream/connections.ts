/** The connections to all providers: one pool per proxy and origin, and a way around it for the call that met a dead socket. */

import type { LookupFunction } from 'node:net'
import { getCACertificates } from 'node:tls'
import type { Dispatcher } from 'undici'
import { Agent, buildConnector, Client, Pool } from 'undici'
import { type Connector, type ConnectThrough, connectThrough } from './connect-through.ts'
import type { OutboundProxy } from './proxy.ts'

export interface ConnectionOptions {
  /** Over name resolution, TCP and TLS. */
  readonly connectMs: number
  /** At most so many per origin; further calls wait. */
  readonly maxPerOrigin: number
  /** Instead of the system's name resolution. */
  readonly lookup?: LookupFunction
  /** Certificates (PEM) that are trusted besides those of the system. */
  readonly ca?: string
}

/** A handler that is told on which connection it came to stand. */
export interface PooledHandler extends Dispatcher.DispatchHandler {
  takenBy(connection: Connection): void
}

/** What a call may know of its connection. */
export interface Connection {
  /** Answers that began on the present socket. */
  answers: number
  /** Of a connection that is still being made for a call that waits for it no longer. */
  giveUp(): void
}

/** A call, and by way of which proxy; absent: directly. */
export type RoutedCall = Dispatcher.DispatchOptions & { readonly origin: string; readonly proxy?: OutboundProxy }

export interface Connections {
  dispatch(call: RoutedCall, handler: PooledHandler): void
  /** On a socket that nobody has used before, and that is closed afterwards. */
  dispatchFresh(call: RoutedCall, handler: PooledHandler): void
  /** Whether all connections that a call may take are in use. */
  isFull(call: RoutedCall): boolean
  close(): Promise<void>
}

const KEEP_ALIVE_MS = 30_000
/** New connections now and then, so that a change of a provider's addresses is noticed. */
const MAX_AGE_MS = 10 * 60_000
const MAX_HEADER_BYTES = 16 * 1024

export function createConnections(options: ConnectionOptions): Connections {
  const clientOptions: Client.Options = {
    allowH2: false,
    pipelining: 1,
    // Calls have timers of their own: those of undici are coarse, and its silence limit knows nothing of slow thinkers.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  }
  const connect = {
    timeout: options.connectMs,
    ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
    ...(options.ca === undefined ? {} : { ca: [...getCACertificates('default'), options.ca] }),
  }
  const connectDirectly: Connector = { connect: buildConnector({ ...connect, allowH2: false }), giveUp() {} }
  const direct = openWay(() => connectDirectly)
  const byProxy = new Map<string, Way & ConnectThrough>()
  const fresh = new Set<Client>()

  function openWay(connectorFor: ConnectThrough['connectorFor']): Way {
    const makeClient = (origin: string, more: Client.Options): Client =>
      new CountedClient(origin, { ...clientOptions, ...more }, connectorFor(origin))
    return {
      makeClient,
      agent: new Agent({
        ...clientOptions,
        factory: (origin) =>
          new Pool(origin, {
            ...clientOptions,
            connections: options.maxPerOrigin,
            clientTtl: MAX_AGE_MS,
            factory: (url, poolOptions) => makeClient(url.origin, poolOptions),
          }),
      }),
    }
  }

  function wayOf({ proxy }: RoutedCall): Way {
    if (proxy === undefined) return direct
    const known = byProxy.get(proxy.key)
    if (known !== undefined) return known
    const through = connectThrough(proxy, connect)
    const way = { ...through, ...openWay(through.connectorFor) }
    byProxy.set(proxy.key, way)
    return way
  }

  return {
    dispatch(call, handler) {
      wayOf(call).agent.dispatch(call, handler)
    },
    dispatchFresh(call, handler) {
      const client = wayOf(call).makeClient(call.origin, {})
      fresh.add(client)
      client.dispatch(call, handler)
      // Waits for the call, then ends the socket.
      client.close(() => fresh.delete(client))
    },
    isFull(call) {
      const stats = wayOf(call).agent.stats[call.origin]
      return stats !== undefined && stats.running >= options.maxPerOrigin
    },
    async close() {
      const agents = [direct, ...byProxy.values()].map(({ agent }) => agent.destroy())
      for (const way of byProxy.values()) way.close()
      await Promise.all([...agents, ...[...fresh].map((client) => client.destroy())])
    },
  }
}

/** Connections to all origins, directly or by way of one proxy. */
interface Way {
  readonly agent: Agent
  makeClient(origin: string, more: Client.Options): Client
}

/** Counts the answers per socket, as undici does not say whether a socket was used before. */
class CountedClient extends Client implements Connection {
  answers = 0
  readonly #connector: Connector

  constructor(origin: string, options: Client.Options, connector: Connector) {
    super(origin, { ...options, connect: connector.connect })
    this.#connector = connector
    this.on('connect', () => {
      this.answers = 0
    })
  }

  giveUp(): void {
    this.#connector.giveUp()
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    // Nothing else is dispatched through these pools.
    const pooled = handler as PooledHandler
    pooled.takenBy(this)
    return super.dispatch(options, handler)
  }
}
