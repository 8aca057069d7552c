import Anthropic from '@anthropic-ai/sdk'
import { expect } from 'chai'
import { Ollama } from 'ollama'
import OpenAI from 'openai'
import { AWS_VARIABLES, bedrockAnswerer } from '../support/bedrock-fake.ts'
import { createClosing } from '../support/close-all.ts'
import { type Answerer, type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { ollamaAnswer } from '../support/ollama-fake.ts'
import { openaiAnswer } from '../support/openai-fake.ts'
import { HELLO } from '../support/said.ts'

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='

describe('an image that is named by its URL', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())
  const open = async (answerer: Answerer): Promise<FakeProvider> =>
    closing.add(await startFakeProvider(answerer), (opened) => opened.close())

  async function connect(
    name: string,
    answerer: Answerer,
    { mediaHosts = ['127.0.0.1'] as readonly string[] | 'none', more = {} } = {},
  ) {
    const pictures = await open(() => ({
      kind: 'answer',
      headers: { 'content-type': 'image/png' },
      body: Buffer.from(PNG, 'base64'),
    }))
    const fake = await open(answerer)
    const config = {
      providers: [{ name, api_base_url: fake.url, api_key: 'sk-x', models: ['m'], ...more }],
      routes: { default: { provider: name, model: 'm' } },
    }
    const options = { environment: AWS_VARIABLES, ...(mediaHosts === 'none' ? {} : { mediaHosts }) }
    const gateway = await startGateway(closing, config, options)
    const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'x', maxRetries: 0 })
    const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: 'x', maxRetries: 0 })
    const ask = (...urls: string[]) =>
      openai.chat.completions.create({
        model: 'm',
        messages: [{ role: 'user', content: urls.map((url) => ({ type: 'image_url', image_url: { url } })) }],
      })
    return { fake, gateway, openai, anthropic, pictures, picture: `${pictures.url}/red.png`, ask }
  }

  it('is fetched for Ollama, once however often it is named', async () => {
    const { fake, ask, picture, pictures, gateway } = await connect('ollama-native', () => ollamaAnswer(HELLO))
    await ask(picture, picture)
    expect((await fake.request(0)).json.messages[0].images).to.deep.equal([PNG, PNG])
    expect(pictures.requests).to.have.length(1)
    const told = (await gateway.exchange(0)).losses.map(({ path }: { path: string }) => path)
    expect(told.filter((path: string) => path.startsWith('messages'))).to.deep.equal([])
  })

  it('is fetched for an Ollama client too, whose request would else have passed as it is', async () => {
    const { fake, gateway, picture } = await connect('ollama-native', () => ollamaAnswer(HELLO))
    await new Ollama({ host: gateway.url }).chat({
      model: 'm',
      messages: [{ role: 'user', content: 'What?', images: [picture] }],
    })
    expect((await fake.request(0)).json.messages[0].images).to.deep.equal([PNG])
  })

  it('is fetched for servers of Chat Completions that are known to take bytes only', async () => {
    const { fake, ask, picture } = await connect('lmstudio', () => openaiAnswer(HELLO))
    await ask(picture)
    expect((await fake.request(0)).json.messages[0].content[0].image_url.url).to.equal(`data:image/png;base64,${PNG}`)
  })

  it('is fetched for Bedrock, in results of tools as well', async () => {
    const { fake, anthropic, picture } = await connect('bedrock', bedrockAnswerer(HELLO), {
      more: { api_keys: [], api_key: '' },
    })
    const source = { type: 'url' as const, url: picture }
    await anthropic.messages.create({
      model: 'm',
      max_tokens: 10,
      messages: [
        { role: 'user', content: 'Look' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: {} }] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'image', source }] }],
        },
      ],
    })
    const sent = (await fake.request(0)).json.messages[2].content[0].content[0].source
    expect(sent).to.deep.equal({ type: 'base64', media_type: 'image/png', data: PNG })
  })

  it('goes up as it is where the back end fetches it itself', async () => {
    const { fake, ask, picture, pictures } = await connect('openai', () => openaiAnswer(HELLO))
    await ask(picture)
    expect((await fake.request(0)).json.messages[0].content[0].image_url.url).to.equal(picture)
    expect(pictures.requests).to.have.length(0)
  })

  it('S5: is refused by name where it does not lie on the internet, and nobody is called', async () => {
    const { fake, ask, picture, pictures } = await connect('ollama-native', () => ollamaAnswer(HELLO), {
      mediaHosts: [],
    })
    const failure = await ask(picture).catch((error: unknown) => error)
    expect(failure).to.be.instanceOf(OpenAI.BadRequestError)
    expect(String(failure)).to.contain('/red.png').and.contain('public internet')
    expect([...fake.requests, ...pictures.requests]).to.have.length(0)
  })

  it('is a loss where nothing is to be fetched', async () => {
    const { fake, ask, picture, gateway } = await connect('ollama-native', () => ollamaAnswer(HELLO), {
      mediaHosts: 'none',
    })
    await ask(picture)
    expect((await fake.request(0)).json.messages[0].images).to.equal(undefined)
    expect((await gateway.exchange(0)).losses.map(({ path }: { path: string }) => path)).to.include(
      'messages.0.parts.0',
    )
  })
})
