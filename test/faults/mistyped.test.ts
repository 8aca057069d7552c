import { expect } from 'chai'
import type { Codec } from '../../protocols/codec.ts'
import { codecs } from '../../protocols/index.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import { BACK_ENDS, configFor } from '../clients/back-ends.ts'
import { type Mutant, mutate } from '../protocols/mutants.ts'
import { SEEDS } from '../protocols/seeds.ts'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { HELLO } from '../support/said.ts'
import { post } from './clients.ts'

/** Where a client of each protocol asks, for an answer in one piece and for a stream. */
const PATHS: Readonly<Record<string, readonly [plain: string, stream: string]>> = {
  'openai-chat': ['/v1/chat/completions', '/v1/chat/completions'],
  anthropic: ['/v1/messages', '/v1/messages'],
  'openai-responses': ['/v1/responses', '/v1/responses'],
  ollama: ['/api/chat', '/api/chat'],
  gemini: ['/v1beta/models/my-model:generateContent', '/v1beta/models/my-model:streamGenerateContent?alt=sse'],
}

const SAMPLES = 12

/** Some of the wrong requests that are refused, from all over a right one. */
function sample(codec: Codec, seed: object): Mutant[] {
  const endpoint = codec.endpoints.find(({ operation }) => operation === 'chat')
  if (endpoint === undefined) throw new Error(`${codec.name} has no chat`)
  const wire = { endpoint, params: { model: 'my-model' }, query: new URLSearchParams(), headers: {} }
  const refused = mutate(seed, new Set(['.model', '.stream'])).filter(({ body }) => {
    try {
      codec.request.decode(wire, body)
      return false
    } catch (error) {
      return error instanceof ApiFailure
    }
  })
  const step = Math.ceil(refused.length / SAMPLES)
  return refused.filter((_one, index) => index % step === 0)
}

/** The one text of an error, which each protocol has in its own envelope. */
function messageOf(json: any): string {
  return typeof json?.error === 'string' ? json.error : json?.error?.message
}

describe('a request with one thing wrong, from end to end', function () {
  this.timeout(30_000)
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  for (const codec of codecs) {
    it(`F12: ${codec.name}: is 400 with the name of the member, before anybody is called, plain and streamed`, async () => {
      const backEnd = BACK_ENDS.find(({ protocol }) => protocol !== codec.name)
      if (backEnd === undefined) throw new Error('there is no other back end')
      const provider = closing.add(await startFakeProvider(backEnd.answer(HELLO)), (fake) => fake.close())
      const gateway = await startGateway(closing, configFor(backEnd.protocol, provider.url))
      const [plain = '', streamed = ''] = PATHS[codec.name] ?? []
      const isInPath = codec.name === 'gemini'
      for (const seed of SEEDS[codec.name] ?? []) {
        for (const stream of [false, true]) {
          const members = isInPath ? {} : { model: 'my-model', stream }
          for (const { path, what, body } of sample(codec, { ...seed, ...members })) {
            const answer = await post(`${gateway.url}/team${stream ? streamed : plain}`, body)
            expect(answer.status, `${path} as ${what}: ${answer.text}`).to.equal(400)
            expect(answer.headers.get('content-type')).to.contain('application/json')
            // It stands in one list with others, or inside what is wrong.
            const [outermost = ''] = path.split('.')
            expect(messageOf(answer.json), `${path} as ${what}`).to.contain(outermost)
          }
        }
        const right = await post(`${gateway.url}/team${plain}`, { ...seed, ...(isInPath ? {} : { model: 'my-model' }) })
        expect(right.status, right.text).to.equal(200)
      }
      expect(provider.requests, 'only the right ones went up').to.have.length(1)
    })
  }
})
