/** What a guide of such a proxy promises of `/v1/messages` over each provider, by the numbers of its sentences. */
import { expect } from 'chai'
import { BACK_ENDS } from '../clients/back-ends.ts'
import { createClosing } from '../support/close-all.ts'
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { openaiError } from '../support/openai-fake.ts'
import { HELLO, ONE_CALL, type Said } from '../support/said.ts'

/** Providers by the names that the guide gives them, with the protocol that they speak. */
const PROVIDERS = {
  anthropic: 'anthropic',
  openai: 'openai-chat',
  gemini: 'gemini',
  deepseek: 'openai-chat',
  openrouter: 'openai-chat',
} as const
type Name = keyof typeof PROVIDERS

const STANDARD = {
  model: 'claude-3-sonnet-20240229',
  messages: [{ role: 'user', content: 'Hello!' }],
  max_tokens: 1024,
  temperature: 0.7,
  top_p: 0.9,
  top_k: 40,
  stream: false,
  stop_sequences: ['\n\n'],
  tools: [],
  tool_choice: 'auto',
}
const OPENAI_TOOL = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Get current weather',
    parameters: {
      type: 'object',
      properties: { location: { type: 'string', description: 'City name' } },
      required: ['location'],
    },
  },
}
const ANTHROPIC_TOOL = {
  name: 'get_weather',
  description: 'Get current weather',
  input_schema: OPENAI_TOOL.function.parameters,
}
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

describe('the guide: /v1/messages over each provider', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function start(name: Name, said: Said = HELLO, more: object = {}) {
    const backEnd = BACK_ENDS.find((one) => one.protocol === PROVIDERS[name])
    const provider: FakeProvider = closing.add(await startFakeProvider(backEnd?.answer(said)), (fake) => fake.close())
    const gateway = await startGateway(closing, {
      providers: [{ name, api_key: 'sk-provider-0001', api_base_url: provider.url, enabled: true }],
      routes: { default: { provider: name, model: 'routed-model' } },
      ...more,
    })
    const ask = async (body: object, url = gateway.url, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${url}/v1/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
      const text = await answer.text()
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        json: text.startsWith('{') ? JSON.parse(text) : {},
      }
    }
    return { provider, gateway, ask, sent: async () => (await provider.request(0)).json }
  }

  for (const name of Object.keys(PROVIDERS) as Name[]) {
    it(`A131, A145, A206: the standard parameters are taken over ${name}`, async () => {
      const { ask } = await start(name)
      const { status, json } = await ask(STANDARD)
      expect(status).to.equal(200)
      expect(json.type, 'A030').to.equal('message')
      expect(json.content[0].text).to.equal('Hello from the model')
      const plain = { model: STANDARD.model, messages: STANDARD.messages, max_tokens: 100, temperature: 0.7 }
      expect((await ask(plain)).status).to.equal(200)
    })

    for (const [rows, tool] of [
      ['A157, A220', OPENAI_TOOL],
      ['A158', ANTHROPIC_TOOL],
    ] as const) {
      it(`${rows}, A159, A160, A161, A162, A163: a tool ${tool === OPENAI_TOOL ? "in OpenAI's shape" : "in Anthropic's shape"} is called over ${name}`, async () => {
        const { ask, sent } = await start(name, ONE_CALL)
        const { status, json } = await ask({
          model: STANDARD.model,
          messages: [{ role: 'user', content: "What's the weather in Paris?" }],
          tools: [tool],
          tool_choice: 'auto',
        })
        expect(status).to.equal(200)
        const call = json.content.find((block: any) => block.type === 'tool_use')
        expect(call).to.deep.include({ name: 'get_weather', input: { city: 'Lisbon' } })
        expect(json.stop_reason).to.equal('tool_use')
        const { tools } = await sent()
        const told = {
          anthropic: () => expect(tools[0], 'A159').to.deep.equal(ANTHROPIC_TOOL),
          gemini: () => expect(tools[0].functionDeclarations[0].name, 'A161').to.equal('get_weather'),
          openai: () => expect(tools[0].function, 'A160').to.deep.include(OPENAI_TOOL.function),
          deepseek: () => expect(tools[0].function, 'A162').to.deep.include(OPENAI_TOOL.function),
          openrouter: () => expect(tools[0].function, 'A163').to.deep.include(OPENAI_TOOL.function),
        }
        told[name]()
      })
    }
  }

  it('A030: an Anthropic request is an OpenAI request at OpenAI, and its answer an Anthropic answer', async () => {
    const { provider, ask } = await start('openai')
    const { json } = await ask(STANDARD)
    const sent = await provider.request(0)
    expect(sent.path, 'A029').to.equal('/v1/chat/completions')
    expect(sent.headers.authorization).to.equal('Bearer sk-provider-0001')
    expect(sent.json.messages).to.deep.equal([{ role: 'user', content: 'Hello!' }])
    expect(json).to.deep.include({ type: 'message', role: 'assistant', stop_reason: 'end_turn' })
  })

  it('A154, A155, A156, A137: OpenAI gets every parameter that it knows, penalties too, for any model', async () => {
    const { ask, sent } = await start('openai')
    const { status } = await ask({ ...STANDARD, frequency_penalty: 0.5, presence_penalty: -0.5 })
    expect(status).to.equal(200)
    expect(await sent()).to.deep.include({
      model: 'routed-model',
      max_completion_tokens: 1024,
      temperature: 0.7,
      top_p: 0.9,
      stop: ['\n\n'],
      frequency_penalty: 0.5,
      presence_penalty: -0.5,
    })
    expect(await sent()).not.to.have.any.keys('top_k', 'stop_sequences')
  })

  it('A031: a model of the o-series is asked for max_completion_tokens', async () => {
    const { ask, sent } = await start('openai', HELLO, { routes: { default: { provider: 'openai', model: 'o3' } } })
    await ask({ model: 'any', max_tokens: 99, messages: STANDARD.messages, temperature: 0.5 })
    expect(await sent()).to.deep.include({ model: 'o3', max_completion_tokens: 99 })
    expect(await sent()).not.to.have.property('max_tokens')
  })

  it('A146, A147, A148, A214: Gemini gets all of them in generationConfig, and none at the top', async () => {
    const { ask, sent } = await start('gemini')
    await ask(STANDARD)
    const body = await sent()
    expect(body.generationConfig).to.deep.include({
      maxOutputTokens: 1024,
      temperature: 0.7,
      topP: 0.9,
      topK: 40,
      stopSequences: ['\n\n'],
    })
    expect(body).not.to.have.any.keys('max_tokens', 'temperature', 'top_p', 'top_k', 'stop_sequences')
    const { ask: again, sent: second } = await start('gemini')
    await again({ model: 'm', messages: STANDARD.messages, max_tokens: 1024, temperature: 0.7 })
    expect((await second()).generationConfig, 'A148').to.deep.equal({ maxOutputTokens: 1024, temperature: 0.7 })
  })

  it('A028, A150, A151: Anthropic gets what is its own as it stands, for any of its models', async () => {
    const { provider, ask } = await start('anthropic', HELLO, { groups: { default: { open: true } } })
    const body = {
      model: 'anthropic,claude-of-tomorrow-9',
      max_tokens: 10,
      top_k: 3,
      stop_sequences: ['x'],
      metadata: { user_id: 'u' },
      system: [{ type: 'text', text: 'S', cache_control: { type: 'ephemeral' } }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
      field_of_tomorrow: { a: 1 },
    }
    expect((await ask(body)).status).to.equal(200)
    const sent = await provider.request(0)
    expect(sent.json).to.deep.equal({ ...body, model: 'claude-of-tomorrow-9' })
    expect(sent.path).to.equal('/v1/messages')
  })

  for (const [name, rows, read] of [
    ['openai', 'A032', (body: any) => body.messages[0].content[1].image_url.url],
    ['gemini', 'A034', (body: any) => body.contents[0].parts[1].inlineData.data],
  ] as const) {
    it(`${rows}: a picture reaches ${name}`, async () => {
      const { ask, sent } = await start(name)
      const source = { type: 'base64', media_type: 'image/png', data: PIXEL }
      const content = [
        { type: 'text', text: 'What is it?' },
        { type: 'image', source },
      ]
      expect((await ask({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content }] })).status).to.equal(200)
      expect(read(await sent())).to.contain(PIXEL)
    })
  }

  it('A153, A162, A214: DeepSeek gets the parameters of OpenAI, within its limit', async () => {
    const { ask, sent } = await start('deepseek', HELLO, {
      routes: { default: { provider: 'deepseek', model: 'deepseek-chat' } },
    })
    await ask({ ...STANDARD, max_tokens: 100_000, tools: [ANTHROPIC_TOOL] })
    const body = await sent()
    expect(body).to.deep.include({ max_tokens: 8192, temperature: 0.7, top_p: 0.9, stop: ['\n\n'] })
    expect(body.tools).to.have.length(1)
  })

  it('A132, A213: what is missing or out of range is named', async () => {
    const { ask, provider } = await start('anthropic')
    const { model: _, ...nameless } = STANDARD
    const missing = await ask(nameless)
    expect(missing.status).to.equal(400)
    expect(missing.json.error).to.include({ type: 'invalid_request_error' })
    expect(missing.json.error.message).to.contain('model')
    const hot = await ask({ ...STANDARD, temperature: 2.1 })
    expect(hot.status).to.equal(400)
    expect(hot.json.error.message).to.contain('temperature')
    expect(provider.requests).to.have.length(0)
  })

  it('A197: the four special names are routes by what a request is', async () => {
    const route = (model: string) => ({ provider: 'anthropic', model })
    const routes = { default: route('d'), longContext: route('l'), background: route('b'), think: route('t') }
    const { ask, provider } = await start('anthropic', HELLO, { routes })
    await ask(STANDARD)
    await ask({ ...STANDARD, model: 'claude-3-5-haiku-20241022' })
    await ask({ ...STANDARD, thinking: true })
    await ask({ ...STANDARD, messages: [{ role: 'user', content: 'word '.repeat(61_000) }] })
    expect(provider.requests.map((request) => request.json.model)).to.deep.equal(['d', 'b', 't', 'l'])
  })

  it('A215, B040: the limit of a provider is told, with the time to wait and in its words', async () => {
    const { ask, provider } = await start('openai')
    provider.queue(openaiError(429, 'Rate limit reached for requests', {}, { 'retry-after': '17' }))
    const { status, json, headers } = await ask(STANDARD)
    expect(status).to.equal(429)
    expect(json.error.type).to.equal('rate_limit_error')
    expect(json.error.message).to.contain('Rate limit reached')
    expect(headers.get('retry-after')).to.equal('17')
  })

  it('A018: a body of the limit is taken, one of a byte more is not', async () => {
    const limit = 2048
    const { ask } = await start('anthropic', HELLO, {}).then(async (started) => {
      const provider = started.provider
      const gateway = await startGateway(
        closing,
        {
          providers: [{ name: 'anthropic', api_key: 'k', api_base_url: provider.url }],
          routes: { default: { provider: 'anthropic', model: 'm' } },
        },
        { bodyLimits: { limitBytes: limit } },
      )
      return { ask: (body: object) => started.ask(body, gateway.url) }
    })
    const empty = JSON.stringify({ ...STANDARD, metadata: { user_id: '' } }).length
    const sized = (bytes: number) => ({ ...STANDARD, metadata: { user_id: 'x'.repeat(bytes - empty) } })
    expect((await ask(sized(limit))).status).to.equal(200)
    const refused = await ask(sized(limit + 1))
    expect(refused.status).to.equal(413)
    expect(refused.json.error.message).to.be.a('string')
  })

  it('A125, A128: the host localhost works as 127.0.0.1 does', async () => {
    const { ask, gateway } = await start('anthropic')
    expect((await ask(STANDARD, gateway.url.replace('127.0.0.1', 'localhost'))).status).to.equal(200)
  })

  it('A127, X33: a stream that takes longer than request_timeout arrives whole', async () => {
    const { gateway, ask, provider } = await start('anthropic')
    const options = { upstream: { timeouts: { plainMs: 50, firstByteMs: 5000 } } }
    const slow = await startGateway(
      closing,
      {
        providers: [{ name: 'anthropic', api_key: 'k', api_base_url: provider.url }],
        routes: { default: { provider: 'anthropic', model: 'm' } },
      },
      options,
    )
    const frames = BACK_ENDS.find((one) => one.protocol === 'anthropic')?.answer(HELLO)({ json: { stream: true } })
    if (frames?.kind !== 'stream') throw new Error('no stream')
    const [first = '', ...rest] = frames.steps
    const later = new Promise((resolve) => setTimeout(resolve, 200))
    provider.queue({ ...frames, steps: [first, later, ...rest] })
    const { text } = await ask({ ...STANDARD, stream: true }, slow.url)
    expect(text).to.contain('event: message_stop')
    expect(gateway.url).not.to.equal(slow.url)
  })
})
