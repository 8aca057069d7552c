import { expect } from 'chai'
import { type AddressKind, addressKind } from '../../../src/upstream/address-kind.ts'

/** First and last of each block, and their neighbours outside. */
const ROWS: readonly (readonly [AddressKind, readonly string[]])[] = [
  ['public', ['1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '128.0.0.0', '172.15.255.255']],
  ['public', ['172.32.0.0', '192.167.255.255', '198.20.0.0', '223.255.255.255', '2606:4700::1', '2a00::1']],
  ['loopback', ['127.0.0.0', '127.255.255.255', '::1', '::ffff:127.0.0.1']],
  ['private', ['10.0.0.0', '10.255.255.255', '100.64.0.0', '100.127.255.255', '172.16.0.0', '172.31.255.255']],
  ['private', ['192.168.255.255', '198.19.255.255', 'fc00::', 'fdff::1', '::ffff:10.0.0.1']],
  [
    'reserved',
    ['192.0.2.1', '203.0.113.9', '::127.0.0.1', '64:ff9b::7f00:1', '2001::1', '2001:db8::1', '2002:7f00:1::'],
  ],
  ['never', ['0.0.0.0', '169.254.169.254', '::ffff:169.254.169.254', '100.100.100.200', 'fd00:ec2::254', '::']],
  ['never', ['224.0.0.1', '255.255.255.255', 'fe80::1', 'ff02::1', 'metadata.internal', '', '127.1']],
]

describe('kinds of addresses', () => {
  for (const [kind, addresses] of ROWS) {
    for (const address of addresses) {
      it(`S5, M104: ${address === '' ? 'nothing' : address} is ${kind}`, () =>
        expect(addressKind(address)).to.equal(kind))
    }
  }
})
