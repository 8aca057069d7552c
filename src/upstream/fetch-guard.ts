/** Keeps what a stranger names from being fetched out of the networks that only we can reach. */
import dns from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

export interface FetchGuard {
  /** @throws FetchRefused for a URL that must not be called, as far as it shows without resolving its name. */
  check(url: URL): void
  /**
   * Resolves the name of this URL and judges every address that it has. What is connected to is what was judged: a name that
   * says something else the second time gains nothing. Not called for addresses; `check` judges those.
   */
  lookupFor(url: URL): LookupFunction
}

/** Why something is not called, as the end of a sentence that begins with its URL; it tells nothing of what lies there. */
export class FetchRefused extends Error {
  override readonly name = 'FetchRefused'
}

export interface FetchGuardOptions {
  /** Hosts, or hosts with their port, as URLs write them, that may lie in one's own network. */
  readonly allowedHosts: readonly string[]
  /** Instead of the system's name resolution. */
  readonly resolve?: typeof dns.lookup
}

/** Nobody has pictures there, but clouds have passwords (S5). */
const NEVER = blockListOf([
  '0.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/3',
  'fe80::/10',
  'ff00::/8',
  'fd00:ec2::254/128',
  '::/128',
])

/** @see https://www.iana.org/assignments/iana-ipv4-special-registry and https://www.iana.org/assignments/iana-ipv6-special-registry */
const NOT_PUBLIC = blockListOf([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  // All that hold an IPv4 address in some form are refused, whichever it is.
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fec0::/10',
])

const NOT_PUBLIC_REASON = 'it does not lie on the public internet'

export function createFetchGuard({ allowedHosts, resolve = dns.lookup }: FetchGuardOptions): FetchGuard {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()))
  const isAllowed = (url: URL): boolean => allowed.has(url.host) || allowed.has(url.hostname)

  function isRefused(address: string, url: URL): boolean {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    return NEVER.check(address, family) || (!isAllowed(url) && NOT_PUBLIC.check(address, family))
  }

  return {
    check(url) {
      if (url.protocol !== 'http:' && url.protocol !== 'https:')
        throw new FetchRefused('only http and https are fetched')
      if (url.username !== '' || url.password !== '') throw new FetchRefused('it holds a name or password')
      const address = url.hostname.replace(/^\[(.*)\]$/, '$1')
      if (isIP(address) !== 0 && isRefused(address, url)) throw new FetchRefused(NOT_PUBLIC_REASON)
    },
    lookupFor: (url) => (hostname, options, callback) => {
      resolve(hostname, { ...options, all: true }, (error, addresses) => {
        if (error !== null) return callback(error, '', 0)
        const [first] = addresses
        if (first === undefined || addresses.some(({ address }) => isRefused(address, url))) {
          return callback(new FetchRefused(NOT_PUBLIC_REASON), '', 0)
        }
        if (options.all === true) callback(null, addresses)
        else callback(null, first.address, first.family)
      })
    },
  }
}

function blockListOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}
