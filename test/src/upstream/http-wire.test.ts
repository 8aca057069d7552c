import { expect } from 'chai'
import { createHttpUpstream } from '../../../src/upstream/http.ts'
import type { Upstream } from '../../../src/upstream/upstream.ts'
import { createClosing } from '../../support/close-all.ts'
import { defer } from '../../support/deferred.ts'
import { startFakeProvider } from '../../support/fake-provider.ts'
import { playRecording, readWireRecordings } from '../../support/play-recording.ts'
import { startToxicProxy, type Toxin } from '../../support/toxic.ts'
import { collect, exchange, failureOf, makeCall, makeTarget } from '../../support/upstream-call.ts'

describe('upstream/http, over a wire as it is', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())
  const start = async () => closing.add(await startFakeProvider(), (provider) => provider.close())
  const open = (): Upstream =>
    closing.add(createHttpUpstream({ userAgent: 'interlingua/test', timeouts: { idleMs: 3000 } }), (one) => one.close())

  for (const protocol of ['openai-chat', 'openai-responses', 'anthropic', 'gemini', 'ollama']) {
    it(`F68: what ${protocol} really sent arrives byte for byte, however it is cut`, async function () {
      const recordings = readWireRecordings(protocol)
      if (recordings.length === 0) this.skip()
      const provider = await start()
      const upstream = open()
      let streams = 0
      for (const [index, recording] of recordings.entries()) {
        const { status, stream } = recording.response
        if (status < 200 || (status >= 300 && status < 400)) continue
        if (stream === undefined && status < 400) continue
        provider.queue(playRecording(recording, index + 1, index * 3 + 7, 1000, 1001, 1003))
        const answer = await exchange(upstream, makeCall(makeTarget(provider.url), { stream: stream !== undefined }))
        expect(answer.status, recording.id).to.equal(status)
        expect(answer.failure, recording.id).to.equal(undefined)
        if (stream === undefined) continue
        streams += 1
        expect(answer.bytes.equals(Buffer.from(stream)), recording.id).to.equal(true)
      }
      expect(streams).to.be.greaterThan(0)
    })
  }

  describe('through a proxy that does harm', () => {
    const TEXT = 'data: {"é":"日本語"}\n\n'.repeat(50)
    const through = async (toxin: Toxin) => {
      const provider = await start()
      provider.queue({ kind: 'stream', steps: [TEXT] })
      const proxy = closing.add(await startToxicProxy(provider.port), (one) => one.close())
      proxy.poison(toxin)
      return { provider, proxy, call: makeCall(makeTarget(proxy.url), { stream: true }) }
    }

    it('nothing is lost by a wire without harm, nor by one that passes single bytes', async () => {
      for (const toxin of [{ kind: 'none' }, { kind: 'slicer', bytes: 1 }] as const) {
        const { call } = await through(toxin)
        const answer = await exchange(open(), call)
        expect(answer.text).to.equal(TEXT)
        expect(answer.failure).to.equal(undefined)
      }
    })

    for (const kind of ['limit-data', 'reset-peer'] as const) {
      it(`F38, F59: ${kind} at any byte is a failure, and what had come is delivered`, async () => {
        for (const bytes of [1, 16, 40, 120, 300, 700]) {
          const { call } = await through({ kind, bytes })
          const outcome = await exchange(open(), call).catch((failure) => ({ failure, text: '' }))
          expect(outcome.failure?.error.kind, `${bytes}`).to.equal('upstream-failed')
          expect(TEXT.startsWith(outcome.text.replace(/\ufffd+$/, '')), `${bytes}`).to.equal(true)
        }
      })
    }

    it('an answer that is whole does not wait for the end of its connection', async () => {
      const gate = defer()
      const { call } = await through({ kind: 'slow-close', until: gate.promise })
      expect((await exchange(open(), call)).text).to.equal(TEXT)
      gate.resolve()
    })

    it('F38: a wire that drops every connection is a failure', async () => {
      const { call } = await through({ kind: 'down' })
      expect((await failureOf(exchange(open(), call))).error.kind).to.equal('upstream-failed')
    })

    it('F24: a client that leaves is felt by the provider behind it', async () => {
      const { call, proxy, provider } = await through({ kind: 'none' })
      proxy.poison({ kind: 'slicer', bytes: 7 })
      provider.queue({ kind: 'stream', steps: ['x', { do: 'stall' }] })
      const abort = new AbortController()
      await exchange(open(), call)
      const answer = await open().send(call, abort.signal)
      const over = collect(answer, () => abort.abort())
      expect((await over).failure?.error.kind).to.equal('cancelled')
      await provider.requests[1]!.abandoned
    })
  })
})
