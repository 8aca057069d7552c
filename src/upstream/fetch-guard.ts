/** Keeps what a stranger names from being fetched out of the networks that only we can reach. */
import dns from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { addressKind } from './address-kind.ts'

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

const NOT_PUBLIC_REASON = 'it does not lie on the public internet'

export function createFetchGuard({ allowedHosts, resolve = dns.lookup }: FetchGuardOptions): FetchGuard {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()))
  const isAllowed = (url: URL): boolean => allowed.has(url.host) || allowed.has(url.hostname)

  function isRefused(address: string, url: URL): boolean {
    const kind = addressKind(address)
    // Nobody has pictures there, but clouds have passwords (S5).
    return kind === 'never' || (kind !== 'public' && !isAllowed(url))
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
