/** Opens a way through a proxy to a server that speaks TLS, by CONNECT. */
import { request as requestByHttp } from 'node:http'
import { request as requestByTls } from 'node:https'
import { isIP, type LookupFunction, type Socket } from 'node:net'
import type { buildConnector } from 'undici'
import type { OutboundProxy } from './proxy.ts'
import { ProxyFault } from './proxy-fault.ts'

export interface TunnelOptions {
  readonly proxy: OutboundProxy
  /** Over the connection to the proxy, its answer, and TLS with the server behind it. */
  readonly limitMs: number
  /** Speaks TLS with the server, on the socket that it is given. */
  readonly secure: buildConnector.connector
  /** Resolves the proxy's name; the names behind it are the proxy's to resolve. */
  readonly lookup?: LookupFunction
  /** Certificates (PEM) that are trusted when the proxy itself is reached by TLS. */
  readonly ca?: readonly string[]
}

/** An attempt at a connection. */
export interface Attempt {
  /** Closes what is open of it, at once; nothing is told any more. After its end it does nothing. */
  abandon(): void
}

const MAX_HEAD_BYTES = 16 * 1024

/**
 * @param server the server behind the proxy; its name is what the certificate has to show.
 * @param done told once: a socket that speaks TLS, a `ProxyFault`, or what TLS with the server failed of.
 * @see RFC 9110, section 9.3.6
 */
export function openTunnel(
  { proxy, limitMs, secure, lookup, ca }: TunnelOptions,
  server: buildConnector.Options,
  done: buildConnector.Callback,
): Attempt {
  const authority = `${server.hostname.includes(':') ? `[${server.hostname}]` : server.hostname}:${server.port || 443}`
  let raw: Socket | undefined
  let isOver = false
  const call = (proxy.protocol === 'https:' ? requestByTls : requestByHttp)({
    method: 'CONNECT',
    host: proxy.hostname,
    port: proxy.port,
    // Else it would be the name in the header host, which is not the proxy's.
    servername: isIP(proxy.hostname) === 0 ? proxy.hostname : '',
    path: authority,
    headers: {
      host: authority,
      ...(proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization }),
    },
    agent: false,
    maxHeaderSize: MAX_HEAD_BYTES,
    ...(lookup === undefined ? {} : { lookup }),
    ...(ca === undefined ? {} : { ca: [...ca] }),
  })

  const timer = setTimeout(() => {
    const problem = `did not open a way to it within ${limitMs / 1000} s.`
    fail(new ProxyFault(proxy, { problem, isLate: true }))
  }, limitMs)
  call.on('error', (cause) => fail(new ProxyFault(proxy, { cause })))
  call.once('connect', ({ statusCode = 0 }, socket: Socket, head) => {
    raw = socket
    // Whoever speaks TLS on it is told, and before and after that nobody cares.
    socket.on('error', () => {})
    if (isOver) socket.destroy()
    else if (statusCode === 407) fail(ProxyFault.unauthorized(proxy))
    else if (statusCode < 200 || statusCode >= 300)
      fail(new ProxyFault(proxy, { problem: `answered ${statusCode} instead of opening a way to it.` }))
    else if (head.length > 0) fail(new ProxyFault(proxy, { problem: 'sent bytes that no server sends unasked.' }))
    else secure({ ...server, httpSocket: socket }, finish)
  })
  call.end()

  function finish(...[error, socket]: Parameters<buildConnector.Callback>): void {
    if (isOver) {
      socket?.destroy()
      return
    }
    if (error === null) {
      close()
      done(null, socket)
    } else fail(error)
  }

  function fail(error: Error): void {
    if (isOver) return
    abandon()
    done(error, null)
  }

  function close(): void {
    isOver = true
    clearTimeout(timer)
  }

  function abandon(): void {
    if (isOver) return
    close()
    call.destroy()
    raw?.destroy()
  }

  return { abandon }
}
