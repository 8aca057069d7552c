import { expect } from 'chai'
import { BACK_ENDS, type BackEnd, configFor } from '../clients/back-ends.ts'
import { createClosing } from '../support/close-all.ts'
import { type Script, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { openaiError } from '../support/openai-fake.ts'
import { HELLO } from '../support/said.ts'
import { type BareClient, CLIENTS, post } from './clients.ts'
import { scriptOf, splitAfterFirstWord } from './frames.ts'

const SECRET = 'sk-provider-secret-0001'

/** How each vendor tells a failure of this status. */
function failing(backEnd: BackEnd, status: number): Script {
  const script = backEnd.fail(status, `it is ${status} for ${SECRET}`)
  const isLater = status === 429 || status === 529
  if (script.kind !== 'answer' || !isLater) return script
  return { ...script, headers: { ...script.headers, 'retry-after': '7' } }
}

/** What the provider says; what the two kinds of client see as status. */
const STATUSES: readonly (readonly [upstream: number, openai: number, anthropic: number])[] = [
  [400, 400, 400],
  [401, 401, 401],
  [404, 404, 404],
  [429, 429, 429],
  [500, 502, 502],
  [529, 503, 529],
]

describe('failing providers', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function start(backEnd: BackEnd, script: Script, config: object = {}) {
    const provider = closing.add(await startFakeProvider(() => script), (fake) => fake.close())
    const gateway = await startGateway(closing, { ...configFor(backEnd.protocol, provider.url), ...config })
    return { provider, gateway }
  }

  /** The process lives, and an answer from the same provider gets through at once. */
  async function expectAlive(
    url: string,
    client: BareClient,
    backEnd: BackEnd,
    provider: { queue(script: Script): void },
  ) {
    provider.queue(backEnd.answer(HELLO)({ json: { stream: false } }))
    expect((await post(url, client.body)).status, 'the next one is served').to.equal(200)
  }

  for (const client of CLIENTS) {
    for (const backEnd of BACK_ENDS) {
      const pair = `${client.protocol} in front of ${backEnd.protocol}`
      for (const stream of [false, true]) {
        const body = { ...client.body, stream }
        const kind = stream ? 'stream' : 'plain'

        for (const [status, openai, anthropic] of STATUSES) {
          it(`trap 9, trap 153, lesson 24: ${pair}, ${kind}: ${status} is told in the client's envelope`, async () => {
            const { provider, gateway } = await start(backEnd, failing(backEnd, status))
            const url = `${gateway.url}${client.path}`
            const answer = await post(url, body)
            // Google knows no 529: there it is one of the failures of the server.
            const own = client.protocol === 'anthropic' && backEnd.protocol !== 'gemini' ? anthropic : openai
            expect(answer.status, answer.text).to.equal(own)
            expect(answer.headers.get('content-type')).to.contain('application/json')
            expect(client.checkError(answer.json).message).to.contain(`it is ${status}`)
            expect(answer.text, 'S10: no key in an error').to.not.contain(SECRET)
            if (status === 429 || status === 529) {
              expect(answer.headers.get('retry-after'), 'trap 152').to.equal('7')
            }
            expect(answer.headers.get('x-provider')).to.equal('acme')
            await expectAlive(url, client, backEnd, provider)
          })
        }

        it(`trap 27, F45: ${pair}, ${kind}: the HTML page of a proxy becomes a JSON error`, async () => {
          const script: Script = {
            kind: 'answer',
            status: 502,
            headers: { 'content-type': 'text/html' },
            body: '<html><h1>Bad gateway</h1></html>',
          }
          const { provider, gateway } = await start(backEnd, script)
          const url = `${gateway.url}${client.path}`
          const answer = await post(url, body)
          expect(answer.status).to.equal(502)
          expect(client.checkError(answer.json).message).to.match(/502.*text\/html/)
          expect(answer.text).to.not.contain('<h1>')
          await expectAlive(url, client, backEnd, provider)
        })

        it(`F46: ${pair}, ${kind}: HTML with status 200 is a failure of the provider`, async () => {
          const script: Script = {
            kind: 'answer',
            headers: { 'content-type': 'text/html' },
            body: '<html>Sign in</html>',
          }
          const { provider, gateway } = await start(backEnd, script)
          const url = `${gateway.url}${client.path}`
          const answer = await post(url, body)
          expect(answer.status).to.equal(502)
          client.checkError(answer.json)
          await expectAlive(url, client, backEnd, provider)
        })

        it(`F38: ${pair}, ${kind}: a connection that is reset before the answer is 502`, async () => {
          const { provider, gateway } = await start(backEnd, { kind: 'raw', steps: [{ do: 'reset' }] })
          const url = `${gateway.url}${client.path}`
          const answer = await post(url, body)
          expect(answer.status, answer.text).to.equal(502)
          expect(client.checkError(answer.json).message).to.contain('acme')
          expect(answer.text).to.not.contain(SECRET)
          await expectAlive(url, client, backEnd, provider)
        })

        it(`A210, F36, lesson 25: ${pair}, ${kind}: a provider that nobody serves is 502 with its address`, async () => {
          const { provider, gateway } = await start(backEnd, { kind: 'raw', steps: [] })
          const { port } = provider
          await provider.close()
          const answer = await post(`${gateway.url}${client.path}`, body)
          expect(answer.status).to.equal(502)
          expect(client.checkError(answer.json).message).to.contain(`127.0.0.1:${port}`)
        })
      }

      it(`F59, trap 10: ${pair}: a reset inside the stream is told inside the stream, and the end is not faked`, async () => {
        const [frames] = splitAfterFirstWord(backEnd)
        const { provider, gateway } = await start(backEnd, scriptOf(backEnd, [...frames, { do: 'reset' }]))
        const url = `${gateway.url}${client.path}`
        const answer = await post(url, { ...client.body, stream: true })
        expect(answer.status).to.equal(200)
        expect(answer.text).to.contain('Hello')
        expect(client.streamError(answer.text), answer.text).to.be.a('string')
        expect(client.isComplete(answer.text)).to.equal(false)
        await expectAlive(url, client, backEnd, provider)
      })

      if (client.protocol !== backEnd.protocol) {
        it(`F59: ${pair}: a reset in the middle of an event gives what came before and one error`, async () => {
          const [frames, after] = splitAfterFirstWord(backEnd)
          const half = after[0]?.slice(0, 20) ?? ''
          const { gateway } = await start(backEnd, scriptOf(backEnd, [...frames, half, { do: 'reset' }]))
          const answer = await post(`${gateway.url}${client.path}`, { ...client.body, stream: true })
          expect(client.streamError(answer.text)).to.be.a('string')
          expect(client.isComplete(answer.text)).to.equal(false)
        })

        it(`trap 12: ${pair}: a stream without a word is 502 and not an empty answer`, async () => {
          const { gateway } = await start(backEnd, scriptOf(backEnd, [': nothing\n\n']))
          const answer = await post(`${gateway.url}${client.path}`, { ...client.body, stream: true })
          expect(answer.status).to.equal(502)
          client.checkError(answer.json)
        })
      } else {
        it(`F60: ${pair}: a relayed stream that is cut in the middle of an event breaks off and does not end`, async () => {
          const [frames, after] = splitAfterFirstWord(backEnd)
          const half = after[0]?.slice(0, 20) ?? ''
          const { gateway } = await start(backEnd, scriptOf(backEnd, [...frames, half, { do: 'reset' }]))
          const outcome = await post(`${gateway.url}${client.path}`, { ...client.body, stream: true }).catch(
            (error: unknown) => error,
          )
          expect(outcome).to.be.instanceOf(Error)
        })
      }

      it(`F47, B074: ${pair}: JSON in answer to a stream request reaches the client as a stream`, async () => {
        const { gateway } = await start(backEnd, backEnd.answer(HELLO)({ json: { stream: false } }))
        const answer = await post(`${gateway.url}${client.path}`, { ...client.body, stream: true })
        expect(answer.headers.get('content-type')).to.contain('text/event-stream')
        expect(answer.text).to.contain('Hello from the model')
        expect(client.isComplete(answer.text)).to.equal(true)
      })

      it(`F47: ${pair}: a stream in answer to a plain request reaches the client in one piece`, async () => {
        const { gateway } = await start(backEnd, backEnd.answer(HELLO)({ json: { stream: true } }))
        const answer = await post(`${gateway.url}${client.path}`, client.body)
        expect(answer.headers.get('content-type')).to.contain('application/json')
        expect(answer.text).to.contain('Hello from the model')
      })
    }
  }

  it('F60: a relayed request that only its back end understands is told of a reset inside its stream too', async () => {
    const backEnd = BACK_ENDS[0] as BackEnd
    const [frames] = splitAfterFirstWord(backEnd)
    const { gateway } = await start(backEnd, scriptOf(backEnd, [...frames, { do: 'reset' }]))
    const [client] = CLIENTS as [BareClient]
    const body = { ...client.body, messages: [{ role: 'user', content: 5 }], stream: true }
    const answer = await post(`${gateway.url}${client.path}`, body)
    expect(client.streamError(answer.text)).to.be.a('string')
  })

  it('a failure moves on to the next target, unseen by the client, and the headers tell who served', async () => {
    for (const stream of [false, true]) {
      const broken = closing.add(await startFakeProvider(() => openaiError(500, 'down')), (fake) => fake.close())
      const good = closing.add(await startFakeProvider(BACK_ENDS[1]?.answer(HELLO)), (fake) => fake.close())
      const gateway = await startGateway(closing, {
        providers: [
          { name: 'one', protocol: 'openai-chat', api_base_url: broken.url, api_key: 'k1' },
          { name: 'two', protocol: 'anthropic', api_base_url: good.url, api_key: 'k2' },
        ],
        groups: {
          default: {
            aliases: {
              'my-model': [
                { provider: 'one', model: 'a' },
                { provider: 'two', model: 'b', priority: 1 },
              ],
            },
          },
        },
      })
      const answer = await post(`${gateway.url}/v1/chat/completions`, {
        model: 'my-model',
        messages: [{ role: 'user', content: 'Hi' }],
        stream,
      })
      expect(answer.status).to.equal(200)
      expect(answer.text).to.contain('Hello')
      expect(answer.headers.get('x-provider')).to.equal('two')
      expect(answer.headers.get('x-model'), 'trap 156').to.equal('b')
      expect((await good.request(0)).json.model).to.equal('b')
      expect(broken.requests).to.have.length(1)
    }
  })
})
