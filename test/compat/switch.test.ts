/** When tools are told in words, and when not. */
import { expect } from 'chai'
import { BACK_ENDS } from '../clients/back-ends.ts'
import { createClosing } from '../support/close-all.ts'
import { type FakeProvider, type RecordedRequest, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { openaiAnswer, openaiError, openaiFrames, openaiStream } from '../support/openai-fake.ts'

const TOOLS = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'Weather of a city',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
]
const CALL = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Lisbon"}}\n</tool_call>'
const REFUSAL = 'registry.ollama.ai/library/my-model does not support tools'

describe('compat mode: when', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function start(says: (request: RecordedRequest) => string, group: object = {}, model: object | string = 'm') {
    const provider: FakeProvider = closing.add(
      await startFakeProvider((request) => {
        const said = { text: [...says(request)] }
        return request.json.stream === true ? openaiStream(said) : openaiAnswer(said)
      }),
      (fake) => fake.close(),
    )
    const gateway = await startGateway(closing, {
      providers: [{ name: 'acme', protocol: 'openai-chat', api_base_url: provider.url, api_key: 'k', models: [model] }],
      groups: { default: { aliases: { 'my-model': { provider: 'acme', model: 'qwen-m' } }, ...group } },
    })
    const ask = async (prefix: string, more: object = {}) => {
      const answer = await fetch(`${gateway.url}${prefix}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          model: 'my-model',
          messages: [{ role: 'user', content: 'Weather in Lisbon?' }],
          tools: TOOLS,
          ...more,
        }),
      })
      return { status: answer.status, headers: answer.headers, json: (await answer.json()) as any }
    }
    return { provider, gateway, ask }
  }
  const callOf = (json: any) => json.choices[0].message.tool_calls?.[0]?.function
  const isTaught = (request: RecordedRequest | undefined) =>
    request?.json.tools === undefined && JSON.stringify(request?.json.messages[0]).includes('get_weather')

  for (const prefix of ['/compat_mode', '/compat', '/default/compat_mode', '/switch/compat_mode']) {
    it(`CS14: ${prefix} tells of tools in words, and gives back calls as the protocol has them`, async () => {
      const { provider, ask } = await start(() => `Let me look.\n${CALL}`)
      const { json, headers } = await ask(prefix)
      expect(isTaught(provider.requests[0])).to.equal(true)
      expect(callOf(json)).to.deep.equal({ name: 'get_weather', arguments: '{"city":"Lisbon"}' })
      expect(json.choices[0].message.content.trim()).to.equal('Let me look.')
      expect(json.choices[0].finish_reason, 'F13').to.equal('tool_calls')
      expect(headers.get('x-interlingua-loss')).to.contain('tools=changed')
    })
  }

  it('CS28, defect 2: the mode of the group decides for the request and for the answer alike', async () => {
    const compat = await start(() => CALL, { tool_mode: 'compat' })
    expect(callOf((await compat.ask('')).json).name).to.equal('get_weather')
    expect(isTaught(compat.provider.requests[0])).to.equal(true)
    const native = await start(() => CALL, { tool_mode: 'native' })
    const { json } = await native.ask('/compat_mode')
    expect(isTaught(native.provider.requests[0])).to.equal(false)
    expect(json.choices[0].message.content).to.equal(CALL)
  })

  it('a model that is known to have no tools is told of them in words by itself', async () => {
    const { provider, ask } = await start(() => CALL, {}, { name: 'qwen-m', capabilities: { tools: false } })
    expect(callOf((await ask('')).json).name).to.equal('get_weather')
    expect(isTaught(provider.requests[0])).to.equal(true)
  })

  it('lesson 82: a group may have its models told by their user', async () => {
    const { provider, ask } = await start(() => CALL, { tool_prompt: 'user' })
    expect(callOf((await ask('/compat')).json).name).to.equal('get_weather')
    const [message, ...others] = provider.requests[0]?.json.messages ?? []
    expect(others).to.deep.equal([])
    expect(message.role).to.equal('user')
    expect(message.content).to.match(/^# Tools[\s\S]*# Message\n\nWeather in Lisbon\?$/)
  })

  it('a model is taught the dialect that the configuration names, whatever its name suggests', async () => {
    const text = '<cs:tool_use><name>get_weather</name><args><arg name="city">A &amp;amp; B</arg></args></cs:tool_use>'
    const { provider, ask } = await start(() => text, {}, { name: 'qwen-m', tool_dialect: 'chatspeed' })
    expect(callOf((await ask('/compat')).json)).to.deep.equal({
      name: 'get_weather',
      arguments: '{"city":"A &amp; B"}',
    })
    expect(provider.requests[0]?.json.messages[0].content).to.contain('<cs:tool_use>')
  })

  it('a model whose back end says that it has no tools is told of them in words, at once and from then on', async () => {
    const { provider, ask } = await start(() => CALL)
    provider.queue(openaiError(400, REFUSAL))
    for (let round = 0; round < 2; round++) expect(callOf((await ask('')).json).name).to.equal('get_weather')
    expect(provider.requests.map(isTaught)).to.deep.equal([false, true, true])
  })

  it('a group that wants its tools native is told the refusal', async () => {
    const { provider, ask } = await start(() => CALL, { tool_mode: 'native' })
    provider.queue(openaiError(400, REFUSAL))
    const { status, json } = await ask('')
    expect(status).to.equal(400)
    expect(json.error.message).to.contain('does not support tools')
    expect(provider.requests).to.have.length(1)
  })

  it('a relayed answer stays as it is, byte for byte, whatever looks like a call in it', async () => {
    const { ask } = await start(() => CALL)
    expect((await ask('')).json.choices[0].message.content).to.equal(CALL)
  })

  it('a relayed stream stays as it is, byte for byte, too', async () => {
    const { gateway } = await start(() => CALL)
    const answer = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({
        model: 'my-model',
        messages: [{ role: 'user', content: 'Hi' }],
        tools: TOOLS,
        stream: true,
      }),
    })
    expect(await answer.text()).to.equal(openaiFrames({ text: [...CALL] }).join(''))
  })

  it('lesson 79: tools are told in later turns too, and what was called before in the same words', async () => {
    const { provider, ask } = await start(() => 'It is sunny.')
    const called = { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Porto"}' } }
    const { json } = await ask('/compat_mode', {
      messages: [
        { role: 'user', content: 'Weather?' },
        { role: 'assistant', content: null, tool_calls: [called] },
        { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
      ],
    })
    expect(json.choices[0].message.content).to.equal('It is sunny.')
    expect(json.choices[0].finish_reason).to.equal('stop')
    const sent = provider.requests[0]?.json.messages
    expect(sent.map((message: any) => message.role)).to.deep.equal(['system', 'user', 'assistant', 'user'])
    expect(sent[2].content).to.contain('<tool_call>').and.to.contain('Porto')
    expect(sent[3].content).to.contain('<tool_response id="call_1" name="get_weather">')
  })

  const TOOL = TOOLS[0]?.function
  const SAME: readonly (readonly [protocol: string, path: string, body: object])[] = [
    ['openai-chat', '/v1/chat/completions', { tools: TOOLS, tool_choice: 'auto', parallel_tool_calls: true }],
    [
      'openai-responses',
      '/v1/responses',
      {
        input: 'Hi',
        store: false,
        tools: [{ type: 'function', ...TOOL }],
        tool_choice: 'auto',
        parallel_tool_calls: true,
      },
    ],
    [
      'anthropic',
      '/v1/messages',
      {
        max_tokens: 9,
        tools: [{ name: TOOL?.name, input_schema: TOOL?.parameters }],
        tool_choice: { type: 'auto', disable_parallel_tool_use: false },
      },
    ],
    [
      'gemini',
      '/v1beta/models/my-model:generateContent',
      {
        contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
        tools: [{ functionDeclarations: [TOOL] }],
        toolConfig: { functionCallingConfig: { mode: 'AUTO' } },
      },
    ],
    ['ollama', '/api/chat', { stream: false, tools: TOOLS }],
  ]
  for (const [protocol, path, body] of SAME) {
    it(`a back end of the client's own protocol hears of tools in words only, and nothing is told lost (${protocol})`, async () => {
      const backEnd = BACK_ENDS.find((one) => one.protocol === protocol)
      const provider = closing.add(await startFakeProvider(backEnd?.answer({ text: ['Hi.'] })), (fake) => fake.close())
      const gateway = await startGateway(closing, {
        providers: [{ name: 'acme', protocol, api_base_url: provider.url, api_key: 'k', models: ['my-model'] }],
      })
      const answer = await fetch(`${gateway.url}/compat_mode${path}`, {
        method: 'POST',
        body: JSON.stringify({ model: 'my-model', messages: [{ role: 'user', content: 'Hi' }], ...body }),
      })
      expect(answer.status).to.equal(200)
      expect(answer.headers.get('x-interlingua-loss')).to.equal('tools=changed')
      const sent = provider.requests[0]?.json
      expect(JSON.stringify(sent)).to.contain('### get_weather')
      const members = ['tools', 'tool_choice', 'parallel_tool_calls', 'toolConfig', 'tool_config']
      expect(Object.keys(sent).filter((name) => members.includes(name))).to.deep.equal([])
    })
  }
})
