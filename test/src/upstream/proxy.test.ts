import { once } from 'node:events'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { connect, createServer as createTcpServer } from 'node:net'
import { setImmediate as kept } from 'node:timers/promises'
import { createServer, type TlsOptions } from 'node:tls'
import { expect } from 'chai'
import { createHttpUpstream, type HttpUpstreamOptions } from '../../../src/upstream/http.ts'
import { createProxyChoice } from '../../../src/upstream/proxy-choice.ts'
import type { Upstream } from '../../../src/upstream/upstream.ts'
import { createClosing } from '../../support/close-all.ts'
import { HANG_UP, STALL, startFakeProvider } from '../../support/fake-provider.ts'
import { type RecordingProxyOptions, startRecordingProxy } from '../../support/recording-proxy.ts'
import { TEST_CERTIFICATE, TEST_KEY } from '../../support/test-certificate.ts'
import { collect, exchange, failureOf, makeCall, makeTarget } from '../../support/upstream-call.ts'

/** The certificate of the tests is for this name. */
const TLS_NAME = 'models.example'
const CANARY = 'canary-of-the-proxy'

describe('upstream/http through a proxy', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())
  const never = new AbortController().signal

  const open = (proxyUrl: string, options: Partial<HttpUpstreamOptions> = {}): Upstream => {
    const { choose } = createProxyChoice({ environment: {}, proxyUrl })
    return closing.add(
      createHttpUpstream({
        userAgent: 'interlingua/test',
        ca: TEST_CERTIFICATE,
        chooseProxy: choose,
        ...options,
      }),
      (upstream) => upstream.close(),
    )
  }
  const startProvider = async () => closing.add(await startFakeProvider(), (fake) => fake.close())

  /** A provider that speaks TLS and tells which name was asked for. */
  async function startSecure(options: TlsOptions = {}): Promise<number> {
    const server = createHttpsServer({ key: TEST_KEY, cert: TEST_CERTIFICATE, ...options }, (request, response) => {
      const { servername } = request.socket as unknown as { readonly servername: string }
      response.end(JSON.stringify({ servername, url: request.url, headers: request.headers }))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closing.add(server, (opened) => {
      opened.closeAllConnections()
      return new Promise((resolve) => opened.close(resolve))
    })
    return (server.address() as AddressInfo).port
  }

  const start = (port: number, options?: RecordingProxyOptions) => startRecordingProxy(closing, port, options)
  const withCredentials = (url: string, credentials: string) => url.replace('://', `://${credentials}@`)

  describe('http, which it passes on', () => {
    it('A176, F58: is asked for the whole URL, resolves its name, and keeps its connection', async () => {
      const provider = await startProvider()
      const proxy = await start(provider.port)
      const upstream = open(proxy.url)
      const call = makeCall(makeTarget('http://models.example:8000/base'), {
        address: { method: 'POST', path: '/v1/talk', query: 'a=1', headers: {} },
      })
      for (const _ of [1, 2]) {
        expect((await exchange(upstream, call)).status).to.equal(200)
        await kept()
      }
      const [first, second] = proxy.asked
      expect(first).to.include({ method: 'POST', target: 'http://models.example:8000/base/v1/talk?a=1' })
      expect(first?.headers).to.include({ host: 'models.example:8000' }).and.not.have.property('proxy-authorization')
      expect(second?.remotePort, 'one connection').to.equal(first?.remotePort)
      expect(provider.requests[0]).to.deep.include({ path: '/base/v1/talk?a=1', json: { hello: true } })
      expect(provider.requests[0]?.headers.authorization).to.equal('Bearer sk-test-secret')
    })

    it('F58: two servers behind it share no connection', async () => {
      const proxy = await start((await startProvider()).port)
      const upstream = open(proxy.url)
      for (const host of ['one', 'other']) await exchange(upstream, makeCall(makeTarget(`http://${host}.example`)))
      expect(new Set(proxy.asked.map(({ remotePort }) => remotePort)).size).to.equal(2)
    })

    it("F58, S10: its name and password go to it alone, and a provider's own 407 stays with the provider", async () => {
      const provider = await startProvider()
      const proxy = await start(provider.port, { credentials: `me:${CANARY}` })
      const upstream = open(withCredentials(proxy.url, `me:${CANARY}`))
      expect((await exchange(upstream, makeCall(makeTarget('http://models.example')))).status).to.equal(200)
      expect(JSON.stringify(provider.requests[0]?.rawHeaders)).to.not.match(/proxy/i)
      const direct = open(proxy.url)
      provider.queue({ kind: 'answer', status: 407, body: {} })
      const target = makeTarget(provider.url, { proxyUrl: '' })
      expect((await exchange(direct, makeCall(target))).status).to.equal(407)
    })

    for (const stream of [false, true]) {
      it(`F58: is given a name or not, its 407 is a failure that says so (stream: ${stream})`, async () => {
        const proxy = await start(1, { credentials: 'me:right' })
        const target = makeTarget('http://models.example')
        const unnamed = await failureOf(exchange(open(proxy.url), makeCall(target, { stream })))
        expect(unnamed.error).to.deep.include({ kind: 'upstream-failed', code: 'proxy', source: 'proxy' })
        expect(unnamed.message).to.equal(
          `The provider acme (models.example:80) was not reached: the proxy 127.0.0.1:${proxy.port} asks for a name and a password (407), and its URL has none.`,
        )
        const wrong = open(withCredentials(proxy.url, `me:${CANARY}`))
        const { message } = await failureOf(exchange(wrong, makeCall(target, { stream })))
        expect(message).to.include('does not take the name and the password of its URL (407)').and.not.include(CANARY)
      })
    }

    it('F58: refuses the connection: a failure of the proxy, not of the provider', async () => {
      const failure = await failureOf(
        exchange(open('http://127.0.0.1:1'), makeCall(makeTarget('http://models.example'))),
      )
      expect(failure.error).to.deep.include({ kind: 'upstream-failed', code: 'proxy' })
      expect(failure.message).to.include('the proxy 127.0.0.1:1 refused the connection')
    })

    it('F58: never answers: our own time limit', async () => {
      const provider = await startProvider()
      provider.queue({ kind: 'raw', steps: [STALL] })
      const upstream = open((await start(provider.port)).url, { timeouts: { plainMs: 60 } })
      const failure = await failureOf(exchange(upstream, makeCall(makeTarget('http://models.example'))))
      expect(failure.error.kind).to.equal('upstream-timeout')
    })

    it('a stream comes piece by piece', async () => {
      const provider = await startProvider()
      const heard = Promise.withResolvers<void>()
      provider.queue({ kind: 'stream', steps: ['one', heard.promise, 'two'] })
      const upstream = open((await start(provider.port)).url)
      const answer = await upstream.send(makeCall(makeTarget('http://models.example'), { stream: true }), never)
      const { text } = await collect(answer, () => heard.resolve())
      expect(text).to.equal('onetwo')
    })
  })

  describe('https, through a tunnel', () => {
    it('A176, F58: asks for host and port, speaks TLS with the server itself, and keeps its connection', async () => {
      const proxy = await start(await startSecure(), { credentials: `me:${CANARY}` })
      const upstream = open(withCredentials(proxy.url, `me:${CANARY}`))
      for (const _ of [1, 2]) {
        const answer = await exchange(upstream, makeCall(makeTarget(`https://${TLS_NAME}`)))
        const heard = JSON.parse(answer.text)
        expect(heard).to.include({ servername: TLS_NAME, url: '/v1/talk' })
        expect(heard.headers).to.include({ host: TLS_NAME, authorization: 'Bearer sk-test-secret' })
        expect(JSON.stringify(heard.headers)).to.not.match(/proxy/i)
        await kept()
      }
      expect(proxy.asked).to.have.length(1)
      expect(proxy.asked[0]).to.include({ method: 'CONNECT', target: `${TLS_NAME}:443` })
      expect(proxy.asked[0]?.headers['host']).to.equal(`${TLS_NAME}:443`)
      expect(JSON.stringify(proxy.asked), 'it sees no key').to.not.include('sk-test-secret')
    })

    it('F37, F58: the certificate must be for the server that was meant', async () => {
      const proxy = await start(await startSecure())
      const failure = await failureOf(exchange(open(proxy.url), makeCall(makeTarget('https://other.example'))))
      expect(failure.error).to.deep.include({ kind: 'upstream-failed', code: 'tls' })
      expect(failure.message).to.equal('The provider acme (other.example:443) showed a certificate for another name.')
    })

    it('F37: and signed by somebody who is known', async () => {
      const proxy = await start(await startSecure())
      const { choose } = createProxyChoice({ environment: {}, proxyUrl: proxy.url })
      const upstream = closing.add(createHttpUpstream({ userAgent: 'x', chooseProxy: choose }), (opened) =>
        opened.close(),
      )
      const failure = await failureOf(exchange(upstream, makeCall(makeTarget(`https://${TLS_NAME}`))))
      expect(failure.message).to.include('a certificate that it has signed itself')
    })

    const REFUSALS: readonly (readonly [title: string, options: RecordingProxyOptions, text: RegExp])[] = [
      ['407', { credentials: 'me:right' }, /asks for a name and a password \(407\), and its URL has none\.$/],
      ['403', { connect: 403 }, /answered 403 instead of opening a way to it\.$/],
      ['503', { connect: 503 }, /answered 503 instead of opening a way to it\.$/],
      ['no HTTP', { connect: 'SSH-2.0-OpenSSH_9.6\r\n' }, /answered with something that is no valid HTTP\.$/],
      ['bytes of its own', { connect: 'HTTP/1.1 200 OK\r\n\r\nhi' }, /sent bytes that no server sends unasked\.$/],
    ]
    for (const [title, options, text] of REFUSALS) {
      it(`F58: ${title} for CONNECT is a failure of the proxy, and its connection is closed`, async () => {
        const proxy = await start(1, options)
        const failure = await failureOf(exchange(open(proxy.url), makeCall(makeTarget('https://models.example'))))
        expect(failure.error).to.deep.include({ kind: 'upstream-failed', code: 'proxy', source: 'proxy' })
        expect(failure.message).to.include(`models.example:443) was not reached: the proxy 127.0.0.1:${proxy.port} `)
        expect(failure.message).to.match(text)
        await proxy.asked[0]?.gone
      })
    }

    it('F58: a proxy that nobody runs refuses', async () => {
      const failure = await failureOf(
        exchange(open('http://127.0.0.1:1'), makeCall(makeTarget('https://models.example'))),
      )
      expect(failure.error).to.deep.include({ kind: 'upstream-failed', code: 'proxy' })
      expect(failure.message).to.include('the proxy 127.0.0.1:1 refused the connection')
    })

    it('F58: CONNECT is never answered: our own time limit, and nothing stays open', async () => {
      const proxy = await start(1, { connect: 'mute' })
      const upstream = open(proxy.url, { timeouts: { connectMs: 60 } })
      const failure = await failureOf(exchange(upstream, makeCall(makeTarget('https://models.example'))))
      expect(failure.error.kind).to.equal('upstream-timeout')
      expect(failure.message).to.match(/the proxy 127\.0\.0\.1:\d+ .*within 0\.06 s/)
      await (await proxy.ask(0)).gone
    })

    it('F24, F58: a client that leaves during CONNECT frees everything at once, and the next call is served', async () => {
      const secure = await startSecure()
      const mute = await start(1, { connect: 'mute' })
      const upstream = open(mute.url, { maxPerOrigin: 1 })
      const leaving = new AbortController()
      const call = makeCall(makeTarget(`https://${TLS_NAME}`))
      const failure = failureOf(upstream.send(call, leaving.signal))
      const asked = await mute.ask(0)
      leaving.abort()
      expect((await failure).error.kind).to.equal('cancelled')
      await asked.gone
      // The place that it had in the pool is free: the next one asks for itself.
      const next = new AbortController()
      const waiting = failureOf(upstream.send(call, next.signal))
      await mute.ask(1)
      next.abort()
      await waiting
      const working = await start(secure)
      expect((await exchange(open(working.url), call)).status).to.equal(200)
    })

    it('F58: TLS that is never answered behind it ends by the same limit', async () => {
      const deaf = createTcpServer((socket) => socket.on('error', () => {}).resume())
      deaf.listen(0, '127.0.0.1')
      await once(deaf, 'listening')
      closing.add(deaf, (server) => server.close())
      const proxy = await start((deaf.address() as AddressInfo).port)
      const upstream = open(proxy.url, { timeouts: { connectMs: 80 } })
      const failure = await failureOf(exchange(upstream, makeCall(makeTarget('https://models.example'))))
      expect(failure.error.kind).to.equal('upstream-timeout')
      await proxy.asked[0]?.gone
    })

    it('closing the gateway ends what waits for a proxy', async () => {
      const proxy = await start(1, { connect: 'mute' })
      const upstream = open(proxy.url)
      const failure = failureOf(upstream.send(makeCall(makeTarget('https://models.example')), never))
      const asked = await proxy.ask(0)
      await upstream.close()
      expect((await failure).error.kind).to.be.oneOf(['unavailable', 'upstream-failed'])
      await asked.gone
    })

    it('F20: a kept tunnel that is dead is replaced once, through the proxy again', async () => {
      let isFirst = true
      const server = createHttpsServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, (request, response) => {
        request.resume()
        if (isFirst || request.headers['x-again'] !== undefined) response.end('{}')
        isFirst = false
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      closing.add(server, (opened) => {
        opened.closeAllConnections()
        opened.close()
      })
      const proxy = await start((server.address() as AddressInfo).port)
      const upstream = open(proxy.url)
      await exchange(upstream, makeCall(makeTarget(`https://${TLS_NAME}`)))
      expect(proxy.asked).to.have.length(1)
      server.closeAllConnections()
      isFirst = true
      expect((await exchange(upstream, makeCall(makeTarget(`https://${TLS_NAME}`)))).status).to.equal(200)
      expect(proxy.asked).to.have.length(2)
    })
  })

  it('a proxy may be reached by TLS itself', async () => {
    const provider = await startProvider()
    const plain = await start(provider.port)
    const front = createServer({ key: TEST_KEY, cert: TEST_CERTIFICATE })
    front.on('secureConnection', (socket) => {
      const onward = connect(plain.port, '127.0.0.1')
      socket.on('error', () => {}).pipe(onward)
      onward.on('error', () => {}).pipe(socket)
      socket.once('close', () => onward.destroy())
      onward.once('close', () => socket.destroy())
    })
    front.listen(0, '127.0.0.1')
    await once(front, 'listening')
    closing.add(front, (opened) => opened.close())
    const url = `https://localhost:${(front.address() as AddressInfo).port}`
    expect((await exchange(open(url), makeCall(makeTarget('http://models.example')))).status).to.equal(200)
    expect(plain.asked[0]?.target).to.equal('http://models.example/v1/talk')
    provider.queue({ kind: 'raw', steps: [HANG_UP] })
    const failure = await failureOf(exchange(open(url), makeCall(makeTarget('https://models.example'))))
    expect(plain.asked[1]).to.include({ method: 'CONNECT', target: 'models.example:443' })
    expect(failure.error.kind).to.equal('upstream-failed')
  })
})
