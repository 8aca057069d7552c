import { expect } from 'chai'
import OpenAI from 'openai'
import { createClosing } from '../support/close-all.ts'
import { type Answerer, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { openaiAnswer, openaiStream } from '../support/openai-fake.ts'
import { HELLO, ONE_CALL } from '../support/said.ts'

const TOOLS: OpenAI.ChatCompletionTool[] = [
  { type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: {} } } },
]
const HI: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Hi' }]

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

describe('the openai client over vendors with habits of their own', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function connect(name: string, model: string, answerer: Answerer = () => openaiAnswer(HELLO)) {
    const fake = closing.add(await startFakeProvider(answerer), (opened) => opened.close())
    const gateway = await startGateway(closing, {
      providers: [{ name, api_base_url: fake.url, api_key: 'sk-x', models: [model] }],
      routes: { default: { provider: name, model } },
    })
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'x', maxRetries: 0 })
    return { fake, gateway, client }
  }

  for (const model of ['o3', 'gpt-5', 'o1-2024-12-17', 'gpt-5.9']) {
    it(`trap 112: max_tokens reaches ${model} under the one name that it takes, though all else passes as it is`, async () => {
      const { client, fake, gateway } = await connect('openai', model)
      await client.chat.completions.create({ model, messages: HI, max_tokens: 77, mystery: [1, 2] } as any)
      const sent = await fake.request(0)
      expect(sent.json).to.deep.equal({ model, messages: HI, max_completion_tokens: 77, mystery: [1, 2] })
      expect((await gateway.exchange(0)).road).to.equal('relay')
    })
  }

  it('max_tokens stays what it is called where models take it', async () => {
    const { client, fake } = await connect('openai', 'gpt-4o')
    await client.chat.completions.create({ model: 'm', messages: HI, max_tokens: 77 })
    expect((await fake.request(0)).json).to.deep.equal({ model: 'gpt-4o', messages: HI, max_tokens: 77 })
  })

  it('trap 94: DeepSeek is given its thoughts back by a client that has lost them, though both speak one protocol', async () => {
    const { client, fake } = await connect('deepseek', 'deepseek-reasoner', ({ json }) =>
      openaiAnswer(json.messages.length === 1 ? { ...ONE_CALL, reasoning: 'First the weather.' } : HELLO),
    )
    const first = await client.chat.completions.create({ model: 'm', messages: HI, tools: TOOLS })
    const { tool_calls: calls } = first.choices[0]!.message
    expect(calls).to.have.length(1)
    await client.chat.completions.create({
      model: 'm',
      tools: TOOLS,
      messages: [
        ...HI,
        { role: 'assistant', content: null, tool_calls: calls! },
        { role: 'tool', tool_call_id: calls![0]!.id, content: 'sunny' },
      ],
    })
    expect((await fake.request(1)).json.messages[1].reasoning_content).to.equal('First the weather.')
  })

  it('without tools a request to DeepSeek passes as it is', async () => {
    const { client, gateway } = await connect('deepseek', 'deepseek-chat')
    await client.chat.completions.create({ model: 'm', messages: HI })
    expect((await gateway.exchange(0)).road).to.equal('relay')
  })

  it('trap 98, lesson 40: DeepSeek is not forced to call while it thinks, and the client is told', async () => {
    const { client, fake, gateway } = await connect('deepseek', 'deepseek-reasoner')
    await client.chat.completions.create({ model: 'm', messages: HI, tools: TOOLS, tool_choice: 'required' })
    expect((await fake.request(0)).json.tool_choice).to.equal('auto')
    expect((await gateway.exchange(0)).losses).to.deep.include({
      path: 'toolChoice',
      reason: 'no call can be forced while the model thinks; it may choose',
      effect: 'changed',
    })
    const calm = await connect('deepseek', 'deepseek-chat')
    await calm.client.chat.completions.create({ model: 'm', messages: HI, tools: TOOLS, tool_choice: 'required' })
    expect((await calm.fake.request(0)).json.tool_choice).to.equal('required')
  })

  const SPOKEN = [
    ['openrouter', 'reasoning', { effort: 'high' }],
    ['moonshot', 'thinking', { type: 'enabled' }],
    ['zhipu', 'thinking', { type: 'enabled' }],
    ['siliconflow', 'enable_thinking', true],
    ['sensenova', 'reasoning_effort', 'high'],
    ['mistral', 'reasoning_effort', 'high'],
  ] as const
  for (const [name, member, value] of SPOKEN) {
    it(`lesson 44: ${name} is asked to think by ${member}`, async () => {
      const { fake, gateway } = await connect(name, 'm')
      const body = JSON.stringify({ model: 'm', input: 'Hi', reasoning: { effort: 'high' } })
      const answer = await fetch(`${gateway.url}/v1/responses`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      expect(answer.status).to.equal(200)
      const { json } = await fake.request(0)
      expect(json[member]).to.deep.equal(value)
      const others = ['reasoning', 'thinking', 'enable_thinking', 'reasoning_effort'].filter((one) => one !== member)
      expect(Object.keys(json)).to.not.include.members(others)
    })
  }

  for (const [name, member, value] of [
    ['openrouter', 'reasoning', { enabled: false }],
    ['zhipu', 'thinking', { type: 'disabled' }],
    ['qwen', 'enable_thinking', false],
  ] as const) {
    it(`lesson 46: ${name} is asked by ${member} not to think`, async () => {
      const { fake, gateway } = await connect(name, 'm')
      const body = JSON.stringify({ model: 'm', max_tokens: 9, messages: HI, thinking: { type: 'disabled' } })
      await fetch(`${gateway.url}/v1/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      expect((await fake.request(0)).json[member]).to.deep.equal(value)
    })
  }

  for (const name of ['qwen', 'dashscope', 'modelscope']) {
    it(`lesson 39: ${name} thinks in streams only, so whatever is not streamed forbids it, and a wish to think is told`, async () => {
      const { client, fake, gateway } = await connect(name, 'qwen3-8b')
      await client.chat.completions.create({ model: 'm', messages: HI })
      await client.chat.completions.create({
        model: 'm',
        messages: HI,
        enable_thinking: true,
        thinking_budget: 9,
      } as any)
      for (const at of [0, 1]) {
        expect((await fake.request(at)).json).to.deep.equal({ model: 'qwen3-8b', messages: HI, enable_thinking: false })
      }
      expect((await gateway.exchange(0)).losses ?? []).to.deep.equal([])
      expect((await gateway.exchange(1)).losses).to.deep.equal([
        {
          path: 'settings.reasoning',
          reason: 'this provider thinks in streams only: asked not to think',
          effect: 'changed',
        },
      ])
    })

    it(`lesson 39, lesson 44: ${name} may think in a stream`, async () => {
      const { client, fake, gateway } = await connect(name, 'qwen3-8b', () => openaiStream(HELLO))
      await drain(await client.chat.completions.create({ model: 'm', messages: HI, stream: true }))
      expect((await fake.request(0)).json).to.deep.equal({ model: 'qwen3-8b', messages: HI, stream: true })
      const input = { model: 'm', input: 'Hi', reasoning: { effort: 'high' as const }, stream: true as const }
      await drain(await new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'x' }).responses.create(input))
      expect((await fake.request(1)).json.enable_thinking).to.equal(true)
    })
  }

  for (const [model, variable] of [
    ['z-ai/glm5', 'enable_thinking'],
    ['qwen/qwen3.5-397b-a17b', 'enable_thinking'],
    ['nvidia/nemotron-3-nano-30b-a3b', 'enable_thinking'],
    ['deepseek-ai/deepseek-v3.1', 'thinking'],
    ['moonshotai/kimi-k2.5', 'thinking'],
  ] as const) {
    it(`lesson 42: NVIDIA’s ${model} thinks by the variable ${variable} of its template, whatever the client says`, async () => {
      const { client, fake } = await connect('nvidia', model)
      const wishes = [
        [{ thinking: { type: 'enabled' } }, { [variable]: true }],
        [{ thinking: { type: 'disabled' } }, { [variable]: false }],
        [
          { enable_thinking: true, chat_template_kwargs: { a: 1 } },
          { [variable]: true, a: 1 },
        ],
        [{ reasoning_effort: 'high', chat_template_kwargs: { [variable]: false } }, { [variable]: false }],
        [{ chat_template_kwargs: { [variable]: true } }, { [variable]: true }],
      ] as const
      for (const [at, [wish, chat_template_kwargs]] of wishes.entries()) {
        await client.chat.completions.create({ model: 'm', messages: HI, ...wish } as any)
        expect((await fake.request(at)).json).to.deep.equal({ model, messages: HI, chat_template_kwargs })
      }
    })
  }

  it('lesson 42: NVIDIA’s gpt-oss is told its effort', async () => {
    const { client, fake } = await connect('nvidia', 'openai/gpt-oss-120b')
    await client.chat.completions.create({ model: 'm', messages: HI, reasoning_effort: 'high' })
    expect((await fake.request(0)).json).to.include({ reasoning_effort: 'high' })
    expect((await fake.request(0)).json).to.not.have.property('chat_template_kwargs')
  })

  it('lesson 41: SenseNova is asked for high effort where more is wanted, and spared what it refuses', async () => {
    const { fake, gateway } = await connect('sensenova', 'm')
    const body = JSON.stringify({
      model: 'm',
      input: 'Hi',
      reasoning: { effort: 'xhigh' },
      text: { format: { type: 'json_object' } },
    })
    await fetch(`${gateway.url}/v1/responses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    const { json } = await fake.request(0)
    expect(json.reasoning_effort).to.equal('high')
    expect(json).to.not.have.any.keys('response_format', 'store')
    const told = (await gateway.exchange(0)).losses.map(({ path }: { path: string }) => path)
    expect(told).to.include.members(['settings.reasoning', 'settings.responseFormat'])
  })

  it('lesson 43: MiniMax is told to part thoughts from text, unless the client has said what it wants', async () => {
    const { client, fake, gateway } = await connect('minimax', 'm')
    const body = JSON.stringify({ model: 'm', max_tokens: 9, messages: HI })
    await fetch(`${gateway.url}/v1/messages`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    expect((await fake.request(0)).json.reasoning_split).to.equal(true)
    await client.chat.completions.create({ model: 'm', messages: HI, tools: TOOLS, reasoning_split: false } as any)
    expect((await fake.request(1)).json.reasoning_split).to.equal(false)
  })

  it('models that embed say so to Ollama’s and Google’s clients', async () => {
    const { gateway } = await connect('openai', 'text-embedding-3-small')
    const shown = await fetch(`${gateway.url}/api/show`, {
      method: 'POST',
      body: '{"model":"openai/text-embedding-3-small"}',
    })
    expect((await shown.json()) as object).to.deep.include({ capabilities: ['embedding'] })
    const listed: any = await (await fetch(`${gateway.url}/v1beta/models`)).json()
    const model = listed.models.find(({ name }: { name: string }) => name.includes('text-embedding'))
    expect(model.supportedGenerationMethods).to.deep.equal(['embedContent', 'batchEmbedContents'])
  })
})
