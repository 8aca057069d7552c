/** The rows of the guide and of the API reference, asked of a whole gateway as they are written there. */
import { expect } from 'chai'
import { type AdminCall, createAdminClient } from '../../support/admin-client.ts'
import { createClosing } from '../../support/close-all.ts'
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts'
import { startGateway, type TestGateway } from '../../support/gateway.ts'
import { openaiAnswer } from '../../support/openai-fake.ts'
import { HELLO } from '../../support/said.ts'

const KEY = 'your-ccproxy-api-key'
const SECRET = 'sk-proj-0123456789abcdefWXYZ'

describe('the management API of the guide', () => {
  const closing = createClosing()
  let gateway: TestGateway
  let call: AdminCall
  let provider: FakeProvider

  beforeEach(async () => {
    provider = closing.add(await startFakeProvider(() => openaiAnswer(HELLO)), (fake) => fake.close())
    gateway = await startGateway(closing, {}, { keys: { apiKey: KEY, apiKeys: [] } })
    call = createAdminClient(gateway.url, KEY)
  })
  afterEach(() => closing.closeAll())

  const add = (more: object = {}) =>
    call('POST', '/providers', {
      name: 'acme',
      protocol: 'openai-chat',
      api_base_url: provider.url,
      api_key: SECRET,
      models: ['m'],
      ...more,
    })
  async function ask(model = 'acme,m'): Promise<number> {
    const answer = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'x-api-key': KEY },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
    })
    await answer.text()
    return answer.status
  }

  it('A199, A200, B020, B026: the curl line of the guide adds a provider; without the key it is 401', async () => {
    const body = '{"name": "openai", "api_key": "sk-...", "enabled": true}'
    const type = { 'content-type': 'application/json' }
    const nobody = createAdminClient(gateway.url)
    expect((await nobody('POST', '/providers', body, type)).status).to.equal(401)
    expect((await nobody('POST', '/providers', body, { ...type, 'x-api-key': 'wrong' })).status).to.equal(401)
    expect((await call('POST', '/providers', body, type)).status).to.equal(201)
    expect((await call('GET', '/providers/openai')).body.api_base_url).to.equal('https://api.openai.com/v1')
  })

  it('A199, A203: what is added serves the next request, and is there after a start with the same database', async () => {
    expect(await ask()).to.equal(404)
    expect((await add()).status).to.equal(201)
    expect(await ask()).to.equal(200)
    expect(provider.requests[0]?.headers['authorization']).to.equal(`Bearer ${SECRET}`)
    expect(gateway.store.providers.find('acme')?.enabled).to.equal(true)
  })

  it('A201: PUT without a content type disables, and the next request is refused', async () => {
    await add()
    expect((await call('PUT', '/providers/acme', '{"enabled": false}')).body.enabled).to.equal(false)
    expect(await ask()).to.equal(503)
  })

  it('A202, B024: DELETE removes; then it is 404, is not asked, and a second one is 404', async () => {
    await add()
    expect((await call('DELETE', '/providers/acme')).status).to.equal(200)
    expect((await call('GET', '/providers/acme')).status).to.equal(404)
    expect(await ask()).to.equal(404)
    expect((await call('DELETE', '/providers/acme')).status).to.equal(404)
    expect(provider.requests).to.have.lengthOf(0)
  })

  it('A025, B019, B022: lists all and shows one, with the key masked; the same under /admin', async () => {
    await add()
    const { body, text } = await call('GET', '/providers')
    expect(body).to.have.lengthOf(1)
    expect(body[0]).to.deep.include({ name: 'acme', api_base_url: provider.url, models: ['m'], enabled: true })
    expect(body[0].api_key).to.equal('sk-…WXYZ')
    expect(text).to.not.contain('0123456789')
    expect((await call('GET', '/providers/acme')).body).to.deep.equal(body[0])
    expect((await call('GET', '/admin/providers/acme')).body).to.deep.equal(body[0])
    expect((await call('GET', '/providers/nobody')).status).to.equal(404)
  })

  it('B021, B023: POST and PUT of what is there keep what they do not say; an unknown one is 404 to PUT', async () => {
    await add()
    const posted = await call('POST', '/providers', { name: 'acme', models: ['n'] })
    expect([posted.status, posted.body.models, posted.body.api_key]).to.deep.equal([200, ['n'], 'sk-…WXYZ'])
    const put = await call('PUT', '/providers/acme', { apiBaseUrl: `${provider.url}/v2` })
    expect([put.status, put.body.models]).to.deep.equal([200, ['n']])
    expect((await call('PUT', '/providers/nobody', {})).status).to.equal(404)
  })

  it('null takes back what was said: keys, models, headers, and what is known of the name', async () => {
    await call('POST', '/providers', {
      name: 'groq',
      api_key: SECRET,
      models: ['m'],
      headers: { 'x-a': '1' },
      enabled: false,
    })
    const { body } = await call('PUT', '/providers/groq', { api_key: null, models: null, headers: null, enabled: null })
    expect(body).to.deep.include({ api_keys: [], models: [], header_names: [], enabled: true })
    expect(body.health).to.deep.include({ usable: false, problem: 'has no key: set GROQ_API_KEY or api_key' })
  })

  it('B025: PATCH toggles, twice is as before, and routing follows', async () => {
    await add()
    expect((await call('PATCH', '/providers/acme/toggle')).body).to.deep.include({ name: 'acme', enabled: false })
    expect(await ask()).to.equal(503)
    expect((await call('PATCH', '/providers/acme/toggle')).body.enabled).to.equal(true)
    expect(await ask()).to.equal(200)
    expect((await call('PATCH', '/providers/nobody/toggle')).status).to.equal(404)
  })

  it('B027: names are percent-encoded in paths', async () => {
    await add({ name: 'my prov' })
    expect((await call('GET', '/providers/my%20prov')).body.name).to.equal('my prov')
    expect((await call('PATCH', '/providers/my%20prov/toggle')).body.enabled).to.equal(false)
    expect((await call('PUT', '/providers/my%20prov', { enabled: true })).status).to.equal(200)
    expect((await call('DELETE', '/providers/my%20prov')).status).to.equal(200)
  })

  it('models are listed, shown, changed and removed one by one; their names may hold slashes', async () => {
    await add()
    const path = '/providers/acme/models/meta%2Fllama'
    const model = { context_tokens: 8000, capabilities: { tools: false } }
    expect((await call('PUT', path, model)).status).to.equal(201)
    expect((await call('GET', path)).body).to.deep.equal({ name: 'meta/llama', ...model, enabled: true })
    expect((await call('PUT', path, { enabled: false })).body).to.deep.equal({ name: 'meta/llama', enabled: false })
    expect((await call('GET', '/providers/acme/models')).body.map((one: any) => one.name)).to.deep.equal([
      'm',
      'meta/llama',
    ])
    expect((await call('PUT', path, '"text"')).status).to.equal(400)
    expect((await call('DELETE', path)).status).to.equal(200)
    expect((await call('DELETE', path)).status).to.equal(404)
  })

  it('S4: a stored key never goes to another origin, however it is asked for', async () => {
    await add()
    const evil = 'http://127.0.0.1:1/v1'
    const config = { providers: [{ name: 'acme', api_base_url: evil }] }
    for (const [method, path, body] of [
      ['PUT', '/providers/acme', { api_base_url: evil }],
      ['POST', '/providers', { name: 'ACME', apiBaseURL: evil }],
      ['POST', '/admin/import', config],
      ['PUT', '/providers/acme', { api_base_url: evil, api_key: 'sk-…WXYZ' }],
    ] as const) {
      const answer = await call(method, path, body)
      expect(answer.status, `${method} ${path}`).to.equal(400)
      expect(answer.body.error.message).to.contain('stored key')
      expect((await call('GET', '/providers/acme')).body.api_base_url).to.equal(provider.url)
    }
  })
})
