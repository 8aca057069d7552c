import Anthropic from '@anthropic-ai/sdk'
import { expect } from 'chai'
import OpenAI from 'openai'
import {
  AWS_VARIABLES,
  bedrockAnswerer,
  bedrockError,
  findFlaw,
  packEvent,
  packException,
} from '../support/bedrock-fake.ts'
import { createClosing } from '../support/close-all.ts'
import { type Answerer, bytewise, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { HELLO, TWO_CALLS } from '../support/said.ts'

/** A profile of several regions: its colon is where signatures and paths differ in their escapes. */
const MODEL = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0'
const TOOLS: Anthropic.Tool[] = ['get_weather', 'get_time'].map((name) => ({
  name,
  input_schema: { type: 'object', properties: { city: { type: 'string' } } },
}))
const REQUEST = { model: 'claude', max_tokens: 300, messages: [{ role: 'user' as const, content: 'Hi' }] }

describe('Amazon Bedrock behind the gateway', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function connect(answerer: Answerer, { environment = AWS_VARIABLES as object, provider = {} } = {}) {
    const fake = closing.add(await startFakeProvider(answerer), (opened) => opened.close())
    const config = {
      providers: [{ name: 'bedrock', api_base_url: fake.url, ...provider }],
      routes: { default: { provider: 'bedrock', model: MODEL } },
    }
    const gateway = await startGateway(closing, config, { environment: { ...environment } })
    const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: 'sk-client', maxRetries: 0 })
    const openai = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'sk-client', maxRetries: 0 })
    return { fake, gateway, anthropic, openai }
  }

  it('A060: the Anthropic client gets a plain answer: signed, the model in the path and not in the body', async () => {
    const { anthropic, fake } = await connect(bedrockAnswerer(HELLO))
    const message = await anthropic.beta.messages.create({ ...REQUEST, betas: ['context-1m-2025-08-07', 'other'] })
    expect(message.content[0]).to.include({ type: 'text', text: 'Hello from the model' })
    const sent = await fake.request(0)
    expect(sent.path).to.equal('/model/eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke')
    expect(sent.json).to.deep.equal({
      anthropic_version: 'bedrock-2023-05-31',
      anthropic_beta: ['context-1m-2025-08-07', 'other'],
      max_tokens: 300,
      messages: REQUEST.messages,
    })
    expect(sent.headers).to.not.have.any.keys('x-api-key', 'anthropic-version', 'anthropic-beta')
  })

  it('the Anthropic client gets a stream, calls included, as Anthropic itself would send it', async () => {
    const { anthropic, fake } = await connect(bedrockAnswerer(TWO_CALLS))
    const message = await anthropic.messages.stream({ ...REQUEST, tools: TOOLS }).finalMessage()
    expect(message.stop_reason).to.equal('tool_use')
    expect(message.usage.output_tokens).to.equal(19)
    expect(
      message.content.flatMap((block) => (block.type === 'tool_use' ? [[block.name, block.input]] : [])),
    ).to.deep.equal([
      ['get_weather', { city: 'Lisbon' }],
      ['get_time', {}],
    ])
    const sent = await fake.request(0)
    expect(sent.path).to.match(/\/invoke-with-response-stream$/)
    expect(sent.json).to.not.have.any.keys('model', 'stream')
    expect(sent.headers['accept']).to.equal('application/vnd.amazon.eventstream')
  })

  it('the openai client gets plain answers and streams from it', async () => {
    const { openai, fake } = await connect(bedrockAnswerer(HELLO))
    const request = { model: 'claude', messages: [{ role: 'user' as const, content: 'Hi' }] }
    const plain = await openai.chat.completions.create(request)
    expect(plain.choices[0]?.message.content).to.equal('Hello from the model')
    const pieces: string[] = []
    for await (const chunk of await openai.chat.completions.create({ ...request, stream: true })) {
      pieces.push(chunk.choices[0]?.delta.content ?? '')
    }
    expect(pieces.join('')).to.equal('Hello from the model')
    expect(fake.requests.map(({ json }) => json.model)).to.deep.equal([undefined, undefined])
  })

  it('a stream cut at every byte says the same', async () => {
    const [start, ...rest] = [
      packEvent({
        type: 'message_start',
        message: {
          id: 'm',
          type: 'message',
          role: 'assistant',
          model: 'c',
          content: [],
          usage: { input_tokens: 1, output_tokens: 1 },
        },
      }),
      packEvent({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
      packEvent({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Grüße' } }),
      packEvent({ type: 'content_block_stop', index: 0 }),
      packEvent({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } }),
      packEvent({ type: 'message_stop', 'amazon-bedrock-invocationMetrics': { inputTokenCount: 1 } }),
    ]
    const all = Buffer.concat([start!, ...rest])
    const steps = bytewise('').concat([...all].map((byte) => Uint8Array.of(byte)))
    const headers = { 'content-type': 'application/vnd.amazon.eventstream' }
    const { anthropic } = await connect(() => ({ kind: 'stream', headers, steps }))
    const message = await anthropic.messages.stream(REQUEST).finalMessage()
    expect(message.content).to.deep.include({ type: 'text', text: 'Grüße' })
  })

  it('an exception in the middle of a stream is an error event of the client’s protocol', async () => {
    const steps = [
      packEvent({
        type: 'message_start',
        message: {
          id: 'm',
          type: 'message',
          role: 'assistant',
          model: 'c',
          content: [],
          usage: { input_tokens: 1, output_tokens: 1 },
        },
      }),
      packException('throttlingException', 'Too many tokens, please wait.'),
    ]
    const headers = { 'content-type': 'application/vnd.amazon.eventstream' }
    const { anthropic } = await connect(() => ({ kind: 'stream', headers, steps }))
    const failure = await anthropic.messages
      .stream(REQUEST)
      .finalMessage()
      .catch((error: Error) => error)
    expect(String(failure)).to.contain('rate_limit_error').and.contain('Too many tokens')
  })

  it('damaged bytes end a stream with an error', async () => {
    const broken = packEvent({ type: 'message_stop' })
    broken[broken.length - 1]! ^= 1
    const headers = { 'content-type': 'application/vnd.amazon.eventstream' }
    const { openai } = await connect(() => ({ kind: 'stream', headers, steps: [broken] }))
    const failure = await openai.chat.completions
      .create({ model: 'claude', messages: [{ role: 'user', content: 'Hi' }], stream: true })
      .then(async (stream) => {
        for await (const _ of stream);
      })
      .catch((error: Error) => error)
    expect(String(failure)).to.contain('damaged')
  })

  it('its exceptions become errors of their kind', async () => {
    const { anthropic } = await connect(() => bedrockError(429, 'ThrottlingException', 'Too many requests.'))
    const failure = await anthropic.messages.create(REQUEST).catch((error: unknown) => error)
    expect(failure).to.be.instanceOf(Anthropic.RateLimitError)
  })

  it('a wrong secret is found out', async () => {
    const environment = { ...AWS_VARIABLES, AWS_SECRET_ACCESS_KEY: 'wrong' }
    const { anthropic } = await connect(bedrockAnswerer(HELLO), { environment })
    const failure = await anthropic.messages.create(REQUEST).catch((error: unknown) => error)
    expect(failure).to.be.instanceOf(Anthropic.PermissionDeniedError)
    expect(String(failure)).to.contain('signature').and.not.contain('wrong')
  })

  it('a key of Bedrock’s own is sent as a bearer, and nothing is signed', async () => {
    const { anthropic, fake } = await connect(() => ({ kind: 'answer', body: { ...ANSWER } }), {
      environment: {},
      provider: { api_key: 'bedrock-api-key-abc' },
    })
    await anthropic.messages.create(REQUEST)
    const sent = await fake.request(0)
    expect(sent.headers['authorization']).to.equal('Bearer bedrock-api-key-abc')
    expect(findFlaw(sent, AWS_VARIABLES)).to.equal('The request is not signed.')
  })

  it('without credentials the caller is told which variables to set', async () => {
    const { anthropic, fake } = await connect(bedrockAnswerer(HELLO), { environment: {} })
    const failure = await anthropic.messages.create(REQUEST).catch((error: unknown) => error)
    expect(String(failure)).to.contain('AWS_ACCESS_KEY_ID')
    expect(fake.requests).to.have.length(0)
  })
})

const ANSWER = {
  id: 'msg_bdrk_1',
  type: 'message',
  role: 'assistant',
  model: 'claude',
  content: [{ type: 'text', text: 'Hi' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
}
