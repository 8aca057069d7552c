/** A TCP proxy on loopback that does harm on the way back from the server. */

import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

export type Toxin =
  /** Passes everything on. */
  | { readonly kind: 'none' }
  /** Passes it on in pieces of this size, each a write of its own. */
  | { readonly kind: 'slicer'; readonly bytes: number }
  /** Closes after so many bytes, as if that had been all. */
  | { readonly kind: 'limit-data'; readonly bytes: number }
  /** Resets the connection after so many bytes. */
  | { readonly kind: 'reset-peer'; readonly bytes: number }
  /** Holds the end back until the promise settles. */
  | { readonly kind: 'slow-close'; readonly until: Promise<unknown> }
  /** Takes connections and drops them at once. */
  | { readonly kind: 'down' }

export interface ToxicProxy {
  readonly url: string
  /** Holds for connections that come from now on. */
  poison(toxin: Toxin): void
  close(): Promise<void>
}

/** @param port where the real server listens. */
export async function startToxicProxy(port: number): Promise<ToxicProxy> {
  let toxin: Toxin = { kind: 'none' }
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer({ allowHalfOpen: true }, (client) => {
    keep(client)
    if (toxin.kind === 'down') {
      client.destroy()
      return
    }
    const upstream = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    keep(upstream)
    client.pipe(upstream)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => {
      if (upstream.errored !== null) client.resetAndDestroy()
    })
    carry(upstream, client, toxin)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    poison: (next) => {
      toxin = next
    },
    close: () => closeServer(server, sockets),
  }
}

/** What the server says goes on its way to the client. */
function carry(upstream: Socket, client: Socket, toxin: Toxin): void {
  let passed = 0
  const limit = toxin.kind === 'limit-data' || toxin.kind === 'reset-peer' ? toxin.bytes : Number.POSITIVE_INFINITY
  upstream.on('data', (piece: Buffer) => {
    const allowed = piece.subarray(0, limit - passed)
    passed += allowed.length
    const size = toxin.kind === 'slicer' ? toxin.bytes : Math.max(1, allowed.length)
    for (let at = 0; at < allowed.length; at += size) client.write(allowed.subarray(at, at + size))
    if (passed < limit) return
    upstream.removeAllListeners('data')
    // What was written must have left before a reset throws it away.
    client.write('', () => {
      if (toxin.kind === 'reset-peer') client.resetAndDestroy()
      else client.end()
      upstream.destroy()
    })
  })
  upstream.on('end', () => {
    const until = toxin.kind === 'slow-close' ? toxin.until : Promise.resolve()
    void until.then(() => client.end())
  })
}

function closeServer(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    for (const socket of sockets) socket.destroy()
  })
}
