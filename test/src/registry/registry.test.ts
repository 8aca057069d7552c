import { expect } from 'chai'
import { openRegistry } from '../../../src/registry/registry.ts'
import { RegistryFault } from '../../../src/registry/registry-fault.ts'
import { saveProvider } from '../../../src/registry/save-provider.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { createClosing } from '../../support/close-all.ts'
import { glanceAt, openTestRegistry } from '../../support/registry.ts'

const LOCAL = { name: 'local', api_base_url: 'http://127.0.0.1:8000/v1', models: ['llama'] }

describe('the registry', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  function provider(name: string, more: object = {}) {
    return {
      name,
      protocol: 'openai-chat',
      transport: 'http',
      baseUrl: 'http://127.0.0.1:1/v1',
      authHeader: 'authorization',
      authPrefix: 'Bearer ',
      headers: {},
      enabled: true,
      ...more,
    }
  }

  describe('swapping snapshots', () => {
    it('serves a change from the next request on, and the old state to whoever holds it', async () => {
      const { store, registry } = await openTestRegistry(closing, { providers: [LOCAL] })
      const before = registry.snapshot()
      store.providers.delete('local')
      expect(registry.snapshot()).to.not.equal(before)
      expect(before.resolveTargets('default', 'llama', glanceAt()).targets[0]?.provider.name).to.equal('local')
      expect(registry.snapshot().resolveTargets('default', 'llama', glanceAt()).targets[0]?.provider.name).to.equal(
        'demo',
      )
    })

    it('shows one transaction as one change', async () => {
      const { store, registry } = await openTestRegistry(closing)
      const before = registry.snapshot()
      store.transaction(() => {
        store.providers.save(provider('a'))
        expect(registry.snapshot()).to.equal(before)
        store.providers.save(provider('b'))
      })
      expect(registry.snapshot()).to.not.equal(before)
    })

    const BAD = [
      [
        'a protocol that there is not',
        { protocol: 'telepathy' },
        /providers\.bad\.protocol must be one of openai-chat, anthropic/,
      ],
      ['a base URL that is none', { baseUrl: 'nowhere' }, /providers\.bad\.api_base_url/],
      ['a base URL with a password', { baseUrl: 'https://a:canary@x.test' }, /api_base_url is wrong/],
      [
        'a header that would smuggle another',
        { headers: { 'x-a': 'canary\r\nx-b: 1' } },
        /providers\.bad\.headers\.x-a/,
      ],
      ['a header that is no token', { headers: { 'x a': '1' } }, /headers\.x a/],
      ['a header of the transport', { headers: { 'Transfer-Encoding': 'chunked' } }, /written by the transport/],
      ['headers that are no object', { headers: [] }, /must be an object/],
      ['a header that is no text', { headers: { 'x-a': 1 } }, /must be text/],
      ['a name with a slash', { name: 'a/b' }, /no name for a provider/],
      ['a name with a comma', { name: 'a,b' }, /no name for a provider/],
      ['a name with a line break', { name: 'a\nb' }, /no name for a provider/],
    ] as const
    for (const [title, more, reason] of BAD) {
      it(`S6: refuses ${title} whole, and the last good state goes on serving`, async () => {
        const { store, registry } = await openTestRegistry(closing, { providers: [LOCAL] })
        const before = registry.snapshot()
        const change = () =>
          store.transaction(() => {
            store.providers.save(provider('good'))
            store.providers.save(provider('bad', more))
          })
        expect(change).to.throw(RegistryFault, reason).with.property('message').that.does.not.contain('canary')
        expect(registry.snapshot()).to.equal(before)
        expect(store.providers.list().map((row) => row.name)).to.deep.equal(['local'])
      })
    }

    it('S10: refuses a key that no header can carry, without repeating it', async () => {
      const { store } = await openTestRegistry(closing, { providers: [LOCAL] })
      const { id } = store.providers.list()[0]!
      expect(() => store.providerKeys.replace(id, ['canary\nsecret']))
        .to.throw(RegistryFault, /providers\.local\.api_key/)
        .with.property('message')
        .that.does.not.contain('canary')
    })

    it('refuses facts and capabilities that are none', async () => {
      const { store } = await openTestRegistry(closing, { providers: [LOCAL] })
      const { id } = store.providers.list()[0]!
      const model = { name: 'm', capabilities: {}, facts: {}, enabled: true }
      const BAD_MODELS: readonly object[] = [
        { capabilities: { magic: true } },
        { capabilities: { tools: 'yes' } },
        { capabilities: [] },
        { facts: { maxOutputTokens: -1 } },
        { facts: { renames: { a: 1 } } },
        { facts: { efforts: 'low' } },
        { facts: { constructor: 1 } },
      ]
      for (const bad of BAD_MODELS) {
        expect(() => store.models.replace(id, [{ ...model, ...bad }]), JSON.stringify(bad)).to.throw(
          RegistryFault,
          /models\.m\./,
        )
      }
      store.models.replace(id, [{ ...model, facts: { renames: { a: 'b' }, efforts: ['low'], issuer: 'x' } }])
    })

    it('lesson 1: refuses groups that are called like a path of the gateway', async () => {
      const { store } = await openTestRegistry(closing)
      for (const name of [
        'v1',
        'API',
        'switch',
        'compat',
        'compat_mode',
        'mcp',
        'admin',
        '..',
        'a/b',
        'a b',
        'x'.repeat(65),
      ]) {
        const group = { name, description: '', enabled: true, open: false, toolMode: 'auto' }
        expect(() => store.groups.save(group), name).to.throw(RegistryFault, /no name for a group/)
      }
      const group = { name: '研究-équipe_1.0', description: '', enabled: true, open: false, toolMode: 'auto' }
      expect(store.groups.save(group).name).to.equal(group.name)
    })

    it('refuses an alias that nobody could ask for', async () => {
      const { store } = await openTestRegistry(closing)
      for (const pattern of [' x', 'x ', 'a\nb', 'x'.repeat(201)]) {
        expect(() => store.aliases.save(1, pattern, []), JSON.stringify(pattern)).to.throw(
          RegistryFault,
          /groups\.default\.aliases/,
        )
      }
    })

    it('trap 159: reads anew what another process has written, and keeps the last good state when that is bad', async () => {
      const { store, registry } = await openTestRegistry(closing, { providers: [LOCAL] })
      const other = closing.add(openStore({ file: store.file }), (opened) => opened.close())
      other.providers.save(provider('second'))
      registry.refresh()
      expect(registry.snapshot().resolveTargets('default', 'second/m', glanceAt()).targets).to.have.lengthOf(1)
      other.providers.save(provider('second', { protocol: 'telepathy' }))
      expect(() => registry.refresh()).to.throw(RegistryFault, /telepathy|protocol/)
      expect(registry.snapshot().resolveTargets('default', 'second/m', glanceAt()).targets).to.have.lengthOf(1)
    })

    it('refuses to open over rows that cannot be served', async () => {
      const { store, registry } = await openTestRegistry(closing)
      registry.close()
      store.providers.save(provider('bad', { protocol: 'telepathy' }))
      expect(() => openRegistry({ store, protocols: ['openai-chat'] })).to.throw(
        RegistryFault,
        /providers\.bad\.protocol/,
      )
    })
  })

  describe('groups', () => {
    it('lists all, disabled ones too, in alphabetical order', async () => {
      const { registry } = await openTestRegistry(closing, { groups: { zeta: {}, alpha: { enabled: false } } })
      expect(registry.snapshot().groupNames).to.deep.equal(['alpha', 'default', 'demo', 'zeta'])
    })

    it('the default group is there even when somebody has deleted it, and is the active one when the active one is gone', async () => {
      const { store, registry } = await openTestRegistry(closing, { providers: [LOCAL], groups: { team: {} } })
      store.settings.write('active_group', 'team')
      expect(registry.snapshot().activeGroup).to.equal('team')
      store.groups.delete('team')
      store.groups.delete('default')
      const snapshot = registry.snapshot()
      expect(snapshot.activeGroup).to.equal('default')
      expect(snapshot.resolveTargets('default', 'local/llama', glanceAt()).targets).to.have.lengthOf(1)
    })
  })

  describe('lists of models', () => {
    it('lists aliases without wildcards and, in an open group, every model under a name that may be asked for', async () => {
      const { registry } = await openTestRegistry(closing, {
        providers: [
          { name: 'openai', api_key: 'k', models: [{ name: 'gpt-4o', display_name: 'GPT-4o' }, 'gpt-3.5-turbo'] },
          LOCAL,
          { name: 'off', api_base_url: 'http://127.0.0.1:1', models: ['unseen'], enabled: false },
        ],
        groups: {
          default: {
            aliases: { fast: 'openai/gpt-4o', 'claude-*': 'openai/gpt-4o', '*': 'local/llama', ghost: 'off/unseen' },
          },
          team: { aliases: { fast: 'local/llama' } },
        },
      })
      const snapshot = registry.snapshot()
      const list = snapshot.listModels('default')
      expect(list.map((entry) => entry.id)).to.deep.equal([
        'fast',
        'local/llama',
        'openai/gpt-4o',
        'openai/gpt-3.5-turbo',
      ])
      expect(list[2]).to.deep.include({
        displayName: 'GPT-4o',
        ownedBy: 'openai',
        contextTokens: 128_000,
        maxOutputTokens: 16_384,
        capabilities: { tools: true, images: true },
      })
      expect(list[0]).to.deep.include({ displayName: 'GPT-4o', ownedBy: 'openai', contextTokens: 128_000 })
      expect(snapshot.listModels('team').map((entry) => entry.id)).to.deep.equal(['fast'])
      for (const entry of list) {
        expect(snapshot.resolveTargets('default', entry.id, glanceAt()).targets, entry.id).to.have.lengthOf(1)
        expect(entry.createdAt, 'seconds').to.be.within(1_700_000_000, 9_999_999_999)
      }
    })

    it('CS7: is the same whenever it is asked', async () => {
      const { registry, apply } = await openTestRegistry(closing, { providers: [LOCAL] })
      const before = registry.snapshot().listModels('default')
      apply({ providers: [LOCAL] })
      expect(registry.snapshot().listModels('default')).to.deep.equal(before)
    })
  })

  describe('the demo', () => {
    function served(registry: Awaited<ReturnType<typeof openTestRegistry>>['registry'], group: string, model: string) {
      const [target] = registry.snapshot().resolveTargets(group, model, glanceAt()).targets
      return `${target?.provider.transport}:${target?.model}`
    }

    it('answers to any name in the default group while there is no provider', async () => {
      const { registry } = await openTestRegistry(closing)
      expect(served(registry, 'default', 'claude-opus-4')).to.equal('demo:echo')
      expect(served(registry, 'default', 'gpt-4o')).to.equal('demo:echo')
      expect(served(registry, 'default', 'demo/tools')).to.equal('demo:tools')
      expect(served(registry, 'default', 'tools')).to.equal('demo:tools')
      expect(
        registry
          .snapshot()
          .listModels('default')
          .map((entry) => entry.id),
      ).to.include.members(['demo/echo', 'demo/tools'])
    })

    it('is in the group demo under its full and its bare names', async () => {
      const { registry } = await openTestRegistry(closing)
      for (const [name, model] of [
        ['demo/echo', 'echo'],
        ['echo', 'echo'],
        ['demo/tools', 'tools'],
        ['tools', 'tools'],
      ] as const) {
        expect(served(registry, 'demo', name)).to.equal(`demo:${model}`)
      }
      expect(
        registry
          .snapshot()
          .listModels('demo')
          .map((entry) => entry.id),
      ).to.deep.equal(['demo/echo', 'echo', 'demo/tools', 'tools'])
    })

    it('leaves the default group when a real provider comes, and comes back when it goes or is disabled', async () => {
      const { registry, store } = await openTestRegistry(closing, { providers: [LOCAL] })
      expect(() => served(registry, 'default', 'gpt-4o')).to.throw(/has no model "gpt-4o"/)
      expect(() => served(registry, 'default', 'demo/echo')).to.throw(/has no model/)
      expect(
        registry
          .snapshot()
          .listModels('default')
          .map((entry) => entry.id),
      ).to.deep.equal(['local/llama'])
      expect(served(registry, 'demo', 'echo'), 'the group demo stays').to.equal('demo:echo')
      saveProvider(store, { name: 'local', enabled: false }, false)
      expect(served(registry, 'default', 'gpt-4o')).to.equal('demo:echo')
      expect(() => served(registry, 'default', 'local,llama')).to.throw(/local is disabled/)
      store.providers.delete('local')
      expect(served(registry, 'default', 'gpt-4o')).to.equal('demo:echo')
    })

    it('the group demo stays away once it is deleted', async () => {
      const { registry, store } = await openTestRegistry(closing)
      store.groups.delete('demo')
      expect(() => served(registry, 'demo', 'echo')).to.throw(/no group "demo"/)
    })

    it('gives way to what is stored under the same names', async () => {
      const { registry } = await openTestRegistry(closing, {
        providers: [LOCAL],
        groups: { demo: { aliases: { echo: 'local/llama' } } },
      })
      expect(served(registry, 'demo', 'echo')).to.equal('http:llama')
      expect(served(registry, 'demo', 'demo/echo')).to.equal('demo:echo')
    })

    it('can be disabled like any provider', async () => {
      const { registry } = await openTestRegistry(closing, { providers: [{ name: 'demo', enabled: false }] })
      expect(() => served(registry, 'default', 'x')).to.throw(/demo is disabled/)
    })
  })
})
