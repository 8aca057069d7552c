import { expect } from 'chai'
import OpenAI from 'openai'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { HELLO, ONE_CALL, type Said, TWO_CALLS } from '../support/said.ts'
import { BACK_ENDS, type BackEnd, configFor, modelAsked, PREFIXES } from './back-ends.ts'

const TOOLS: OpenAI.ChatCompletionTool[] = ['get_weather', 'get_time'].map((name) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: { city: { type: 'string' } } } },
}))
const MESSAGES: OpenAI.ChatCompletionMessageParam[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hi' },
]

describe('the official openai client', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function connect(backEnd: BackEnd, said: Said, prefix = '') {
    const provider = closing.add(await startFakeProvider(backEnd.answer(said)), (fake) => fake.close())
    const gateway = await startGateway(closing, configFor(backEnd.protocol, provider.url))
    const client = new OpenAI({ baseURL: `${gateway.url}${prefix}/v1`, apiKey: 'sk-client-secret', maxRetries: 0 })
    return { provider, gateway, client }
  }

  for (const backEnd of BACK_ENDS) {
    for (const prefix of PREFIXES) {
      it(`gets a plain answer through ${prefix}/v1 from ${backEnd.protocol}`, async () => {
        const { client, provider } = await connect(backEnd, HELLO, prefix)
        const answer = await client.chat.completions.create({ model: 'my-model', messages: MESSAGES })
        expect(answer.choices[0]?.message.content).to.equal('Hello from the model')
        expect(answer.choices[0]?.finish_reason).to.equal('stop')
        expect(answer.usage?.total_tokens).to.equal(15)
        const sent = await provider.request(0)
        expect(modelAsked(sent)).to.equal('acme-large')
        expect(JSON.stringify(sent.rawHeaders)).to.not.contain('sk-client-secret')
      })

      it(`gets a stream through ${prefix}/v1 from ${backEnd.protocol}`, async () => {
        const { client } = await connect(backEnd, HELLO, prefix)
        const stream = client.chat.completions.stream({
          model: 'my-model',
          messages: MESSAGES,
          stream_options: { include_usage: true },
        })
        const pieces: string[] = []
        stream.on('content', (piece) => pieces.push(piece))
        const final = await stream.finalChatCompletion()
        expect(pieces).to.deep.equal(['Hello', ' from', ' the', ' model'])
        expect(final.choices[0]?.finish_reason).to.equal('stop')
        expect(final.usage?.total_tokens).to.equal(15)
      })

      it(`gets parallel calls, plain and streamed, through ${prefix}/v1 from ${backEnd.protocol}`, async () => {
        const { client } = await connect(backEnd, TWO_CALLS, prefix)
        const request = { model: 'my-model', messages: MESSAGES, tools: TOOLS }
        const plain = await client.chat.completions.create(request)
        const streamed = await client.chat.completions.stream(request).finalChatCompletion()
        for (const answer of [plain, streamed]) {
          const message = answer.choices[0]?.message
          expect(message?.content).to.equal('Let me look.')
          expect(answer.choices[0]?.finish_reason).to.equal('tool_calls')
          expect(
            message?.tool_calls?.map((call) =>
              call.type === 'function' ? [call.id, call.function.name, JSON.parse(call.function.arguments)] : call,
            ),
          ).to.deep.equal([
            ['call_weather_1', 'get_weather', { city: 'Lisbon' }],
            ['call_time_2', 'get_time', {}],
          ])
        }
      })
    }

    it(`goes round with a tool result, streamed, over ${backEnd.protocol}`, async () => {
      const { client, provider } = await connect(backEnd, ONE_CALL)
      const asked = await client.chat.completions
        .stream({ model: 'my-model', messages: MESSAGES, tools: TOOLS })
        .finalChatCompletion()
      const message = asked.choices[0]?.message
      if (message === undefined) throw new Error('no message')
      provider.queue(backEnd.answer(HELLO)({ json: { stream: false } }))
      const answered = await client.chat.completions.create({
        model: 'my-model',
        messages: [
          ...MESSAGES,
          message,
          { role: 'tool', tool_call_id: message.tool_calls?.[0]?.id ?? '', content: '21 degrees' },
        ],
        tools: TOOLS,
      })
      expect(answered.choices[0]?.message.content).to.equal('Hello from the model')
      const sent = JSON.stringify((await provider.request(1)).json)
      expect(sent).to.contain('21 degrees')
      expect(sent.match(/call_weather_1/g)).to.have.length(2)
    })
  }

  it('sees reasoning of an Anthropic back end as reasoning_content, plain and streamed', async () => {
    const backEnd = BACK_ENDS[1] as BackEnd
    const { client } = await connect(backEnd, { ...HELLO, reasoning: 'Let me think.' })
    const plain = await client.chat.completions.create({ model: 'my-model', messages: MESSAGES })
    expect((plain.choices[0]?.message as { reasoning_content?: string } | undefined)?.reasoning_content).to.equal(
      'Let me think.',
    )
    const stream = await client.chat.completions.create({ model: 'my-model', messages: MESSAGES, stream: true })
    let thought = ''
    for await (const chunk of stream) {
      thought += (chunk.choices[0]?.delta as { reasoning_content?: string } | undefined)?.reasoning_content ?? ''
    }
    expect(thought).to.equal('Let me think.')
  })

  it('lists the models of a group and finds one, also with a slash in its name', async () => {
    const { client } = await connect(BACK_ENDS[0] as BackEnd, HELLO)
    const ids: string[] = []
    for await (const model of client.models.list()) ids.push(model.id)
    expect(ids).to.include.members(['my-model', 'acme/acme-large'])
    expect((await client.models.retrieve('acme/acme-large')).id).to.equal('acme/acme-large')
  })

  it('trap 105: is shown usage in a stream only when it asked for it', async () => {
    const { client, provider } = await connect(BACK_ENDS[1] as BackEnd, HELLO)
    const stream = await client.chat.completions.create({ model: 'my-model', messages: MESSAGES, stream: true })
    for await (const chunk of stream) {
      expect(chunk.usage ?? undefined).to.equal(undefined)
      expect(chunk.choices).to.have.length(1)
    }
    expect(provider.requests).to.have.length(1)
  })
})
