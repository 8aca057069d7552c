import { expect } from 'chai'
import { BACK_ENDS, configFor } from '../clients/back-ends.ts'
import { anthropicFrames } from '../support/anthropic-fake.ts'
import { createClosing } from '../support/close-all.ts'
import { defer } from '../support/deferred.ts'
import { type Script, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { openaiFrames } from '../support/openai-fake.ts'
import { HELLO } from '../support/said.ts'
import { CLIENTS } from './clients.ts'

const framesOf = (protocol: string): string[] =>
  protocol === 'openai-chat' ? openaiFrames(HELLO) : anthropicFrames(HELLO)

/** Up to and with the frame that says the first word. */
function splitAfterFirstWord(frames: readonly string[]): [before: string[], after: string[]] {
  const at = frames.findIndex((frame) => frame.includes('Hello')) + 1
  return [frames.slice(0, at), frames.slice(at)]
}

describe('order of events', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function open(
    client: (typeof CLIENTS)[number],
    protocol: string,
    steps: Extract<Script, { kind: 'stream' }>['steps'],
  ) {
    const script: Script = { kind: 'stream', headers: { 'content-type': 'text/event-stream' }, steps }
    const provider = closing.add(await startFakeProvider(() => script), (fake) => fake.close())
    const gateway = await startGateway(closing, configFor(protocol, provider.url))
    const abort = new AbortController()
    const answer = fetch(`${gateway.url}/team${client.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...client.body, stream: true }),
      signal: abort.signal,
    })
    return { provider, gateway, abort, answer }
  }

  for (const client of CLIENTS) {
    for (const { protocol } of BACK_ENDS) {
      const pair = `${client.protocol} in front of ${protocol}`

      it(`trap 23: ${pair}: the first word reaches the client before the provider has sent its second`, async () => {
        const heard = defer()
        const [before, after] = splitAfterFirstWord(framesOf(protocol))
        const { answer } = await open(client, protocol, [...before, heard.promise, ...after])
        const reader = (await answer).body?.pipeThrough(new TextDecoderStream()).getReader()
        let text = ''
        while (!text.includes('Hello')) text += (await reader?.read())?.value ?? ''
        expect(text).to.not.contain(' from')
        // Only now may the provider go on: had the gateway waited for more, this test would never end.
        heard.resolve()
        for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) text += piece.value
        expect(client.isComplete(text)).to.equal(true)
      })

      it(`trap 20, F24: ${pair}: a client that leaves in the stream ends the provider's call`, async () => {
        const never = new Promise(() => {})
        const [before] = splitAfterFirstWord(framesOf(protocol))
        const { provider, gateway, abort, answer } = await open(client, protocol, [...before, never])
        const reader = (await answer).body?.getReader()
        await reader?.read()
        abort.abort()
        await (await provider.request(0)).abandoned
        const line = await gateway.exchange(0)
        expect(line.error.kind).to.equal('cancelled')
      })

      it(`trap 20, F24: ${pair}: a client that leaves before the first byte ends the provider's call`, async () => {
        const never = new Promise(() => {})
        const { provider, gateway, abort, answer } = await open(client, protocol, [never])
        const sent = await provider.request(0)
        abort.abort()
        await answer.catch(() => {})
        await sent.abandoned
        expect((await gateway.exchange(0)).error.kind).to.equal('cancelled')
      })
    }
  }

  it('trap 21: what was counted before the client left is recorded', async () => {
    const client = CLIENTS[0]
    if (client === undefined) throw new Error('no client')
    const never = new Promise(() => {})
    const frames = anthropicFrames(HELLO)
    const { gateway, abort, answer } = await open(client, 'anthropic', [...frames.slice(0, 4), never])
    const reader = (await answer).body?.getReader()
    await reader?.read()
    abort.abort()
    const line = await gateway.exchange(0)
    expect(line.error.kind).to.equal('cancelled')
    expect(line.input_tokens).to.equal(11)
  })

  it("trap 6, trap 7: a silence is bridged with the keep-alive of the client's protocol, also before the first word", async () => {
    for (const client of CLIENTS) {
      for (const { protocol } of BACK_ENDS) {
        const heard = defer()
        const frames = framesOf(protocol)
        const script: Script = {
          kind: 'stream',
          headers: { 'content-type': 'text/event-stream' },
          steps: [heard.promise, ...frames],
        }
        const provider = closing.add(await startFakeProvider(() => script), (fake) => fake.close())
        const gateway = await startGateway(closing, configFor(protocol, provider.url), {
          streamTimes: { keepAliveMs: 20 },
        })
        const answer = await fetch(`${gateway.url}/team${client.path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ ...client.body, stream: true }),
        })
        const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
        const first = (await reader?.read())?.value ?? ''
        expect(first).to.match(client.protocol === 'anthropic' ? /^event: ping\ndata: \{"type": ?"ping"\}\n\n/ : /^: /)
        heard.resolve()
        let text = ''
        for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) text += piece.value
        expect(client.isComplete(text)).to.equal(true)
      }
    }
  })

  it('trap 8, F44: an error after a keep-alive is told inside the stream', async () => {
    for (const client of CLIENTS) {
      const heard = defer()
      const script = async (): Promise<Script> => {
        await heard.promise
        return { kind: 'answer', status: 400, body: { error: { message: 'too late', type: 'x' } } }
      }
      const provider = closing.add(await startFakeProvider(script), (fake) => fake.close())
      const gateway = await startGateway(closing, configFor('openai-chat', provider.url), {
        streamTimes: { keepAliveMs: 20 },
      })
      const answer = await fetch(`${gateway.url}/team${client.path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...client.body, stream: true }),
      })
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
      let text = (await reader?.read())?.value ?? ''
      heard.resolve()
      for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) text += piece.value
      expect(client.streamError(text)).to.contain('too late')
    }
  })
})
