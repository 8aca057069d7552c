/** Writes down where a call goes and with which headers. */
import { TRANSPORT_HEADERS } from '../http/transport-headers.ts'
import { joinUrl } from '../providers/join-url.ts'
import type { RoutedCall } from './connections.ts'
import type { Place } from './explain-failure.ts'
import type { ChooseProxy } from './proxy-choice.ts'
import type { UpstreamCall } from './upstream.ts'

/** Headers that are ours to say, whatever the client's protocol would let through. */
const OURS: ReadonlySet<string> = new Set([
  ...TRANSPORT_HEADERS,
  'authorization',
  'content-encoding',
  'cookie',
  'forwarded',
  'user-agent',
])

export interface WrittenCall {
  /** In undici's words. */
  readonly written: RoutedCall
  readonly place: Place
}

export interface WritingOptions {
  readonly userAgent: string
  readonly chooseProxy: ChooseProxy
}

/**
 * Joins base URL and address, and puts the headers together: those of the protocol, those of the client over them, those
 * configured for the provider over both, and last what is ours alone (credentials, encoding, name).
 *
 * A call that a proxy passes on, and not just its bytes, names the whole URL and brings what the proxy asks for (RFC 9112, section 3.2.2).
 */
export function writeCall(call: UpstreamCall, { userAgent, chooseProxy }: WritingOptions): WrittenCall {
  const { target, address } = call
  const { provider } = target
  const url = new URL(joinUrl(provider.baseUrl, address.path))
  const headers: Record<string, string> = { ...address.headers }
  for (const name of Object.keys(call.headers)) {
    const value = call.headers[name]
    if (value === undefined || OURS.has(name) || name === provider.auth.header || name.startsWith('x-forwarded-'))
      continue
    headers[name] = value
  }
  headers['user-agent'] = userAgent
  Object.assign(headers, provider.headers)
  // An event must not wait for a block of the compressor to fill up.
  headers['accept-encoding'] = call.stream ? 'identity' : 'gzip, deflate, br'
  if (target.key !== undefined) headers[provider.auth.header] = provider.auth.prefix + target.key.secret

  const proxy = chooseProxy(url, provider.proxyUrl)
  const isPassedOn = proxy !== undefined && url.protocol === 'http:'
  if (isPassedOn && proxy.authorization !== undefined) headers['proxy-authorization'] = proxy.authorization
  const path = url.pathname + (address.query === '' ? '' : `?${address.query}`)

  return {
    written: {
      origin: url.origin,
      ...(proxy === undefined ? {} : { proxy }),
      path: isPassedOn ? url.origin + path : path,
      method: address.method,
      headers,
      body: address.method === 'GET' || call.body.length === 0 ? null : call.body,
    },
    place: {
      provider: provider.name,
      host: url.port === '' ? `${url.hostname}:${defaultPort(url)}` : url.host,
      ...(proxy === undefined ? {} : { proxy: proxy.host }),
    },
  }
}

function defaultPort(url: URL): string {
  return url.protocol === 'https:' ? '443' : '80'
}
