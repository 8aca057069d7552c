/** Everything as one file: out, and in again, also from other programs. */
import { expect } from 'chai'
import { type AdminCall, createAdminClient } from '../../support/admin-client.ts'
import { createClosing } from '../../support/close-all.ts'
import { startGateway } from '../../support/gateway.ts'

const SECRETS = [
  'sk-canary-provider-1234',
  'canary-header-5678',
  'canary-group-header',
  'canary-variable',
  'canary-proxy',
]

const CONFIG = {
  active_group: 'team',
  providers: [
    {
      name: 'acme',
      protocol: 'openai-chat',
      api_base_url: 'http://127.0.0.1:9/v1',
      api_key: SECRETS[0],
      headers: { 'x-secret': SECRETS[1] },
      proxy_url: `http://user:${SECRETS[4]}@127.0.0.1:8`,
      models: ['m', { name: 'n', context_tokens: 5 }],
    },
  ],
  routes: { default: { provider: 'acme', model: 'm', parameters: { temperature: 0.5 } } },
  groups: {
    team: {
      description: 'costs $5 {more}',
      aliases: { 'fast-*': ['acme/m', { provider: 'acme', model: 'n', priority: 2 }] },
      routes: { think: 'acme/n' },
      headers: { 'x-team': SECRETS[2] },
      tool_filter: ['x'],
      mcp: { servers: ['files'] },
    },
  },
  mcpServers: { files: { command: '/bin/false', env: { TOKEN: SECRETS[3] }, enabled: false } },
}

describe('export and import', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function start(config: object = {}): Promise<AdminCall> {
    const { url } = await startGateway(closing, config)
    return createAdminClient(url)
  }
  // A text that holds `${` stands for a variable in a file, unless it is escaped.
  const written = JSON.parse(JSON.stringify(CONFIG).replace('$5 {', '$$${'))

  it('what is exported with its secrets makes the same of an empty gateway', async () => {
    const [one, other] = [await start(written), await start()]
    const { body } = await one('GET', '/admin/export?secrets=true')
    expect(body.groups.team.description).to.equal(['costs $', '{more}'].join('$'))
    const imported = await other('POST', '/admin/import', body)
    expect(imported.status, imported.text).to.equal(200)
    expect(imported.body.left).to.deep.equal([])
    expect(imported.body.created).to.include.members(['providers.acme', 'groups.team', 'groups.team.aliases.fast-*'])
    expect((await other('GET', '/admin/export?secrets=true')).body).to.deep.equal(body)
    expect((await other('GET', '/switch')).body.group).to.equal('team')
  })

  it('S10: without its secrets it holds none, and given back it takes none away', async () => {
    const call = await start(written)
    const before = (await call('GET', '/admin/export?secrets=true')).text
    for (const secret of SECRETS) expect(before).to.contain(secret)
    const { text } = await call('GET', '/admin/export')
    for (const secret of SECRETS) expect(text).to.not.contain(secret)
    const imported = await call('POST', '/admin/import', text)
    expect(imported.body).to.deep.include({ created: [], changed: [] })
    expect((await call('GET', '/admin/export?secrets=true')).text).to.equal(before)
  })

  it('S10: no answer of the management API holds a secret', async () => {
    const call = await start(written)
    const paths = ['/', '/health', '/status', '/providers', '/providers/acme', '/providers/acme/models', '/switch']
    const more = ['', '/team', '/team/aliases', '/team/routes'].map((path) => `/admin/groups${path}`)
    for (const path of [
      ...paths,
      ...more,
      '/admin/keys',
      '/admin/mcp/servers',
      '/admin/mcp/servers/files',
      '/admin/settings',
    ]) {
      const { status, text } = await call('GET', path)
      expect(status, path).to.equal(200)
      for (const secret of SECRETS) expect(text, path).to.not.contain(secret)
    }
    for (const [method, path, body] of [
      ['PUT', '/providers/acme', { api_base_url: 'http://evil.test' }],
      ['PUT', '/providers/acme', { api_key: 'canary-new\r\nx: y' }],
      ['PUT', '/admin/groups/team', { headers: { 'x-team': 'canary-new\nx' } }],
      ['POST', '/admin/import', { providers: [{ name: 'acme', api_key: 7 }] }],
    ] as const) {
      const { status, text } = await call(method, path, body)
      expect(status, `${method} ${path}`).to.equal(400)
      expect(text).to.not.match(/canary/)
    }
  })

  it('a dry run tells what would be created and changed, and changes nothing', async () => {
    const call = await start(written)
    const before = (await call('GET', '/admin/export?secrets=true')).text
    const change = {
      providers: [
        { name: 'acme', enabled: false },
        { name: 'groq', api_key: 'k' },
      ],
      groups: { team: { aliases: { slow: 'groq/m' } } },
      port: 80,
    }
    const { body } = await call('POST', '/admin/import?dry_run=true', change)
    expect(body.result).to.deep.include({
      from: 'interlingua',
      created: ['providers.groq', 'groups.team.aliases.slow'],
      changed: ['providers.acme'],
    })
    expect(body.result.left[0]).to.deep.include({ path: 'port' })
    expect((await call('GET', '/admin/export?secrets=true')).text).to.equal(before)
    expect((await call('POST', '/admin/import', change)).status).to.equal(200)
    expect((await call('GET', '/providers/acme')).body.enabled).to.equal(false)
    expect((await call('GET', '/admin/groups/team')).body.aliases).to.have.all.keys('fast-*', 'slow')
  })

  it('a file with one thing wrong is refused whole, with its line', async () => {
    const call = await start()
    const text = '{\n  "providers": [{ "name": "groq", "api_key": "k" }],\n  "groups": { "v1": {} }\n}'
    const refused = await call('POST', '/admin/import', text)
    expect([refused.status, refused.body.error.details.field]).to.deep.equal([400, 'groups.v1'])
    const typo = await call('POST', '/admin/import', text.replace('"k"', '7'))
    expect(typo.body.error.message).to.contain('import.json:2:')
    expect((await call('GET', '/providers')).body).to.deep.equal([])
  })

  it('what has changed meanwhile is not overwritten by who says what they have seen', async () => {
    const call = await start(written)
    const { body, tag } = await call('GET', '/admin/export?secrets=true')
    await call('PUT', '/admin/groups/team', { description: 'new' })
    expect((await call('POST', '/admin/import', body, { 'if-match': tag })).status).to.equal(412)
  })

  it('takes the file of Claude Code Router, and leaves variables of the environment unread', async () => {
    const call = await start()
    const ccr = {
      Providers: [
        { name: 'deepseek', api_base_url: 'https://api.deepseek.com/chat/completions', api_key: 'k', models: ['chat'] },
        {
          name: 'openrouter',
          api_base_url: 'https://openrouter.ai/api/v1/chat/completions',
          api_key: '$HOME',
          models: [],
        },
      ],
      Router: { default: 'deepseek,chat', webSearch: 'deepseek,chat' },
      PORT: 3456,
    }
    const { status, body } = await call('POST', '/admin/import', ccr)
    expect(status, JSON.stringify(body)).to.equal(200)
    expect(body.from).to.equal('ccr')
    expect(body.left.map((one: any) => one.path)).to.have.members(['Router.webSearch', 'providers.1.api_key', 'port'])
    expect((await call('GET', '/admin/groups/default')).body.routes.default[0]).to.include({
      provider: 'deepseek',
      model: 'chat',
    })
    expect((await call('GET', '/providers/openrouter')).body.api_keys).to.deep.equal([])
  })

  it('takes the YAML of LiteLLM', async () => {
    const call = await start()
    const yaml = 'model_list:\n  - model_name: fast\n    litellm_params:\n      model: groq/llama\n      api_key: k\n'
    const { status, body } = await call('POST', '/admin/import?from=litellm', yaml)
    expect([status, body.from], JSON.stringify(body)).to.deep.equal([200, 'litellm'])
    expect((await call('GET', '/admin/groups/default')).body.aliases.fast[0]).to.include({
      provider: 'groq',
      model: 'llama',
    })
    expect((await call('POST', '/admin/import?from=nginx', yaml)).body.error.details.field).to.equal('from')
  })
})
