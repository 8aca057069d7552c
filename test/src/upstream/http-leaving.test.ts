import type { Server } from 'node:net'
import { expect } from 'chai'
import { createHttpUpstream, type HttpUpstreamOptions } from '../../../src/upstream/http.ts'
import type { Upstream } from '../../../src/upstream/upstream.ts'
import { createClosing } from '../../support/close-all.ts'
import { defer } from '../../support/deferred.ts'
import { type Answerer, type FakeProvider, RESET, STALL, startFakeProvider } from '../../support/fake-provider.ts'
import { exchange, failureOf, makeCall, makeTarget } from '../../support/upstream-call.ts'
import { nextTurns, type OnSocket, startRaw as startRawServer } from './raw-servers.ts'

describe('upstream/http, before the first byte', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  const start = async (answerer?: Answerer): Promise<FakeProvider> =>
    closing.add(await startFakeProvider(answerer), (provider) => provider.close())
  const open = (options: Partial<HttpUpstreamOptions> = {}): Upstream =>
    closing.add(createHttpUpstream({ userAgent: 'interlingua/test', ...options }), (upstream) => upstream.close())
  const startRaw = (onSocket: OnSocket, server?: Server) => startRawServer(closing, onSocket, server)

  describe('F24, trap 20: a client that leaves ends the call at once', () => {
    const leaveDuring = async (
      upstream: Upstream,
      baseUrl: string,
      ready: () => Promise<unknown>,
    ): Promise<{ kind: string; ms: number }> => {
      const abort = new AbortController()
      const failure = failureOf(exchange(upstream, makeCall(makeTarget(baseUrl)), abort.signal))
      await ready()
      const startedAt = performance.now()
      abort.abort()
      return { kind: (await failure).error.kind, ms: performance.now() - startedAt }
    }
    const expectPrompt = (outcome: { kind: string; ms: number }) => {
      expect(outcome.kind).to.equal('cancelled')
      expect(outcome.ms).to.be.below(50)
    }

    it('before it began', async () => {
      const provider = await start()
      const failure = await failureOf(exchange(open(), makeCall(makeTarget(provider.url)), AbortSignal.abort()))
      expect(failure.error.kind).to.equal('cancelled')
      expect(provider.connections.opened).to.equal(0)
    })

    it('in the name resolution', async () => {
      const asked = defer()
      const upstream = open({ lookup: () => asked.resolve() })
      expectPrompt(await leaveDuring(upstream, 'http://mute.example', () => asked.promise))
    })

    it('in the TLS handshake', async () => {
      const { port, sockets } = await startRaw(() => {})
      expectPrompt(
        await leaveDuring(open(), `https://127.0.0.1:${port}`, async () => {
          while (sockets.length === 0) await nextTurns()
        }),
      )
    })

    it('in the queue for a connection, and then its request is never sent', async () => {
      const gate = defer()
      const provider = await start(async () => {
        await gate.promise
        return { kind: 'answer', body: {} }
      })
      const upstream = open({ maxPerOrigin: 1 })
      const first = exchange(upstream, makeCall(makeTarget(provider.url)))
      await provider.request(0)
      expectPrompt(await leaveDuring(upstream, provider.url, nextTurns))
      gate.resolve()
      await first
      expect((await exchange(upstream, makeCall(makeTarget(provider.url)))).status).to.equal(200)
      expect(provider.requests).to.have.length(2)
      expect(provider.connections.opened).to.equal(1)
    })

    it('while waiting for headers, and the provider sees it', async () => {
      const provider = await start(() => ({ kind: 'raw', steps: [STALL] }))
      expectPrompt(await leaveDuring(open(), provider.url, () => provider.request(0)))
      await provider.requests[0]!.abandoned
      await provider.idle()
    })

    it('in the middle of a stream, and the provider sees it', async () => {
      const provider = await start(() => ({ kind: 'stream', steps: ['some', STALL] }))
      const abort = new AbortController()
      const answer = await open().send(makeCall(makeTarget(provider.url), { stream: true }), abort.signal)
      const failed = defer<string>()
      answer.body.pipe({
        data: () => {
          abort.abort()
          return true
        },
        end: () => failed.reject(new Error('ended')),
        fail: (failure) => failed.resolve(failure.error.kind),
      })
      expect(await failed.promise).to.equal('cancelled')
      await provider.requests[0]!.abandoned
      await provider.idle()
    })

    it('and leaves no listener on the signal, whichever way a call ends', async () => {
      const provider = await start()
      const upstream = open()
      const { signal } = new AbortController()
      let listeners = 0
      const add = signal.addEventListener.bind(signal)
      const remove = signal.removeEventListener.bind(signal)
      signal.addEventListener = ((...all: Parameters<typeof add>) => {
        listeners += 1
        add(...all)
      }) as typeof add
      signal.removeEventListener = ((...all: Parameters<typeof remove>) => {
        listeners -= 1
        remove(...all)
      }) as typeof remove
      await exchange(upstream, makeCall(makeTarget(provider.url)), signal)
      provider.queue({ kind: 'raw', steps: [RESET] })
      await failureOf(exchange(upstream, makeCall(makeTarget('http://127.0.0.1:1')), signal))
      const answer = await upstream.send(makeCall(makeTarget(provider.url)), signal).catch(() => undefined)
      answer?.body.destroy()
      expect(listeners).to.equal(0)
    })
  })
})
