/** What lies behind an address; the one table by which everybody judges whom the gateway may be sent to (S5, M104). */
import { BlockList, isIP } from 'node:net'

/**
 * `never`: metadata of clouds, this host by another name, neighbours on the wire, groups of hosts: nobody's server.
 * `reserved`: set aside for something else, or an IPv4 address in disguise.
 */
export type AddressKind = 'public' | 'loopback' | 'private' | 'reserved' | 'never'

/**
 * The first that fits: a password service of a cloud lies within a private network.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry and https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const KINDS: readonly (readonly [AddressKind, BlockList])[] = [
  [
    'never',
    blocksOf(
      '0.0.0.0/8',
      '100.100.100.200/32',
      '169.254.0.0/16',
      '224.0.0.0/3',
      '::/128',
      'fd00:ec2::254/128',
      'fe80::/10',
      'ff00::/8',
    ),
  ],
  ['loopback', blocksOf('127.0.0.0/8', '::1/128')],
  [
    'private',
    // The third is shared by customers of one carrier, the fourth by machines that are measured.
    blocksOf('10.0.0.0/8', '172.16.0.0/12', '100.64.0.0/10', '198.18.0.0/15', '192.168.0.0/16', 'fc00::/7'),
  ],
  [
    'reserved',
    blocksOf(
      '192.0.0.0/24',
      '192.0.2.0/24',
      '192.88.99.0/24',
      '198.51.100.0/24',
      '203.0.113.0/24',
      '::/96',
      '64:ff9b::/96',
      '64:ff9b:1::/48',
      '100::/64',
      '2001::/23',
      '2001:db8::/32',
      '2002::/16',
      'fec0::/10',
    ),
  ],
]

/** @param address of either family; IPv4 within IPv6 (`::ffff:`) is judged as IPv4. What is no address is `never`. */
export function addressKind(address: string): AddressKind {
  const version = isIP(address)
  if (version === 0) return 'never'
  const family = version === 6 ? 'ipv6' : 'ipv4'
  return KINDS.find(([, blocks]) => blocks.check(address, family))?.[0] ?? 'public'
}

function blocksOf(...ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}
