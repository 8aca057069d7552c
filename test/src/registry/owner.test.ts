import { expect } from 'chai'
import { ENTRY_PATH, ownerOf } from '../../../src/registry/owner.ts'
import { saveAlias, saveGroup } from '../../../src/registry/save-group.ts'
import { saveProvider } from '../../../src/registry/save-provider.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { createClosing } from '../../support/close-all.ts'
import { openTestRegistry } from '../../support/registry.ts'

const OPENAI = { name: 'openai', api_key: 'sk-from-file', enabled: true, headers: { 'x-a': '1' }, models: ['gpt-4o'] }
const FILE = {
  providers: [OPENAI],
  routes: { default: { provider: 'openai', model: 'gpt-4o' } },
  groups: { team: { description: 'ours', temperature_ratio: 0.5, aliases: { fast: 'openai/gpt-4o' } } },
  active_group: 'team',
}
const target = { provider: 'openai', model: 'other', weight: 1, priority: 0, parameters: {} }

describe('what the file owns', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function open() {
    const test = await openTestRegistry(closing, FILE)
    const { store } = test
    const team = () => store.groups.find('team')
    return {
      ...test,
      team,
      aliases: () => store.aliases.listOf(team()?.id ?? 0).map((row) => row.pattern),
      owner: (path: string) => ownerOf(store, path),
    }
  }

  it('A203: what was changed at run time stays as long as the file says what it said', async () => {
    const { store, registry, apply, team, aliases } = await open()
    saveProvider(store, { name: 'openai', enabled: false, keys: ['sk-new'], headers: {} }, false)
    saveGroup(store, { name: 'team', description: 'changed', policy: {}, aliases: new Map() })
    store.aliases.delete(team()?.id ?? 0, 'fast')
    saveAlias(store, team()?.id ?? 0, 'team', 'mine', [target])
    store.settings.write('active_group', 'default')
    const revision = store.revision()
    expect(apply(FILE)).to.deep.equal([])
    expect(
      apply({ active_group: 'team', groups: FILE.groups, routes: FILE.routes, providers: FILE.providers }),
      'in another order',
    ).to.deep.equal([])
    expect(apply({ ...FILE, port: 9, log: true }), 'something else is another thing').to.deep.equal([])
    expect(store.revision(), 'nothing was written').to.equal(revision)
    expect(store.providers.find('openai')).to.deep.include({ enabled: false, headers: {} })
    expect(store.providerKeys.list().map((key) => key.secret)).to.deep.equal(['sk-new'])
    expect(team()?.description).to.equal('changed')
    expect(registry.snapshot().findGroup('team')?.policy).to.deep.equal({})
    expect(aliases()).to.deep.equal(['mine'])
    expect(store.settings.read('active_group')).to.equal('default')
  })

  it('when it says something new, everything that it names is as it says; what it never named stays', async () => {
    const { store, apply, team, aliases } = await open()
    saveProvider(store, { name: 'openai', enabled: false, keys: ['sk-new'] }, false)
    saveProvider(store, { name: 'groq', keys: ['k'] }, false)
    saveGroup(store, { name: 'team', enabled: false, description: 'changed', aliases: new Map() })
    store.aliases.delete(team()?.id ?? 0, 'fast')
    saveAlias(store, team()?.id ?? 0, 'team', 'mine', [target])
    store.settings.write('active_group', 'default')
    apply({ ...FILE, routes: { ...FILE.routes, think: { provider: 'openai', model: 'o1' } } })
    expect(store.providers.find('openai')?.enabled).to.equal(true)
    expect(store.providerKeys.listOf(store.providers.find('openai')?.id ?? 0).map((key) => key.secret)).to.deep.equal([
      'sk-from-file',
    ])
    expect(store.providers.find('groq'), 'made over HTTP').to.not.equal(undefined)
    expect(team()).to.deep.include({ description: 'ours', enabled: false })
    expect(aliases()).to.deep.equal(['fast', 'mine'])
    expect(store.settings.read('active_group')).to.equal('team')
  })

  it('A203: a key that changes in the environment is something new', async () => {
    const { store, apply } = await openTestRegistry(closing)
    const file = { providers: [{ name: 'openai' }] }
    const keys = () => store.providerKeys.list().map((key) => key.secret)
    apply(file, { OPENAI_API_KEY: 'one' })
    expect(keys()).to.deep.equal(['one'])
    apply(file, { OPENAI_API_KEY: 'two' })
    expect(keys()).to.deep.equal(['two'])
    apply(file, {})
    expect(keys()).to.deep.equal([])
  })

  it('what it names no longer goes, with what hung on it', async () => {
    const { store, apply, team, aliases } = await open()
    saveAlias(store, team()?.id ?? 0, 'team', 'mine', [target])
    apply({ ...FILE, groups: { team: { description: 'ours' } }, routes: {} })
    expect(aliases()).to.deep.equal(['mine'])
    expect(store.routes.list()).to.deep.equal([])
    expect(team()?.policy, 'a setting that it named').to.deep.equal({})
    apply({ providers: [{ name: 'openai' }] })
    expect(team()).to.equal(undefined)
    expect(store.settings.read('active_group')).to.equal('default')
    expect(store.providers.find('openai')).to.deep.include({ enabled: true, headers: {} })
    expect(store.models.list()).to.deep.equal([])
    apply({ providers: [] })
    expect(store.providers.list()).to.deep.equal([])
    expect(store.groups.list().map((row) => row.name)).to.deep.equal(['default', 'demo'])
  })

  it('an entry that was made over HTTP first is the file’s as soon as it names it', async () => {
    const { store, apply, owner } = await open()
    saveProvider(store, { name: 'Groq', keys: ['k'], enabled: false }, false)
    expect(owner(ENTRY_PATH.provider('groq'))).to.equal('api')
    apply({ ...FILE, providers: [OPENAI, { name: 'groq' }] })
    expect(owner(ENTRY_PATH.provider('GROQ'))).to.equal('file')
    expect(store.providers.find('groq'), 'what it does not say of it stays').to.deep.include({ enabled: false })
    apply(FILE)
    expect(store.providers.find('groq')).to.equal(undefined)
  })

  it('is told entry by entry', async () => {
    const { store, owner, team } = await open()
    saveAlias(store, team()?.id ?? 0, 'team', 'mine', [target])
    saveProvider(store, { name: 'groq', keys: ['k'] }, false)
    expect(owner(ENTRY_PATH.provider('openai'))).to.equal('file')
    expect(owner(ENTRY_PATH.provider('groq'))).to.equal('api')
    expect(owner(ENTRY_PATH.group('team'))).to.equal('file')
    expect(owner(ENTRY_PATH.group('demo'))).to.equal('api')
    expect(owner(ENTRY_PATH.alias('team', 'alias', 'fast'))).to.equal('file')
    expect(owner(ENTRY_PATH.alias('team', 'alias', 'mine'))).to.equal('api')
    expect(owner(ENTRY_PATH.alias('default', 'route', 'default'))).to.equal('file')
  })

  it('the group default only goes back to what it is by itself', async () => {
    const { store, apply } = await openTestRegistry(closing, {
      groups: { default: { description: 'mine', open: false, temperature_ratio: 2 } },
    })
    expect(store.groups.find('default')).to.deep.include({ open: false })
    apply({})
    expect(store.groups.find('default')).to.deep.include({ description: '', open: true, policy: {}, enabled: true })
  })

  it('a provider that leaves the file without its key takes the key along', async () => {
    const { store, apply } = await open()
    apply({ ...FILE, providers: [{ name: 'openai' }] })
    expect(store.providerKeys.list()).to.deep.equal([])
  })

  it('names with signs of their own are entries like any other', async () => {
    const { store, apply, aliases } = await open()
    const odd = { 'a/b': 'openai/x', __proto__x: 'openai/x', 'ä*?': 'openai/x', 'routes/default': 'openai/x' }
    apply({ ...FILE, groups: { team: { aliases: odd } } })
    expect(aliases()).to.have.members(Object.keys(odd))
    apply({ ...FILE, groups: { team: { aliases: {} } } })
    expect(aliases()).to.deep.equal([])
    expect(store.routes.list().map((row) => row.pattern)).to.deep.equal(['default'])
  })

  it('a file that cannot be served changes nothing, and is tried again', async () => {
    const { store, apply } = await open()
    const revision = store.revision()
    const bad = { ...FILE, providers: [{ ...OPENAI, protocol: 'telepathy' }] }
    for (const _ of [1, 2]) expect(() => apply(bad)).to.throw(/protocol/)
    expect(() => apply({ ...FILE, active_group: 'nowhere' })).to.throw(/active_group is nowhere/)
    expect(store.revision()).to.equal(revision)
  })

  it('is the same after a restart', async () => {
    const { store } = await open()
    saveProvider(store, { name: 'openai', enabled: false }, false)
    store.close()
    const again = closing.add(openStore({ file: store.file }), (opened) => opened.close())
    expect(ownerOf(again, ENTRY_PATH.provider('openai'))).to.equal('file')
    expect(again.providers.find('openai')?.enabled).to.equal(false)
  })
})
