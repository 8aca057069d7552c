import { expect } from 'chai'
import { BACK_ENDS, type BackEnd, configFor } from '../clients/back-ends.ts'
import { createClosing } from '../support/close-all.ts'
import { defer } from '../support/deferred.ts'
import { type Answerer, type Step, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { type BareClient, CLIENTS } from './clients.ts'
import { readRest, readUntil, scriptOf, splitAfterFirstWord, streamOf } from './frames.ts'

const NEVER = new Promise(() => {})

describe('order of events', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function open(client: BareClient, backEnd: BackEnd, answer: Answerer, options = {}) {
    const provider = closing.add(await startFakeProvider(answer), (fake) => fake.close())
    const gateway = await startGateway(closing, configFor(backEnd.protocol, provider.url), options)
    const abort = new AbortController()
    const response = fetch(`${gateway.url}/team${client.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...client.body, stream: true }),
      signal: abort.signal,
    })
    return { provider, gateway, abort, response }
  }

  async function readerOf(response: Promise<Response>): Promise<ReadableStreamDefaultReader<string>> {
    const { body } = await response
    if (body === null) throw new Error('the answer has no body')
    return body.pipeThrough(new TextDecoderStream()).getReader()
  }

  const steps =
    (backEnd: BackEnd, list: readonly Step[]): Answerer =>
    () =>
      scriptOf(backEnd, list)

  for (const client of CLIENTS) {
    for (const backEnd of BACK_ENDS) {
      const pair = `${client.protocol} in front of ${backEnd.protocol}`

      it(`trap 23: ${pair}: the first word reaches the client before the provider has sent its second`, async () => {
        const heard = defer()
        const [before, after] = splitAfterFirstWord(backEnd)
        const { response } = await open(client, backEnd, steps(backEnd, [...before, heard.promise, ...after]))
        const reader = await readerOf(response)
        const first = await readUntil(reader, 'Hello')
        expect(first).to.not.contain(' from')
        // Only now may the provider go on: had the gateway waited for more, this test would never end.
        heard.resolve()
        expect(client.isComplete(first + (await readRest(reader)))).to.equal(true)
      })

      it(`trap 20, F24: ${pair}: a client that leaves in the stream ends the provider's call`, async () => {
        const [before] = splitAfterFirstWord(backEnd)
        const { provider, gateway, abort, response } = await open(client, backEnd, steps(backEnd, [...before, NEVER]))
        await readUntil(await readerOf(response), 'Hello')
        abort.abort()
        await (await provider.request(0)).abandoned
        expect((await gateway.exchange(0)).error.kind).to.equal('cancelled')
      })

      it(`trap 20, F24: ${pair}: a client that leaves before the first byte ends the provider's call`, async () => {
        const { provider, gateway, abort, response } = await open(client, backEnd, steps(backEnd, [NEVER]))
        const sent = await provider.request(0)
        abort.abort()
        await response.catch(() => {})
        await sent.abandoned
        expect((await gateway.exchange(0)).error.kind).to.equal('cancelled')
      })

      it(`trap 6, trap 7: ${pair}: a silence is bridged in the client's protocol, also before the first word`, async () => {
        const heard = defer()
        const answer = steps(backEnd, [heard.promise, ...streamOf(backEnd).steps])
        const { response } = await open(client, backEnd, answer, { streamTimes: { keepAliveMs: 20 } })
        const reader = await readerOf(response)
        const { value: first } = await reader.read()
        expect(first).to.match(client.protocol === 'anthropic' ? /^event: ping\ndata: \{"type": ?"ping"\}\n\n/ : /^: /)
        heard.resolve()
        expect(client.isComplete(await readRest(reader))).to.equal(true)
      })
    }

    it(`trap 8, F44: an error after a keep-alive is told inside the stream (${client.protocol})`, async () => {
      const heard = defer()
      const backEnd = BACK_ENDS[0] as BackEnd
      const answer: Answerer = async () => {
        await heard.promise
        return { kind: 'answer', status: 400, body: { error: { message: 'too late', type: 'x' } } }
      }
      const { response } = await open(client, backEnd, answer, { streamTimes: { keepAliveMs: 20 } })
      const reader = await readerOf(response)
      const { value: first } = await reader.read()
      heard.resolve()
      expect(client.streamError(first + (await readRest(reader)))).to.contain('too late')
    })
  }

  it('trap 21: what was counted before the client left is recorded', async () => {
    const backEnd = BACK_ENDS.find((one) => one.protocol === 'anthropic') as BackEnd
    const [before] = splitAfterFirstWord(backEnd)
    const [client] = CLIENTS as [BareClient]
    const { gateway, abort, response } = await open(client, backEnd, steps(backEnd, [...before, NEVER]))
    await readUntil(await readerOf(response), 'Hello')
    abort.abort()
    const line = await gateway.exchange(0)
    expect(line.error.kind).to.equal('cancelled')
    expect(line.input_tokens).to.equal(11)
  })
})
