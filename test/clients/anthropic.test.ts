import Anthropic from '@anthropic-ai/sdk'
import { expect } from 'chai'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { HELLO, ONE_CALL, type Said, TWO_CALLS } from '../support/said.ts'
import { BACK_ENDS, type BackEnd, configFor, modelAsked, PREFIXES } from './back-ends.ts'

const TOOLS: Anthropic.Tool[] = ['get_weather', 'get_time'].map((name) => ({
  name,
  input_schema: { type: 'object', properties: { city: { type: 'string' } } },
}))
const REQUEST = {
  model: 'my-model',
  max_tokens: 300,
  system: 'Be brief.',
  messages: [{ role: 'user' as const, content: 'Hi' }],
}

describe('the official Anthropic client', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function connect(backEnd: BackEnd, said: Said, prefix = '') {
    const provider = closing.add(await startFakeProvider(backEnd.answer(said)), (fake) => fake.close())
    const gateway = await startGateway(closing, configFor(backEnd.protocol, provider.url))
    const client = new Anthropic({ baseURL: `${gateway.url}${prefix}`, apiKey: 'sk-client-secret', maxRetries: 0 })
    return { provider, gateway, client }
  }

  const textOf = (message: Anthropic.Message): string =>
    message.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
  const callsOf = (message: Anthropic.Message) =>
    message.content.flatMap((block) => (block.type === 'tool_use' ? [[block.id, block.name, block.input]] : []))

  for (const backEnd of BACK_ENDS) {
    for (const prefix of PREFIXES) {
      it(`gets a plain answer through ${prefix}/v1 from ${backEnd.protocol}`, async () => {
        const { client, provider } = await connect(backEnd, HELLO, prefix)
        const message = await client.messages.create(REQUEST)
        expect(textOf(message)).to.equal('Hello from the model')
        expect(message.id).to.match(/^msg_/)
        expect(message.stop_reason).to.equal('end_turn')
        expect(message.usage.input_tokens).to.equal(11)
        expect(message.usage.output_tokens).to.equal(4)
        const sent = await provider.request(0)
        expect(modelAsked(sent)).to.equal('acme-large')
        expect(JSON.stringify(sent.rawHeaders)).to.not.contain('sk-client-secret')
      })

      it(`gets a stream through ${prefix}/v1 from ${backEnd.protocol}`, async () => {
        const { client } = await connect(backEnd, HELLO, prefix)
        const pieces: string[] = []
        const stream = client.messages.stream(REQUEST)
        stream.on('text', (piece) => pieces.push(piece))
        const message = await stream.finalMessage()
        expect(pieces).to.deep.equal(['Hello', ' from', ' the', ' model'])
        expect(message.stop_reason).to.equal('end_turn')
        expect(message.usage.output_tokens).to.equal(4)
      })

      it(`gets parallel calls, plain and streamed, through ${prefix}/v1 from ${backEnd.protocol}`, async () => {
        const { client } = await connect(backEnd, TWO_CALLS, prefix)
        const plain = await client.messages.create({ ...REQUEST, tools: TOOLS })
        const streamed = await client.messages.stream({ ...REQUEST, tools: TOOLS }).finalMessage()
        for (const message of [plain, streamed]) {
          expect(textOf(message)).to.equal('Let me look.')
          expect(message.stop_reason).to.equal('tool_use')
          expect(callsOf(message)).to.deep.equal([
            ['call_weather_1', 'get_weather', { city: 'Lisbon' }],
            ['call_time_2', 'get_time', {}],
          ])
        }
      })
    }

    it(`goes round with a tool result, streamed, over ${backEnd.protocol}`, async () => {
      const { client, provider } = await connect(backEnd, ONE_CALL)
      const asked = await client.messages.stream({ ...REQUEST, tools: TOOLS }).finalMessage()
      provider.queue(backEnd.answer(HELLO)({ json: { stream: false } }))
      const answered = await client.messages.create({
        ...REQUEST,
        tools: TOOLS,
        messages: [
          ...REQUEST.messages,
          { role: 'assistant', content: asked.content },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_weather_1', content: '21 degrees' }] },
        ],
      })
      expect(textOf(answered)).to.equal('Hello from the model')
      const sent = JSON.stringify((await provider.request(1)).json)
      expect(sent).to.contain('21 degrees')
      expect(sent.match(/call_weather_1/g)).to.have.length(2)
    })

    it(`B056, X19: tells provider/model on translated answers and the upstream's bytes on relayed ones (${backEnd.protocol})`, async () => {
      const { client } = await connect(backEnd, HELLO)
      const expected = backEnd.protocol === 'anthropic' ? 'claude-fake-2026' : 'acme/acme-large'
      expect((await client.messages.create(REQUEST)).model).to.equal(expected)
      expect((await client.messages.stream(REQUEST).finalMessage()).model).to.equal(expected)
    })
  }

  it('sees the reasoning of an OpenAI-like back end as a thinking block, plain and streamed', async () => {
    const { client } = await connect(BACK_ENDS[0] as BackEnd, { ...HELLO, reasoning: 'Let me think.' })
    for (const message of [
      await client.messages.create(REQUEST),
      await client.messages.stream(REQUEST).finalMessage(),
    ]) {
      expect(message.content.map((block) => block.type)).to.deep.equal(['thinking', 'text'])
      expect(message.content[0]).to.deep.include({ thinking: 'Let me think.' })
    }
  })

  it('trap 101: is told an estimate of the input at the start of a stream, and the true number at its end', async () => {
    const { client } = await connect(BACK_ENDS[0] as BackEnd, HELLO)
    const counts: number[] = []
    for await (const event of client.messages.stream(REQUEST)) {
      if (event.type === 'message_start') counts.push(event.message.usage.input_tokens)
      if (event.type === 'message_delta') counts.push(event.usage.input_tokens ?? -1)
    }
    expect(counts[0]).to.be.greaterThan(0)
    expect(counts[1]).to.equal(11)
  })

  it('trap 109, trap 110: can count tokens for any model, system and tools included, without asking anybody', async () => {
    const { client, provider } = await connect(BACK_ENDS[0] as BackEnd, HELLO)
    const { model, system, messages } = REQUEST
    const bare = await client.messages.countTokens({ model, messages })
    const more = await client.messages.countTokens({ model, system, messages, tools: TOOLS })
    expect(bare.input_tokens).to.be.within(1, 20)
    expect(more.input_tokens).to.be.greaterThan(bare.input_tokens + 20)
    expect(provider.requests).to.have.length(0)
  })

  it('lists the models of a group in its own shape', async () => {
    const { client } = await connect(BACK_ENDS[1] as BackEnd, HELLO, '/team')
    const models: Anthropic.ModelInfo[] = []
    for await (const model of client.models.list()) models.push(model)
    expect(models.map((model) => [model.type, model.id])).to.deep.equal([['model', 'my-model']])
    expect((await client.models.retrieve('my-model')).id).to.equal('my-model')
  })
})
