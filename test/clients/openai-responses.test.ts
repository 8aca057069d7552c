import { expect } from 'chai'
import OpenAI from 'openai'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { HELLO, ONE_CALL, type Said, TWO_CALLS } from '../support/said.ts'
import { BACK_ENDS, type BackEnd, configFor, modelAsked, PREFIXES } from './back-ends.ts'

const TOOLS: OpenAI.Responses.FunctionTool[] = ['get_weather', 'get_time'].map((name) => ({
  type: 'function',
  name,
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
  strict: false,
}))
const REQUEST = { model: 'my-model', instructions: 'Be brief.', input: 'Hi' }

describe('the official openai client, speaking Responses', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function connect(backEnd: BackEnd, said: Said, prefix = '') {
    const provider = closing.add(await startFakeProvider(backEnd.answer(said)), (fake) => fake.close())
    const gateway = await startGateway(closing, configFor(backEnd.protocol, provider.url))
    const client = new OpenAI({ baseURL: `${gateway.url}${prefix}/v1`, apiKey: 'sk-client-secret', maxRetries: 0 })
    return { provider, gateway, client }
  }

  const backEndOf = (protocol: string) => BACK_ENDS.find((one) => one.protocol === protocol) as BackEnd

  for (const backEnd of BACK_ENDS) {
    for (const prefix of PREFIXES) {
      it(`gets a plain answer through ${prefix}/v1 from ${backEnd.protocol}`, async () => {
        const { client, provider } = await connect(backEnd, HELLO, prefix)
        const answer = await client.responses.create(REQUEST)
        expect(answer.output_text).to.equal('Hello from the model')
        expect(answer.status).to.equal('completed')
        expect(answer.usage?.total_tokens).to.equal(15)
        const sent = await provider.request(0)
        expect(modelAsked(sent)).to.equal('acme-large')
        expect(JSON.stringify(sent.rawHeaders)).to.not.contain('sk-client-secret')
      })

      it(`gets a stream through ${prefix}/v1 from ${backEnd.protocol}`, async () => {
        const { client } = await connect(backEnd, HELLO, prefix)
        const stream = client.responses.stream(REQUEST)
        const pieces: string[] = []
        stream.on('response.output_text.delta', (event) => pieces.push(event.delta))
        const final = await stream.finalResponse()
        expect(pieces).to.deep.equal(['Hello', ' from', ' the', ' model'])
        expect(final.output_text).to.equal('Hello from the model')
        expect(final.status).to.equal('completed')
        expect(final.usage?.total_tokens).to.equal(15)
      })
    }

    it(`trap 145: has a conversation made short by ${backEnd.protocol}, and goes on with it`, async () => {
      const { client, provider } = await connect(backEnd, HELLO)
      // A back end of the protocol has an endpoint for it, which the fake has not.
      if (backEnd.protocol === 'openai-responses') return
      const input = [{ role: 'user' as const, content: 'Remember 7.' }]
      const short = await client.responses.compact({ model: 'my-model', input })
      expect(short.object).to.equal('response.compaction')
      expect(short.output.map(({ type }) => type)).to.deep.equal(['message', 'compaction'])
      expect(short.usage.total_tokens).to.equal(15)
      expect((await provider.request(0)).body.toString()).to.contain('Summarise the conversation')
      const items = short.output as OpenAI.Responses.ResponseInputItem[]
      const answer = await client.responses.create({ model: 'my-model', input: [...items, ...input] })
      expect(answer.output_text).to.equal('Hello from the model')
      expect((await provider.request(1)).body.toString()).to.contain('Hello from the model')
    })

    it(`gets parallel calls, plain and streamed, from ${backEnd.protocol}`, async () => {
      const { client } = await connect(backEnd, TWO_CALLS)
      const plain = await client.responses.create({ ...REQUEST, tools: TOOLS })
      const streamed = await client.responses.stream({ ...REQUEST, tools: TOOLS }).finalResponse()
      for (const answer of [plain, streamed]) {
        expect(answer.output_text).to.equal('Let me look.')
        const calls = answer.output.flatMap((item) => (item.type === 'function_call' ? [item] : []))
        expect(calls.map((call) => [call.call_id, call.name, JSON.parse(call.arguments)])).to.deep.equal([
          ['call_weather_1', 'get_weather', { city: 'Lisbon' }],
          ['call_time_2', 'get_time', {}],
        ])
      }
    })

    it(`goes round with a tool result, streamed, over ${backEnd.protocol}`, async () => {
      const { client, provider } = await connect(backEnd, ONE_CALL)
      const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: 'Hi' }]
      const asked = await client.responses.stream({ ...REQUEST, input, tools: TOOLS }).finalResponse()
      provider.queue(backEnd.answer(HELLO)({ json: { stream: false } }))
      const call = asked.output.find((item) => item.type === 'function_call')
      const output = { type: 'function_call_output', call_id: call?.call_id ?? '', output: '21 degrees' } as const
      // The accumulator adds what it has parsed to each item: a client sends back what it was told.
      const told = JSON.parse(JSON.stringify(asked.output), (key, value) =>
        key === 'parsed_arguments' || key === 'parsed' ? undefined : value,
      )
      const answered = await client.responses.create({ ...REQUEST, input: [...input, ...told, output], tools: TOOLS })
      expect(answered.output_text).to.equal('Hello from the model')
      const sent = JSON.stringify((await provider.request(1)).json)
      expect(sent).to.contain('21 degrees')
      expect(sent).to.contain('Lisbon')
    })
  }

  for (const protocol of ['anthropic', 'openai-responses']) {
    it(`sees reasoning of ${protocol} as a summary, and its proof goes back to it alone (trap 86)`, async () => {
      const backEnd = backEndOf(protocol)
      const { client, provider } = await connect(backEnd, { ...ONE_CALL, reasoning: 'Let me think.' })
      const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: 'Hi' }]
      const request = {
        ...REQUEST,
        input,
        tools: TOOLS,
        store: false,
        include: ['reasoning.encrypted_content' as const],
      }
      const asked = await client.responses.create(request)
      const thought = asked.output.find((item) => item.type === 'reasoning')
      expect(thought?.summary.map(({ text }) => text)).to.deep.equal(['Let me think.'])
      expect(thought?.encrypted_content).to.be.a('string')
      const call = asked.output.find((item) => item.type === 'function_call')
      const output = { type: 'function_call_output', call_id: call?.call_id ?? '', output: 'sunny' } as const
      const told = asked.output as OpenAI.Responses.ResponseInput
      await client.responses.create({ ...request, input: [...input, ...told, output] })
      const [, second] = provider.requests
      expect(JSON.stringify(second?.json)).to.contain('Let me think.')
      const proof = protocol === 'anthropic' ? 'EqQBCgIYAhIM1gbcDa9GJwZA2b3h' : 'gAAAAABfake'
      expect(JSON.stringify(second?.json)).to.contain(`"${proof}"`)
    })
  }

  it('traps 46, 47: a tool of raw text in a group comes back as such from a back end that knows neither', async () => {
    const called: Said = { calls: [{ id: 'call_1', name: 'exec', input: { input: 'ls -l\n"x"' } }] }
    for (const stream of [false, true]) {
      const { client } = await connect(backEndOf('anthropic'), called)
      const tools = [
        { type: 'namespace', name: 'functions', description: '', tools: [{ type: 'custom', name: 'exec' }] },
      ] as unknown as OpenAI.Responses.Tool[]
      const answer = stream
        ? await client.responses.stream({ ...REQUEST, tools }).finalResponse()
        : await client.responses.create({ ...REQUEST, tools })
      const [call] = answer.output
      expect(call).to.deep.include({
        type: 'custom_tool_call',
        call_id: 'call_1',
        name: 'exec',
        namespace: 'functions',
        input: 'ls -l\n"x"',
      })
    }
  })

  it('K35: a search for tools that the client does itself works over a back end that knows none', async () => {
    const search = {
      type: 'tool_search',
      execution: 'client',
      description: 'Finds tools.',
      parameters: { type: 'object', properties: { query: { type: 'string' } } },
    }
    const rates = {
      type: 'function',
      name: 'rates',
      parameters: { type: 'object', properties: {} },
      defer_loading: true,
    }
    const tools = [search] as unknown as OpenAI.Responses.Tool[]
    const called: Said = { calls: [{ id: 'call_1', name: 'tool_search', input: { query: 'rates' } }] }
    for (const protocol of ['openai-chat', 'anthropic'] as const) {
      const { client, provider } = await connect(backEndOf(protocol), called)
      const plain = await client.responses.create({ ...REQUEST, tools })
      const streamed = await client.responses.stream({ ...REQUEST, tools }).finalResponse()
      for (const answer of [plain, streamed]) {
        expect(answer.output[0]).to.deep.include({
          type: 'tool_search_call',
          call_id: 'call_1',
          execution: 'client',
          arguments: { query: 'rates' },
        })
      }
      const output = { type: 'tool_search_output', call_id: 'call_1', execution: 'client', tools: [rates] }
      const input = [{ role: 'user', content: 'Hi' }, ...plain.output, output] as OpenAI.Responses.ResponseInput
      await client.responses.create({ ...REQUEST, tools, input })
      const { json } = await provider.request(2)
      expect(json.tools.map((tool: any) => tool.function?.name ?? tool.name)).to.deep.equal(['tool_search', 'rates'])
      expect(JSON.stringify(json.messages)).to.contain('Tools that can be called from now on: rates')
    }
  })

  it('trap 144: is told which member it cannot use, where a request has to be translated', async () => {
    const { client, provider } = await connect(backEndOf('anthropic'), HELLO)
    const error = await client.responses.create({ ...REQUEST, conversation: 'conv_1' }).catch((one) => one)
    expect(error).to.be.instanceOf(OpenAI.BadRequestError)
    expect(error.param).to.equal('conversation')
    expect(provider.requests).to.have.length(0)
  })

  it('trap 145: counts the tokens of an input', async () => {
    const { client, provider } = await connect(backEndOf('openai-chat'), HELLO)
    const counted = await client.responses.inputTokens.count({ model: 'my-model', input: 'one two three four five' })
    expect(counted.object).to.equal('response.input_tokens')
    expect(counted.input_tokens).to.be.within(5, 20)
    expect(provider.requests).to.have.length(0)
  })
})
