/** Sentences of the guide that only the whole gateway can hold, by their numbers. */
import { expect } from 'chai'
import { startBackEnds } from '../routing/back-ends.ts'
import { anthropicFrames } from '../support/anthropic-fake.ts'
import { createClosing } from '../support/close-all.ts'
import { defer } from '../support/deferred.ts'
import { openaiError } from '../support/openai-fake.ts'
import { HELLO } from '../support/said.ts'

const HI = [{ role: 'user', content: 'Hello!' }]
const TOOL = { name: 'get_weather', input_schema: { type: 'object', properties: {} } }

describe('the guide: what the whole gateway does', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  const start = (name: string, more: object = {}, options = {}) =>
    startBackEnds(
      closing,
      { providers: [{ name, ...more }], routes: { default: { provider: name, model: 'routed' } } },
      options,
    )

  it('A017: request_timeout bounds the wait for a plain answer', async () => {
    const { ask, fakes } = await start('openai', {}, { upstream: { timeouts: { plainMs: 300 } } })
    fakes['openai']?.queue({ kind: 'stream', steps: [{ do: 'stall' }] })
    const startedAt = performance.now()
    const { status, reply } = await ask({ model: 'm' })
    expect(status).to.equal(504)
    expect(reply.error.message).to.be.a('string')
    expect(performance.now() - startedAt).to.be.within(290, 5000)
  })

  it('A185: without a word of it, 10 MiB are taken and one byte more is not', async () => {
    const { gateway } = await start('openai')
    const post = async (bytes: number) => {
      const empty = JSON.stringify({ model: 'm', max_tokens: 9, messages: HI, metadata: { user_id: '' } }).length
      const metadata = { user_id: 'x'.repeat(bytes - empty) }
      const body = JSON.stringify({ model: 'm', max_tokens: 9, messages: HI, metadata })
      const answer = await fetch(`${gateway.url}/v1/messages`, { method: 'POST', body })
      await answer.text()
      return answer.status
    }
    expect(await post(10_485_760)).to.equal(200)
    expect(await post(10_485_761)).to.equal(413)
  })

  it('A059: Ollama needs no key, and is sent none', async () => {
    const { ask, gateway } = await start('ollama', { api_key: undefined, protocol: 'openai-chat' })
    const { status, headers } = await ask({ model: 'm' })
    expect(status).to.equal(200)
    expect(headers).not.to.have.any.keys('authorization', 'x-api-key')
    expect(await (await fetch(`${gateway.url}/health`)).json()).to.include({ status: 'healthy' })
  })

  const FAILURES = [
    ['A209', 401, 401, 'authentication_error', 'provider'],
    ['A211', 404, 404, 'not_found_error', undefined],
  ] as const
  for (const [row, upstream, status, type, source] of FAILURES) {
    it(`${row}: ${upstream} of a provider is ${status} ${type}`, async () => {
      const { ask, fakes } = await start('openai')
      fakes['openai']?.queue(openaiError(upstream, 'no such thing'))
      const { status: told, reply } = await ask({ model: 'm' })
      expect(told).to.equal(status)
      expect(reply.error).to.include({ type })
      expect(reply.error.message).to.contain('openai').and.contain('no such thing')
      expect(reply.error.details?.source).to.equal(source)
    })
  }

  it('A207: a stream comes event by event, in their order', async () => {
    const { gateway, fakes } = await start('anthropic')
    const rest = defer()
    const frames = anthropicFrames(HELLO)
    fakes['anthropic']?.queue({
      kind: 'stream',
      headers: { 'content-type': 'text/event-stream' },
      steps: [...frames.slice(0, 3), rest.promise, ...frames.slice(3)],
    })
    const answer = await fetch(`${gateway.url}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'claude-3-sonnet-20240229', max_tokens: 100, stream: true, messages: HI }),
    })
    expect(answer.headers.get('content-type')).to.contain('text/event-stream')
    let text = ''
    const decoder = new TextDecoder()
    for await (const piece of answer.body ?? []) {
      text += decoder.decode(piece, { stream: true })
      // Only once the first events are here does the provider say the rest.
      if (text.includes('message_start')) rest.resolve()
    }
    const events = [...text.matchAll(/^event: (\w+)$/gm)].map(([, event]) => event).filter((event) => event !== 'ping')
    expect(events[0]).to.equal('message_start')
    expect(events[1]).to.equal('content_block_start')
    expect(events.slice(-3)).to.deep.equal(['content_block_stop', 'message_delta', 'message_stop'])
  })

  const CHOICES = [
    ['A141', 'auto', { type: 'auto' }, 'auto', 'AUTO'],
    ['A142', 'none', { type: 'none' }, 'none', 'NONE'],
    [
      'A143',
      'get_weather',
      { type: 'tool', name: 'get_weather' },
      { type: 'function', function: { name: 'get_weather' } },
      'ANY',
    ],
    [
      'A143',
      { type: 'function', function: { name: 'get_weather' } },
      { type: 'tool', name: 'get_weather' },
      { type: 'function', function: { name: 'get_weather' } },
      'ANY',
    ],
  ] as const
  for (const [row, choice, anthropic, openai, gemini] of CHOICES) {
    it(`${row}: tool_choice ${JSON.stringify(choice)} is what each provider calls it`, async () => {
      const asked = { model: 'm', tools: [TOOL], tool_choice: choice }
      expect((await (await start('anthropic')).ask(asked)).body.tool_choice).to.deep.equal(anthropic)
      expect((await (await start('openai')).ask(asked)).body.tool_choice).to.deep.equal(openai)
      const config = (await (await start('gemini')).ask(asked)).body.toolConfig.functionCallingConfig
      expect(config.mode).to.equal(gemini)
      if (gemini === 'ANY') expect(config.allowedFunctionNames).to.deep.equal(['get_weather'])
    })
  }

  for (const [title, tools, field] of [
    ['tools that are no list', {}, 'tools'],
    ['a tool without a name', [{ input_schema: { type: 'object' } }], 'name'],
  ] as const) {
    it(`A216: ${title}: 400 that names the field, before anybody is asked`, async () => {
      const { ask } = await start('openai')
      const { status, provider, reply } = await ask({ model: 'm', tools })
      expect([status, provider]).to.deep.equal([400, 'nobody'])
      expect(reply.error.message).to.contain(field)
    })
  }
})
