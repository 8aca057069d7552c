import { expect } from 'chai'
import { BACK_ENDS } from '../../../clients/back-ends.ts'
import { createClosing } from '../../../support/close-all.ts'
import { type FakeProvider, startFakeProvider } from '../../../support/fake-provider.ts'
import { startGateway } from '../../../support/gateway.ts'
import { HELLO } from '../../../support/said.ts'

const TOOLS = ['Bash', 'WebFetch'].map((name) => ({
  name,
  description: name,
  input_schema: { type: 'object', properties: {} },
}))
const BODY = {
  model: 'fast',
  max_tokens: 100,
  temperature: 0.4,
  system: [
    { type: 'text', text: 'You are Claude.' },
    { type: 'text', text: 'Be short.', cache_control: { type: 'ephemeral' } },
  ],
  tools: TOOLS,
  tool_choice: { type: 'auto' },
  messages: [{ role: 'user', content: 'hi' }],
}
const GROUP = {
  aliases: { fast: { provider: 'acme', model: 'm', parameters: { top_p: 0.5 } }, slow: 'acme/m' },
  parameters: { top_p: 0.9, top_k: 7 },
  prompt: { text: 'Speak French.' },
  prompt_replacements: [{ find: 'Claude', replace: 'Ada' }],
  tool_filter: ['Web*'],
  temperature_ratio: 0.5,
  headers: { 'x-team': 'red' },
}

/** What each kind of back end was told, in words that all share. */
const READ: Readonly<Record<string, (body: any) => object>> = {
  anthropic: (body) => ({
    system: body.system.map((block: any) => block.text),
    tools: body.tools.map((tool: any) => tool.name),
    temperature: body.temperature,
    topP: body.top_p,
    topK: body.top_k,
  }),
  'openai-chat': (body) => ({
    system: [body.messages[0].content].flat().map((part: any) => part.text ?? part),
    tools: body.tools.map((tool: any) => tool.function.name),
    temperature: body.temperature,
    topP: body.top_p,
    topK: 7,
  }),
  'openai-responses': (body) => ({
    system: [body.input[0].content].flat().map((part: any) => part.text ?? part),
    tools: body.tools.map((tool: any) => tool.name),
    temperature: body.temperature,
    topP: body.top_p,
    topK: 7,
  }),
  gemini: (body) => ({
    system: body.systemInstruction.parts.map((part: any) => part.text),
    tools: body.tools[0].functionDeclarations.map((tool: any) => tool.name),
    temperature: body.generationConfig.temperature,
    topP: body.generationConfig.topP,
    topK: body.generationConfig.topK,
  }),
  ollama: (body) => ({
    system: [body.messages[0].content],
    tools: body.tools.map((tool: any) => tool.function.name),
    temperature: body.options.temperature,
    topP: body.options.top_p,
    topK: body.options.top_k,
  }),
}

describe('what a group does to a request, on every road', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function start(protocol: string, group: object) {
    const backEnd = BACK_ENDS.find((one) => one.protocol === protocol)
    const provider: FakeProvider = closing.add(await startFakeProvider(backEnd?.answer(HELLO)), (fake) => fake.close())
    const gateway = await startGateway(closing, {
      providers: [{ name: 'acme', protocol, api_base_url: provider.url, api_key: 'k' }],
      groups: { team: group },
    })
    const ask = (body: object) =>
      fetch(`${gateway.url}/team/v1/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
        body: JSON.stringify(body),
      })
    return { provider, gateway, ask }
  }

  for (const { protocol } of BACK_ENDS) {
    it(`CS21-CS27: Anthropic's client over ${protocol}`, async () => {
      const { provider, gateway, ask } = await start(protocol, GROUP)
      expect((await ask(BODY)).status).to.equal(200)
      const sent = await provider.request(0)
      const told: any = READ[protocol]?.(sent.json)
      expect(told.system.join('|').replaceAll('\n\n', '|')).to.equal('You are Ada.|Be short.|Speak French.')
      expect(told.tools).to.deep.equal(['Bash'])
      expect(told).to.include({ temperature: 0.2, topP: 0.5, topK: 7 })
      expect(sent.headers['x-team']).to.equal('red')
      expect((await gateway.exchange(0)).road).to.equal('translate')
    })
  }

  it('nothing but headers lets the bytes pass as they are', async () => {
    const { provider, gateway, ask } = await start('anthropic', {
      aliases: { fast: 'acme/fast' },
      headers: { 'x-a': '1' },
    })
    const text = JSON.stringify(BODY)
    expect((await ask(BODY)).status).to.equal(200)
    const sent = await provider.request(0)
    expect(sent.body.toString()).to.equal(text)
    expect(sent.headers['x-a']).to.equal('1')
    expect((await gateway.exchange(0)).road).to.equal('relay')
  })

  it('CS27: fields of the group are written last into the body', async () => {
    const { provider, ask } = await start('anthropic', {
      aliases: { fast: 'acme/fast' },
      body_parameters: { metadata: { team: 'red' }, temperature: 1, new_field: [1] },
    })
    await ask({ ...BODY, metadata: { user_id: 'u' } })
    expect((await provider.request(0)).json).to.deep.include({
      metadata: { user_id: 'u', team: 'red' },
      temperature: 1,
      new_field: [1],
    })
  })

  it('CS29: what has more tokens than the group lets pass is refused in the words of the client', async () => {
    const { provider, ask } = await start('anthropic', { aliases: { fast: 'acme/fast' }, max_context_tokens: 200 })
    expect((await ask({ ...BODY, tools: [] })).status).to.equal(200)
    const long = await ask({ ...BODY, messages: [{ role: 'user', content: 'many words '.repeat(300) }] })
    expect(long.status).to.equal(400)
    const { error }: any = await long.json()
    expect(error.type).to.equal('invalid_request_error')
    expect(error.message).to.match(/200/)
    expect(provider.requests).to.have.length(1)
  })

  it('only the names that a group allows may be asked for', async () => {
    const { ask } = await start('anthropic', { ...GROUP, models: ['fa*'] })
    expect((await ask(BODY)).status).to.equal(200)
    expect((await ask({ ...BODY, model: 'slow' })).status).to.be.oneOf([403, 404])
  })
})
