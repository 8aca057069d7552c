import {
  ApiError,
  type Content,
  type FunctionDeclaration,
  type GenerateContentResponse,
  GoogleGenAI,
} from '@google/genai'
import { expect } from 'chai'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { CALL_SIGNATURE, geminiEmbeddings, geminiError } from '../support/gemini-fake.ts'
import { openaiEmbeddings, openaiError } from '../support/openai-fake.ts'
import { HELLO, ONE_CALL, type Said, TWO_CALLS } from '../support/said.ts'
import { BACK_ENDS, type BackEnd, configFor, modelAsked, PREFIXES } from './back-ends.ts'

const DECLARATIONS: FunctionDeclaration[] = ['get_weather', 'get_time'].map((name) => ({
  name,
  parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } } },
}))
const TOOLS = [{ functionDeclarations: DECLARATIONS }]
const REQUEST = { model: 'my-model', contents: 'Hi', config: { systemInstruction: 'Be brief.' } }

function backEndOf(protocol: string): BackEnd {
  const found = BACK_ENDS.find((one) => one.protocol === protocol)
  if (found === undefined) throw new Error(protocol)
  return found
}

describe('the official Gemini client', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function connect(backEnd: BackEnd, said: Said, prefix = '', apiVersion = 'v1beta') {
    const provider = closing.add(await startFakeProvider(backEnd.answer(said)), (fake) => fake.close())
    const gateway = await startGateway(closing, configFor(backEnd.protocol, provider.url))
    const client = new GoogleGenAI({
      apiKey: 'sk-client-secret',
      httpOptions: { baseUrl: `${gateway.url}${prefix}`, apiVersion },
    })
    return { provider, gateway, client }
  }

  async function gather(stream: AsyncGenerator<GenerateContentResponse>) {
    const chunks: GenerateContentResponse[] = []
    for await (const chunk of stream) chunks.push(chunk)
    return chunks
  }

  const partsOf = (chunks: readonly GenerateContentResponse[]) =>
    chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? [])

  for (const backEnd of BACK_ENDS) {
    for (const prefix of PREFIXES) {
      it(`gets a plain answer through ${prefix}/v1beta from ${backEnd.protocol}`, async () => {
        const { client, provider } = await connect(backEnd, HELLO, prefix)
        const answer = await client.models.generateContent(REQUEST)
        expect(answer.text).to.equal('Hello from the model')
        expect(answer.candidates?.[0]?.finishReason).to.equal('STOP')
        expect(answer.usageMetadata).to.include({ promptTokenCount: 11, candidatesTokenCount: 4, totalTokenCount: 15 })
        const sent = await provider.request(0)
        expect(modelAsked(sent)).to.equal('acme-large')
        expect(JSON.stringify(sent.rawHeaders), 'trap 134').to.not.contain('sk-client-secret')
      })

      it(`gets a stream through ${prefix}/v1beta from ${backEnd.protocol}`, async () => {
        const { client } = await connect(backEnd, HELLO, prefix)
        const chunks = await gather(await client.models.generateContentStream(REQUEST))
        const pieces = chunks.map((chunk) => chunk.text ?? '').filter((text) => text !== '')
        expect(pieces).to.deep.equal(['Hello', ' from', ' the', ' model'])
        expect(chunks.at(-1)?.candidates?.[0]?.finishReason).to.equal('STOP')
        expect(chunks.at(-1)?.usageMetadata).to.include({ promptTokenCount: 11, candidatesTokenCount: 4 })
      })

      it(`gets parallel calls, plain and streamed, through ${prefix}/v1beta from ${backEnd.protocol}`, async () => {
        const { client } = await connect(backEnd, TWO_CALLS, prefix)
        const request = { ...REQUEST, config: { tools: TOOLS } }
        const plain = await client.models.generateContent(request)
        const streamed = await gather(await client.models.generateContentStream(request))
        for (const parts of [partsOf([plain]), partsOf(streamed)]) {
          const calls = parts.flatMap(({ functionCall }) => functionCall ?? [])
          expect(parts.map(({ text }) => text ?? '').join('')).to.equal('Let me look.')
          expect(calls.map(({ id, name, args }) => [id, name, args ?? {}])).to.deep.equal([
            ['call_weather_1', 'get_weather', { city: 'Lisbon' }],
            ['call_time_2', 'get_time', {}],
          ])
        }
      })
    }

    it(`goes round with a tool result in a chat, streamed, over ${backEnd.protocol}`, async () => {
      const { client, provider } = await connect(backEnd, ONE_CALL)
      const chat = client.chats.create({ model: 'my-model', config: { tools: TOOLS } })
      const asked = await gather(await chat.sendMessageStream({ message: 'Hi' }))
      const call = partsOf(asked).find((part) => part.functionCall !== undefined)?.functionCall
      provider.queue(backEnd.answer(HELLO)({ json: { stream: false } }))
      const answered = await chat.sendMessage({
        message: {
          functionResponse: { id: call?.id ?? '', name: call?.name ?? '', response: { output: '21 degrees' } },
        },
      })
      expect(answered.text).to.equal('Hello from the model')
      const sent = JSON.stringify((await provider.request(1)).json)
      expect(sent).to.contain('21 degrees')
      if (backEnd.protocol !== 'ollama') expect(sent.match(/call_weather_1/g)).to.have.length(2)
    })
  }

  it('K3: gets answers through /v1 as well, by whichever version the client thinks of', async () => {
    const { client } = await connect(backEndOf('openai-chat'), HELLO, '/team', 'v1')
    expect((await client.models.generateContent(REQUEST)).text).to.equal('Hello from the model')
    const ids: unknown[] = []
    for await (const model of await client.models.list()) ids.push(model.name)
    expect(ids).to.deep.equal(['models/my-model'])
  })

  it('trap 91: the signature of a call comes back to its issuer, and nowhere else', async () => {
    for (const protocol of ['gemini', 'anthropic']) {
      const backEnd = backEndOf('gemini')
      const { client, provider } = await connect(backEnd, ONE_CALL)
      const [asked] = partsOf([await client.models.generateContent({ ...REQUEST, config: { tools: TOOLS } })])
      expect(asked?.thoughtSignature).to.equal(CALL_SIGNATURE)
      const contents: Content[] = [
        { role: 'user', parts: [{ text: 'Hi' }] },
        { role: 'model', parts: [asked ?? {}] },
        { role: 'user', parts: [{ functionResponse: { name: 'get_weather', response: { output: 'warm' } } }] },
      ]
      const next = protocol === 'gemini' ? { client, provider } : await connect(backEndOf(protocol), HELLO)
      if (protocol === 'gemini') provider.queue(backEnd.answer(HELLO)({ json: {} }))
      await next.client.models.generateContent({ model: 'my-model', contents, config: { tools: TOOLS } })
      const sent = (await next.provider.request(protocol === 'gemini' ? 1 : 0)).body.toString()
      expect(sent.includes(CALL_SIGNATURE)).to.equal(protocol === 'gemini')
    }
  })

  it('sees the reasoning of other back ends as thoughts, plain and streamed', async () => {
    for (const protocol of ['openai-chat', 'anthropic']) {
      const { client } = await connect(backEndOf(protocol), { ...HELLO, reasoning: 'Let me think.' })
      const plain = await client.models.generateContent(REQUEST)
      const streamed = await gather(await client.models.generateContentStream(REQUEST))
      for (const parts of [partsOf([plain]), partsOf(streamed)]) {
        const thought = parts.filter((part) => part.thought === true)
        expect(thought.map(({ text }) => text).join('')).to.equal('Let me think.')
      }
      expect(plain.text).to.equal('Hello from the model')
    }
  })

  it('trap 109, defect 18: counts tokens without asking anybody', async () => {
    const { client, provider } = await connect(backEndOf('openai-chat'), HELLO)
    const count = await client.models.countTokens({ model: 'my-model', contents: 'The quick brown fox' })
    expect(count.totalTokens).to.be.within(4, 20)
    expect(provider.requests).to.have.length(0)
  })

  it('lists the models of a group in its own shape, and finds one with a slash in its name', async () => {
    const { client } = await connect(backEndOf('gemini'), HELLO)
    const names: unknown[] = []
    for await (const model of await client.models.list()) names.push(model.name)
    expect(names).to.include.members(['models/my-model', 'models/acme/acme-large'])
    expect((await client.models.get({ model: 'models/acme/acme-large' })).name).to.equal('models/acme/acme-large')
  })

  describe('embeddings', () => {
    const VECTORS = [
      [0.5, -0.25],
      [1, 0],
    ]

    it('come from a back end of the same protocol as they are', async () => {
      const provider = closing.add(
        await startFakeProvider(({ path, json }) =>
          geminiEmbeddings(VECTORS.slice(0, json.requests?.length ?? 1), path.includes(':batch')),
        ),
        (fake) => fake.close(),
      )
      const gateway = await startGateway(closing, configFor('gemini', provider.url))
      const client = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: gateway.url } })
      const two = await client.models.embedContent({ model: 'my-model', contents: ['a', 'b'] })
      const one = await client.models.embedContent({ model: 'my-model', contents: 'a' })
      expect(two.embeddings?.map(({ values }) => values)).to.deep.equal(VECTORS)
      expect(one.embeddings?.map(({ values }) => values)).to.deep.equal(VECTORS.slice(0, 1))
      const sent = await provider.request(0)
      expect(sent.path).to.match(/^\/v1beta\/models\/acme-large:(batchEmbedContents|embedContent)$/)
      expect(sent.body.toString()).to.not.contain('my-model')
    })

    it('come from a back end of another protocol', async () => {
      const provider = closing.add(
        await startFakeProvider(({ json }) => openaiEmbeddings(VECTORS.slice(0, [json.input].flat().length), 'float')),
        (fake) => fake.close(),
      )
      const gateway = await startGateway(closing, configFor('openai-chat', provider.url))
      const client = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: `${gateway.url}/team` } })
      const two = await client.models.embedContent({
        model: 'my-model',
        contents: ['a', 'b'],
        config: { outputDimensionality: 2 },
      })
      expect(two.embeddings?.map(({ values }) => values)).to.deep.equal(VECTORS)
      const sent = await provider.request(0)
      expect([sent.json.input, sent.json.dimensions]).to.deep.equal([['a', 'b'], 2])
    })
  })

  it('is told an error in its own words, before and inside a stream', async () => {
    for (const [backEnd, script] of [
      [backEndOf('openai-chat'), openaiError(429, 'Slow down.', {}, { 'retry-after': '7' })],
      [
        backEndOf('gemini'),
        geminiError(429, 'RESOURCE_EXHAUSTED', 'Slow down.', [
          { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' },
        ]),
      ],
    ] as const) {
      const { client, provider } = await connect(backEnd, HELLO)
      for (let count = 0; count < 8; count++) provider.queue(script)
      const ask = [
        () => client.models.generateContent(REQUEST),
        async () => gather(await client.models.generateContentStream(REQUEST)),
      ]
      for (const run of ask) {
        const error = await run().then(
          () => undefined,
          (reason: unknown) => reason,
        )
        if (!(error instanceof ApiError)) throw new Error(`no ApiError but ${String(error)}`)
        expect(error.status).to.equal(429)
        expect(error.message)
          .to.contain('RESOURCE_EXHAUSTED')
          .and.contain('Slow down.')
          .and.contain('"retryDelay":"7s"')
      }
    }
  })

  describe('bare requests', () => {
    async function post(line: string, body: object, backEnd = backEndOf('openai-chat'), said = HELLO) {
      const { gateway, provider } = await connect(backEnd, said)
      const response = await fetch(`${gateway.url}${line}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k' },
        body: JSON.stringify(body),
      })
      return { provider, status: response.status, headers: response.headers, text: await response.text() }
    }
    const ASK = { contents: [{ parts: [{ text: 'Hi' }] }] }

    it('trap 29: without alt=sse a stream is one JSON array, whoever answers', async () => {
      for (const protocol of ['openai-chat', 'gemini']) {
        const answer = await post('/team/v1beta/models/my-model:streamGenerateContent', ASK, backEndOf(protocol))
        expect(answer.headers.get('content-type')).to.match(/^application\/json/)
        const chunks: GenerateContentResponse[] = JSON.parse(answer.text)
        expect(
          partsOf(chunks)
            .map(({ text }) => text)
            .join(''),
        ).to.equal('Hello from the model')
        expect(chunks.at(-1)?.candidates?.[0]?.finishReason).to.equal('STOP')
      }
    })

    it('lesson 4, K7, trap 133: the action behind a slash, names with colons and slashes, no collection', async () => {
      for (const line of [
        '/v1beta/models/my-model/generateContent',
        '/v1beta/models/acme/acme-large:generateContent',
        '/v1beta/acme/acme-large:generateContent',
        '/v1beta/models/acme%2Facme-large:generateContent',
        '/v1/models/my-model/generateContent?key=sk-client',
      ]) {
        const answer = await post(line, ASK)
        expect(answer.status, line).to.equal(200)
        expect(JSON.parse(answer.text).candidates[0].content.parts).to.deep.equal([{ text: 'Hello from the model' }])
        expect((await answer.provider.request(0)).path).to.not.contain('sk-client')
      }
    })

    it('CS3: an unknown action is no chat', async () => {
      const { status, text, provider } = await post('/v1beta/models/my-model:predictTheFuture', ASK)
      expect(status).to.equal(404)
      expect(JSON.parse(text).error).to.include({ code: 404, status: 'NOT_FOUND' })
      expect(provider.requests).to.have.length(0)
    })
  })
})
