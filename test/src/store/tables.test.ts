import { join } from 'node:path'
import { expect } from 'chai'
import type { TargetValues } from '../../../src/store/aliases.ts'
import { openStore, type Store } from '../../../src/store/open-store.ts'
import type { ProviderValues } from '../../../src/store/providers.ts'
import { createClosing, makeTempDir } from '../../support/close-all.ts'

const OPENAI: ProviderValues = {
  name: 'openai',
  protocol: 'openai-chat',
  transport: 'http',
  baseUrl: 'https://api.openai.com/v1',
  authHeader: 'authorization',
  authPrefix: 'Bearer ',
  headers: { 'x-team': 'blue' },
  enabled: true,
}

function model(name: string) {
  return { name, capabilities: {}, facts: {}, enabled: true }
}

describe('the tables of the registry', () => {
  const closing = createClosing()
  let store: Store
  let time: number

  beforeEach(async () => {
    time = 1000
    const file = join(await makeTempDir(closing), 'x.db')
    store = closing.add(openStore({ file }, { now: () => time }), (opened) => opened.close())
  })
  afterEach(() => closing.closeAll())

  function target(providerId: number, name: string, more: Partial<TargetValues> = {}): TargetValues {
    return { providerId, model: name, weight: 1, priority: 0, parameters: {}, ...more }
  }

  describe('providers', () => {
    it('gives back what was saved', () => {
      const row = store.providers.save(OPENAI)
      const { id, revision } = row
      expect(row).to.deep.equal({ ...OPENAI, proxyUrl: null, id, revision, createdAt: 1000, updatedAt: 1000 })
      expect(store.providers.list()).to.deep.equal([row])
    })

    it('changes the one of the same name, whatever the case of its letters, and keeps its id and first spelling', () => {
      const first = store.providers.save(OPENAI)
      time = 2000
      const second = store.providers.save({ ...OPENAI, name: 'OpenAI', enabled: false })
      expect(second).to.deep.equal({ ...first, enabled: false, updatedAt: 2000, revision: second.revision })
      expect(second.revision).to.be.greaterThan(first.revision)
      expect(store.providers.find('OPENAI')).to.deep.equal(second)
    })

    it('keeps keys, models and targets when it is changed', () => {
      const { id } = store.providers.save(OPENAI)
      store.providerKeys.replace(id, ['k'])
      store.models.replace(id, [model('m')])
      store.aliases.save(1, 'fast', [target(id, 'm')])
      store.providers.save({ ...OPENAI, baseUrl: 'https://elsewhere.test' })
      expect(store.providerKeys.list()).to.have.lengthOf(1)
      expect(store.models.list()).to.have.lengthOf(1)
      expect(store.aliases.listTargets()).to.have.lengthOf(1)
    })

    it('lesson 19: takes its keys, models and targets along when it is deleted', () => {
      const { id } = store.providers.save(OPENAI)
      store.providerKeys.replace(id, ['k'])
      store.models.replace(id, [model('m')])
      store.aliases.save(1, 'fast', [target(id, 'm')])
      expect(store.providers.delete('OpenAI')).to.equal(true)
      expect(store.providers.delete('openai')).to.equal(false)
      expect([store.providerKeys.list(), store.models.list(), store.aliases.listTargets()]).to.deep.equal([[], [], []])
    })

    it('S22: takes a name for a name, whatever is in it', () => {
      const name = `'; DROP TABLE providers; --`
      store.providers.save({ ...OPENAI, name })
      expect(store.providers.find(name)?.name).to.equal(name)
      expect(store.providers.delete(name)).to.equal(true)
    })
  })

  describe('provider keys', () => {
    it('keeps the id of a key that stays, and the order that was given last', () => {
      const { id } = store.providers.save(OPENAI)
      store.providerKeys.replace(id, ['a', 'b', 'c'])
      const before = new Map(store.providerKeys.list().map((row) => [row.secret, row.id]))
      store.providerKeys.replace(id, ['d', 'c', 'a'])
      const after = store.providerKeys.listOf(id)
      expect(after.map((row) => row.secret)).to.deep.equal(['d', 'c', 'a'])
      expect(after[1]?.id).to.equal(before.get('c'))
      expect(after[2]?.id).to.equal(before.get('a'))
    })
  })

  describe('models', () => {
    it('gives back what was saved, with null for what was not said', () => {
      const { id } = store.providers.save(OPENAI)
      store.models.replace(id, [
        {
          name: 'gpt-4o',
          displayName: 'GPT 4o',
          contextTokens: 128_000,
          capabilities: { images: true },
          facts: { issuer: 'x' },
          enabled: false,
        },
      ])
      const [row] = store.models.list()
      expect(row).to.deep.equal({
        id: row?.id,
        providerId: id,
        name: 'gpt-4o',
        displayName: 'GPT 4o',
        contextTokens: 128_000,
        maxOutputTokens: null,
        defaultMaxOutputTokens: null,
        capabilities: { images: true },
        facts: { issuer: 'x' },
        enabled: false,
        createdAt: 1000,
      })
    })

    it('lesson 19: forgets the models that are not named any more', () => {
      const { id } = store.providers.save(OPENAI)
      store.models.replace(id, [model('a'), model('b')])
      time = 5000
      store.models.replace(id, [model('c'), model('b')])
      expect(store.models.list().map((row) => [row.name, row.createdAt])).to.deep.equal([
        ['c', 5000],
        ['b', 1000],
      ])
    })
  })

  describe('groups and aliases', () => {
    it('begins with the groups default, which is open, and demo', () => {
      expect(store.groups.list().map((row) => [row.name, row.open, row.enabled, row.toolMode])).to.deep.equal([
        ['default', true, true, 'auto'],
        ['demo', false, true, 'auto'],
      ])
      expect(store.settings.read('active_group')).to.equal('default')
    })

    it('does not bring the group demo back once it is deleted', () => {
      store.groups.delete('demo')
      store.close()
      const again = closing.add(openStore({ file: store.file }), (opened) => opened.close())
      expect(again.groups.find('demo')).to.equal(undefined)
    })

    it('gives an alias other targets as a whole, and says whether it is new', () => {
      const { id } = store.providers.save(OPENAI)
      expect(
        store.aliases.save(1, 'fast', [target(id, 'a', { weight: 3, priority: 2, parameters: { seed: 0 } })]),
      ).to.equal(true)
      expect(store.aliases.save(1, 'fast', [target(id, 'c'), target(id, 'b')])).to.equal(false)
      expect(store.aliases.list()).to.have.lengthOf(1)
      expect(store.aliases.listTargets().map((row) => row.model)).to.deep.equal(['c', 'b'])
    })

    it('has one pattern once per group, and in another group again', () => {
      const other = store.groups.save({ name: 'team', description: '', enabled: true, open: false, toolMode: 'auto' })
      expect(store.aliases.save(1, 'fast', [])).to.equal(true)
      expect(store.aliases.save(other.id, 'fast', [])).to.equal(true)
      store.groups.delete('team')
      expect(store.aliases.list().map((row) => row.groupId)).to.deep.equal([1])
    })

    it('refuses a weight below 1 and a tool mode that there is not', () => {
      const { id } = store.providers.save(OPENAI)
      expect(() => store.aliases.save(1, 'fast', [target(id, 'a', { weight: 0 })])).to.throw(/CHECK/)
      expect(store.aliases.list(), 'and leaves no alias without targets').to.deep.equal([])
      expect(() =>
        store.groups.save({ name: 'x', description: '', enabled: true, open: false, toolMode: 'magic' }),
      ).to.throw(/CHECK/)
    })
  })

  describe('transactions', () => {
    it('undoes everything when the work throws', () => {
      const attempt = () =>
        store.transaction(() => {
          store.providers.save(OPENAI)
          store.settings.write('active_group', 'demo')
          throw new Error('no')
        })
      expect(attempt).to.throw('no')
      expect(store.providers.list()).to.deep.equal([])
      expect(store.settings.read('active_group')).to.equal('default')
    })

    it('tells a listener once, before and after the outermost commit', () => {
      const heard: string[] = []
      const stop = store.listen({
        beforeCommit: () => heard.push(`before ${store.providers.list().length}`),
        afterCommit: () => heard.push('after'),
      })
      store.transaction(() => {
        store.providers.save(OPENAI)
        store.transaction(() => store.providers.save({ ...OPENAI, name: 'other' }))
        expect(heard).to.deep.equal([])
      })
      expect(heard).to.deep.equal(['before 2', 'after'])
      stop()
      store.providers.delete('other')
      expect(heard).to.deep.equal(['before 2', 'after'])
    })

    it('undoes the change when a listener objects to it', () => {
      store.listen({
        beforeCommit: () => {
          throw new Error('objection')
        },
        afterCommit: () => expect.fail('nothing was committed'),
      })
      expect(() => store.providers.save(OPENAI)).to.throw('objection')
      expect(store.providers.list()).to.deep.equal([])
    })

    it('tells nobody of a transaction that wrote nothing', () => {
      store.listen({ beforeCommit: () => expect.fail('no change'), afterCommit: () => expect.fail('no change') })
      expect(store.transaction(() => store.groups.list().length)).to.equal(2)
    })

    it('F80: takes the write lock at the beginning, so that what was read is still so when it writes', () => {
      const other = closing.add(openStore({ file: store.file }), (opened) => opened.close())
      store.transaction(() => {
        store.groups.list()
        expect(() => other.settings.write('active_group', 'x')).to.throw(/locked/)
        store.settings.write('active_group', 'demo')
      })
      expect(other.settings.read('active_group')).to.equal('demo')
    })
  })

  describe('revisions', () => {
    it('every change of an entry, or of what belongs to it, gives it another one, and no other entry', () => {
      const provider = store.providers.save(OPENAI)
      const other = store.providers.save({ ...OPENAI, name: 'other' })
      const group = { name: 'g', description: '', enabled: true, open: false, toolMode: 'auto' }
      const row = store.groups.save(group)
      const quiet = store.groups.save({ ...group, name: 'quiet' })
      const seen = new Set([store.revision()])
      const changes: readonly (readonly [string, () => unknown, 'provider' | 'group'])[] = [
        ['keys', () => store.providerKeys.replace(provider.id, ['k']), 'provider'],
        ['models', () => store.models.replace(provider.id, [model('m')]), 'provider'],
        ['provider', () => store.providers.save({ ...OPENAI, enabled: false }), 'provider'],
        ['group', () => store.groups.save({ ...group, description: 'x' }), 'group'],
        ['alias', () => store.aliases.save(row.id, 'a', [target(provider.id, 'm')]), 'group'],
        ['route', () => store.routes.save(row.id, 'a', [target(provider.id, 'm')]), 'group'],
        ['alias gone', () => store.aliases.delete(row.id, 'a'), 'group'],
        ['targets gone with their provider', () => store.providers.delete('openai'), 'group'],
      ]
      for (const [title, change, entry] of changes) {
        const find = () => (entry === 'group' ? store.groups.find('g') : store.providers.find('openai'))?.revision
        const before = find()
        change()
        expect(find(), title).to.be.greaterThan(before ?? 0)
        expect(seen.has(store.revision()), title).to.equal(false)
        seen.add(store.revision())
      }
      expect(store.providers.find('other')?.revision).to.equal(other.revision)
      expect(store.groups.find('quiet')?.revision).to.equal(quiet.revision)
    })

    it('an alias and a route have their own, and an entry that is made anew never has an old one', () => {
      const { id } = store.providers.save(OPENAI)
      store.aliases.save(1, 'a', [target(id, 'm')])
      store.aliases.save(1, 'b', [target(id, 'm')])
      const revisions = () => store.aliases.listOf(1).map((row) => row.revision)
      const [a, b] = revisions()
      store.aliases.delete(1, 'b')
      store.aliases.save(1, 'b', [target(id, 'm')])
      expect(revisions()[0]).to.equal(a)
      expect(revisions()[1]).to.be.greaterThan(b ?? 0)
    })

    it('a change that is undone leaves all as they were', () => {
      const before = store.revision()
      const attempt = () =>
        store.transaction(() => {
          store.providers.save(OPENAI)
          expect(store.revision()).to.be.greaterThan(before)
          throw new Error('undone')
        })
      expect(attempt).to.throw('undone')
      expect(store.revision()).to.equal(before)
    })

    it('compared within the transaction that writes, they let no change overwrite one that was not seen', () => {
      const row = store.providers.save(OPENAI)
      const write = (expected: number) =>
        store.transaction(() => {
          if (store.providers.find('openai')?.revision !== expected) throw new Error('somebody was faster')
          return store.providers.save({ ...OPENAI, enabled: false }).revision
        })
      const next = write(row.revision)
      expect(() => write(row.revision)).to.throw('somebody was faster')
      expect(write(next)).to.be.greaterThan(next)
    })
  })
})
