import { expect } from 'chai'
import OpenAI from 'openai'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { openaiEmbeddings, openaiError } from '../support/openai-fake.ts'
import { configFor } from './back-ends.ts'

/** Numbers that no 32-bit float holds as they stand here, so that a rounding would be seen. */
const VECTORS = [
  [0.1, -0.25, 3],
  [1e-7, 0, -1],
]
const ROUNDED = VECTORS.map((vector) => vector.map(Math.fround))

describe('embeddings through the gateway', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  /** @param form in which the back end writes its vectors; absent: as it is asked to. */
  async function connect(form?: 'float' | 'base64') {
    const provider = closing.add(
      await startFakeProvider(({ json }) => openaiEmbeddings(VECTORS, form ?? json.encoding_format ?? 'float')),
      (fake) => fake.close(),
    )
    const gateway = await startGateway(closing, configFor('openai-chat', provider.url))
    const client = new OpenAI({ baseURL: `${gateway.url}/team/v1`, apiKey: 'sk-client-secret', maxRetries: 0 })
    return { provider, gateway, client }
  }

  it('reach the official openai client, which asks for base64 and hands out numbers', async () => {
    const { client, provider, gateway } = await connect()
    const answer = await client.embeddings.create({ model: 'my-model', input: ['a', 'b'], dimensions: 3 })
    expect(answer.data.map(({ embedding }) => [...embedding])).to.deep.equal(ROUNDED)
    expect(answer.usage.prompt_tokens).to.equal(6)
    const sent = await provider.request(0)
    expect(sent.path).to.equal('/v1/embeddings')
    expect(sent.json).to.deep.equal({
      model: 'acme-large',
      input: ['a', 'b'],
      dimensions: 3,
      encoding_format: 'base64',
    })
    expect(await gateway.exchange(0)).to.deep.include({ road: 'relay', status: 200 })
  })

  it('are numbers when numbers were asked for', async () => {
    const { client } = await connect()
    const answer = await client.embeddings.create({ model: 'my-model', input: 'a', encoding_format: 'float' })
    expect(answer.data[0]?.embedding).to.deep.equal(VECTORS[0])
  })

  it('trap 138: are in base64 for a client that asked for it, also from a back end that does not know it', async () => {
    const { client } = await connect('float')
    const answer = await client.embeddings.create({ model: 'my-model', input: ['a', 'b'] })
    expect(answer.data.map(({ embedding }) => [...embedding])).to.deep.equal(ROUNDED)
  })

  it('Q35: are numbers for a client that asked for nothing else, also from a back end that always writes base64', async () => {
    const { gateway } = await connect('base64')
    const response = await fetch(`${gateway.url}/v1/embeddings`, {
      method: 'POST',
      body: JSON.stringify({ model: 'my-model', input: ['a', 'b'] }),
    })
    const body: any = await response.json()
    expect(body.data.map((one: any) => one.embedding)).to.deep.equal(ROUNDED)
  })

  it('lesson 27: are served where every index is -1', async () => {
    const { client, provider } = await connect()
    provider.queue(openaiEmbeddings(VECTORS, 'base64', -1))
    const answer = await client.embeddings.create({ model: 'my-model', input: ['a', 'b'] })
    expect(answer.data.map(({ embedding }) => [...embedding])).to.deep.equal(ROUNDED)
  })

  it('defect 21: fail with the status of the back end', async () => {
    const { client, provider } = await connect()
    provider.queue(openaiError(400, 'too many dimensions'))
    const failure = await client.embeddings.create({ model: 'my-model', input: 'a' }).catch((error: unknown) => error)
    expect(failure).to.be.instanceOf(OpenAI.BadRequestError)
    expect((failure as Error).message).to.contain('too many dimensions')
  })

  it('are refused without input, and no back end is asked', async () => {
    const { gateway, provider } = await connect()
    const response = await fetch(`${gateway.url}/v1/embeddings`, {
      method: 'POST',
      body: JSON.stringify({ model: 'my-model', messages: [] }),
    })
    expect(response.status).to.equal(400)
    expect(((await response.json()) as any).error.param).to.equal('input')
    expect(provider.requests).to.have.length(0)
  })
})
