import { expect } from 'chai'
import { createHttpUpstream, type HttpUpstreamOptions } from '../../../src/upstream/http.ts'
import type { Upstream } from '../../../src/upstream/upstream.ts'
import { createClosing } from '../../support/close-all.ts'
import { defer } from '../../support/deferred.ts'
import { type ContentEncoding, encode, flushedPieces } from '../../support/encode.ts'
import {
  type Answerer,
  bytewise,
  type FakeProvider,
  HANG_UP,
  RESET,
  STALL,
  startFakeProvider,
} from '../../support/fake-provider.ts'
import { collect, exchange, failureOf, makeCall, makeTarget } from '../../support/upstream-call.ts'

describe('upstream/http', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  const start = async (answerer?: Answerer): Promise<FakeProvider> =>
    closing.add(await startFakeProvider(answerer), (provider) => provider.close())
  const open = (options: Partial<HttpUpstreamOptions> = {}): Upstream =>
    closing.add(createHttpUpstream({ userAgent: 'interlingua/test', ...options }), (upstream) => upstream.close())
  const never = new AbortController().signal

  describe('what goes up', () => {
    it('sends method, joined path, query, body and the headers of all who have a say, in their order', async () => {
      const provider = await start()
      const target = makeTarget(`${provider.url}/base/v1`, { headers: { 'x-both': 'provider', 'x-provider': 'p' } })
      const call = makeCall(target, {
        address: {
          method: 'POST',
          path: '/v1/talk',
          query: 'alt=sse',
          headers: { 'content-type': 'application/json', 'x-version': 'protocol' },
        },
        headers: { 'x-version': 'client', 'x-both': 'client' },
      })
      await exchange(open(), call)
      const [request] = provider.requests
      expect(request?.method).to.equal('POST')
      expect(request?.path).to.equal('/base/v1/talk?alt=sse')
      expect(request?.json).to.deep.equal({ hello: true })
      expect(request?.headers).to.include({
        'content-type': 'application/json',
        'x-version': 'client',
        'x-both': 'provider',
        'x-provider': 'p',
        authorization: 'Bearer sk-test-secret',
        'user-agent': 'interlingua/test',
      })
    })

    it('trap 26, lesson 8, lesson 9: credentials, hop-by-hop headers, cookies and forwarding headers of a client stay here', async () => {
      const provider = await start()
      const sent = {
        authorization: 'Bearer mine',
        'x-own-key': 'mine',
        cookie: 'a=b',
        host: 'evil.example',
        connection: 'close',
        'content-length': '3',
        'transfer-encoding': 'chunked',
        'keep-alive': '1',
        te: 'trailers',
        expect: '100-continue',
        'x-forwarded-for': '1.2.3.4',
        forwarded: 'for=1.2.3.4',
        'user-agent': 'client/1',
        'accept-encoding': 'zstd',
      }
      const target = makeTarget(provider.url, { auth: { header: 'x-own-key', prefix: '' } })
      await exchange(open(), makeCall(target, { headers: sent }))
      const { headers } = provider.requests[0]!
      expect(headers['x-own-key']).to.equal('sk-test-secret')
      expect(headers['user-agent']).to.equal('interlingua/test')
      expect(headers.host).to.equal(`127.0.0.1:${provider.port}`)
      for (const name of ['authorization', 'cookie', 'te', 'expect', 'x-forwarded-for', 'forwarded', 'keep-alive']) {
        expect(headers, name).not.to.have.property(name)
      }
      expect(JSON.stringify(provider.requests[0]!.rawHeaders)).not.to.include('mine')
    })

    it('sends no credential at all to a provider that has no key, not even the client’s', async () => {
      const provider = await start()
      const { key: _key, ...keyless } = makeTarget(provider.url)
      await exchange(open(), makeCall(keyless, { headers: { authorization: 'Bearer mine' } }))
      expect(provider.requests[0]!.headers).not.to.have.property('authorization')
      const own = { ...keyless, provider: { ...keyless.provider, auth: { header: 'x-own-key', prefix: '' } } }
      await exchange(open(), makeCall(own, { headers: { 'x-own-key': 'mine' } }))
      expect(provider.requests[1]!.headers).not.to.have.property('x-own-key')
    })

    it('trap 25, F70: asks for what can be checked, never for zstd, and for nothing in a stream', async () => {
      const provider = await start()
      const upstream = open()
      await exchange(upstream, makeCall(makeTarget(provider.url)))
      await exchange(upstream, makeCall(makeTarget(provider.url), { stream: true }))
      expect(provider.requests.map((request) => request.headers['accept-encoding'])).to.deep.equal([
        'gzip, deflate, br',
        'identity',
      ])
    })

    it('sends no body with a GET', async () => {
      const provider = await start()
      const address = { method: 'GET', path: '/v1/list', query: '', headers: {} } as const
      await exchange(open(), makeCall(makeTarget(provider.url), { address, body: '' }))
      expect(provider.requests[0]!.body).to.have.length(0)
      expect(provider.requests[0]!.method).to.equal('GET')
    })

    it('sends bytes as they are', async () => {
      const provider = await start()
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
      await exchange(open(), makeCall(makeTarget(provider.url), { body: bytes.subarray(3, 200) }))
      expect([...provider.requests[0]!.body]).to.deep.equal([...bytes.subarray(3, 200)])
    })
  })

  describe('what comes down', () => {
    it('tells status and headers, those of one name joined', async () => {
      const headers = { 'x-one': '1', 'x-many': ['a', 'b'], 'set-cookie': ['c=1', 'd=2'] }
      const provider = await start(() => ({ kind: 'answer', status: 429, headers, body: { error: 'slow down' } }))
      const answer = await exchange(open(), makeCall(makeTarget(provider.url)))
      expect(answer.status).to.equal(429)
      expect(answer.headers).to.include({ 'x-one': '1', 'x-many': 'a, b', 'set-cookie': 'c=1, d=2' })
      expect(JSON.parse(answer.text)).to.deep.equal({ error: 'slow down' })
    })

    it('hands every piece of a stream over as it comes, before the next is sent', async () => {
      const gates = [defer(), defer()]
      const provider = await start(() => ({
        kind: 'stream',
        steps: ['one', gates[0]!.promise, 'two', gates[1]!.promise, 'three'],
      }))
      const answer = await open().send(makeCall(makeTarget(provider.url), { stream: true }), never)
      const heard: string[] = []
      const whole = await collect(answer, (text) => {
        heard.push(text)
        // The next piece is only sent when this one was heard: were anything held back, the test would hang.
        gates[heard.length - 1]?.resolve()
      })
      expect(heard).to.deep.equal(['one', 'two', 'three'])
      expect(whole.failure).to.equal(undefined)
    })

    it('keeps headers and body apart although they came in one packet, until somebody takes the body', async () => {
      const provider = await start(() => ({ kind: 'answer', body: { all: 'at once' } }))
      const answer = await open().send(makeCall(makeTarget(provider.url)), never)
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect(JSON.parse((await collect(answer)).text)).to.deep.equal({ all: 'at once' })
    })

    it('F68: a stream of single bytes arrives whole', async () => {
      const text = 'data: {"é":"日本"}\n\n'
      const provider = await start(() => ({ kind: 'stream', steps: bytewise(text) }))
      expect((await exchange(open(), makeCall(makeTarget(provider.url), { stream: true }))).text).to.equal(text)
    })

    it('an empty answer ends', async () => {
      const provider = await start(() => ({ kind: 'answer', status: 200 }))
      const answer = await exchange(open(), makeCall(makeTarget(provider.url)))
      expect(answer.bytes).to.have.length(0)
      expect(answer.failure).to.equal(undefined)
    })

    it('F45: the HTML page of a CDN is passed up with its status, for the codec to read', async () => {
      const provider = await start(() => ({ kind: 'answer', status: 502, body: '<html>bad gateway</html>' }))
      const answer = await exchange(open(), makeCall(makeTarget(provider.url)))
      expect(answer.status).to.equal(502)
      expect(answer.headers['content-type']).to.equal('text/html')
      expect(answer.text).to.include('bad gateway')
    })

    it('F23: a paused answer is not read; on resume every byte arrives', async () => {
      const piece = Buffer.alloc(256 * 1024, 'x')
      let written = 0
      const provider = await start(() => ({
        kind: 'stream',
        steps: Array.from({ length: 64 }, (_, index) => {
          const bytes = Buffer.from(piece)
          bytes.writeUInt32BE(index, 0)
          return bytes
        }),
      }))
      const answer = await open().send(makeCall(makeTarget(provider.url), { stream: true }), never)
      const done = defer()
      let pauses = 0
      answer.body.pipe({
        data(chunk) {
          written += chunk.length
          if (pauses >= 5) return true
          pauses += 1
          const before = written
          setTimeout(() => {
            expect(written).to.equal(before)
            answer.body.resume()
          }, 10)
          return false
        },
        end: () => done.resolve(),
        fail: done.reject,
      })
      await done.promise
      expect(written).to.equal(64 * 256 * 1024)
      expect(pauses).to.equal(5)
    })

    it('a plain answer has a largest size, a stream has none', async () => {
      const provider = await start(() => ({ kind: 'stream', steps: [Buffer.alloc(70_000), Buffer.alloc(70_000)] }))
      const upstream = open({ maxAnswerBytes: 100_000 })
      const plain = await exchange(upstream, makeCall(makeTarget(provider.url)))
      expect(plain.failure?.error.kind).to.equal('upstream-failed')
      expect(plain.failure?.message).to.include('more than 100000 bytes')
      const stream = await exchange(upstream, makeCall(makeTarget(provider.url), { stream: true }))
      expect(stream.bytes).to.have.length(140_000)
    })
  })

  describe('compressed answers', () => {
    const ENCODINGS: ContentEncoding[] = ['gzip', 'br', 'deflate', 'deflate-raw', 'zstd']
    for (const encoding of ENCODINGS) {
      it(`F69, trap 25: an answer in ${encoding} arrives plain, and its headers say so`, async () => {
        const provider = await start(() => ({ kind: 'answer', encoding, body: { text: 'é'.repeat(5000) } }))
        const answer = await exchange(open(), makeCall(makeTarget(provider.url)))
        expect(JSON.parse(answer.text)).to.deep.equal({ text: 'é'.repeat(5000) })
        expect(answer.headers).not.to.have.any.keys('content-encoding', 'content-length')
      })
    }

    for (const encoding of ['gzip', 'br', 'deflate'] as const) {
      it(`F69: a stream in ${encoding} is decoded event by event`, async () => {
        const { events, gates, steps } = await flushedStream(encoding)
        const provider = await start(() => ({ kind: 'stream', headers: { 'content-encoding': encoding }, steps }))
        const answer = await open().send(makeCall(makeTarget(provider.url), { stream: true }), never)
        let text = ''
        const whole = await collect(answer, (piece) => {
          text += piece
          const heard = events.findIndex((_, index) => text === events.slice(0, index + 1).join(''))
          gates[heard]?.resolve()
        })
        expect(whole.text).to.equal(events.join(''))
        expect(whole.failure).to.equal(undefined)
      })

      it(`F70: a truncated answer in ${encoding} is no whole answer`, async () => {
        const bytes = encode(encoding, Buffer.from('x'.repeat(100_000)))
        const headers = { 'content-encoding': encoding }
        const provider = await start(() => ({ kind: 'stream', headers, steps: [bytes.subarray(0, bytes.length - 4)] }))
        const answer = await exchange(open(), makeCall(makeTarget(provider.url)))
        expect(answer.failure?.error.kind).to.equal('upstream-failed')
        expect(answer.failure?.message).to.include('not whole')
      })
    }

    it('F71: a bomb is cut at the limit', async () => {
      const body = Buffer.alloc(30_000_000)
      const provider = await start(() => ({ kind: 'answer', encoding: 'br', body }))
      const answer = await exchange(open({ maxAnswerBytes: 1_000_000 }), makeCall(makeTarget(provider.url)))
      expect(answer.failure?.error.kind).to.equal('upstream-failed')
      expect(answer.bytes.length).to.be.at.most(1_000_000)
    })

    for (const encoding of ['gzip, br', 'compress', 'gzip, gzip']) {
      it(`F71: an answer in "${encoding}" is refused`, async () => {
        const provider = await start(() => ({ kind: 'answer', headers: { 'content-encoding': encoding }, body: {} }))
        const failure = await failureOf(exchange(open(), makeCall(makeTarget(provider.url))))
        expect(failure.error.kind).to.equal('upstream-failed')
        expect(failure.error.code).to.equal('bad_upstream_reply')
        await provider.idle()
      })
    }
  })

  describe('answers that break', () => {
    const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n'
    const ROWS = [
      ['F59: a reset in the body', { kind: 'stream', steps: ['some', RESET] }, 'some'],
      ['F59: a FIN in a chunked body', { kind: 'stream', steps: ['some', HANG_UP] }, 'some'],
      [
        'F59: a body shorter than its content-length',
        { kind: 'raw', steps: [`${HEAD}content-length: 10\r\n\r\nsome`, HANG_UP] },
        'some',
      ],
      [
        'F59: a bad chunk size',
        { kind: 'raw', steps: [`${HEAD}transfer-encoding: chunked\r\n\r\n4\r\nsome\r\nzz\r\n`] },
        'some',
      ],
    ] as const
    for (const [title, script, text] of ROWS) {
      it(`${title} fails after what had come`, async () => {
        const provider = await start(() => script)
        const answer = await exchange(open(), makeCall(makeTarget(provider.url), { stream: true }))
        expect(answer.text).to.equal(text)
        expect(answer.failure?.error.kind).to.equal('upstream-failed')
        expect(answer.failure?.message).to.match(/^The provider acme \(127\.0\.0\.1:\d+\) /)
      })
    }

    it('a break before anybody took the body is told to whoever takes it', async () => {
      const gate = defer()
      const provider = await start(() => ({ kind: 'stream', steps: ['some', gate.promise, STALL] }))
      const upstream = open({ timeouts: { idleMs: 40 } })
      const controller = new AbortController()
      const answer = await upstream.send(makeCall(makeTarget(provider.url), { stream: true }), controller.signal)
      controller.abort()
      expect((await collect(answer)).failure?.error.kind).to.equal('cancelled')
      gate.resolve()
    })

    it('F63: silence in the middle of a stream ends it at the idle limit, and the connection with it', async () => {
      const provider = await start(() => ({ kind: 'stream', steps: ['some', STALL] }))
      const upstream = open({ timeouts: { idleMs: 60 } })
      const answer = await exchange(upstream, makeCall(makeTarget(provider.url), { stream: true }))
      expect(answer.text).to.equal('some')
      expect(answer.failure?.error.kind).to.equal('upstream-timeout')
      await provider.requests[0]!.abandoned
    })

    it('F63: the silence of a client that takes nothing is not the provider’s', async () => {
      const provider = await start(() => ({ kind: 'stream', steps: ['one', 'two'] }))
      const upstream = open({ timeouts: { idleMs: 40 } })
      const answer = await upstream.send(makeCall(makeTarget(provider.url), { stream: true }), never)
      await new Promise((resolve) => setTimeout(resolve, 120))
      expect(await collect(answer)).to.include({ text: 'onetwo' })
    })

    it('destroy ends the connection and the sink hears nothing more', async () => {
      const provider = await start(() => ({ kind: 'stream', steps: ['some', STALL] }))
      const answer = await open().send(makeCall(makeTarget(provider.url), { stream: true }), never)
      const heard: string[] = []
      const first = defer()
      answer.body.pipe({
        data: (chunk) => {
          heard.push(Buffer.from(chunk).toString())
          first.resolve()
          return true
        },
        end: () => heard.push('end'),
        fail: () => heard.push('fail'),
      })
      await first.promise
      answer.body.destroy()
      await provider.requests[0]!.abandoned
      await provider.idle()
      expect(heard).to.deep.equal(['some'])
    })

    it('F55, trap 22: an answer that nobody reads is destroyed by its owner and frees its connection', async () => {
      const provider = await start(() => ({ kind: 'answer', status: 500, body: 'x'.repeat(500_000) }))
      const upstream = open({ maxPerOrigin: 1 })
      for (let round = 0; round < 3; round += 1) {
        const answer = await upstream.send(makeCall(makeTarget(provider.url)), never)
        answer.body.destroy()
      }
      await provider.idle()
      expect(provider.requests).to.have.length(3)
    })
  })

  it('keeps connections for the next call', async () => {
    const provider = await start()
    const upstream = open()
    for (let round = 0; round < 10; round += 1) await exchange(upstream, makeCall(makeTarget(provider.url)))
    // A connection rests for one turn of the loop after an answer, so that a second one is opened by so hasty a caller.
    expect(provider.connections.opened).to.be.at.most(2)
  })
})

/** A compressed stream in which each event is flushed, and the next one waits for its gate. */
async function flushedStream(encoding: 'gzip' | 'br' | 'deflate') {
  const events = ['data: one\n\n', 'data: two\n\n', 'data: three\n\n']
  const gates = events.map(() => defer())
  const pieces = await flushedPieces(encoding, events)
  const steps = pieces.flatMap((piece, index) => [piece, gates[index]?.promise ?? Promise.resolve()])
  return { events, gates, steps }
}
