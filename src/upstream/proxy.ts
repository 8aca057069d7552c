/** A proxy between us and a provider. */
import { parseProxyUrl } from '../providers/proxy-url.ts'

export interface OutboundProxy {
  readonly protocol: 'http:' | 'https:'
  /** An IPv6 address without its brackets. */
  readonly hostname: string
  readonly port: string
  /** Host and port, as people are told them. */
  readonly host: string
  /** Value of `proxy-authorization`; absent: it asks for none. */
  readonly authorization?: string
  /** Tells it from any other one. With its password, and so for nobody's eyes. */
  readonly key: string
}

/** @throws Error in one sentence, without anything of `text`. */
export function readProxy(text: string): OutboundProxy {
  const url = parseProxyUrl(text)
  const protocol = url.protocol === 'https:' ? 'https:' : 'http:'
  const port = url.port !== '' ? url.port : protocol === 'https:' ? '443' : '80'
  const hasCredentials = url.username !== '' || url.password !== ''
  const credentials = `${decodePart(url.username)}:${decodePart(url.password)}`
  return {
    protocol,
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port,
    host: `${url.hostname}:${port}`,
    ...(hasCredentials ? { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } : {}),
    key: `${protocol}//${credentials}@${url.hostname}:${port}`,
  }
}

/** A password with a per cent sign that means itself is taken as it stands. */
function decodePart(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
