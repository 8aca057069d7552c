import { expect } from 'chai'
import { BACK_ENDS, configFor } from '../clients/back-ends.ts'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { HELLO } from '../support/said.ts'
import { post } from './clients.ts'

const say = (index: number) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content: `word ${index}` })

/** Each protocol's path, and a request with these texts as turns of user and model. */
const CLIENTS: readonly (readonly [protocol: string, path: string, body: (turns: readonly string[]) => object])[] = [
  ['openai-chat', '/v1/chat/completions', (turns) => ({ model: 'my-model', messages: rolesOf(turns, 'assistant') })],
  ['openai-responses', '/v1/responses', (turns) => ({ model: 'my-model', input: rolesOf(turns, 'assistant') })],
  [
    'anthropic',
    '/v1/messages',
    (turns) => ({ model: 'my-model', max_tokens: 9, messages: rolesOf(turns, 'assistant') }),
  ],
  ['ollama', '/api/chat', (turns) => ({ model: 'my-model', stream: false, messages: rolesOf(turns, 'assistant') })],
  [
    'gemini',
    '/v1beta/models/my-model:generateContent',
    (turns) => ({
      contents: rolesOf(turns, 'model').map(({ role, content }) => ({ role, parts: [{ text: content }] })),
    }),
  ],
]

function rolesOf(turns: readonly string[], model: string) {
  return turns.map((content, index) => ({ ...say(index), role: index % 2 === 0 ? 'user' : model, content }))
}

describe('big input', function () {
  this.timeout(30_000)
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  for (const [protocol, path, body] of CLIENTS) {
    // A back end that speaks another protocol, so that everything is decoded and encoded.
    const backEnd = BACK_ENDS.find((one) => one.protocol === (protocol === 'anthropic' ? 'openai-chat' : 'anthropic'))
    if (backEnd === undefined) throw new Error('no back end')

    async function start() {
      const provider = closing.add(await startFakeProvider(backEnd?.answer(HELLO)), (fake) => fake.close())
      return { provider, gateway: await startGateway(closing, configFor(backEnd?.protocol ?? '', provider.url)) }
    }

    it(`${protocol}: a text of 5 MB goes through whole`, async () => {
      const { gateway, provider } = await start()
      const text = 'grüße "日本" \\ 😀 '.repeat(180_000)
      const answer = await post(`${gateway.url}${path}`, body([text]))
      expect(answer.status).to.equal(200)
      expect((await provider.request(0)).body.includes(JSON.stringify(text.trim()).slice(1, -1))).to.equal(true)
    })

    it(`${protocol}: 10,000 turns go through in their order`, async () => {
      const { gateway, provider } = await start()
      const turns = Array.from({ length: 10_001 }, (_, index) => `turn-${index}.`)
      const answer = await post(`${gateway.url}${path}`, body(turns))
      expect(answer.status).to.equal(200)
      const sent = (await provider.request(0)).body.toString()
      expect([...sent.matchAll(/turn-\d+\./g)].map((match) => match[0])).to.deep.equal(turns)
    })

    it(`F9: ${protocol}: JSON that is nested too deep is 400, at once and in its own envelope`, async () => {
      const { gateway, provider } = await start()
      const nested = '['.repeat(5000) + ']'.repeat(5000)
      const text = JSON.stringify(body(['Hi'])).replace(/\}$/, `,"extra":${nested}}`)
      const answer = await post(`${gateway.url}${path}`, text)
      expect(answer.status).to.equal(400)
      expect(answer.json.error).to.not.equal(undefined)
      expect(provider.requests).to.have.length(0)
    })
  }
})
