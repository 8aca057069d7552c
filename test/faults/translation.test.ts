import { expect } from 'chai'
import { configFor } from '../clients/back-ends.ts'
import { anthropicAnswer, anthropicStream } from '../support/anthropic-fake.ts'
import { createClosing } from '../support/close-all.ts'
import { type Script, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { openaiAnswer, openaiError } from '../support/openai-fake.ts'
import { HELLO, TWO_CALLS } from '../support/said.ts'
import { OPENAI, post } from './clients.ts'

const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: { default: { type: 'string' }, z: { const: 1 }, a: { anyOf: [{ type: 'null' }, { type: 'integer' }] } },
  required: ['z', 'a'],
  additionalProperties: false,
}

describe('translation through the whole gateway', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  const fake = async (script: Script) => closing.add(await startFakeProvider(() => script), (one) => one.close())
  const eventsOf = (text: string): any[] =>
    text
      .split('\n')
      .filter((line) => line.startsWith('data: {'))
      .map((line) => JSON.parse(line.slice('data: '.length)))

  it('trap 31, trap 30: calls are counted by themselves, whatever blocks stand before them', async () => {
    const provider = await fake(anthropicStream({ ...TWO_CALLS, reasoning: 'hm' }))
    const gateway = await startGateway(closing, configFor('anthropic', provider.url))
    const answer = await post(`${gateway.url}/v1/chat/completions`, { ...OPENAI.body, stream: true })
    const calls = eventsOf(answer.text).flatMap((event) => event.choices[0]?.delta.tool_calls ?? [])
    expect([...new Set(calls.map((call) => call.index))]).to.deep.equal([0, 1])
    expect(calls.filter((call) => call.id !== undefined).map((call) => [call.index, call.id])).to.deep.equal([
      [0, 'call_weather_1'],
      [1, 'call_time_2'],
    ])
  })

  it('trap 33: a plain answer holds each call once', async () => {
    const provider = await fake(anthropicAnswer(TWO_CALLS))
    const gateway = await startGateway(closing, configFor('anthropic', provider.url))
    const answer = await post(`${gateway.url}/v1/chat/completions`, OPENAI.body)
    expect(answer.json.choices).to.have.length(1)
    expect(answer.json.choices[0].message.tool_calls.map((call: any) => call.id)).to.deep.equal([
      'call_weather_1',
      'call_time_2',
    ])
  })

  it('trap 104: our usage chunk has an empty list of choices, and every other chunk has one', async () => {
    const provider = await fake(anthropicStream(HELLO))
    const gateway = await startGateway(closing, configFor('anthropic', provider.url))
    const body = { ...OPENAI.body, stream: true, stream_options: { include_usage: true } }
    const events = eventsOf((await post(`${gateway.url}/v1/chat/completions`, body)).text)
    const last = events.pop()
    expect(last.choices).to.deep.equal([])
    expect(last.usage.total_tokens).to.equal(15)
    for (const event of events) expect(event.choices).to.have.length(1)
  })

  it('trap 85: the next target is given the request as the client wrote it, not as the first one was told it', async () => {
    const first = await fake(openaiError(500, 'down'))
    const second = await fake(openaiAnswer(HELLO))
    const gateway = await startGateway(closing, {
      providers: [
        { name: 'one', protocol: 'anthropic', api_base_url: first.url, api_key: 'k1' },
        { name: 'two', protocol: 'openai-chat', api_base_url: second.url, api_key: 'k2' },
      ],
      routes: {},
      groups: {
        default: {
          aliases: {
            'my-model': [
              { provider: 'one', model: 'a' },
              { provider: 'two', model: 'b', priority: 1, parameters: { temperature: 0.5 } },
            ],
          },
        },
      },
    })
    const tools = [{ type: 'function', function: { name: 'f', parameters: SCHEMA, strict: true } }]
    const answer = await post(`${gateway.url}/v1/chat/completions`, { ...OPENAI.body, tools, seed: 7 })
    expect(answer.status).to.equal(200)
    const sent = (await second.request(0)).json
    expect(JSON.stringify(sent.tools[0].function.parameters), 'trap 148').to.equal(JSON.stringify(SCHEMA))
    expect(sent.seed).to.equal(7)
    expect(sent.temperature, 'the parameter of the target fills in').to.equal(0.5)
    expect(answer.headers.get('x-interlingua-loss'), 'losses of the attempt that served').to.equal(null)
    expect((await first.request(0)).json.tools[0].input_schema.properties).to.deep.equal(SCHEMA.properties)
  })

  it('trap 134: a key is taken in any of its spellings and goes up in none', async () => {
    const provider = await fake(openaiAnswer(HELLO))
    const gateway = await startGateway(closing, configFor('openai-chat', provider.url))
    const spellings: Record<string, string>[] = [
      { authorization: 'Bearer client-secret' },
      { 'x-api-key': 'client-secret' },
      { 'x-goog-api-key': 'client-secret' },
      {},
    ]
    for (const [index, headers] of spellings.entries()) {
      const query = index === 3 ? '?key=client-secret' : ''
      const answer = await post(`${gateway.url}/v1/chat/completions${query}`, OPENAI.body, headers)
      expect(answer.status).to.equal(200)
      const sent = await provider.request(index)
      expect(`${sent.path} ${sent.rawHeaders.join(' ')}`).to.not.contain('client-secret')
      expect(sent.headers['authorization']).to.equal('Bearer sk-provider-secret-0001')
    }
    for (const line of gateway.lines) expect(JSON.stringify(line)).to.not.contain('client-secret')
  })

  it('names in the header and in the log what the back end was not told', async () => {
    const provider = await fake(anthropicAnswer(HELLO))
    const gateway = await startGateway(closing, configFor('anthropic', provider.url))
    const answer = await post(`${gateway.url}/v1/chat/completions`, {
      ...OPENAI.body,
      seed: 3,
      temperature: 1.5,
      presence_penalty: 1,
    })
    expect(answer.headers.get('x-interlingua-loss')?.split(', ')).to.include.members([
      'settings.seed=dropped',
      'settings.temperature=changed',
      'settings.presencePenalty=dropped',
    ])
    const line = await gateway.exchange(0)
    expect(line.losses.map((loss: any) => loss.path)).to.include('settings.seed')
    expect(line.road).to.equal('translate')
  })
})
