import { expect } from 'chai'
import { mayUse } from '../../../src/access/caller.ts'
import { createKeyring, digestKey } from '../../../src/access/keyring.ts'
import { openKeyring } from '../../../src/access/open-keyring.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { createClosing, makeTempDir } from '../../support/close-all.ts'

const entry = (key: string, name: string, expiresAt?: number) => ({
  digest: digestKey(key),
  caller: { name, isAdmin: false },
  ...(expiresAt === undefined ? {} : { expiresAt }),
})

describe('access/keyring', () => {
  it('S11: finds whom exactly this key stands for', () => {
    const keyring = createKeyring([entry('one', 'a'), entry('two', 'b')], () => 0)
    expect(keyring.find('one')?.name).to.equal('a')
    expect(keyring.find('two')?.name).to.equal('b')
    for (const wrong of ['', 'on', 'one ', 'ONE', "' OR '1'='1", 'ö'.repeat(10), 'x'.repeat(1_000_000)]) {
      expect(keyring.find(wrong), `F34 ${wrong.slice(0, 20)}`).to.equal(undefined)
    }
  })

  it('a key ends when its time is over', () => {
    let now = 99
    const keyring = createKeyring([entry('one', 'a', 100)], () => now)
    expect(keyring.find('one')?.name).to.equal('a')
    now = 100
    expect(keyring.find('one')).to.equal(undefined)
  })

  it('is empty without keys', () => {
    expect(createKeyring([], () => 0).isEmpty).to.equal(true)
    expect(createKeyring([entry('k', 'a')], () => 0).isEmpty).to.equal(false)
  })

  it('CS12: a key opens the groups that it names, in any case of letters, and all when it names none', () => {
    expect(mayUse({ name: 'a', isAdmin: false, groups: new Set(['team']) }, 'Team')).to.equal(true)
    expect(mayUse({ name: 'a', isAdmin: false, groups: new Set(['team']) }, 'other')).to.equal(false)
    expect(mayUse({ name: 'a', isAdmin: false }, 'other')).to.equal(true)
  })
})

describe('access/open-keyring', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  it('joins the keys of the file with those of the store, each as soon as it is there', async () => {
    const store = closing.add(openStore({ directory: await makeTempDir(closing) }), (opened) => opened.close())
    const holder = openKeyring(store, { apiKeys: [] }, () => 50)
    expect(holder.keyring().isEmpty).to.equal(true)

    holder.configure({
      apiKey: 'main',
      apiKeys: [
        { name: 'ann', key: 'of-ann', groups: ['Team'], enabled: true },
        { name: 'off', key: 'of-off', enabled: false },
      ],
    })
    expect(holder.keyring().find('main')).to.include({ isAdmin: true })
    expect(holder.keyring().find('of-ann')).to.deep.equal({ name: 'ann', isAdmin: false, groups: new Set(['team']) })
    expect(holder.keyring().find('of-off')).to.equal(undefined)

    const values = { name: 'Bob', digest: digestKey('of-bob'), hint: 'fbob', enabled: true, admin: false }
    store.accessKeys.save({ ...values, groups: ['x'], expiresAt: 60 })
    expect(holder.keyring().find('of-bob')).to.deep.equal({ name: 'Bob', isAdmin: false, groups: new Set(['x']) })
    expect(holder.keyring().find('main')).not.to.equal(undefined)
    store.accessKeys.save({ ...values, name: 'bob', enabled: false })
    expect(holder.keyring().find('of-bob')).to.equal(undefined)
    expect(store.accessKeys.list().map((row) => row.name)).to.deep.equal(['Bob'])
    expect(store.accessKeys.find('BOB')).not.to.have.any.keys('groups', 'expiresAt')
    expect(store.accessKeys.delete('bob')).to.equal(true)
    expect(store.accessKeys.delete('bob')).to.equal(false)

    holder.close()
    store.accessKeys.save(values)
    expect(holder.keyring().find('of-bob')).to.equal(undefined)
    holder.refresh()
    expect(holder.keyring().find('of-bob')?.name).to.equal('Bob')
  })

  it('S21: the database does not hold the key itself', async () => {
    const store = closing.add(openStore({ directory: await makeTempDir(closing) }), (opened) => opened.close())
    const row = store.accessKeys.save({
      name: 'a',
      digest: digestKey('a-secret-key'),
      hint: '-key',
      enabled: true,
      admin: true,
    })
    expect(JSON.stringify(row)).not.to.contain('a-secret')
  })
})
