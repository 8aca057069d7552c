/** Keeps the hub from being sent to addresses that only it can reach (M104, S5). */
import { lookup as resolveName } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { type AddressKind, addressKind } from '../../upstream/address-kind.ts'

/** What a server may be reached at besides public addresses. */
export type AddressPolicy = 'public' | 'loopback' | 'private'

export class ForbiddenAddress extends Error {
  readonly code = 'ERR_FORBIDDEN_ADDRESS'

  constructor(host: string) {
    super(`${host} is or leads to an address that may not be called`)
    this.name = 'ForbiddenAddress'
  }
}

/** What each policy adds to the public addresses; the other kinds are nobody's server. */
const ADDED: Readonly<Record<AddressPolicy, readonly AddressKind[]>> = {
  public: [],
  loopback: ['loopback'],
  private: ['loopback', 'private'],
}

export function isAllowedAddress(address: string, policy: AddressPolicy): boolean {
  const kind = addressKind(address)
  return kind === 'public' || ADDED[policy].includes(kind)
}

/**
 * Resolves names for sockets, judging every address: the one that was judged is the one that is connected to, so that a
 * name cannot change its mind in between.
 *
 * @param resolve the system's resolver, unless a test says otherwise.
 */
export function guardedLookup(policy: AddressPolicy, resolve: typeof resolveName = resolveName): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      if (error !== null || first === undefined) {
        callback(error ?? new ForbiddenAddress(host), '')
      } else if (!addresses.every(({ address }) => isAllowedAddress(address, policy))) {
        callback(new ForbiddenAddress(host), '')
      } else if (options.all === true) {
        callback(null, addresses)
      } else {
        callback(null, first.address, first.family)
      }
    })
  }
}

/** For an address that stands in the URL itself, which no resolver sees. @throws ForbiddenAddress */
export function judgeUrl(url: URL, policy: AddressPolicy): void {
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
  if (isIP(host) !== 0 && !isAllowedAddress(host, policy)) throw new ForbiddenAddress(host)
}
