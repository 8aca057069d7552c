/** HTTP towards one MCP server: guarded, with redirects within its origin only, and without anything of the client's (M88, M104). */
import type { IncomingHttpHeaders } from 'node:http'
import type { LookupFunction } from 'node:net'
import type { Readable, Transform } from 'node:stream'
import { constants, createBrotliDecompress, createUnzip } from 'node:zlib'
import { Agent, type Dispatcher, request } from 'undici'
import { type AddressPolicy, guardedLookup, judgeUrl } from './address-guard.ts'

export interface HttpOrder {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly url: URL
  /** Names in lower case; those of the configuration go before them. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
}

export interface HttpReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** To be read or destroyed. */
  readonly body: Readable
}

export interface HttpClient {
  /** @throws what undici, the network or the guard throws; nothing for any status. */
  call(order: HttpOrder): Promise<HttpReply>
  /** The same client with these headers too, unless the configuration has others. */
  telling(headers: Readonly<Record<string, string>>): HttpClient
  close(): Promise<void>
}

export interface HttpClientOptions {
  /** Headers of the configuration. */
  readonly headers: Readonly<Record<string, string>>
  readonly policy: AddressPolicy
  readonly connectMs: number
  readonly userAgent: string
  /** Instead of the guarded one; for tests. */
  readonly lookup?: LookupFunction
}

const MAX_REDIRECTS = 5

/** Those after which method and body stay. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 307, 308])

/** The protocol's own, which no configuration may overrule. */
const OURS: ReadonlySet<string> = new Set([
  'accept',
  'content-length',
  'content-type',
  'connection',
  'host',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'transfer-encoding',
])

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const agent = new Agent({
    // Calls have time limits of their own, and a stream may be silent for long.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
    pipelining: 1,
    connect: { timeout: options.connectMs, lookup: options.lookup ?? guardedLookup(options.policy) },
  })
  const configured = Object.entries(options.headers)
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name]) => !OURS.has(name) && !name.startsWith('mcp-param-'))
  const common = { 'user-agent': options.userAgent, 'accept-encoding': 'identity', ...Object.fromEntries(configured) }

  async function callOnce(order: HttpOrder, url: URL, told: HttpOrder['headers']): Promise<Dispatcher.ResponseData> {
    judgeUrl(url, options.policy)
    return request(url, {
      dispatcher: agent,
      method: order.method,
      headers: { ...told, ...common, ...order.headers },
      signal: order.signal,
      ...(order.body === undefined ? {} : { body: order.body }),
    })
  }

  async function call(order: HttpOrder, told: HttpOrder['headers']): Promise<HttpReply> {
    let url = order.url
    for (let redirects = 0; ; redirects += 1) {
      const { statusCode: status, headers, body } = await callOnce(order, url, told)
      // Whoever reads it is told; a body that nobody reads any more must not end the process.
      body.on('error', () => {})
      const next = REDIRECTS.has(status) ? readLocation(headers.location, url) : undefined
      if (next === undefined || next.origin !== url.origin || redirects === MAX_REDIRECTS) {
        return { status, headers, body: decompress(body, headers['content-encoding']) }
      }
      await body.dump()
      url = next
    }
  }

  const telling = (told: HttpOrder['headers']): HttpClient => ({
    call: (order) => call(order, told),
    telling: (more) => telling({ ...told, ...more }),
    close: () => agent.destroy(),
  })
  return telling({})
}

/** It was asked not to, but some servers compress all the same (trap 163). */
function decompress(body: Readable, encoding: string | string[] | undefined): Readable {
  const make = typeof encoding === 'string' ? DECOMPRESSORS[encoding.trim().toLowerCase()] : undefined
  if (make === undefined) return body
  const plain = make()
  body.once('error', (error) => plain.destroy(error))
  plain.once('close', () => body.destroy())
  return body.pipe(plain)
}

const DECOMPRESSORS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createUnzip({ flush: constants.Z_SYNC_FLUSH }),
  deflate: () => createUnzip({ flush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
}

function readLocation(location: string | string[] | undefined, base: URL): URL | undefined {
  return typeof location === 'string' && URL.canParse(location, base.href) ? new URL(location, base) : undefined
}
