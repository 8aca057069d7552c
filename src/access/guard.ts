/** Who may speak to a gateway: without a key programs of this machine only, and in no case a web page that is not listed. */
import type { ApiError } from '../../protocols/ir/error.ts'

/** What is looked at; nothing of it is trusted but the socket's address. */
export interface GuardedRequest {
  readonly method: string
  /** Name and value by turns, as they came: doubled headers are seen here only. */
  readonly rawHeaders: readonly string[]
  /** Absent for a Unix socket, which counts as this machine. */
  readonly remoteAddress: string | undefined
}

export interface GuardPolicy {
  /** The address that the gateway listens on. */
  readonly boundHost: string
  /** Names under which it may be called besides those of this machine; lower case, without port. */
  readonly allowedHosts: readonly string[]
  /** Web origins that may call it, exactly as browsers send them. */
  readonly allowedOrigins: readonly string[]
  /** Everybody is asked for a key: callers may then come from anywhere, under any name, through proxies. */
  readonly asksForKey: boolean
  /**
   * It is MCP, whose servers act on this machine: the Host is judged with a key, too, and pages that this machine serves
   * itself, at whatever port, may call.
   */
  readonly isMcp?: boolean
}

const FORWARDING: ReadonlySet<string> = new Set(['forwarded', 'x-real-ip'])

/** Methods with which a page can ask without changing anything. */
const HARMLESS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** A name or an address in brackets, and perhaps a port: nothing else may stand in a Host header. */
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/

/**
 * Judges where a request comes from. Cheap enough to stand before everything else, on every path.
 *
 * It holds off DNS rebinding (a page's own name that points here), pages that fetch from loopback, and tunnels that
 * would open the gateway to the world.
 *
 * @returns the error to answer with; nothing when the request is welcome.
 */
export function judgeRequest(request: GuardedRequest, policy: GuardPolicy): ApiError | undefined {
  const seen = readHeaders(request.rawHeaders)
  if (seen.hosts.length !== 1) return refuse('bad-request', 'A request needs exactly one Host header.')
  const host = HOST.exec((seen.hosts[0] ?? '').toLowerCase())?.[1]
  if (host === undefined) return refuse('bad-request', 'The Host header is malformed.')

  // A page that only pretends to be of this host does not know the key.
  if (policy.asksForKey && policy.isMcp !== true) return judgePage(seen, request.method, policy)
  if (policy.asksForKey) return isOwnHost(host, policy) ? judgePage(seen, request.method, policy) : refuseHost()
  if (request.remoteAddress !== undefined && !isLoopbackAddress(request.remoteAddress)) {
    return refuse('forbidden', 'Without an API key the gateway serves programs on its own machine only.')
  }
  if (seen.forwarded) {
    return refuse('forbidden', 'Without an API key the gateway serves no requests that came through a proxy or tunnel.')
  }
  if (!isOwnHost(host, policy)) return refuseHost()
  return judgePage(seen, request.method, policy)
}

function judgePage(seen: SeenHeaders, method: string, policy: GuardPolicy): ApiError | undefined {
  const listed = seen.origins.length > 0 && seen.origins.every((origin) => isOwnPage(origin, policy))
  if (seen.origins.length > 0 && !listed) {
    return refuse('forbidden', 'Web pages may not call this gateway: their origin is not allowed.')
  }
  if (!listed && seen.sites.some((site) => site === 'cross-site' || site === 'same-site')) {
    return refuse('forbidden', 'Web pages of other sites may not call this gateway.')
  }
  const fromPage = seen.origins.length > 0 || seen.sites.length > 0
  // A form or a no-cors fetch cannot send JSON under its own name.
  if (fromPage && !HARMLESS.has(method) && !isJson(seen.contentType)) {
    return refuse('forbidden', 'A web page must send its request as application/json.')
  }
  return undefined
}

interface SeenHeaders {
  readonly hosts: string[]
  readonly origins: string[]
  readonly sites: string[]
  contentType: string
  forwarded: boolean
}

function readHeaders(rawHeaders: readonly string[]): SeenHeaders {
  const seen: SeenHeaders = { hosts: [], origins: [], sites: [], contentType: '', forwarded: false }
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    const value = rawHeaders[index + 1] ?? ''
    if (name === 'host') seen.hosts.push(value)
    else if (name === 'origin') seen.origins.push(value)
    else if (name === 'sec-fetch-site') seen.sites.push(value)
    else if (name === 'content-type') seen.contentType = value
    else if (FORWARDING.has(name) || name.startsWith('x-forwarded-')) seen.forwarded = true
  }
  return seen
}

function isJson(contentType: string): boolean {
  return contentType.split(';', 1)[0]?.trim().toLowerCase() === 'application/json'
}

function isOwnHost(host: string, policy: GuardPolicy): boolean {
  const bare = host.startsWith('[') ? host.slice(1, -1) : host
  if (bare === 'localhost' || bare.endsWith('.localhost')) return true
  if (isLoopbackAddress(bare)) return true
  return bare === policy.boundHost.toLowerCase() || policy.allowedHosts.includes(bare)
}

/** `null`, which sandboxed pages and files send, is foreign. */
function isOwnPage(origin: string, policy: GuardPolicy): boolean {
  if (policy.allowedOrigins.includes(origin)) return true
  if (policy.isMcp !== true) return false
  const authority = /^https?:\/\/(.+)$/.exec(origin.toLowerCase())?.[1]
  const host = authority === undefined ? undefined : HOST.exec(authority)?.[1]
  return host !== undefined && isOwnHost(host, policy)
}

/** 127.0.0.0/8, ::1, and the former written as IPv6. */
function isLoopbackAddress(address: string): boolean {
  if (address === '::1') return true
  const v4 = address.toLowerCase().startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
  const numbers = v4.split('.')
  return numbers.length === 4 && numbers[0] === '127' && numbers.every(isByte)
}

function isByte(text: string): boolean {
  return /^(?:0|[1-9]\d{0,2})$/.test(text) && Number(text) <= 255
}

function refuseHost(): ApiError {
  return refuse('forbidden', 'The Host header names a host that this gateway does not answer for.')
}

function refuse(kind: ApiError['kind'], message: string): ApiError {
  return { kind, message, source: 'proxy' }
}
