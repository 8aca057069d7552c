/** The listening socket: limits on what may be slow or large, an answer for bytes that are no request, and an orderly end. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { sendJson } from './answer.ts'

export interface ListenLimits {
  /** From the connection, or the end of the request before, to the end of the headers. */
  readonly headersTimeoutMs: number
  /** How long an idle connection is kept for the next request. */
  readonly keepAliveTimeoutMs: number
  readonly maxConnections: number
}

export const LISTEN_LIMITS: ListenLimits = {
  headersTimeoutMs: 15_000,
  keepAliveTimeoutMs: 65_000,
  maxConnections: 10_000,
}

export interface ListenOptions {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly limits?: Partial<ListenLimits>
}

export interface Listening {
  /** The address that is bound. */
  readonly host: string
  readonly port: number
  /** Where people reach it, IPv6 in brackets; for "all addresses" the loopback one. */
  readonly url: string
  /**
   * Takes no more connections, lets answers end, and cuts what is left after `timeoutMs`.
   * Called again it gives the same promise.
   */
  drain(timeoutMs: number): Promise<'drained' | 'cut'>
}

/** Beyond the time that we tell clients, so that they hang up and not we. */
const KEEP_ALIVE_BUFFER_MS = 5000
const CHECK_INTERVAL_MS = 1000
const MAX_HEADERS = 200
/** Finds clients that vanished without a word. */
const TCP_KEEP_ALIVE_MS = 30_000

/**
 * Binds and serves. Bodies and answers have their own limits elsewhere; here no time is set for a whole request, since a
 * long upload that moves is no fault.
 *
 * @throws Error with one sentence for the user when the address cannot be bound.
 */
export async function listen(handler: RequestListener, options: ListenOptions): Promise<Listening> {
  const limits = { ...LISTEN_LIMITS, ...options.limits }
  const server = createServer({
    requestTimeout: 0,
    headersTimeout: limits.headersTimeoutMs,
    connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, limits.headersTimeoutMs),
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    keepAliveTimeoutBuffer: KEEP_ALIVE_BUFFER_MS,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEP_ALIVE_MS,
    noDelay: true,
    // The guard answers a missing Host itself, in words.
    requireHostHeader: false,
    // Java's client asks politely for HTTP/2 with every request: only a WebSocket must be told no.
    shouldUpgradeCallback: (request: IncomingMessage) => request.headers.upgrade?.toLowerCase() === 'websocket',
  })
  // Node drops what goes beyond in silence, and with it perhaps what the guard must see: so one more is read, and refused.
  server.maxHeadersCount = MAX_HEADERS + 1
  server.maxConnections = limits.maxConnections
  refuseOddRequests(server)

  const drainable = makeDrainable(server)
  const serve: RequestListener = (request, response) => {
    drainable.track(response)
    if (request.rawHeaders.length > MAX_HEADERS * 2) answerError(response, 431, 'The request has too many headers.')
    else handler(request, response)
  }
  server.on('request', serve)
  // The body is asked for when somebody reads it, not before: a bad key or too long a body is answered without it.
  server.on('checkContinue', serve)

  await bind(server, options.host, options.port)
  // A server bound to host and port has no pipe's name.
  const address = server.address() as AddressInfo
  return {
    host: address.address,
    port: address.port,
    url: `http://${hostOfUrl(address.address)}:${address.port}`,
    drain: drainable.drain,
  }
}

function hostOfUrl(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1'
  if (address === '::') return '[::1]'
  return address.includes(':') ? `[${address}]` : address
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => {
      reject(new Error(explainBindError(error, host, port), { cause: error }))
    }
    server.once('error', fail)
    server.listen({ host, port, backlog: 511 }, () => {
      server.off('error', fail)
      resolve()
    })
  })
}

function explainBindError(error: NodeJS.ErrnoException, host: string, port: number): string {
  const sentence = BIND_ERRORS[error.code ?? '']
  return sentence === undefined ? `Cannot listen on ${host}, port ${port}: ${error.message}` : sentence(host, port)
}

const BIND_ERRORS: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) =>
    `Port ${port} on ${host} is taken by another program (perhaps another Interlingua): stop that one or choose another port.`,
  EACCES: (_host, port) => `This user may not listen on port ${port}: choose a port above 1023.`,
  EADDRNOTAVAIL: (host) => `This machine has no address ${host}: choose one that it has, such as 127.0.0.1.`,
  ENOTFOUND: (host) => `The host name ${host} is not known here: give an address of this machine, such as 127.0.0.1.`,
}

/** Everything that never becomes an ordinary request still gets an answer, and never throws. */
function refuseOddRequests(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable || answerHasBegun(socket)) {
      socket.destroy()
      return
    }
    const status = CLIENT_ERROR_STATUS[error.code ?? ''] ?? 400
    writeRawAnswer(socket, status, CLIENT_ERROR_MESSAGE[status] ?? 'These bytes are no HTTP request.')
  })
  server.on('upgrade', (_request, socket) => {
    writeRawAnswer(socket, 426, 'WebSocket is not served here: use plain HTTP.', 'upgrade: HTTP/1.1\r\n')
  })
  server.on('connect', (_request, socket) => {
    writeRawAnswer(socket, 405, 'CONNECT is not served here: this is no forward proxy.')
  })
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    answerError(response, 417, 'Only the expectation 100-continue is understood.')
  })
}

const CLIENT_ERROR_STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

const CLIENT_ERROR_MESSAGE: Readonly<Record<number, string>> = {
  408: 'The request did not arrive in time.',
  413: 'The chunk extensions of the request are too long.',
  431: 'The headers of the request are too long.',
}

/** An answer that is on its way must not have another one written into it. */
function answerHasBegun(socket: Duplex): boolean {
  // Node keeps the answer in hand there, and asks the same question in its own handler.
  const { _httpMessage } = socket as Duplex & { _httpMessage?: ServerResponse | null }
  return _httpMessage?.headersSent === true
}

function writeRawAnswer(socket: Duplex, status: number, message: string, moreHeaders = ''): void {
  socket.on('error', () => socket.destroy())
  const body = rawErrorBody(status, message)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nx-content-type-options: nosniff\r\n${moreHeaders}connection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  )
}

function answerError(response: ServerResponse, status: number, message: string): void {
  sendJson(response, status, { connection: 'close' }, rawErrorBody(status, message))
}

/** No protocol is known yet: a shape that clients of all of them show. */
function rawErrorBody(status: number, message: string): string {
  return JSON.stringify({ error: { message, code: status } })
}

/** Knows the answers in flight, so that the end can wait for them. */
function makeDrainable(server: Server): {
  track(response: ServerResponse): void
  drain(timeoutMs: number): Promise<'drained' | 'cut'>
} {
  const inFlight = new Set<ServerResponse>()
  let draining: Promise<'drained' | 'cut'> | undefined

  return {
    track(response) {
      inFlight.add(response)
      if (draining !== undefined) response.setHeader('connection', 'close')
      response.once('close', () => {
        inFlight.delete(response)
        // A connection that goes idle after close() was called is closed by nobody else.
        if (draining !== undefined) setImmediate(() => server.closeIdleConnections())
      })
    },
    drain(timeoutMs) {
      draining ??= new Promise((resolve) => {
        const timer = setTimeout(() => {
          resolve('cut')
          server.closeAllConnections()
        }, timeoutMs)
        server.close(() => {
          clearTimeout(timer)
          resolve('drained')
        })
        for (const response of inFlight) {
          if (!response.headersSent) response.setHeader('connection', 'close')
        }
        server.closeIdleConnections()
      })
      return draining
    },
  }
}
