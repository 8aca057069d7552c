/** A provider on loopback that does what a test tells it, also what no decent server does, and remembers what it was sent. */
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type ContentEncoding, encode } from './encode.ts'

/** A request as it came. */
export interface RecordedRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly rawHeaders: readonly string[]
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
  /** Nothing when the body is no JSON. */
  readonly json: any
  /** The client's port: the same one means the same connection. */
  readonly remotePort: number
  /** Resolves when the connection is gone before the answer was complete. */
  readonly abandoned: Promise<void>
  /** Resolves with true when the answer went out whole, with false when the connection was lost before. */
  readonly over: Promise<boolean>
}

/** One thing to do in a stream, in order. */
export type Step =
  | string
  | Uint8Array
  /** Waits until the test settles it; nothing is sent meanwhile. */
  | Promise<unknown>
  /** Ends the connection with a reset. */
  | { readonly do: 'reset' }
  /** Ends it with a FIN, whatever was promised. */
  | { readonly do: 'hang-up' }
  /** Says nothing more, for ever. */
  | { readonly do: 'stall' }

/** How one request is answered. */
export type Script =
  /** A whole answer. `body` is JSON unless it is text or bytes. */
  | {
      readonly kind: 'answer'
      readonly status?: number
      readonly headers?: Readonly<Record<string, string | readonly string[]>>
      readonly body?: unknown
      readonly encoding?: ContentEncoding
    }
  /** Chunked, step by step; each step is a write of its own that is awaited. */
  | {
      readonly kind: 'stream'
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly steps: readonly Step[]
    }
  /** Bytes straight into the socket; ends as the last step says, else the connection stays open. */
  | { readonly kind: 'raw'; readonly steps: readonly Step[] }

export type Answerer = (request: RecordedRequest) => Script | Promise<Script>

export interface FakeProvider {
  readonly url: string
  readonly port: number
  /** In the order in which their bodies were complete. */
  readonly requests: readonly RecordedRequest[]
  /** Connections that were ever opened, and those that are open now. */
  readonly connections: { readonly opened: number; readonly open: number }
  /** Scripts for the next requests, one each, before `answerer` is asked. */
  queue(...scripts: Script[]): void
  /** The request with this number (from 0), as soon as it has come. */
  request(index: number): Promise<RecordedRequest>
  /** Resolves when no connection is open. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** @param answerer what to do when nothing is queued; absent: an empty JSON object. */
export async function startFakeProvider(answerer?: Answerer): Promise<FakeProvider> {
  const requests: RecordedRequest[] = []
  const scripts: Script[] = []
  const sockets = new Set<Socket>()
  const waiting = new Set<() => void>()
  let opened = 0
  const wake = () => {
    for (const look of [...waiting]) look()
  }

  const server = createServer((request, response) => {
    void record(request, response).then(async (recorded) => {
      requests.push(recorded)
      wake()
      const script = scripts.shift() ?? (await answerer?.(recorded)) ?? { kind: 'answer', body: {} }
      await play(script, request, response)
    })
  })
  server.keepAliveTimeout = 0
  server.on('connection', (socket) => {
    opened += 1
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      wake()
    })
  })
  const port = await listenOnLoopback(server)

  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!condition()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    get connections() {
      return { opened, open: sockets.size }
    },
    queue: (...more) => {
      scripts.push(...more)
    },
    async request(index) {
      await until(() => requests.length > index)
      return requests[index]!
    },
    idle: () => until(() => sockets.size === 0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function listenOnLoopback(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

async function record(request: IncomingMessage, response: ServerResponse): Promise<RecordedRequest> {
  const over = new Promise<boolean>((resolve) => {
    response.on('close', () => resolve(response.writableFinished))
  })
  const pieces: Buffer[] = []
  request.on('data', (piece: Buffer) => pieces.push(piece))
  await new Promise((resolve) => request.on('end', resolve))
  const body = Buffer.concat(pieces)
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    rawHeaders: request.rawHeaders,
    headers: request.headers as Record<string, string | undefined>,
    body,
    json: parseOrNothing(body),
    remotePort: request.socket.remotePort ?? 0,
    over,
    abandoned: over.then((whole) => (whole ? new Promise<void>(() => {}) : undefined)),
  }
}

function parseOrNothing(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

async function play(script: Script, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (script.kind === 'answer') {
    const { type, bytes } = toBytes(script.body)
    const encoded = script.encoding === undefined ? bytes : encode(script.encoding, bytes)
    const encoding = script.encoding === undefined ? {} : { 'content-encoding': script.encoding.replace('-raw', '') }
    const headers = { 'content-type': type, 'content-length': encoded.length, ...encoding, ...script.headers }
    response.writeHead(script.status ?? 200, headers as OutgoingHttpHeaders)
    response.end(encoded)
    return
  }
  const socket = request.socket
  if (script.kind === 'raw') {
    await walk(script.steps, socket, (bytes) => writeAll(socket, bytes))
    return
  }
  response.writeHead(script.status ?? 200, { 'content-type': 'text/event-stream', ...script.headers })
  response.flushHeaders()
  const whole = await walk(script.steps, socket, (bytes) => writeAll(response, bytes))
  if (whole) response.end()
}

/** @returns whether the steps ran to their end without breaking the connection. */
async function walk(
  steps: readonly Step[],
  socket: Socket,
  write: (bytes: string | Uint8Array) => Promise<void>,
): Promise<boolean> {
  for (const step of steps) {
    if (socket.destroyed) return false
    if (typeof step === 'string' || step instanceof Uint8Array) await write(step)
    else if (step instanceof Promise) await step
    else if (step.do === 'reset') {
      socket.resetAndDestroy()
      return false
    } else if (step.do === 'hang-up') {
      socket.end()
      return false
    } else return false
  }
  return true
}

function writeAll(
  target: { write(bytes: string | Uint8Array, done: () => void): boolean },
  bytes: string | Uint8Array,
): Promise<void> {
  return new Promise((resolve) => {
    target.write(bytes, () => setImmediate(resolve))
  })
}

function toBytes(body: unknown): { type: string; bytes: Buffer } {
  if (body instanceof Uint8Array) return { type: 'application/octet-stream', bytes: Buffer.from(body) }
  if (typeof body === 'string') return { type: 'text/html', bytes: Buffer.from(body) }
  if (body === undefined) return { type: 'application/json', bytes: Buffer.alloc(0) }
  return { type: 'application/json', bytes: Buffer.from(JSON.stringify(body)) }
}

/** The text cut before each of these byte positions, each piece a step. */
export function cutAt(text: string, ...positions: number[]): Step[] {
  const bytes = Buffer.from(text)
  const edges = [0, ...positions, bytes.length]
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
}

/** Each byte a step of its own. */
export function bytewise(text: string): Step[] {
  return [...Buffer.from(text)].map((byte) => Uint8Array.of(byte))
}

/** A step after which nothing more comes, though the connection stays open. */
export const STALL = { do: 'stall' } as const
export const RESET = { do: 'reset' } as const
export const HANG_UP = { do: 'hang-up' } as const
