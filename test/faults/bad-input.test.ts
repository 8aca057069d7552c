import { expect } from 'chai'
import { BACK_ENDS, configFor } from '../clients/back-ends.ts'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { HELLO } from '../support/said.ts'
import { type BareClient, CLIENTS, post } from './clients.ts'

type Row = readonly [title: string, body: (client: BareClient) => unknown, status: number, message: RegExp]

const ROWS: readonly Row[] = [
  ['F8: an empty body', () => '', 400, /empty|JSON/i],
  [
    'A207, F8: broken JSON, with line and column',
    () => '{"model": "my-model",\n "messages": [}',
    400,
    /line 2, column/,
  ],
  ['a body that is no object', () => '[1, 2]', 400, /object/],
  ['B064: a missing model', ({ body }) => ({ ...body, model: undefined }), 400, /^Missing required field: model$/],
  [
    'B063: missing messages',
    ({ body }) => ({ ...body, messages: undefined }),
    400,
    /^Missing required field: messages$/,
  ],
  ['a model that is no text', ({ body }) => ({ ...body, model: 5 }), 400, /model/],
  ['messages that are no list', ({ body }) => ({ ...body, messages: 'Hi' }), 400, /messages/],
  ['stream in words', ({ body }) => ({ ...body, stream: 'yes' }), 400, /stream/],
  [
    'F9: JSON that is nested without end',
    () => `{"model":"my-model","messages":${'['.repeat(100_000)}`,
    400,
    /nest|deep|level/i,
  ],
  ['an unknown model, with the nearest names', ({ body }) => ({ ...body, model: 'my-modle' }), 404, /my-model/],
  ['a body over the limit', ({ body }) => ({ ...body, padding: 'x'.repeat(200_000) }), 413, /bytes|large|limit/i],
]

/** Only where a request must be decoded; a relayed body is the provider's matter. */
const DECODED_ROWS: readonly Row[] = [
  ['a message without a role', ({ body }) => ({ ...body, messages: [{ content: 'Hi' }] }), 400, /messages\.0\.role/],
  [
    'content of a wrong type',
    ({ body }) => ({ ...body, messages: [{ role: 'user', content: 5 }] }),
    400,
    /messages\.0\.content/,
  ],
  ['A135: a temperature out of range', ({ body }) => ({ ...body, temperature: 2.1 }), 400, /temperature/],
  ['B032: a limit of tokens in words', ({ body }) => ({ ...body, max_tokens: 'x' }), 400, /max_tokens/],
  ['A216: tools that are no list', ({ body }) => ({ ...body, tools: {} }), 400, /tools/],
  ['A133: no messages at all', ({ body }) => ({ ...body, messages: [] }), 400, /messages/],
]

describe('bad input', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  for (const client of CLIENTS) {
    for (const backEnd of BACK_ENDS) {
      const isRelayed = client.protocol === backEnd.protocol
      for (const [title, body, status, message] of isRelayed ? ROWS : [...ROWS, ...DECODED_ROWS]) {
        it(`${client.protocol} in front of ${backEnd.protocol}: ${title} is ${status}`, async () => {
          const provider = closing.add(await startFakeProvider(backEnd.answer(HELLO)), (fake) => fake.close())
          const gateway = await startGateway(closing, configFor(backEnd.protocol, provider.url), {
            bodyLimits: { limitBytes: 150_000 },
          })
          const url = `${gateway.url}/team${client.path}`
          const answer = await post(url, body(client))
          expect(answer.status, answer.text).to.equal(status)
          expect(answer.headers.get('content-type')).to.contain('application/json')
          expect(answer.headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/)
          const error = client.checkError(answer.json)
          expect(error.message).to.match(message)
          expect(answer.text).to.not.match(/node:internal|\.ts:|at .*\(/)
          expect(provider.requests, 'nothing went up').to.have.length(0)
          expect((await post(url, client.body)).status, 'the next one is served').to.equal(200)
        })
      }
    }

    it(`${client.protocol}: an unknown group is 404 and names the groups that there are`, async () => {
      const gateway = await startGateway(closing, configFor('openai-chat', 'http://127.0.0.1:1'))
      const answer = await post(`${gateway.url}/nobody${client.path}`, client.body)
      expect(answer.status).to.equal(404)
      expect(client.checkError(answer.json).message).to.contain('team')
    })

    it(`${client.protocol}: a wrong method is 405 and names the right one`, async () => {
      const gateway = await startGateway(closing)
      const response = await fetch(`${gateway.url}${client.path}`)
      expect(response.status).to.equal(405)
      expect(response.headers.get('allow')).to.equal('POST')
      expect(client.checkError(await response.json()).message).to.contain('POST')
    })

    it(`lesson 16, K2: a doubled version segment is 404 with the right path (${client.protocol})`, async () => {
      const gateway = await startGateway(closing, configFor('openai-chat', 'http://127.0.0.1:1'))
      const answer = await post(`${gateway.url}/team/v1${client.path}`, client.body)
      expect(answer.status).to.equal(404)
      expect(client.checkError(answer.json).message).to.contain(`/team${client.path}`)
    })
  }

  it('a path that nobody knows is a JSON error and never an empty body', async () => {
    const gateway = await startGateway(closing)
    for (const path of ['/v1/nothing', '/team/what', '/v2/messages', '/%00', '/..%2f', '/v1/messages/batches']) {
      const response = await fetch(`${gateway.url}${path}`, { method: 'POST' })
      expect(response.status, path).to.be.oneOf([400, 404])
      const json: any = await response.json()
      expect(json.error.message, path).to.be.a('string')
    }
  })
})
