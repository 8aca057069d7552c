/** How connections are made through a proxy: to it, for http, which it passes on; through it, for https, by a tunnel. */
import type { LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { type Attempt, openTunnel } from './open-tunnel.ts'
import type { OutboundProxy } from './proxy.ts'
import { ProxyFault } from './proxy-fault.ts'

export interface ConnectOptions {
  /** Over everything up to a connection that is ready to be used. */
  readonly timeout: number
  readonly lookup?: LookupFunction
  readonly ca?: string[]
}

/** Makes the connections of one client, one after the other. */
export interface Connector {
  readonly connect: buildConnector.connector
  /** Ends the attempt that goes on, if any; whoever waits for it is told that it failed. */
  giveUp(): void
}

export interface ConnectThrough {
  connectorFor(origin: string): Connector
  /** Ends every attempt that goes on. */
  close(): void
}

export function connectThrough(proxy: OutboundProxy, options: ConnectOptions): ConnectThrough {
  const { timeout, ...resolving } = options
  const connectToProxy = buildConnector({ ...options, allowH2: false })
  // The tunnel has the time limit, over all that there is to do.
  const secure = buildConnector({ ...resolving, allowH2: false, timeout: 0 })
  const going = new Set<() => void>()

  const forward: Connector = {
    connect({ hostname: _hostname, host: _host, servername: _servername, ...origin }, done) {
      const { protocol, hostname, host, port } = proxy
      connectToProxy({ ...origin, protocol, hostname, host, port }, (error, socket) => {
        if (error === null) done(null, socket)
        else done(new ProxyFault(proxy, { cause: error }), null)
      })
    },
    // A connection to the proxy opens or fails within its time, like any other.
    giveUp() {},
  }

  function makeTunnelConnector(): Connector {
    let giveUp = (): void => {}
    return {
      connect(origin, done) {
        let attempt: Attempt | undefined
        const end = (): void => {
          going.delete(stop)
          giveUp = () => {}
        }
        const stop = (): void => {
          attempt?.abandon()
          end()
          done(new ProxyFault(proxy, { problem: 'was not waited for any longer.' }), null)
        }
        giveUp = stop
        going.add(stop)
        attempt = openTunnel({ proxy, limitMs: timeout, secure, ...resolving }, origin, (...result) => {
          end()
          done(...result)
        })
      },
      giveUp: () => giveUp(),
    }
  }

  return {
    connectorFor: (origin) => (origin.startsWith('https:') ? makeTunnelConnector() : forward),
    close() {
      for (const stop of [...going]) stop()
    },
  }
}
