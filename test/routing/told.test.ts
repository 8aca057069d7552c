/** What every answer and every line of the log tells of the way that a request went. */
import { expect } from 'chai'
import { createClosing } from '../support/close-all.ts'
import { openaiFrames } from '../support/openai-fake.ts'
import { HELLO } from '../support/said.ts'
import { startBackEnds } from './back-ends.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const CONFIG = {
  providers: [{ name: 'anthropic' }, { name: 'openai', models: ['gpt-listed'] }, { name: 'off', enabled: false }],
  routes: {
    think: 'anthropic/claude-think',
    direct: 'openai/gpt-direct',
    'pat-*': 'openai/gpt-pattern',
    gone: 'off/m',
  },
  groups: {
    default: { aliases: { fast: 'openai/gpt-fast' } },
    team: { aliases: { '*': 'anthropic/claude-team' } },
  },
}

describe('what is told of a request', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  const RULES = [
    ['openai,gpt-x', { rule: 'provider-model', route: 'openai/gpt-x', provider: 'openai', model: 'gpt-x' }],
    ['direct', { rule: 'route', route: 'route direct', provider: 'openai', model: 'gpt-direct' }],
    ['fast', { rule: 'alias', route: 'alias fast', provider: 'openai', model: 'gpt-fast' }],
    ['pat-1', { rule: 'pattern', route: 'route pat-*', provider: 'openai', model: 'gpt-pattern' }],
    ['gpt-listed', { rule: 'listed', route: 'gpt-listed', provider: 'openai', model: 'gpt-listed' }],
    ['team@x', { group: 'team', rule: 'default', route: 'alias *', provider: 'anthropic', model: 'claude-team' }],
    ['gone', { group: 'default', status: 503 }],
    ['nobody', { group: 'default', status: 404 }],
  ] as const
  for (const [model, told] of RULES) {
    it(`the log has the rule that decided, and where it led: ${model}`, async () => {
      const { ask, gateway } = await startBackEnds(closing, CONFIG)
      await ask({ model })
      const line = await gateway.exchange(0)
      expect(line).to.include({ group: 'default', asked_model: model, ...told })
    })
  }

  it('the log has it of a request that is routed by what it is', async () => {
    const { ask, gateway } = await startBackEnds(closing, CONFIG)
    await ask({ model: 'm', thinking: true })
    expect(await gateway.exchange(0)).to.include({ rule: 'think', route: 'route think', model: 'claude-think' })
  })

  const TEXT = [{ role: 'user', content: 'x' }]
  /** Title, path, body, status, provider and model of the headers. */
  const ANSWERS = [
    ['a whole answer', '/v1/messages', { model: 'direct', max_tokens: 9, messages: TEXT }, 200, 'openai/gpt-direct'],
    ['a relayed one', '/v1/chat/completions', { model: 'direct', messages: TEXT }, 200, 'openai/gpt-direct'],
    [
      'a stream',
      '/v1/messages',
      { model: 'direct', max_tokens: 9, stream: true, messages: TEXT },
      200,
      'openai/gpt-direct',
    ],
    ['embeddings', '/v1/embeddings', { model: 'direct', input: 'x' }, 200, 'openai/gpt-direct'],
    [
      'a failure of the provider',
      '/v1/messages',
      { model: 'direct', max_tokens: 9, messages: TEXT },
      404,
      'openai/gpt-direct',
    ],
    ['a count', '/v1/messages/count_tokens', { model: 'team@x', messages: TEXT }, 200, 'anthropic/claude-team'],
    ['an unknown model', '/v1/messages', { model: 'nobody', max_tokens: 9, messages: TEXT }, 404, undefined],
    ['models', '/v1/models', undefined, 200, undefined],
    ['one that leads nowhere', '/v1/nothing', undefined, 404, undefined],
    ['a method that is none', '/v1/messages', undefined, 405, undefined],
    ['the home', '/', undefined, 200, undefined],
    ['health', '/health', undefined, 200, undefined],
    ['the management API', '/providers', undefined, 200, undefined],
    ['a resource that there is not', '/providers/nobody', undefined, 404, undefined],
    ['MCP', '/mcp', {}, 400, undefined],
  ] as const
  for (const [title, path, body, status, served] of ANSWERS) {
    it(`E020: an answer bears the id of its request, and who served it: ${title}`, async () => {
      const { gateway, fakes } = await startBackEnds(closing, CONFIG)
      const script = {
        200: { kind: 'stream', headers: { 'content-type': 'text/event-stream' }, steps: openaiFrames(HELLO) },
        404: { kind: 'answer', status: 404, body: { error: { message: 'no such model' } } },
      } as const
      if (title === 'a stream') fakes['openai']?.queue(script[200])
      if (title === 'a failure of the provider') fakes['openai']?.queue(script[404])
      if (title === 'embeddings') {
        const data = [{ object: 'embedding', index: 0, embedding: [0.5] }]
        fakes['openai']?.queue({ kind: 'answer', body: { object: 'list', model: 'm', data, usage: {} } })
      }
      if (title === 'a count') fakes['anthropic']?.queue({ kind: 'answer', body: { input_tokens: 1 } })
      const ask = (headers: Record<string, string>) =>
        fetch(`${gateway.url}${path}`, {
          headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json', ...headers },
          ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        })
      const answer = await ask({})
      const text = await answer.text()
      expect(answer.status, text).to.equal(status)
      const id = answer.headers.get('x-request-id')
      expect(id).to.match(UUID)
      const inside = /"request_id":"([^"]+)"/.exec(text)?.[1]
      if (inside !== undefined) expect(inside).to.equal(id)
      const [provider, model] = [answer.headers.get('x-provider'), answer.headers.get('x-model')]
      expect(provider === null ? undefined : `${provider}/${model}`).to.equal(served)
      expect(answer.headers.get('x-content-type-options'), 'E024').to.equal('nosniff')
      const again = await ask({ 'x-request-id': 'mine-1' })
      await again.text()
      expect(again.headers.get('x-request-id')).to.equal('mine-1')
    })
  }
})
