/** Keeps the hub from being sent to addresses that only it can reach (M104, S5). */
import { lookup as resolveName } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** What a server may be reached at besides public addresses. */
export type AddressPolicy = 'public' | 'loopback' | 'private'

export class ForbiddenAddress extends Error {
  readonly code = 'ERR_FORBIDDEN_ADDRESS'

  constructor(host: string) {
    super(`${host} is or leads to an address that may not be called`)
    this.name = 'ForbiddenAddress'
  }
}

const LOOPBACK = listBlocks(['127.0.0.0', 8], ['::1', 128])

const PRIVATE = listBlocks(
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  // Shared by customers of one carrier.
  ['100.64.0.0', 10],
  ['198.18.0.0', 15],
  ['fc00::', 7],
)

/** Metadata of clouds, this host by another name, groups of hosts, what was set aside: nobody's server. */
const NEVER = listBlocks(
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['100.100.100.200', 32],
  ['::', 128],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
  ['fd00:ec2::254', 128],
  ['2001:db8::', 32],
  // Ways to write an IPv4 address within an IPv6 one.
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['2001::', 32],
)

export function isAllowedAddress(address: string, policy: AddressPolicy): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (isIP(address) === 0 || NEVER.check(address, family)) return false
  if (LOOPBACK.check(address, family)) return policy !== 'public'
  return policy === 'private' || !PRIVATE.check(address, family)
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

function listBlocks(...blocks: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [address, prefix] of blocks) list.addSubnet(address, prefix, address.includes(':') ? 'ipv6' : 'ipv4')
  return list
}
