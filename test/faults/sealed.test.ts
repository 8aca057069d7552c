import { expect } from 'chai'
import { BACK_ENDS, configFor } from '../clients/back-ends.ts'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { HELLO } from '../support/said.ts'
import { post } from './clients.ts'

const SEALED = 'sealed:signature:gemini:CkQB'
const USER = { role: 'user', content: 'Hi' }

const ROWS = [
  {
    protocol: 'anthropic',
    path: '/v1/messages',
    body: (proof: string) => ({
      model: 'my-model',
      max_tokens: 50,
      messages: [
        USER,
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: proof },
            { type: 'text', text: 'Hello' },
          ],
        },
        USER,
      ],
    }),
  },
  {
    protocol: 'openai-responses',
    path: '/v1/responses',
    body: (proof: string) => ({
      model: 'my-model',
      store: false,
      input: [USER, { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: proof }, USER],
    }),
  },
]

describe('proofs of thoughts that one vendor gave', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  for (const { protocol, path, body } of ROWS) {
    for (const stream of [false, true]) {
      it(`trap 87: are never relayed to another of ${protocol}, ${stream ? 'streamed' : 'plain'}`, async () => {
        const backEnd = BACK_ENDS.find((one) => one.protocol === protocol)
        if (backEnd === undefined) throw new Error(`there is no back end of ${protocol}`)
        const provider = closing.add(await startFakeProvider(backEnd.answer(HELLO)), (fake) => fake.close())
        const gateway = await startGateway(closing, configFor(protocol, provider.url))
        const ask = (proof: string) => post(`${gateway.url}/team${path}`, { ...body(proof), stream })
        const sealed = await ask(SEALED)
        expect(sealed.status, sealed.text).to.equal(200)
        const own = await ask('their-own-proof')
        expect(own.status, own.text).to.equal(200)
        const [first, second] = provider.requests.map((request) => request.body.toString())
        expect(first).to.contain('Hi').and.not.contain('sealed:')
        expect(second, 'its own goes back').to.contain('their-own-proof')
        expect(sealed.headers.get('x-interlingua-loss')).to.contain('parts.0')
        expect(own.headers.get('x-interlingua-loss')).to.equal(null)
      })
    }
  }
})
