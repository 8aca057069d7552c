import { expect } from 'chai'
import fc from 'fast-check'
import { type GuardedRequest, type GuardPolicy, judgeRequest } from '../../../src/access/guard.ts'

const POLICY: GuardPolicy = {
  boundHost: '127.0.0.1',
  allowedHosts: ['gateway.example'],
  allowedOrigins: ['https://app.example', 'vscode-webview://abc'],
  asksForKey: false,
}

function judge(headers: readonly (readonly [string, string])[], more: Partial<GuardedRequest> = {}) {
  return judgeRequest({ method: 'POST', rawHeaders: headers.flat(), remoteAddress: '127.0.0.1', ...more }, POLICY)
}
const OWN = ['Host', 'localhost:3456'] as const
const JSON_TYPE = ['Content-Type', 'application/json'] as const

describe('access/guard', () => {
  it('a program on this machine is welcome', () => {
    expect(judge([OWN])).to.equal(undefined)
    expect(judge([OWN], { remoteAddress: undefined })).to.equal(undefined)
  })

  describe('S1: Host', () => {
    const WELCOME = [
      'localhost',
      'LOCALHOST:1',
      'a.b.localhost:3456',
      '127.0.0.1:3456',
      '127.255.0.9',
      '[::1]',
      '[::1]:3456',
      '[::ffff:127.0.0.1]:80',
      'gateway.example',
      'Gateway.Example:8080',
    ]
    for (const host of WELCOME) {
      it(`${host} is ours`, () => expect(judge([['Host', host]])).to.equal(undefined))
    }

    const FOREIGN = [
      'evil.example',
      'localhost.evil.example',
      'evillocalhost',
      '127.0.0.1.evil.example',
      '10.0.0.1',
      '[::2]',
      '0.0.0.0:3456',
      '128.0.0.1',
      '127.0.0.256',
      '127.0.0',
      '127.0.0.01',
      '0x7f.0.0.1',
      '2130706433',
      'sub.gateway.example',
    ]
    for (const host of FOREIGN) {
      it(`DNS rebinding: ${host} is forbidden`, () => {
        expect(judge([['Host', host]])?.kind).to.equal('forbidden')
      })
    }

    const MALFORMED = [
      '',
      ' ',
      'localhost:3456/#@x',
      'localhost/',
      'a b',
      'user@localhost',
      '[::1',
      'localhost:',
      'localhost:123456',
      'é',
    ]
    for (const host of MALFORMED) {
      it(`F16: ${JSON.stringify(host)} is malformed`, () => {
        expect(judge([['Host', host]])?.kind).to.equal('bad-request')
      })
    }

    it('F16: none and two are malformed, also when they agree', () => {
      expect(judge([])?.kind).to.equal('bad-request')
      expect(judge([OWN, OWN])?.kind).to.equal('bad-request')
      expect(judge([OWN, ['host', 'evil.example']])?.kind).to.equal('bad-request')
    })

    it('the address that is bound is ours, whatever it is', () => {
      const request = { method: 'GET', rawHeaders: ['Host', '10.1.2.3:80'], remoteAddress: '127.0.0.1' }
      expect(judgeRequest(request, { ...POLICY, boundHost: '10.1.2.3' })).to.equal(undefined)
      const six = { method: 'GET', rawHeaders: ['Host', '[fd00::1]:80'], remoteAddress: '127.0.0.1' }
      expect(judgeRequest(six, { ...POLICY, boundHost: 'FD00::1' })).to.equal(undefined)
    })
  })

  describe('S2: web pages', () => {
    for (const origin of [
      'https://evil.example',
      'null',
      'http://localhost:3456',
      'https://app.example.evil',
      'https://APP.example',
      '',
    ]) {
      it(`the origin ${JSON.stringify(origin)} is not listed and forbidden, whatever it asks for`, () => {
        for (const method of ['GET', 'POST', 'OPTIONS', 'HEAD']) {
          expect(judge([OWN, ['Origin', origin], JSON_TYPE], { method })?.kind, method).to.equal('forbidden')
        }
      })
    }

    for (const origin of POLICY.allowedOrigins) {
      it(`the listed origin ${origin} is welcome, from wherever its page comes`, () => {
        for (const site of ['cross-site', 'same-site', 'same-origin']) {
          expect(judge([OWN, ['Origin', origin], ['Sec-Fetch-Site', site], JSON_TYPE])).to.equal(undefined)
        }
      })
    }

    it('a second origin is not covered by the first', () => {
      const headers = [OWN, ['Origin', 'https://app.example'], ['origin', 'https://evil.example'], JSON_TYPE] as const
      expect(judge(headers)?.kind).to.equal('forbidden')
    })

    for (const site of ['cross-site', 'same-site']) {
      it(`a ${site} fetch without origin is forbidden, as an image or a no-cors fetch makes it`, () => {
        expect(judge([OWN, ['Sec-Fetch-Site', site]], { method: 'GET' })?.kind).to.equal('forbidden')
      })
    }

    it('what the user typed into the browser, and the gateway’s own pages, may read', () => {
      for (const site of ['none', 'same-origin']) {
        expect(judge([OWN, ['Sec-Fetch-Site', site]], { method: 'GET' })).to.equal(undefined)
      }
    })

    it('a page that changes something must send JSON under its own name', () => {
      const page = [OWN, ['Sec-Fetch-Site', 'same-origin']] as const
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']) {
        expect(judge([...page, ['Content-Type', type]])?.kind, type).to.equal('forbidden')
      }
      expect(judge([...page, ['Content-Type', 'Application/JSON; charset=utf-8']])).to.equal(undefined)
    })

    it('A201: a program needs no content type', () => {
      expect(judge([OWN, ['Content-Type', 'application/x-www-form-urlencoded']], { method: 'PUT' })).to.equal(undefined)
    })
  })

  describe('S13, F32: whose address', () => {
    for (const remoteAddress of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1']) {
      it(`${remoteAddress} is this machine`, () => expect(judge([OWN], { remoteAddress })).to.equal(undefined))
    }
    for (const remoteAddress of ['10.0.0.1', '192.168.1.2', '::2', 'fe80::1', '::ffff:10.0.0.1', '0.0.0.0', '']) {
      it(`lesson 15: ${JSON.stringify(remoteAddress)} is not, and nothing is served to it without a key`, () => {
        expect(judge([OWN], { remoteAddress })?.kind).to.equal('forbidden')
      })
    }
    for (const name of ['X-Forwarded-For', 'x-forwarded-host', 'X-Forwarded-Proto', 'Forwarded', 'X-Real-IP']) {
      it(`a request with ${name} came through a tunnel and is forbidden, though its address is loopback`, () => {
        expect(judge([OWN, [name, '127.0.0.1']])?.kind).to.equal('forbidden')
      })
    }
  })

  it('F31: whatever the headers, only a Host of ours is ever welcome', () => {
    const header = fc.tuple(
      fc.constantFrom('Host', 'Origin', 'Sec-Fetch-Site', 'Content-Type', 'X-Forwarded-For', 'Accept'),
      fc.oneof(fc.constantFrom('localhost', '127.0.0.1', 'evil.example', 'null', 'cross-site', 'none'), fc.string()),
    )
    fc.assert(
      fc.property(fc.array(header), (headers) => {
        if (judge(headers) !== undefined) return
        const names = headers.map(([name]) => name)
        expect(names.filter((name) => name === 'Host')).to.have.length(1)
        expect(names).not.to.include('X-Forwarded-For')
        for (const [name, value] of headers) {
          if (name === 'Host') expect(value).to.match(/^(localhost|127\.0\.0\.1)/)
          if (name === 'Origin') expect(POLICY.allowedOrigins).to.include(value)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('no message repeats what was sent', () => {
    const seen = [judge([['Host', 'canary.example']]), judge([OWN, ['Origin', 'https://canary.example']])]
    for (const error of seen) expect(error?.message).to.be.a('string').and.not.include('canary')
  })
})
