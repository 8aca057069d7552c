import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import type { AppOptions } from '../../src/app/app-options.ts'
import { createClosing, makeTempDir } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { openaiAnswer, openaiBody, openaiStream } from '../support/openai-fake.ts'
import { runProgram } from '../support/program.ts'
import { type RecordingProxyOptions, startRecordingProxy } from '../support/recording-proxy.ts'
import { HELLO } from '../support/said.ts'
import { TEST_CERTIFICATE, TEST_KEY } from '../support/test-certificate.ts'
import { CLIENTS, OPENAI, post } from './clients.ts'

const CANARY = 'canary-of-the-proxy'
const CREDENTIALS = `someone:${CANARY}`
/** What must never be seen: the password, and what is sent in its place. */
const SECRETS = [CANARY, Buffer.from(CREDENTIALS).toString('base64')]

describe('a gateway behind a proxy', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  const startProvider = async () =>
    closing.add(
      await startFakeProvider(({ json }) => (json?.stream === true ? openaiStream(HELLO) : openaiAnswer(HELLO))),
      (fake) => fake.close(),
    )
  const start = (baseUrl: string, config: object, options: Partial<AppOptions> = {}, provider: object = {}) =>
    startGateway(
      closing,
      {
        providers: [{ name: 'far', api_base_url: baseUrl, protocol: 'openai-chat', api_key: 'sk-far', ...provider }],
        routes: { default: 'far/gpt-x' },
        ...config,
      },
      options,
    )
  const withCredentials = (url: string) => url.replace('://', `://${CREDENTIALS}@`)

  async function expectSecretsKept(gateway: TestGateway, ...shown: string[]): Promise<void> {
    const pages = ['/providers', '/providers/far', '/', '/health'].map(async (path) => {
      return (await fetch(gateway.url + path)).text()
    })
    const logged = gateway.lines.map(
      ({ fields, message }) => message + JSON.stringify(fields) + String(fields.err?.stack),
    )
    const all = [...shown, ...(await Promise.all(pages)), ...logged].join('\n')
    for (const secret of SECRETS) expect(all).to.not.include(secret)
  }

  interface Row {
    readonly title: string
    readonly config?: (proxyUrl: string) => object
    readonly provider?: (proxyUrl: string) => object
    readonly environment?: (proxyUrl: string) => Record<string, string>
    readonly isUsed: boolean
  }
  const ROWS: readonly Row[] = [
    { title: 'proxy_url', config: (proxy_url) => ({ proxy_url }), isUsed: true },
    { title: "the provider's proxy_url", provider: (proxy_url) => ({ proxy_url }), isUsed: true },
    { title: 'HTTP_PROXY', environment: (url) => ({ HTTP_PROXY: url }), isUsed: true },
    { title: 'ALL_PROXY', environment: (url) => ({ ALL_PROXY: url }), isUsed: true },
    {
      title: 'an empty proxy_url of the provider',
      config: (proxy_url) => ({ proxy_url }),
      provider: () => ({ proxy_url: '' }),
      environment: (url) => ({ ALL_PROXY: url }),
      isUsed: false,
    },
    {
      title: 'NO_PROXY',
      config: (proxy_url) => ({ proxy_url }),
      environment: () => ({ NO_PROXY: 'other.org,.example' }),
      isUsed: false,
    },
  ]
  for (const { title, config, provider, environment, isUsed } of ROWS) {
    it(`A176, F58, S10: ${title} ${isUsed ? 'leads through it' : 'leads past it'}, plain and streaming`, async () => {
      const far = await startProvider()
      const proxy = await startRecordingProxy(closing, far.port, { credentials: CREDENTIALS })
      const url = withCredentials(proxy.url)
      // Whoever calls directly finds the provider too: the name is resolved to this machine.
      const lookup: NonNullable<AppOptions['upstream']>['lookup'] = (_name, options, done) =>
        options.all === true ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)
      const gateway = await start(
        `http://models.example:${far.port}/v1`,
        config?.(url) ?? {},
        { environment: environment?.(url) ?? {}, upstream: { lookup } },
        provider?.(url) ?? {},
      )
      for (const client of CLIENTS) {
        for (const stream of [false, true]) {
          const answer = await post(gateway.url + client.path, { ...client.body, stream })
          expect(answer.status, answer.text).to.equal(200)
          expect(answer.text).to.include('Hello')
        }
      }
      expect(far.requests).to.have.length(CLIENTS.length * 2)
      expect(proxy.asked).to.have.length(isUsed ? CLIENTS.length * 2 : 0)
      for (const { method, target } of proxy.asked)
        expect({ method, target }).to.deep.equal({
          method: 'POST',
          target: `http://models.example:${far.port}/v1/chat/completions`,
        })
      const shown: any = await (await fetch(`${gateway.url}/providers/far`)).json()
      expect(shown.proxy_host).to.be.oneOf(provider === undefined ? [undefined] : ['', `127.0.0.1:${proxy.port}`])
      await expectSecretsKept(gateway)
    })
  }

  it('F58: a server of this machine is called directly, whatever is configured', async () => {
    const near = await startProvider()
    const proxy = await startRecordingProxy(closing, near.port)
    const environment = { ALL_PROXY: proxy.url, HTTP_PROXY: proxy.url }
    const gateway = await start(near.url, { proxy_url: proxy.url }, { environment }, { proxy_url: proxy.url })
    expect((await post(gateway.url + OPENAI.path, OPENAI.body)).status).to.equal(200)
    expect(proxy.asked).to.deep.equal([])
  })

  it('A176, F58: a provider behind https is called through a tunnel, and the proxy sees nothing of it', async () => {
    const far = createServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, (request, response) => {
      request.resume()
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(openaiBody(HELLO)))
    })
    far.listen(0, '127.0.0.1')
    await once(far, 'listening')
    closing.add(far, (server) => {
      server.closeAllConnections()
      server.close()
    })
    const proxy = await startRecordingProxy(closing, (far.address() as AddressInfo).port, { credentials: CREDENTIALS })
    const environment = { HTTPS_PROXY: withCredentials(proxy.url) }
    const gateway = await start('https://models.example/v1', {}, { environment, upstream: { ca: TEST_CERTIFICATE } })
    const answer = await post(gateway.url + OPENAI.path, OPENAI.body)
    expect(answer.status, answer.text).to.equal(200)
    expect(proxy.asked.map(({ method, target }) => [method, target])).to.deep.equal([['CONNECT', 'models.example:443']])
    await expectSecretsKept(gateway)
  })

  const FAULTS: readonly (readonly [title: string, options: RecordingProxyOptions, status: number, text: RegExp])[] = [
    ['asks for another password', { credentials: 'a:b' }, 502, /does not take the name and the password of its URL/],
    ['refuses CONNECT', { connect: 403 }, 502, /answered 403 instead of opening a way to it/],
    ['never answers CONNECT', { connect: 'mute' }, 504, /within 0\.08 s/],
  ]
  for (const [title, options, status, text] of FAULTS) {
    for (const client of CLIENTS) {
      it(`F58, S10: a proxy that ${title} is ${status} for ${client.protocol}, with a plain reason`, async () => {
        const proxy = await startRecordingProxy(closing, 1, options)
        const upstream = { timeouts: { connectMs: 80 } }
        const gateway = await start('https://models.example', { proxy_url: withCredentials(proxy.url) }, { upstream })
        for (const stream of [false, true]) {
          const answer = await post(gateway.url + client.path, { ...client.body, stream })
          expect(answer.status, answer.text).to.equal(status)
          expect(answer.text).to.match(text)
          expect(answer.text).to.include(`the proxy 127.0.0.1:${proxy.port}`)
          await expectSecretsKept(gateway, answer.text)
        }
      })
    }
  }

  it('F24, F58: a client that leaves during CONNECT leaves nothing behind', async () => {
    const proxy = await startRecordingProxy(closing, 1, { connect: 'mute' })
    const gateway = await start('https://models.example', { proxy_url: proxy.url })
    const leaving = new AbortController()
    const answer = fetch(gateway.url + OPENAI.path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(OPENAI.body),
      signal: leaving.signal,
    }).catch(() => 'left')
    const asked = await proxy.ask(0)
    leaving.abort()
    expect(await answer).to.equal('left')
    await asked.gone
    expect((await gateway.exchange(0)).error.kind).to.equal('cancelled')
  })

  for (const where of ['file', 'environment']) {
    it(`A176, S10: the program obeys what its ${where} says`, async function () {
      this.timeout(20_000)
      const far = await startProvider()
      const proxy = await startRecordingProxy(closing, far.port, { credentials: CREDENTIALS })
      const directory = await makeTempDir(closing)
      const file = join(directory, 'config.json')
      const proxyUrl = withCredentials(proxy.url)
      const providers = [{ name: 'far', api_base_url: 'http://far.example', api_key: 'sk-far' }]
      const config = { log: true, providers, ...(where === 'file' ? { proxy_url: proxyUrl } : {}) }
      await writeFile(file, JSON.stringify(config))
      const args = ['start', '--port', '0', '--data-dir', directory, '--config', file]
      const program = runProgram(closing, args, where === 'file' ? {} : { HTTP_PROXY: proxyUrl })
      const url = (await program.ready) + OPENAI.path
      expect((await post(url, { ...OPENAI.body, model: 'far/gpt-x' })).status).to.equal(200)
      expect(proxy.asked.map(({ target }) => target)).to.deep.equal(['http://far.example/v1/chat/completions'])
      program.child.kill('SIGTERM')
      const { output, errors } = await program.ended
      expect(errors).to.include('exchange').and.not.include('does not act yet')
      for (const secret of SECRETS) expect(output + errors).to.not.include(secret)
    })
  }

  it('another proxy_url holds from the next request on', async () => {
    const far = await startProvider()
    const first = await startRecordingProxy(closing, far.port)
    const second = await startRecordingProxy(closing, far.port)
    const gateway = await start('http://models.example', { proxy_url: first.url })
    await post(gateway.url + OPENAI.path, OPENAI.body)
    gateway.app.configure({ logExchanges: true, proxyUrl: second.url })
    await post(gateway.url + OPENAI.path, OPENAI.body)
    expect([first.asked.length, second.asked.length]).to.deep.equal([1, 1])
  })

  it('S10: a variable that cannot be obeyed is told at start, without its value', async () => {
    const gateway = await start(
      'http://models.example',
      {},
      { environment: { ALL_PROXY: `socks5://${CREDENTIALS}@p:1` } },
    )
    const told = gateway.lines.map(({ message }) => message)
    expect(told).to.deep.equal(['ALL_PROXY is not obeyed: expected a proxy whose URL begins with http:// or https://'])
    await expectSecretsKept(gateway)
  })
})
