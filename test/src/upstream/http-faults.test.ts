import type { LookupFunction, Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { expect } from 'chai'
import { createHttpUpstream, type HttpUpstreamOptions } from '../../../src/upstream/http.ts'
import type { Upstream } from '../../../src/upstream/upstream.ts'
import { createClosing } from '../../support/close-all.ts'
import {
  type Answerer,
  type FakeProvider,
  HANG_UP,
  RESET,
  STALL,
  startFakeProvider,
} from '../../support/fake-provider.ts'
import { TEST_CERTIFICATE, TEST_KEY } from '../../support/test-certificate.ts'
import { exchange, failureOf, makeCall, makeTarget } from '../../support/upstream-call.ts'
import { findFreePort, nextTurns, type OnSocket, resolveTo, startRaw as startRawServer } from './raw-servers.ts'

describe('upstream/http, before the first byte', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  const start = async (answerer?: Answerer): Promise<FakeProvider> =>
    closing.add(await startFakeProvider(answerer), (provider) => provider.close())
  const open = (options: Partial<HttpUpstreamOptions> = {}): Upstream =>
    closing.add(createHttpUpstream({ userAgent: 'interlingua/test', ...options }), (upstream) => upstream.close())
  const never = new AbortController().signal
  const startRaw = (onSocket: OnSocket, server?: Server) => startRawServer(closing, onSocket, server)

  it('F36: a refused connection is a failure that names provider, host and port', async () => {
    const port = await findFreePort()
    const failure = await failureOf(exchange(open(), makeCall(makeTarget(`http://127.0.0.1:${port}`))))
    expect(failure.error).to.deep.include({ kind: 'upstream-failed', code: 'connect', source: 'proxy' })
    expect(failure.message).to.equal(`The provider acme (127.0.0.1:${port}) refused the connection.`)
  })

  it('F35: an unknown host name is told as such', async () => {
    const lookup: LookupFunction = (_name, _options, done) =>
      done(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), '', 0)
    const failure = await failureOf(exchange(open({ lookup }), makeCall(makeTarget('http://nowhere.example'))))
    expect(failure.error).to.deep.include({ kind: 'upstream-failed', code: 'dns' })
    expect(failure.message).to.include('nowhere.example:80')
  })

  it('F35: a name resolution that never answers is a timeout', async () => {
    const failure = await failureOf(
      exchange(open({ lookup: () => {}, timeouts: { connectMs: 60 } }), makeCall(makeTarget('http://mute.example'))),
    )
    expect(failure.error.kind).to.equal('upstream-timeout')
    expect(failure.message).to.include('within 0.06 s')
  })

  it('F57: where a name has two addresses of which one answers, the call succeeds', async () => {
    const provider = await start()
    const lookup = resolveTo([
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ])
    const answer = await exchange(open({ lookup }), makeCall(makeTarget(`http://both.example:${provider.port}`)))
    expect(answer.status).to.equal(200)
  })

  it('F57: where none of two answers, both are named', async () => {
    const port = await findFreePort()
    const lookup = resolveTo([
      { address: '127.0.0.1', family: 4 },
      { address: '127.0.0.2', family: 4 },
    ])
    const failure = await failureOf(exchange(open({ lookup }), makeCall(makeTarget(`http://both.example:${port}`))))
    expect(failure.error.code).to.equal('connect')
    expect(failure.message).to.include(`127.0.0.1:${port}`).and.to.include(`127.0.0.2:${port}`)
  })

  it('F37: a certificate that signed itself is refused with a plain reason, and trusted when it is configured', async () => {
    const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'
    const { port } = await startRaw(
      (socket) => socket.once('data', () => socket.write(answer)),
      createTlsServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }),
    )
    const failure = await failureOf(exchange(open(), makeCall(makeTarget(`https://127.0.0.1:${port}`))))
    expect(failure.error).to.deep.include({ kind: 'upstream-failed', code: 'tls' })
    expect(failure.message).to.include('certificate that it has signed itself')
    const trusting = open({ ca: TEST_CERTIFICATE, lookup: resolveTo([{ address: '127.0.0.1', family: 4 }]) })
    expect((await exchange(trusting, makeCall(makeTarget(`https://localhost:${port}`)))).text).to.equal('{}')
    const wrongName = await failureOf(exchange(trusting, makeCall(makeTarget(`https://other.example:${port}`))))
    expect(wrongName.message).to.include('certificate for another name')
  })

  it('F37: plain HTTP behind https:// is told as such', async () => {
    const provider = await start()
    const failure = await failureOf(exchange(open(), makeCall(makeTarget(`https://127.0.0.1:${provider.port}`))))
    expect(failure.error).to.deep.include({ kind: 'upstream-failed', code: 'tls' })
    expect(failure.message).to.include('does not speak TLS')
  })

  it('F37: a TLS handshake that stalls is a timeout of the connection', async () => {
    const { port } = await startRaw(() => {})
    const upstream = open({ timeouts: { connectMs: 80 } })
    const failure = await failureOf(exchange(upstream, makeCall(makeTarget(`https://127.0.0.1:${port}`))))
    expect(failure.error.kind).to.equal('upstream-timeout')
    expect(failure.message).to.include('did not accept a connection')
  })

  for (const [name, step] of [
    ['RST', RESET],
    ['FIN', HANG_UP],
  ] as const) {
    it(`F38: a ${name} before the headers on a fresh connection is a failure and no second try`, async () => {
      const provider = await start(() => ({ kind: 'raw', steps: [step] }))
      const failure = await failureOf(exchange(open(), makeCall(makeTarget(provider.url))))
      expect(failure.error).to.deep.include({ kind: 'upstream-failed', code: 'disconnected' })
      expect(provider.requests).to.have.length(1)
    })

    it(`F39: a kept-alive connection that ends by ${name} as it is used again is replaced once, unseen`, async () => {
      const provider = await start()
      const upstream = open()
      await exchange(upstream, makeCall(makeTarget(provider.url)))
      await nextTurns()
      provider.queue({ kind: 'raw', steps: [step] })
      const answer = await exchange(upstream, makeCall(makeTarget(provider.url)))
      expect(answer.status).to.equal(200)
      const ports = provider.requests.map((request) => request.remotePort)
      expect(ports).to.have.length(3)
      expect(ports[1]).to.equal(ports[0])
      expect(ports[2]).not.to.equal(ports[0])
    })
  }

  it('F39: a connection that was opened anew after the last one ended is a fresh one', async () => {
    const provider = await start()
    const upstream = open({ maxPerOrigin: 1 })
    provider.queue({ kind: 'answer', headers: { connection: 'close' }, body: {} })
    await exchange(upstream, makeCall(makeTarget(provider.url)))
    await provider.idle()
    provider.queue({ kind: 'raw', steps: [RESET] })
    const failure = await failureOf(exchange(upstream, makeCall(makeTarget(provider.url))))
    expect(failure.error.code).to.equal('disconnected')
    expect(provider.requests).to.have.length(2)
  })

  it('F39: the second try is the last', async () => {
    const provider = await start()
    const upstream = open()
    await exchange(upstream, makeCall(makeTarget(provider.url)))
    await nextTurns()
    provider.queue({ kind: 'raw', steps: [RESET] }, { kind: 'raw', steps: [RESET] })
    const failure = await failureOf(exchange(upstream, makeCall(makeTarget(provider.url))))
    expect(failure.error.code).to.equal('disconnected')
    expect(provider.requests).to.have.length(3)
  })

  for (const [title, steps] of [
    ['part of a status line', ['HTTP/1.1 20', HANG_UP]],
    ['headers and a part of the body', ['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{', RESET]],
    ['an informational answer', ['HTTP/1.1 103 Early Hints\r\n\r\n', HANG_UP]],
  ] as const) {
    it(`F39: a used connection that dies after ${title} is no race and not tried again`, async () => {
      const provider = await start()
      const upstream = open()
      await exchange(upstream, makeCall(makeTarget(provider.url)))
      await nextTurns()
      provider.queue({ kind: 'raw', steps })
      const outcome = await exchange(upstream, makeCall(makeTarget(provider.url))).catch((failure) => ({ failure }))
      expect(outcome.failure?.error.code).to.equal('disconnected')
      expect(provider.requests).to.have.length(2)
    })
  }

  it('F40: something that is no HTTP, a protocol switch and endless headers are bad replies', async () => {
    const endless = Array.from({ length: 40 }, (_, index) => `x-${index}: ${'y'.repeat(1000)}\r\n`).join('')
    const REPLIES = ['SSH-2.0-OpenSSH_9.9\r\n\r\n', `HTTP/1.1 200 OK\r\n${endless}\r\n`]
    for (const reply of REPLIES) {
      const provider = await start(() => ({ kind: 'raw', steps: [reply] }))
      const failure = await failureOf(exchange(open(), makeCall(makeTarget(provider.url))))
      expect(failure.error, reply.slice(0, 20)).to.deep.include({ kind: 'upstream-failed', code: 'bad_upstream_reply' })
    }
    const provider = await start(() => ({
      kind: 'raw',
      steps: ['HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
    }))
    const failure = await failureOf(exchange(open(), makeCall(makeTarget(provider.url))))
    expect(failure.error.kind).to.equal('upstream-failed')
  })

  const HINTS = 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'
  const FINAL = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'
  it('F41: informational answers are not the first byte and are passed over', async () => {
    const provider = await start(() => ({ kind: 'raw', steps: [HINTS, HINTS, FINAL] }))
    expect((await exchange(open(), makeCall(makeTarget(provider.url)))).text).to.equal('{}')
    const mute = await start(() => ({ kind: 'raw', steps: [HINTS, STALL] }))
    const upstream = open({ timeouts: { plainMs: 60 } })
    expect((await failureOf(exchange(upstream, makeCall(makeTarget(mute.url))))).error.kind).to.equal(
      'upstream-timeout',
    )
  })

  it('F41: more than twenty of them are a failure', async () => {
    const provider = await start(() => ({ kind: 'raw', steps: [HINTS.repeat(1000)] }))
    const failure = await failureOf(exchange(open(), makeCall(makeTarget(provider.url))))
    expect(failure.error.code).to.equal('bad_upstream_reply')
    await provider.idle()
  })

  for (const status of [301, 302, 303, 304, 307, 308]) {
    it(`F42: a ${status} is a failure that names the other origin only, and nothing is sent there`, async () => {
      const other = await start()
      const location = `${other.url}/v1/talk?key=hidden`
      const provider = await start(() => ({ kind: 'answer', status, headers: { location }, body: {} }))
      const failure = await failureOf(exchange(open(), makeCall(makeTarget(provider.url))))
      expect(failure.error).to.deep.include({ kind: 'upstream-failed', code: 'bad_upstream_reply' })
      expect(failure.message).to.include(other.url).and.not.to.include('hidden').and.not.to.include('/v1/talk')
      expect(other.requests).to.have.length(0)
      await provider.idle()
    })
  }

  it('F43: headers that never come are a timeout at the limit, not at undici’s', async () => {
    const provider = await start(() => ({ kind: 'raw', steps: [STALL] }))
    const startedAt = performance.now()
    const upstream = open({ timeouts: { firstByteMs: 100 } })
    const failure = await failureOf(exchange(upstream, makeCall(makeTarget(provider.url), { stream: true })))
    expect(failure.error.kind).to.equal('upstream-timeout')
    expect(failure.message).to.include('did not begin to answer within 0.1 s')
    expect(performance.now() - startedAt).to.be.within(95, 900)
    await provider.requests[0]!.abandoned
  })

  it('F43: an answer that is no stream has one limit for all of it, however it moves', async () => {
    const upstream = open({ timeouts: { firstByteMs: 20, plainMs: 100 } })
    const mute = await start(() => ({ kind: 'raw', steps: [STALL] }))
    const failure = await failureOf(exchange(upstream, makeCall(makeTarget(mute.url))))
    expect(failure.message).to.include('did not begin to answer within 0.1 s')
    const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
    const slow = await start(() => ({
      kind: 'stream',
      steps: Array.from({ length: 30 }, (_, index) => [' ', wait(index * 10)]).flat(),
    }))
    const answer = await exchange(upstream, makeCall(makeTarget(slow.url)))
    expect(answer.failure?.error.kind).to.equal('upstream-timeout')
    expect(answer.failure?.message).to.include('did not end its answer within 0.1 s')
    expect(answer.pieces.length).to.be.within(2, 20)
  })

  it('F54: an answer that comes before the upload is over is used', async () => {
    const { port } = await startRaw((socket) =>
      socket.once('data', () => {
        socket.pause()
        socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}')
      }),
    )
    const body = Buffer.alloc(20_000_000, 'x')
    const answer = await exchange(open(), makeCall(makeTarget(`http://127.0.0.1:${port}`), { body }))
    expect(answer.status).to.equal(413)
    expect(answer.text).to.equal('{}')
  })

  it('F55: a call that finds no free connection is refused as unavailable when its time is over', async () => {
    const provider = await start(() => ({ kind: 'raw', steps: [STALL] }))
    const upstream = open({ maxPerOrigin: 1, timeouts: { connectMs: 80 } })
    const abort = new AbortController()
    const first = failureOf(exchange(upstream, makeCall(makeTarget(provider.url)), abort.signal))
    await provider.request(0)
    const failure = await failureOf(exchange(upstream, makeCall(makeTarget(provider.url))))
    expect(failure.error).to.deep.include({ kind: 'unavailable', code: 'pool_full' })
    abort.abort()
    expect((await first).error.kind).to.equal('cancelled')
  })

  it('S10: no failure repeats the key, the path or the query', async () => {
    const provider = await start(() => ({ kind: 'raw', steps: [RESET] }))
    const address = { method: 'POST', path: '/v1/talk', query: 'key=hidden', headers: {} } as const
    const failure = await failureOf(exchange(open(), makeCall(makeTarget(provider.url), { address })))
    expect(JSON.stringify(failure.error)).not.to.match(/sk-test|hidden|talk/)
  })

  it('S6: a header that would smuggle another one is our fault and goes nowhere', async () => {
    const provider = await start()
    const call = makeCall(makeTarget(provider.url), { headers: { 'x-note': 'a\r\nx-evil: 1' } })
    const failure = await failureOf(exchange(open(), call))
    expect(failure.error.kind).to.equal('internal')
    expect(provider.requests).to.have.length(0)
  })

  it('close ends what is under way as unavailable', async () => {
    const provider = await start(() => ({ kind: 'raw', steps: [STALL] }))
    const upstream = createHttpUpstream({ userAgent: 'interlingua/test' })
    const failure = failureOf(exchange(upstream, makeCall(makeTarget(provider.url)), never))
    await provider.request(0)
    await upstream.close()
    expect((await failure).error.kind).to.equal('unavailable')
    await provider.idle()
  })
})
