/** Reads `NO_PROXY`: which servers are called without a proxy. */
import { BlockList, isIP } from 'node:net'

/** Whether a server is called directly; of the URL only host and port count. */
export type IsExempt = (url: URL) => boolean

/**
 * Entries stand between commas or blanks: `*` (all), a name (with everything below it, whether it begins with a dot or not), an
 * address, a range (`10.0.0.0/8`), each but the last with a port if it is for one alone. What is none of these fits nothing.
 *
 * Ranges fit addresses only: no name is resolved for them.
 *
 * @see https://curl.se/docs/manpage.html#--noproxy and https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
export function readNoProxy(text: string): IsExempt {
  const entries = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
  if (entries.length === 0) return () => false
  if (entries.includes('*')) return () => true
  const rules = entries.map(readEntry)
  return (url) => {
    const host = bareHost(url)
    const port = url.port !== '' ? url.port : url.protocol === 'https:' ? '443' : '80'
    return rules.some((fits) => fits(host, port))
  }
}

type Rule = (host: string, port: string) => boolean

function readEntry(entry: string): Rule {
  const range = readRange(entry)
  if (range !== undefined) return (host) => isIP(host) !== 0 && range.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4')
  const { host: written, port } = splitPort(entry)
  const isRightPort = (given: string): boolean => port === undefined || Number(port) === Number(given)
  if (isIP(written) !== 0) {
    // As URLs write it: an IPv6 address has many spellings.
    const address = bareHost(new URL(`http://${written.includes(':') ? `[${written}]` : written}`))
    return (host, given) => host === address && isRightPort(given)
  }
  const name = written.replace(/^\*?\./, '').replace(/\.$/, '')
  if (name === '') return () => false
  return (host, given) => isRightPort(given) && (host === name || (isIP(host) === 0 && host.endsWith(`.${name}`)))
}

function readRange(entry: string): BlockList | undefined {
  const [address = '', bits = '', ...more] = entry.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return
  const list = new BlockList()
  list.addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4')
  return list
}

function splitPort(entry: string): { readonly host: string; readonly port?: string } {
  const [, bracketed, behind] = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry) ?? []
  if (bracketed !== undefined) return behind === undefined ? { host: bracketed } : { host: bracketed, port: behind }
  const [, host, port] = /^([^:]*):(\d+)$/.exec(entry) ?? []
  return host === undefined || port === undefined ? { host: entry } : { host, port }
}

/** Without brackets and without the dot of the root. */
function bareHost(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
}
