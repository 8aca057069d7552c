/** Servers below HTTP, and what happens before one is reached. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type LookupFunction, type Server, type Socket } from 'node:net'
import type { Closing } from '../../support/close-all.ts'

export type OnSocket = (socket: Socket, index: number) => void

/** A server of raw sockets; returns its port and the sockets that came. */
export async function startRaw(closing: Closing, onSocket: OnSocket, server: Server = createServer()) {
  const sockets: Socket[] = []
  const event = 'setSecureContext' in server ? 'secureConnection' : 'connection'
  server.on(event, (socket: Socket) => {
    socket.on('error', () => {})
    sockets.push(socket)
    onSocket(socket, sockets.length - 1)
  })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.add(server, () => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return { port: (server.address() as AddressInfo).port, sockets }
}

/** A port on which nobody listens. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A name resolution that tells these. */
export function resolveTo(addresses: { address: string; family: number }[]): LookupFunction {
  return (_name, options, done) => {
    if (options.all) done(null, addresses)
    else done(null, addresses[0]!.address, addresses[0]!.family)
  }
}

/** Lets sockets and undici finish what they put off to the next turns of the loop. */
export async function nextTurns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
