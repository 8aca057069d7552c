/** Groups, asked of the whole gateway. */
import { expect } from 'chai'
import { openStore } from '../../src/store/open-store.ts'
import { createClosing } from '../support/close-all.ts'
import { startBackEnds } from './back-ends.ts'

const PROVIDERS = [{ name: 'anthropic' }, { name: 'openai' }]

describe('groups over HTTP', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  it('CS12, CS16: one name means in each group what that group says, the most specific pattern first', async () => {
    const { ask } = await startBackEnds(closing, {
      providers: PROVIDERS,
      groups: {
        one: { aliases: { '*': 'openai/star', 'claude-*': 'openai/claude', 'claude-opus-*': 'anthropic/opus' } },
        two: { aliases: { 'claude-opus-4-1': 'openai/exact', 'claude-opus-*': 'openai/pattern' } },
      },
    })
    const model = async (group: string, name: string) => (await ask({ model: name }, `/${group}/v1/messages`)).model
    expect(await model('one', 'claude-opus-4-1')).to.equal('opus')
    expect(await model('one', 'claude-haiku')).to.equal('claude')
    expect(await model('one', 'gpt')).to.equal('star')
    expect(await model('two', 'claude-opus-4-1')).to.equal('exact')
    expect(await model('two', 'claude-opus-5')).to.equal('pattern')
  })

  it('CS15: group@model reaches another group, and ids with the sign in them stay whole', async () => {
    const { ask } = await startBackEnds(closing, {
      providers: PROVIDERS,
      groups: {
        team: { aliases: { fast: 'openai/gpt-fast' } },
        default: { aliases: { 'claude-x@20250101': 'anthropic/claude-x@20250101' } },
        'claude-x': { aliases: { '*': 'openai/torn' } },
      },
    })
    expect((await ask({ model: 'team@fast' })).model).to.equal('gpt-fast')
    expect((await ask({ model: 'claude-x@20250101' })).model).to.equal('claude-x@20250101')
    expect((await ask({ model: 'anthropic,claude-y@2025' })).model).to.equal('claude-y@2025')
  })

  it('CS15: a key reaches by group@model only what it may use', async () => {
    const config = {
      providers: PROVIDERS,
      groups: {
        team: { aliases: { fast: 'openai/gpt-fast' } },
        secret: { aliases: { fast: 'openai/gpt-secret' } },
      },
      routes: { default: { provider: 'anthropic', model: 'rest' } },
    }
    const key = 'il-ours-0123456789'
    const keys = { apiKeys: [{ name: 'ours', key, groups: ['team', 'default'], enabled: true }] }
    const { gateway, fakes } = await startBackEnds(closing, config, { keys })
    for (const model of ['team@fast', 'secret@fast']) {
      const response = await fetch(`${gateway.url}/v1/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': key },
        body: JSON.stringify({ model, max_tokens: 9, messages: [{ role: 'user', content: 'x' }] }),
      })
      expect(response.status).to.equal(200)
    }
    expect(fakes['openai']?.requests.map((request) => request.json.model)).to.deep.equal(['gpt-fast'])
    expect(fakes['anthropic']?.requests.map((request) => request.json.model)).to.deep.equal(['rest'])
  })

  it('defect 25: a disabled group is not served', async () => {
    const { ask } = await startBackEnds(closing, {
      providers: PROVIDERS,
      groups: { off: { enabled: false, aliases: { '*': 'openai/x' } } },
    })
    const { status, provider } = await ask({ model: 'm' }, '/off/v1/messages')
    expect([status, provider]).to.deep.equal([404, 'nobody'])
  })

  it('CS17, CS18: keys of one provider take turns', async () => {
    const { ask } = await startBackEnds(closing, {
      providers: [{ name: 'anthropic', api_keys: ['sk-a', 'sk-b', 'sk-c'], api_key: 'sk-a' }],
      routes: { default: { provider: 'anthropic', model: 'm' } },
    })
    const keys = []
    for (let round = 0; round < 6; round += 1) keys.push((await ask({ model: 'x' })).headers['x-api-key'])
    expect(keys).to.deep.equal(['sk-a', 'sk-b', 'sk-c', 'sk-a', 'sk-b', 'sk-c'])
  })

  it('sticky: one conversation keeps its key, whatever is said later in it', async () => {
    const api_keys = Array.from({ length: 20 }, (_, index) => `sk-${index}`)
    const { ask } = await startBackEnds(closing, {
      providers: [{ name: 'anthropic', api_keys, api_key: 'sk-0' }],
      groups: { default: { strategy: 'sticky', aliases: { '*': 'anthropic/m' } } },
    })
    const key = async (...said: string[]) => {
      const messages = said.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content }))
      return (await ask({ model: 'x', messages })).headers['x-api-key']
    }
    const first = await key('what is a gateway?')
    expect(await key('what is a gateway?', 'a door', 'and a door?')).to.equal(first)
    expect(await key('what is a gateway?', 'a door', 'and a door?', 'a hole', 'so?')).to.equal(first)
    const others = new Set<string | undefined>()
    for (let other = 0; other < 8; other += 1) others.add(await key(`question ${other}`))
    expect(others.size).to.be.greaterThan(2)
  })

  it('A199, A203: a provider that was added is there after a restart, and its key is shown nowhere', async () => {
    const { gateway } = await startBackEnds(closing, { providers: PROVIDERS })
    const response = await fetch(`${gateway.url}/providers`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'groq', api_key: 'gsk-canary-123456789', models: ['llama'] }),
    })
    expect(response.status).to.equal(201)
    expect(JSON.stringify(await response.json())).to.not.contain('canary')
    const again = closing.add(openStore({ file: gateway.store.file }), (opened) => opened.close())
    expect(again.providers.find('groq')?.baseUrl).to.contain('groq')
    expect(again.providerKeys.list().map((key) => key.secret)).to.include('gsk-canary-123456789')
  })
})
