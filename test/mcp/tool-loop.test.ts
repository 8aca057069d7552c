/** Models are offered the MCP tools of a group, and the gateway runs them: the client knows nothing of it. */
import Anthropic from '@anthropic-ai/sdk'
import { expect } from 'chai'
import OpenAI from 'openai'
import { BACK_ENDS } from '../clients/back-ends.ts'
import { createClosing } from '../support/close-all.ts'
import { type FakeProvider, type RecordedRequest, startFakeProvider } from '../support/fake-provider.ts'
import { configureFixture } from '../support/mcp/fixture-program.ts'
import { startMcpGateway } from '../support/mcp/mcp-gateway.ts'
import type { Said, SaidCall } from '../support/said.ts'

const TOOL_TEXT = 'This is a simple text response for testing.'
const QUESTION = 'What does the tool say?'
const usage = { input: 10, output: 5 }
const call = (id: string, name: string, input: object = {}): SaidCall => ({ id, name, input })

/** Looks, then says what it was told. */
function lookThenTell(request: RecordedRequest): Said {
  return request.body.includes(TOOL_TEXT)
    ? { text: ['It says: ', TOOL_TEXT], usage }
    : { text: ['Let me look.'], calls: [call('call_1', 'test_simple_text')], usage }
}

describe('mcp: tools that the gateway runs for models', function () {
  this.timeout(30_000)
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function start(
    says: (request: RecordedRequest, index: number) => Said,
    group: object = {},
    protocol = 'openai-chat',
  ) {
    const backEnd = BACK_ENDS.find((one) => one.protocol === protocol)
    let index = -1
    const provider: FakeProvider = closing.add(
      await startFakeProvider((request) => {
        index += 1
        const script = backEnd?.answer(says(request, index))(request)
        if (script === undefined) throw new Error('no such back end')
        return script
      }),
      (fake) => fake.close(),
    )
    const gateway = await startMcpGateway(closing, {
      mcpServers: { fixture: await configureFixture(closing, 'stdio', 'both') },
      providers: [{ name: 'acme', protocol, api_base_url: provider.url, api_key: 'k' }],
      groups: { default: { aliases: { m: 'acme/m' }, server_tools: true, ...group } },
    })
    return { provider, gateway, url: gateway.url }
  }
  const chat = (url: string) => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'x', maxRetries: 0 })
  const claude = (url: string) => new Anthropic({ baseURL: url, apiKey: 'x', maxRetries: 0 })
  const ask = { model: 'm', messages: [{ role: 'user' as const, content: QUESTION }] }

  for (const { protocol } of BACK_ENDS) {
    it(`M117 are run over ${protocol}, and the client gets one answer`, async () => {
      const { provider, url } = await start(lookThenTell, {}, protocol)
      const answer = await chat(url).chat.completions.create(ask)
      expect(answer.choices[0]?.message.content).to.equal(`Let me look.\n\nIt says: ${TOOL_TEXT}`)
      expect(answer.choices[0]?.message.tool_calls).to.equal(undefined)
      expect(answer.choices[0]?.finish_reason).to.equal('stop')
      expect(answer.usage, 'both steps count').to.include({ prompt_tokens: 20, completion_tokens: 10 })
      expect(provider.requests).to.have.length(2)
      expect(provider.requests[0]?.body.toString()).to.contain('test_simple_text')
    })
  }

  it('M117 stream as one answer, what is said before a call at once', async () => {
    const { url } = await start(lookThenTell)
    const stream = claude(url).messages.stream({ ...ask, max_tokens: 100 })
    const pieces: string[] = []
    stream.on('text', (piece) => pieces.push(piece))
    const message = await stream.finalMessage()
    expect(pieces[0]).to.equal('Let me look.')
    expect(message.content.map((block) => block.type)).to.deep.equal(['text', 'text'])
    expect(message.stop_reason).to.equal('end_turn')
    expect(message.usage.output_tokens).to.equal(10)
  })

  for (const stream of [false, true]) {
    it(`M117 work in compat mode, too (${stream ? 'stream' : 'plain'})`, async () => {
      const says = (request: RecordedRequest): Said => {
        if (request.json.tools !== undefined) throw new Error('tools were sent natively')
        if (request.body.includes(TOOL_TEXT)) return { text: ['It says: ', TOOL_TEXT], usage }
        return { text: ['<tool_call>\n<function=test_simple_text>\n</function>\n</tool_call>'], usage }
      }
      const { url } = await start(says)
      const answer = await fetch(`${url}/compat_mode/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...ask, stream }),
      })
      const text = await answer.text()
      expect(text).to.contain('It says').and.not.to.contain('tool_call')
    })
  }

  it("the client's own tools are handed back untouched; what was run beside them is not lost", async () => {
    const mixed: Said = {
      calls: [call('call_a', 'test_simple_text'), call('call_b', 'my_tool', { x: 1 })],
      usage,
    }
    const { provider, url } = await start((_, index) => (index === 0 ? mixed : { text: ['done'], usage }))
    const tools = [{ type: 'function' as const, function: { name: 'my_tool', parameters: { type: 'object' } } }]
    const first = await chat(url).chat.completions.create({ ...ask, tools })
    const message = first.choices[0]?.message
    expect(message?.tool_calls?.map((one) => one.id)).to.deep.equal(['call_b'])
    expect(first.choices[0]?.finish_reason).to.equal('tool_calls')
    if (message === undefined) throw new Error('no message')
    await chat(url).chat.completions.create({
      model: 'm',
      tools,
      messages: [...ask.messages, message, { role: 'tool', tool_call_id: 'call_b', content: 'mine' }],
    })
    const told = provider.requests[1]?.json.messages
    expect(told[1].tool_calls.map((one: any) => one.id)).to.deep.equal(['call_a', 'call_b'])
    expect(told.slice(2).map((one: any) => [one.tool_call_id, one.content])).to.deep.equal([
      ['call_a', TOOL_TEXT],
      ['call_b', 'mine'],
    ])
  })

  it('a tool of the client goes before one of the same name', async () => {
    const { url } = await start(() => ({ calls: [call('call_1', 'test_simple_text')], usage }))
    const tools = [
      { type: 'function' as const, function: { name: 'test_simple_text', parameters: { type: 'object' } } },
    ]
    const answer = await chat(url).chat.completions.create({ ...ask, tools })
    expect(answer.choices[0]?.message.tool_calls).to.have.length(1)
  })

  it('several calls are run side by side, and failures are told to the model', async () => {
    const says = (_: RecordedRequest, index: number): Said =>
      index === 0
        ? { calls: [call('c1', 'test_simple_text'), call('c2', 'test_error_handling'), call('c3', 'crash')], usage }
        : { text: ['sorry'], usage }
    const { provider, url } = await start(says)
    const answer = await chat(url).chat.completions.create(ask)
    expect(answer.choices[0]?.message.content).to.equal('sorry')
    const results = provider.requests[1]?.json.messages.filter((one: any) => one.role === 'tool')
    expect(results.map((one: any) => one.tool_call_id)).to.deep.equal(['c1', 'c2', 'c3'])
    expect(results[2].content).to.match(/fixture/)
  })

  it('steps are limited: the model is told so, and answers', async () => {
    const endless = (request: RecordedRequest): Said =>
      request.body.includes('No more tools can be called') || request.json.tool_choice === 'none'
        ? { text: ['enough'], usage }
        : { calls: [call(`c${request.body.length}`, 'test_simple_text')], usage }
    const { provider, url } = await start(endless, { server_tools: { max_steps: 3 } })
    const answer = await chat(url).chat.completions.create(ask)
    expect(answer.choices[0]?.message.content).to.equal('enough')
    expect(provider.requests).to.have.length(4)
  })

  it('time is limited: a tool that is too slow is given up', async () => {
    const says = (_: RecordedRequest, index: number): Said =>
      index === 0 ? { calls: [call('c1', 'slow', { ms: 60_000 })], usage } : { text: ['too slow'], usage }
    const { url, provider } = await start(says, { server_tools: { timeout: '200ms' } })
    const answer = await chat(url).chat.completions.create(ask)
    expect(answer.choices[0]?.message.content).to.equal('too slow')
    expect(JSON.stringify(provider.requests[1]?.json)).to.contain('did not answer in time')
  })

  it('tokens are limited', async () => {
    const says = (request: RecordedRequest): Said =>
      request.json.tool_choice === 'none'
        ? { text: ['broke'], usage }
        : { calls: [call('c1', 'test_simple_text')], usage }
    const { url, provider } = await start(says, { server_tools: { max_tokens: 16 } })
    expect((await chat(url).chat.completions.create(ask)).choices[0]?.message.content).to.equal('broke')
    expect(provider.requests).to.have.length(3)
  })

  it('a group that does not offer them is relayed byte for byte', async () => {
    const { provider, gateway, url } = await start(lookThenTell, { server_tools: false })
    await chat(url).chat.completions.create(ask)
    expect(provider.requests[0]?.json.tools).to.equal(undefined)
    expect((await gateway.exchange(0)).road).to.equal('relay')
  })

  it('nothing is repeated elsewhere once a tool has run', async () => {
    const targets = [
      { provider: 'acme', model: 'm' },
      { provider: 'acme', model: 'other', priority: 1 },
    ]
    const { provider, url } = await start(lookThenTell, { aliases: { m: targets } })
    provider.queue(
      ...[lookThenTell].map(
        () => BACK_ENDS[0]?.answer(lookThenTell({ body: Buffer.from('') } as any))({ json: {} }) as any,
      ),
      { kind: 'answer', status: 503, body: { error: { message: 'down' } } },
    )
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ask),
    })
    expect(answer.status).to.be.at.least(500)
    expect(provider.requests).to.have.length(2)
  })
})
