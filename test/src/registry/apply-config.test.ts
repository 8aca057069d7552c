import { expect } from 'chai'
import { RegistryFault } from '../../../src/registry/registry-fault.ts'
import { saveAlias, saveGroup } from '../../../src/registry/save-group.ts'
import { saveProvider } from '../../../src/registry/save-provider.ts'
import { createClosing } from '../../support/close-all.ts'
import { glanceAt, openTestRegistry } from '../../support/registry.ts'

describe('applyConfig', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  const VARIABLES = [
    ['A051', 'anthropic', 'ANTHROPIC_API_KEY'],
    ['A052', 'openai', 'OPENAI_API_KEY'],
    ['A054', 'deepseek', 'DEEPSEEK_API_KEY'],
    ['A055', 'openrouter', 'OPENROUTER_API_KEY'],
    ['A056', 'groq', 'GROQ_API_KEY'],
    ['A057', 'mistral', 'MISTRAL_API_KEY'],
    ['A058', 'xai', 'XAI_API_KEY'],
    ['A058', 'xai', 'GROK_API_KEY'],
    ['A058', 'grok', 'XAI_API_KEY'],
    ['A058', 'grok', 'GROK_API_KEY'],
    ['A059', 'ollama', 'OLLAMA_API_KEY'],
  ] as const
  for (const [row, name, variable] of VARIABLES) {
    it(`${row}, A209: ${name} takes its key from ${variable}, without the blanks around it`, async () => {
      const { store, apply } = await openTestRegistry(closing)
      apply({ providers: [{ name }] }, { [variable]: ' sk-from-env\n', PATH: 'x' })
      expect(store.providerKeys.list().map((key) => key.secret)).to.deep.equal(['sk-from-env'])
    })
  }

  it('A050: what the file says goes before the variable of the name', async () => {
    const { store, apply } = await openTestRegistry(closing)
    apply({ providers: [{ name: 'openai', api_key: 'from-file' }] }, { OPENAI_API_KEY: 'from-env' })
    expect(store.providerKeys.list().map((key) => key.secret)).to.deep.equal(['from-file'])
  })

  it('a variable alone makes no provider', async () => {
    const { store, apply } = await openTestRegistry(closing)
    apply({}, { OPENAI_API_KEY: 'sk', ANTHROPIC_API_KEY: 'sk' })
    expect(store.providers.list()).to.deep.equal([])
  })

  it('A189: fills in what is known of the name', async () => {
    const { store } = await openTestRegistry(closing, { providers: [{ name: 'Anthropic', api_key: 'k' }] })
    expect(store.providers.list()[0]).to.deep.include({
      name: 'Anthropic',
      protocol: 'anthropic',
      baseUrl: 'https://api.anthropic.com',
      authHeader: 'x-api-key',
      authPrefix: '',
      enabled: true,
    })
  })

  it('refuses an unknown name without a base URL', async () => {
    const { store, apply } = await openTestRegistry(closing)
    expect(() => apply({ providers: [{ name: 'mine' }] })).to.throw(
      RegistryFault,
      /providers\.mine\.api_base_url is required/,
    )
    expect(store.providers.list()).to.deep.equal([])
  })

  it('is applied whole or not at all', async () => {
    const { store, registry, apply } = await openTestRegistry(closing, {
      providers: [{ name: 'openai', api_key: 'k' }],
    })
    const before = registry.snapshot()
    const config = {
      providers: [
        { name: 'openai', enabled: false },
        { name: 'groq', api_key: 'k' },
      ],
      groups: { team: { aliases: { fast: 'opnai/gpt-4o' } } },
    }
    expect(() => apply(config)).to.throw(
      RegistryFault,
      /groups\.team\.aliases\.fast leads to the provider opnai, which there is not: did you mean openai/,
    )
    expect(registry.snapshot()).to.equal(before)
    expect(store.groups.find('team')).to.equal(undefined)
    expect(store.providers.list().map((row) => [row.name, row.enabled])).to.deep.equal([['openai', true]])
  })

  it('commits nothing that could not be served, also before a registry is open', async () => {
    const { store, registry, apply } = await openTestRegistry(closing)
    registry.close()
    const bad = [
      [{ providers: [{ name: 'openai', protocol: 'telepathy' }] }, /providers\.openai\.protocol must be one of/],
      [{ providers: [{ name: 'openai', headers: { host: 'x' } }] }, /headers\.host/],
      [{ groups: { v1: {} } }, /groups\.v1 is no name/],
    ] as const
    for (const [config, reason] of bad) expect(() => apply(config)).to.throw(RegistryFault, reason)
    expect(store.providers.list()).to.deep.equal([])
    expect(store.groups.find('v1')).to.equal(undefined)
  })

  it('leaves alone what the file has never named', async () => {
    const { store, apply } = await openTestRegistry(closing, { providers: [{ name: 'openai' }], groups: { team: {} } })
    const change = { name: 'openai', enabled: false, headers: { 'x-a': '1' }, keys: ['a', 'b'] }
    saveProvider(store, { ...change, models: [{ name: 'm', capabilities: {}, enabled: true }] }, false)
    saveGroup(store, { name: 'team', description: 'kept', policy: { temperatureRatio: 0.5 }, aliases: new Map() })
    saveAlias(store, store.groups.find('default')?.id ?? 0, 'default', 'mine', [
      { provider: 'openai', model: 'm', weight: 1, priority: 0, parameters: {} },
    ])
    apply({
      providers: [{ name: 'openai' }, { name: 'groq' }],
      routes: { default: { provider: 'openai', model: 'm2' } },
      groups: { team: {} },
    })
    expect(store.providers.find('openai')).to.deep.include({ enabled: false, headers: { 'x-a': '1' } })
    expect(store.providerKeys.list().map((key) => key.secret)).to.deep.equal(['a', 'b'])
    expect(store.models.list().map((model) => model.name)).to.deep.equal(['m'])
    expect(store.aliases.list().map((alias) => alias.pattern)).to.include('mine')
    expect(store.groups.find('team')).to.deep.include({ description: 'kept', policy: { temperature_ratio: 0.5 } })
    expect(store.groups.find('default')?.open, 'a route does not close the group').to.equal(true)
  })

  it('replaces the keys, models and targets that it does name', async () => {
    const { store, apply } = await openTestRegistry(closing, {
      providers: [{ name: 'openai', api_keys: ['a', 'b'], models: ['m', 'n'] }],
      groups: { g: { aliases: { x: ['openai/m', 'openai/n'] } } },
    })
    apply({ providers: [{ name: 'openai', api_key: 'c', models: [] }], groups: { g: { aliases: { x: 'openai/o' } } } })
    expect(store.providerKeys.list().map((key) => key.secret)).to.deep.equal(['c'])
    expect(store.models.list()).to.deep.equal([])
    expect(store.aliases.listTargets().map((target) => target.model)).to.deep.equal(['o'])
    apply({ providers: [{ name: 'openai', api_keys: [] }] })
    expect(store.providerKeys.list()).to.deep.equal([])
  })

  it('may be applied any number of times', async () => {
    const config = {
      providers: [{ name: 'openai', api_key: 'k', models: ['gpt-4o'] }],
      routes: { default: { provider: 'openai', model: 'gpt-4o' }, fast: { provider: 'openai', model: 'gpt-4o' } },
    }
    const { store, apply } = await openTestRegistry(closing, config)
    const before = store.revision()
    apply(config)
    expect(store.revision(), 'nothing was written').to.equal(before)
  })

  const MOVES = [
    ['another host', 'https://elsewhere.test/v1'],
    ['another port', 'https://api.openai.com:8443/v1'],
    ['another scheme', 'http://api.openai.com/v1'],
  ] as const
  for (const [title, url] of MOVES) {
    it(`S4: a stored key and stored headers do not go along to ${title}`, async () => {
      const { store, apply } = await openTestRegistry(closing, {
        providers: [{ name: 'openai', api_key: 'k', headers: { 'x-secret': 's' } }],
      })
      const notices = apply({ providers: [{ name: 'openai', api_base_url: url }] })
      expect(notices.join()).to.match(/openai was for another server/)
      expect(store.providerKeys.list()).to.deep.equal([])
      expect(store.providers.find('openai')?.headers).to.deep.equal({})
    })
  }

  it('S4: another path of the same origin keeps them', async () => {
    const { store, apply } = await openTestRegistry(closing, { providers: [{ name: 'openai' }] })
    saveProvider(store, { name: 'openai', keys: ['k'] }, false)
    expect(apply({ providers: [{ name: 'openai', api_base_url: 'https://api.openai.com/v2/' }] })).to.deep.equal([])
    expect(store.providerKeys.list()).to.have.lengthOf(1)
  })

  it('A012, A013, A061: serves as the guide says: any name by the default route, an exact one by its own', async () => {
    const { registry } = await openTestRegistry(closing, {
      providers: [
        { name: 'anthropic', api_key: 'k', models: ['claude-opus-4-20250720'] },
        { name: 'openai', api_key: 'k' },
        { name: 'deepseek', api_key: 'k' },
      ],
      routes: {
        default: { provider: 'anthropic', model: 'claude-sonnet-4-20250720', parameters: { temperature: 0.7 } },
        'claude-opus-4': { provider: 'openai', model: 'gpt-4.1-turbo' },
        'claude-3-5-sonnet-20241022': { provider: 'deepseek', model: 'deepseek-chat' },
      },
    })
    const resolve = (model: string) => {
      const [target] = registry.snapshot().resolveTargets('default', model, glanceAt()).targets
      return `${target?.provider.name} ${target?.model} ${target?.parameters?.temperature ?? '-'}`
    }
    expect(resolve('claude-opus-4')).to.equal('openai gpt-4.1-turbo -')
    expect(resolve('claude-3-5-sonnet-20241022')).to.equal('deepseek deepseek-chat -')
    expect(resolve('claude-opus-4-20250720'), 'A012: a listed name too').to.equal(
      'anthropic claude-sonnet-4-20250720 0.7',
    )
    expect(resolve('gpt-4o')).to.equal('anthropic claude-sonnet-4-20250720 0.7')
    expect(resolve('openai,gpt-4'), 'A064').to.equal('openai gpt-4 0.7')
  })
})
