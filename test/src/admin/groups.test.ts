/** Groups over HTTP, beyond what all resources have in common. */
import { expect } from 'chai'
import { type AdminCall, createAdminClient } from '../../support/admin-client.ts'
import { createClosing } from '../../support/close-all.ts'
import { startGateway, type TestGateway } from '../../support/gateway.ts'

const WHOLE = {
  description: 'Ours',
  open: true,
  tool_mode: 'native',
  aliases: { fast: 'acme/m' },
  routes: { think: { provider: 'acme', model: 'n', fallbacks: ['acme/o'] } },
  models: ['fast'],
  strategy: 'sticky',
  parameters: { temperature: 0.3 },
  prompt: { mode: 'replace', position: 'user', text: 'Hi.' },
  temperature_ratio: 0.5,
  max_context_tokens: 1000,
  tool_filter: ['x'],
  prompt_replacements: [{ find: 'a', replace: 'b' }],
  body_parameters: { think: false },
  headers: { 'X-Team': 'secret-of-the-team' },
  mcp: { servers: ['files'], naming: 'plain' },
}

describe('/admin/groups', () => {
  const closing = createClosing()
  let call: AdminCall
  let gateway: TestGateway

  beforeEach(async () => {
    gateway = await startGateway(closing)
    call = createAdminClient(gateway.url)
    await call('POST', '/providers', {
      name: 'acme',
      protocol: 'openai-chat',
      api_base_url: 'http://127.0.0.1:9',
      api_key: 'k',
    })
    expect((await call('POST', '/admin/groups', { name: 'team', ...WHOLE })).status).to.equal(201)
  })
  afterEach(() => closing.closeAll())

  const get = async (name = 'team') => (await call('GET', `/admin/groups/${name}`)).body

  it('shows all that is said of a group but the values of its headers', async () => {
    const { headers, aliases, routes, mcp, ...rest } = WHOLE
    const body = await get()
    expect(body).to.deep.include(rest)
    expect(body.header_names).to.deep.equal(['x-team'])
    expect(body.mcp).to.deep.include(mcp)
    expect(body.routes.think.map((target: any) => [target.model, target.priority])).to.deep.equal([
      ['n', 0],
      ['o', 1],
    ])
    expect(JSON.stringify(body)).to.not.contain(headers['X-Team'])
    expect(aliases).to.have.all.keys(Object.keys(body.aliases))
    expect(routes).to.have.all.keys(Object.keys(body.routes))
  })

  it('what was shown may be written back, and nothing changes', async () => {
    const body = await get()
    const written = await call('PUT', '/admin/groups/team', body)
    expect(written.status, written.text).to.equal(200)
    expect(await get()).to.deep.equal(body)
    expect(gateway.store.groups.find('team')?.policy).to.deep.include({
      headers: { 'x-team': WHOLE.headers['X-Team'] },
    })
  })

  it('changes one setting and keeps the others; null takes one back', async () => {
    await call('PUT', '/admin/groups/team', { temperature_ratio: 2 })
    expect(await get()).to.deep.include({ temperature_ratio: 2, strategy: 'sticky', header_names: ['x-team'] })
    const nulls = { temperature_ratio: null, description: null, open: null, headers: null, mcp: null }
    await call('PUT', '/admin/groups/team', {
      ...nulls,
      aliases: { fast: null, slow: 'acme/o' },
      routes: { think: null },
    })
    const body = await get()
    expect(body).to.deep.include({ description: '', open: false, header_names: [], strategy: 'sticky', routes: {} })
    expect(body).to.not.have.any.keys('temperature_ratio', 'mcp')
    expect(Object.keys(body.aliases)).to.deep.equal(['slow'])
  })

  it('copies a group with all that belongs to it, but not over another', async () => {
    const copied = await call('POST', '/admin/groups/team/copy', { name: 'crew' })
    expect(copied.status, copied.text).to.equal(201)
    const { name, created_at: _, ...copy } = await get('crew')
    const { name: __, created_at: ___, ...original } = await get()
    expect(name).to.equal('crew')
    expect(copy).to.deep.equal(original)
    expect((await call('POST', '/admin/groups/team/copy', { name: 'Crew' })).status).to.equal(409)
    expect((await call('POST', '/admin/groups/nobody/copy', { name: 'x' })).status).to.equal(404)
    await call('PUT', '/admin/groups/crew/aliases/fast', '"acme/other"')
    expect((await get()).aliases.fast[0].model).to.equal('m')
  })

  it('toggles a group, and lists and shows its aliases and routes one by one', async () => {
    expect((await call('PATCH', '/admin/groups/team/toggle')).body.enabled).to.equal(false)
    expect((await call('PATCH', '/admin/groups/team/toggle')).body.enabled).to.equal(true)
    const routes = await call('GET', '/admin/groups/team/routes')
    expect(routes.body.map((route: any) => route.name)).to.deep.equal(['think'])
    expect((await call('GET', '/admin/groups/team/routes/think')).body).to.deep.equal(routes.body[0])
    expect((await call('GET', '/admin/groups/team/aliases/think')).status).to.equal(404)
    expect((await call('DELETE', '/admin/groups/team/routes/think')).status).to.equal(200)
    expect((await get()).routes).to.deep.equal({})
  })
})
