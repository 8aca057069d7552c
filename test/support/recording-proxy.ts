/** A forward proxy on loopback that remembers what it was asked, and leads every name to a server of the test. */
import { createServer, type IncomingMessage, type Server, request as send } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Closing } from './close-all.ts'

export interface Asked {
  readonly method: string
  /** As it stood in the request line: a whole URL, or host and port after CONNECT. */
  readonly target: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Resolves when the connection on which it was asked is gone. */
  readonly gone: Promise<void>
  /** The asking side's port: the same one means the same connection. */
  readonly remotePort: number
}

export interface RecordingProxy {
  readonly url: string
  readonly port: number
  readonly asked: readonly Asked[]
  /** The request with this number (from 0), as soon as it has come. */
  ask(index: number): Promise<Asked>
}

export interface RecordingProxyOptions {
  /** `name:password` without which it answers 407. */
  readonly credentials?: string
  /** What it does with CONNECT instead of obeying: nothing ever, this status, or these bytes. */
  readonly connect?: 'mute' | number | string
}

/** @param port of the server on 127.0.0.1 that stands for the whole internet. */
export async function startRecordingProxy(
  closing: Closing,
  port: number,
  options: RecordingProxyOptions = {},
): Promise<RecordingProxy> {
  const asked: Asked[] = []
  const waiting = new Set<() => void>()
  const sockets = new Set<Duplex>()
  const keep = <Kept extends Duplex>(socket: Kept): Kept => {
    sockets.add(socket)
    socket.on('error', () => {})
    return socket
  }

  const record = (request: IncomingMessage): void => {
    const { method = '', url = '', headers, socket } = request
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    asked.push({ method, target: url, headers, gone, remotePort: socket.remotePort ?? 0 })
    for (const look of [...waiting]) look()
  }
  const isWelcome = ({ headers }: IncomingMessage): boolean =>
    options.credentials === undefined ||
    headers['proxy-authorization'] === `Basic ${Buffer.from(options.credentials).toString('base64')}`

  const server: Server = createServer((request, response) => {
    record(request)
    if (!isWelcome(request)) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="test"', 'content-type': 'text/html' })
      response.end('<p>Who are you?')
      return
    }
    const { 'proxy-authorization': _, ...headers } = request.headers
    const { pathname, search } = new URL(request.url ?? '')
    const onward = send({ host: '127.0.0.1', port, method: request.method, path: pathname + search, headers })
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      response.flushHeaders()
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    response.on('close', () => onward.destroy())
    request.pipe(onward)
  })
  server.on('connection', keep)
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    record(request)
    // Half a connection is of no use to anybody here.
    client.resume().once('end', () => client.destroy())
    const end = (status: string): void => void client.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\n\r\n`)
    if (!isWelcome(request)) return end('407 Proxy Authentication Required')
    if (options.connect === 'mute') return
    if (typeof options.connect === 'number') return end(`${options.connect} No`)
    if (typeof options.connect === 'string') return void client.write(options.connect)
    const onward = keep(connect(port, '127.0.0.1'))
    onward.once('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      onward.write(head)
      onward.pipe(client)
      client.pipe(onward)
    })
    onward.once('close', () => client.destroy())
    client.once('close', () => onward.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.add(server, () => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  const { port: own } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${own}`,
    port: own,
    asked,
    ask: (index) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = asked[index]
          if (found === undefined) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
  }
}
