/** The connections to all providers: one pool per origin, and a way around it for the call that met a dead socket. */

import type { LookupFunction } from 'node:net'
import { getCACertificates } from 'node:tls'
import type { Dispatcher } from 'undici'
import { Agent, Client, Pool } from 'undici'

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
}

export interface Connections {
  dispatch(options: Dispatcher.DispatchOptions, handler: PooledHandler): void
  /** On a socket that nobody has used before, and that is closed afterwards. */
  dispatchFresh(options: Dispatcher.DispatchOptions & { readonly origin: string }, handler: PooledHandler): void
  /** Whether all connections that this origin may have are in use. */
  isFull(origin: string): boolean
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
  const agent = new Agent({
    ...clientOptions,
    connect,
    factory: (origin) =>
      new Pool(origin, {
        ...clientOptions,
        connect,
        connections: options.maxPerOrigin,
        clientTtl: MAX_AGE_MS,
        factory: (url, poolOptions) => new CountedClient(url, poolOptions),
      }),
  })
  const fresh = new Set<Client>()

  return {
    dispatch(call, handler) {
      agent.dispatch(call, handler)
    },
    dispatchFresh(call, handler) {
      const client = new CountedClient(call.origin, { ...clientOptions, connect })
      fresh.add(client)
      client.dispatch(call, handler)
      // Waits for the call, then ends the socket.
      client.close(() => fresh.delete(client))
    },
    isFull(origin) {
      const stats = agent.stats[origin]
      return stats !== undefined && stats.running >= options.maxPerOrigin
    },
    async close() {
      await Promise.all([agent.destroy(), ...[...fresh].map((client) => client.destroy())])
    },
  }
}

/** Counts the answers per socket, as undici does not say whether a socket was used before. */
class CountedClient extends Client implements Connection {
  answers = 0

  constructor(url: string | URL, options: Client.Options) {
    super(url, options)
    this.on('connect', () => {
      this.answers = 0
    })
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    // Nothing else is dispatched through these pools.
    const pooled = handler as PooledHandler
    pooled.takenBy(this)
    return super.dispatch(options, handler)
  }
}
