import type dns from 'node:dns'
import type { LookupAddress } from 'node:dns'
import { expect } from 'chai'
import { createFetchGuard, FetchRefused } from '../../../src/upstream/fetch-guard.ts'

/** A system that resolves every name to these addresses. */
const resolving = (...addresses: string[]): typeof dns.lookup =>
  ((_name: string, _options: object, callback: (error: null, found: LookupAddress[]) => void) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as unknown as typeof dns.lookup

function lookUp(
  addresses: readonly string[],
  url = 'http://pictures.test/x.png',
  allowedHosts: readonly string[] = [],
) {
  const guard = createFetchGuard({ allowedHosts, resolve: resolving(...addresses) })
  return new Promise<unknown>((settle) => {
    guard.lookupFor(new URL(url))('pictures.test', { all: true }, (error, found) => settle(error ?? found))
  })
}

describe('what is fetched for a stranger', () => {
  const check =
    (url: string, allowedHosts: readonly string[] = []) =>
    () =>
      createFetchGuard({ allowedHosts }).check(new URL(url))

  const REFUSED = [
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://10.1.2.3/',
    'http://172.31.255.255/',
    'http://192.168.0.1/',
    'http://100.64.0.1/',
    'http://198.18.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://0.0.0.0/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[2002:7f00:1::]/',
    'http://[2001:0:7f00:1::]/',
    'http://[fc00::1]/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
    'http://[fec0::1]/',
    'http://[ff02::1]/',
    'ftp://pictures.test/x.png',
    'file:///etc/passwd',
    'http://user:secret@pictures.test/',
  ]
  for (const url of REFUSED) it(`S5: ${url} is not called`, () => expect(check(url)).to.throw(FetchRefused))

  const TAKEN = [
    'http://93.184.216.34/',
    'https://[2606:2800:220:1::1]/',
    'https://pictures.test/',
    'http://172.32.0.1/',
  ]
  for (const url of TAKEN) it(`${url} may be called`, () => expect(check(url)).to.not.throw())

  it('S5: one address among many that is not public refuses the name', async () => {
    for (const bad of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:10.0.0.1', 'fd12::1'])
      expect(await lookUp(['93.184.216.34', bad]), bad).to.be.instanceOf(FetchRefused)
  })

  it('S5: what was judged is what is connected to', async () => {
    expect(await lookUp(['93.184.216.34', '2606:2800:220:1::1'])).to.deep.equal([
      { address: '93.184.216.34', family: 4 },
      { address: '2606:2800:220:1::1', family: 6 },
    ])
  })

  it('a name without any address is refused', async () => {
    expect(await lookUp([])).to.be.instanceOf(FetchRefused)
  })

  describe('hosts of one’s own network', () => {
    it('are called when they are named, with their port if it was named with one', () => {
      expect(check('http://127.0.0.1:8080/x', ['127.0.0.1:8080'])).to.not.throw()
      expect(check('http://127.0.0.1:8081/x', ['127.0.0.1:8080'])).to.throw(FetchRefused)
      expect(check('http://192.168.1.5:9/x', ['192.168.1.5'])).to.not.throw()
    })

    it('may lie where their names say', async () => {
      const found = await lookUp(['10.0.0.7'], 'http://pictures.test/', ['Pictures.Test'])
      expect(found).to.deep.equal([{ address: '10.0.0.7', family: 4 }])
    })

    it('S5: never lie where clouds keep passwords', async () => {
      expect(await lookUp(['169.254.169.254'], 'http://pictures.test/', ['pictures.test'])).to.be.instanceOf(
        FetchRefused,
      )
      expect(check('http://169.254.169.254/', ['169.254.169.254'])).to.throw(FetchRefused)
      expect(check('http://[fd00:ec2::254]/', ['[fd00:ec2::254]'])).to.throw(FetchRefused)
    })
  })
})
