import { expect } from 'chai'
import fc from 'fast-check'
import { createProxyChoice } from '../../../src/upstream/proxy-choice.ts'

const HTTPS = 'https://api.example.com/v1'
const HTTP = 'http://models.example.com:8000'
const DIRECT = undefined

describe('which proxy a call takes', () => {
  interface Row {
    readonly title: string
    readonly environment?: Readonly<Record<string, string>>
    readonly proxyUrl?: string
    readonly own?: string
    readonly url?: string
    readonly host: string | undefined
  }
  const A = { HTTPS_PROXY: 'http://s:1', HTTP_PROXY: 'http://p:2', ALL_PROXY: 'http://all:3' }
  const ROWS: readonly Row[] = [
    { title: 'none where nothing is said', host: DIRECT },
    { title: 'HTTPS_PROXY for https', environment: A, host: 's:1' },
    { title: 'HTTP_PROXY for http', environment: A, url: HTTP, host: 'p:2' },
    { title: 'HTTP_PROXY not for https', environment: { HTTP_PROXY: 'http://p:2' }, host: DIRECT },
    { title: 'ALL_PROXY for the rest', environment: { ALL_PROXY: 'http://all:3' }, url: HTTP, host: 'all:3' },
    { title: 'lower case before upper case', environment: { ...A, https_proxy: 'http://low:4' }, host: 'low:4' },
    { title: 'a variable without a scheme', environment: { HTTPS_PROXY: 'corp.proxy:3128' }, host: 'corp.proxy:3128' },
    { title: 'a variable without a port', environment: { HTTPS_PROXY: 'https://corp.proxy' }, host: 'corp.proxy:443' },
    { title: 'an empty variable says nothing', environment: { ...A, HTTPS_PROXY: ' ' }, host: 'all:3' },
    { title: 'proxy_url before the environment', environment: A, proxyUrl: 'http://file:5', url: HTTP, host: 'file:5' },
    {
      title: "the provider's own before both",
      environment: A,
      proxyUrl: 'http://file:5',
      own: 'http://own:6',
      host: 'own:6',
    },
    { title: 'none where the own one is empty', environment: A, proxyUrl: 'http://file:5', own: '', host: DIRECT },
    { title: 'none where NO_PROXY says so', environment: { ...A, NO_PROXY: '.example.com' }, host: DIRECT },
    { title: 'no_proxy in lower case', environment: { ...A, no_proxy: 'example.com' }, host: DIRECT },
    { title: 'NO_PROXY before proxy_url', environment: { NO_PROXY: '*' }, proxyUrl: 'http://file:5', host: DIRECT },
    { title: "NO_PROXY before the provider's own", environment: { NO_PROXY: '*' }, own: 'http://own:6', host: DIRECT },
    { title: 'a proxy at an IPv6 address', environment: { HTTPS_PROXY: 'http://[fd00::1]:8' }, host: '[fd00::1]:8' },
  ]
  for (const { title, environment = {}, proxyUrl, own, url = HTTPS, host } of ROWS) {
    it(`F58: ${title}`, () => {
      const { choose, problems } = createProxyChoice({ environment, ...(proxyUrl === undefined ? {} : { proxyUrl }) })
      expect(choose(new URL(url), own)?.host).to.equal(host)
      // Remembered, not decided anew.
      expect(choose(new URL(url), own)).to.equal(choose(new URL(url), own))
      expect(problems).to.deep.equal([])
    })
  }

  const OWN_MACHINE = [
    'localhost',
    'x.localhost',
    '127.0.0.1',
    '127.9.9.9',
    '2130706433',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0.0.0.0',
  ]
  for (const host of OWN_MACHINE) {
    it(`F58: ${host} is this machine, and never called through a proxy`, () => {
      const { choose } = createProxyChoice({ environment: A, proxyUrl: 'http://file:5' })
      expect(choose(new URL(`http://${host}:11434`), undefined)).to.equal(DIRECT)
      expect(choose(new URL(`https://${host}`), 'http://own:6')).to.equal(DIRECT)
    })
  }

  it('S10: a proxy of another kind is told without its address, and the next variable counts', () => {
    const environment = { HTTPS_PROXY: 'socks5://user:canary@p:1', ALL_PROXY: 'http://all:3' }
    const { choose, problems } = createProxyChoice({ environment })
    expect(choose(new URL(HTTPS), undefined)?.host).to.equal('all:3')
    expect(problems).to.deep.equal([
      'HTTPS_PROXY is not obeyed: expected a proxy whose URL begins with http:// or https://',
    ])
  })

  it('credentials become what Basic asks for, whatever they are made of', () => {
    const part = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.isWellFormed())
    fc.assert(
      fc.property(part, part, (name, password) => {
        const proxyUrl = `http://${encodeURIComponent(name)}:${encodeURIComponent(password)}@p:1`
        const proxy = createProxyChoice({ environment: {}, proxyUrl }).choose(new URL(HTTPS), undefined)
        const [scheme, code = ''] = proxy?.authorization?.split(' ') ?? []
        expect(scheme).to.equal('Basic')
        expect(Buffer.from(code, 'base64').toString()).to.equal(`${name}:${password}`)
        expect(proxy?.host).to.equal('p:1')
      }),
    )
  })

  it('a per cent sign that means itself is no fault', () => {
    const proxy = createProxyChoice({ environment: {}, proxyUrl: 'http://me:100%@p:1' }).choose(
      new URL(HTTPS),
      undefined,
    )
    expect(proxy?.authorization).to.equal(`Basic ${Buffer.from('me:100%').toString('base64')}`)
  })
})
