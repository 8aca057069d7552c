import { expect } from 'chai'
import {
  type AddressPolicy,
  guardedLookup,
  isAllowedAddress,
  judgeUrl,
} from '../../../../src/mcp/upstream/address-guard.ts'
import { createClosing } from '../../../support/close-all.ts'
import { sendJson, startHttpServer } from '../../../support/mcp-upstream/http-server.ts'
import { startServers, TestClient } from '../../../support/mcp-upstream/servers.ts'

const POLICIES: readonly AddressPolicy[] = ['public', 'loopback', 'private']

/** Under which policies an address may be called. */
const ADDRESSES: readonly (readonly [string, readonly AddressPolicy[]])[] = [
  ['93.184.216.34', POLICIES],
  ['2606:2800:220:1:248:1893:25c8:1946', POLICIES],
  ['127.0.0.1', ['loopback', 'private']],
  ['127.8.9.1', ['loopback', 'private']],
  ['::1', ['loopback', 'private']],
  ['::ffff:127.0.0.1', ['loopback', 'private']],
  ['10.1.2.3', ['private']],
  ['172.31.0.1', ['private']],
  ['192.168.1.1', ['private']],
  ['::ffff:192.168.1.1', ['private']],
  ['100.64.0.1', ['private']],
  ['fd12:3456::1', ['private']],
  ['169.254.169.254', []],
  ['::ffff:169.254.169.254', []],
  ['fe80::1', []],
  ['fd00:ec2::254', []],
  ['100.100.100.200', []],
  ['0.0.0.0', []],
  ['::', []],
  ['224.0.0.1', []],
  ['255.255.255.255', []],
  ['64:ff9b::a9fe:a9fe', []],
  ['2002:7f00:1::', []],
]

describe('the guard of addresses', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  for (const [address, allowed] of ADDRESSES) {
    it(`M104 ${address} may be called by ${allowed.length === 0 ? 'nobody' : allowed.join(' and ')}`, () => {
      expect(POLICIES.filter((policy) => isAllowedAddress(address, policy))).to.deep.equal(allowed)
    })
  }

  it('M104 a literal address is judged too, however it is written', () => {
    for (const host of ['127.0.0.1', '0x7f.1', '2130706433', '[::1]', '[::ffff:7f00:1]']) {
      expect(() => judgeUrl(new URL(`http://${host}/`), 'public'), host).to.throw('may not be called')
    }
  })

  it('M104 of a name every address is judged, and only what was judged is handed on', async () => {
    const resolve = (addresses: readonly string[]) => (_host: string, _options: object, done: any) =>
      done(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      )
    const look = (addresses: readonly string[]) =>
      new Promise((settle) =>
        guardedLookup('public', resolve(addresses) as never)('x.example', {}, (error, address) =>
          settle(error ?? address),
        ),
      )
    expect(await look(['93.184.216.34'])).to.equal('93.184.216.34')
    expect(await look(['93.184.216.34', '10.0.0.1'])).to.be.instanceOf(Error)
  })

  const OWNERS = [
    ['the file', 'file', {}, true],
    ['the management API', 'admin', {}, false],
    ['the management API, with allowPrivate', 'admin', { allowPrivate: true }, true],
  ] as const
  for (const [title, owner, more, isCalled] of OWNERS) {
    it(`M104 a server on this machine named by ${title} is ${isCalled ? 'called' : 'refused'}`, async () => {
      const http = await startHttpServer(closing, ({ body }, response) =>
        sendJson(response, {
          jsonrpc: '2.0',
          id: body.id,
          result: { capabilities: {}, protocolVersion: '2025-11-25' },
        }),
      )
      const { servers, configure } = await startServers(closing, {})
      configure('s', { url: http.url.replace('127.0.0.1', 'localhost'), ...more }, owner)
      const outcome = await TestClient.open(servers, 's').catch((error: Error) => error)
      if (isCalled) expect(outcome).to.be.instanceOf(TestClient)
      else expect(outcome).to.have.property('message').that.includes('may not be called')
      expect(http.seen.length > 0).to.equal(isCalled)
    })
  }
})
