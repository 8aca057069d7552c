import { expect } from 'chai'
import { type Message, Ollama, type Tool } from 'ollama'
import { createClosing } from '../support/close-all.ts'
import type { Script } from '../support/fake-provider.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { ollamaEmbeddings, ollamaError, ollamaGenerated, ollamaLines } from '../support/ollama-fake.ts'
import { openaiEmbeddings, openaiError } from '../support/openai-fake.ts'
import { HELLO, ONE_CALL, type Said, TWO_CALLS } from '../support/said.ts'
import { BACK_ENDS, type BackEnd, configFor, modelAsked, PREFIXES } from './back-ends.ts'

const TOOLS: Tool[] = ['get_weather', 'get_time'].map((name) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: { city: { type: 'string' } } } },
}))
const MESSAGES: Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hi' },
]
const [OPENAI, ANTHROPIC, OLLAMA] = BACK_ENDS as [BackEnd, BackEnd, BackEnd]

describe('the official ollama client', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function connect(backEnd: BackEnd, said: Said, prefix = '') {
    const provider = closing.add(await startFakeProvider(backEnd.answer(said)), (fake) => fake.close())
    const gateway = await startGateway(closing, configFor(backEnd.protocol, provider.url))
    const headers = { authorization: 'Bearer sk-client-secret' }
    return { provider, gateway, client: new Ollama({ host: `${gateway.url}${prefix}`, headers }) }
  }

  for (const backEnd of BACK_ENDS) {
    for (const prefix of PREFIXES) {
      it(`gets a plain answer through ${prefix}/api/chat from ${backEnd.protocol}`, async () => {
        const { client, provider } = await connect(backEnd, HELLO, prefix)
        const answer = await client.chat({ model: 'my-model', messages: MESSAGES })
        expect(answer.message).to.deep.include({ role: 'assistant', content: 'Hello from the model' })
        expect(answer).to.include({ done: true, done_reason: 'stop', prompt_eval_count: 11, eval_count: 4 })
        const sent = await provider.request(0)
        expect(modelAsked(sent)).to.equal('acme-large')
        expect(JSON.stringify(sent.rawHeaders)).to.not.contain('sk-client-secret')
      })

      it(`gets a stream through ${prefix}/api/chat from ${backEnd.protocol}`, async () => {
        const { client } = await connect(backEnd, HELLO, prefix)
        const pieces: string[] = []
        let last: { done: boolean; eval_count: number; eval_duration: number } | undefined
        for await (const part of await client.chat({ model: 'my-model', messages: MESSAGES, stream: true })) {
          if (part.message.content !== '') pieces.push(part.message.content)
          last = part
        }
        expect(pieces).to.deep.equal(['Hello', ' from', ' the', ' model'])
        expect(last).to.include({ done: true, done_reason: 'stop', prompt_eval_count: 11, eval_count: 4 })
        expect(last?.eval_duration).to.be.greaterThan(0)
      })

      it(`trap 136: gets parallel calls, plain and streamed, through ${prefix}/api/chat from ${backEnd.protocol}`, async () => {
        const { client } = await connect(backEnd, TWO_CALLS, prefix)
        const request = { model: 'my-model', messages: MESSAGES, tools: TOOLS }
        const plain = await client.chat(request)
        const streamed: Message = { role: 'assistant', content: '', tool_calls: [] }
        for await (const { message } of await client.chat({ ...request, stream: true })) {
          streamed.content += message.content
          streamed.tool_calls?.push(...(message.tool_calls ?? []))
        }
        for (const message of [plain.message, streamed]) {
          expect(message.content).to.equal('Let me look.')
          expect(message.tool_calls?.map((call) => [call.function.name, call.function.arguments])).to.deep.equal([
            ['get_weather', { city: 'Lisbon' }],
            ['get_time', {}],
          ])
          expect(message.tool_calls?.map((call) => (call as { id?: string }).id)).to.deep.equal([
            'call_weather_1',
            'call_time_2',
          ])
        }
      })
    }

    it(`goes round with a tool result that names the tool only, over ${backEnd.protocol}`, async () => {
      const { client, provider } = await connect(backEnd, ONE_CALL)
      const asked = await client.chat({ model: 'my-model', messages: MESSAGES, tools: TOOLS })
      // As clients do that know of no ids.
      const calls = asked.message.tool_calls?.map(({ function: { name, arguments: args } }) => ({
        function: { name, arguments: args },
      }))
      provider.queue(backEnd.answer(HELLO)({ json: { stream: false } }))
      const answered = await client.chat({
        model: 'my-model',
        messages: [
          ...MESSAGES,
          { role: 'assistant', content: '', ...(calls === undefined ? {} : { tool_calls: calls }) },
          { role: 'tool', tool_name: 'get_weather', content: '21 degrees' },
        ],
        tools: TOOLS,
      })
      expect(answered.message.content).to.equal('Hello from the model')
      const sent = JSON.stringify((await provider.request(1)).json)
      expect(sent).to.contain('21 degrees')
      if (backEnd !== OLLAMA) expect(new Set(sent.match(/"call_\d+_\d+"/g))).to.have.length(1)
    })

    it(`completes a prompt, plain and streamed, over ${backEnd.protocol}`, async () => {
      const { client, provider } = await connect(backEnd, HELLO)
      const request = { model: 'my-model', prompt: 'Why?', system: 'Be brief.' }
      if (backEnd === OLLAMA) provider.queue(ollamaGenerated(HELLO), ollamaGenerated(HELLO))
      const plain = await client.generate(request)
      expect(plain).to.include({ response: 'Hello from the model', done: true, prompt_eval_count: 11 })
      let text = ''
      for await (const part of await client.generate({ ...request, stream: true })) text += part.response
      expect(text).to.equal('Hello from the model')
      const sent = JSON.stringify((await provider.request(0)).json)
      expect(sent).to.contain('Why?').and.to.contain('Be brief.')
    })

    it(`is told why it failed over ${backEnd.protocol}`, async () => {
      const { client, provider } = await connect(backEnd, HELLO)
      const refusal = (protocol: string): Script =>
        protocol === 'ollama' ? ollamaError(400, 'too many words') : openaiError(400, 'too many words')
      provider.queue(refusal(backEnd.protocol), refusal(backEnd.protocol))
      const plain = await client.chat({ model: 'my-model', messages: MESSAGES }).catch((error: unknown) => error)
      expect(plain).to.include({ name: 'ResponseError', status_code: 400 })
      expect((plain as Error).message).to.contain('too many words')
      const streamed = await client
        .chat({ model: 'my-model', messages: MESSAGES, stream: true })
        .catch((error: unknown) => error)
      expect(streamed).to.include({ name: 'ResponseError', status_code: 400 })
    })

    it(`trap 10: sees a stream of ${backEnd.protocol} that breaks off as an error`, async () => {
      const { client, provider } = await connect(backEnd, HELLO)
      const whole = backEnd.answer(HELLO)({ json: { stream: true } })
      if (whole.kind !== 'stream') throw new Error('no stream')
      provider.queue({ ...whole, steps: [...whole.steps.slice(0, -2), { do: 'reset' }] })
      const read = async () => {
        for await (const _part of await client.chat({ model: 'my-model', messages: MESSAGES, stream: true }));
      }
      const failure = await read().catch((error: unknown) => error)
      expect(failure).to.be.instanceOf(Error)
    })
  }

  it('sees the thoughts of every back end as thinking', async () => {
    for (const backEnd of BACK_ENDS) {
      const { client } = await connect(backEnd, { ...HELLO, reasoning: 'Let me think.' })
      const plain = await client.chat({ model: 'my-model', messages: MESSAGES, think: true })
      expect(plain.message.thinking, backEnd.protocol).to.equal('Let me think.')
      let thought = ''
      for await (const { message } of await client.chat({ model: 'my-model', messages: MESSAGES, stream: true })) {
        thought += message.thinking ?? ''
      }
      expect(thought, backEnd.protocol).to.equal('Let me think.')
    }
  })

  it('trap 137: lists, shows and knows the version, as editors do before anything else', async () => {
    const { client } = await connect(OPENAI, HELLO, '/team')
    const { models } = await client.list()
    const [model] = models
    expect(models.map(({ name }) => name)).to.include('my-model')
    expect(model?.digest).to.match(/^[0-9a-f]{64}$/)
    expect((await client.list()).models).to.deep.equal(models)
    const shown: any = await client.show({ model: 'my-model' })
    expect(shown.capabilities).to.include.members(['completion', 'tools'])
    expect(shown.model_info['general.architecture']).to.be.a('string')
    expect((await client.ps()).models.map(({ name }) => name)).to.deep.equal(models.map(({ name }) => name))
    const { version } = await client.version()
    // An editor's own test: at least 0.6.4.
    const [major = 0, minor = 0] = version.split('.').map(Number)
    expect(major > 0 || minor >= 7).to.equal(true)
  })

  it('is told that there is no such model', async () => {
    const { client } = await connect(OPENAI, HELLO)
    const failure = await client.show({ model: 'no-such' }).catch((error: unknown) => error)
    expect(failure).to.include({ name: 'ResponseError', status_code: 404 })
    expect((failure as Error).message).to.contain('no-such')
  })

  it('defect 18: a name that a pattern answers to is shown as the model behind it, any other is not', async () => {
    const gateway = await startGateway(closing, {
      providers: [{ name: 'openai', api_key: 'sk-x' }],
      groups: { team: { aliases: { 'fast-*': 'openai/gpt-4o', '*': 'openai/gpt-4o-mini' } } },
    })
    const client = new Ollama({ host: `${gateway.url}/team` })
    const shown: any = await client.show({ model: 'fast-one' })
    expect(shown.capabilities).to.include.members(['completion', 'tools', 'vision'])
    const { 'general.architecture': architecture } = shown.model_info
    expect(shown.model_info[`${architecture}.context_length`]).to.equal(128_000)
    const failure = await client.show({ model: 'other' }).catch((error: unknown) => error)
    expect(failure).to.include({ status_code: 404 })
  })

  it('K61: finds the list of models at the root, whatever the group', async () => {
    const { gateway } = await connect(OPENAI, HELLO)
    const response = await fetch(`${gateway.url}/api/tags`)
    expect(response.status).to.equal(200)
    expect(((await response.json()) as any).models[0]).to.have.property('name')
  })

  it('embeds over Ollama itself and over OpenAI, in the new and in the old way', async () => {
    const vectors = [
      [0.5, -1],
      [2, 0.25],
    ]
    for (const [backEnd, script] of [
      [OLLAMA, ollamaEmbeddings(vectors)],
      [OPENAI, openaiEmbeddings(vectors, 'float')],
    ] as const) {
      const { client, provider } = await connect(backEnd, HELLO)
      provider.queue(script)
      const answer = await client.embed({ model: 'my-model', input: ['a', 'b'] })
      expect(answer.embeddings).to.deep.equal(vectors)
      expect(answer.prompt_eval_count).to.equal(6)
      const path = backEnd === OLLAMA ? '/api/embed' : '/v1/embeddings'
      expect((await provider.request(0)).path).to.equal(path)
      provider.queue(
        backEnd === OLLAMA ? { kind: 'answer', body: { embedding: [0.5, -1] } } : openaiEmbeddings(vectors, 'float'),
      )
      const old = await client.embeddings({ model: 'my-model', prompt: 'a' })
      expect(old.embedding).to.deep.equal(vectors[0])
    }
  })

  it('has its prompts relayed as prompts', async () => {
    const { client, provider, gateway } = await connect(OLLAMA, HELLO)
    provider.queue(ollamaGenerated(HELLO))
    const answer = await client.generate({ model: 'my-model', prompt: 'Why?', raw: true, context: [1, 2] })
    expect(answer.context).to.deep.equal([1, 2, 3])
    const sent = await provider.request(0)
    expect(sent.path).to.equal('/api/generate')
    expect(sent.json).to.deep.include({ model: 'acme-large', raw: true, context: [1, 2] })
    expect(await gateway.exchange(0)).to.include({ road: 'relay' })
  })

  it('Q79: loads a model without a word to a back end that has nothing to load, and with one to Ollama', async () => {
    const other = await connect(ANTHROPIC, HELLO)
    const loaded = await other.client.generate({ model: 'my-model', prompt: '' })
    expect(loaded).to.include({ done: true, done_reason: 'load', response: '' })
    const unloaded = await other.client.chat({ model: 'my-model', messages: [], keep_alive: 0 })
    expect(unloaded).to.include({ done: true, done_reason: 'unload' })
    for await (const part of await other.client.chat({ model: 'my-model', messages: [], stream: true })) {
      expect(part).to.include({ done: true, done_reason: 'load' })
    }
    expect(other.provider.requests).to.have.length(0)

    const own = await connect(OLLAMA, HELLO)
    own.provider.queue({
      kind: 'answer',
      body: {
        model: 'm',
        created_at: '2024-09-12T21:33:17Z',
        message: { role: 'assistant', content: '' },
        done_reason: 'load',
        done: true,
      },
    })
    const real = await own.client.chat({ model: 'my-model', messages: [] })
    expect(real).to.include({ done_reason: 'load' })
    expect(own.provider.requests).to.have.length(1)
  })

  it('streams to a client that does not say whether it wants a stream', async () => {
    const { gateway } = await connect(OPENAI, HELLO)
    const response = await fetch(`${gateway.url}/api/chat`, {
      method: 'POST',
      body: JSON.stringify({ model: 'my-model', messages: [{ role: 'user', content: 'Hi' }] }),
    })
    expect(response.headers.get('content-type')).to.equal('application/x-ndjson')
    const lines = (await response.text()).trimEnd().split('\n')
    expect(lines.length).to.equal(5)
    expect(JSON.parse(lines.at(-1) ?? '')).to.include({ done: true })
  })

  it('refuses in words what works on the files of a model', async () => {
    const { client, gateway } = await connect(OPENAI, HELLO)
    for (const ask of [
      () => client.delete({ model: 'my-model' }),
      () => client.copy({ source: 'a', destination: 'b' }),
      () => client.pull({ model: 'my-model' }),
      () => client.push({ model: 'my-model' }),
      () => client.create({ model: 'x', from: 'my-model' }),
    ]) {
      const failure = await ask().catch((error: unknown) => error)
      expect(failure).to.include({ name: 'ResponseError', status_code: 501 })
      expect((failure as Error).message).to.contain('gateway')
    }
    const blob = await fetch(`${gateway.url}/api/blobs/sha256:0123`, { method: 'HEAD' })
    expect(blob.status).to.equal(501)
  })

  it('bears what the gateway writes while a back end is silent', async () => {
    for (const [path, body] of [
      ['/api/chat', { messages: [{ role: 'user', content: 'Hi' }] }],
      ['/api/generate', { prompt: 'Hi' }],
    ] as const) {
      const gate = Promise.withResolvers<void>()
      const [first = '', ...rest] = ollamaLines(HELLO)
      const provider = closing.add(
        await startFakeProvider(() => ({
          kind: 'stream',
          headers: { 'content-type': 'application/x-ndjson' },
          steps: [first, gate.promise, ...rest],
        })),
        (fake) => fake.close(),
      )
      const config = configFor('ollama', provider.url)
      const gateway = await startGateway(closing, config, { streamTimes: { keepAliveMs: 20 } })
      const client = new Ollama({ host: gateway.url })
      const request = { model: 'my-model', stream: true as const, ...body }
      const parts =
        'prompt' in request
          ? await client.generate(request)
          : await client.chat(request as typeof request & { messages: Message[] })
      let text = ''
      let empty = 0
      for await (const part of parts) {
        const said = ('message' in part ? part.message.content : part.response) ?? ''
        text += said
        if (said === '' && ++empty === 2) gate.resolve()
      }
      expect(empty, path).to.be.greaterThan(1)
      if (path === '/api/chat') expect(text).to.equal('Hello from the model')
    }
  })
})
