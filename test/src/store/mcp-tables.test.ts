import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { openStore, type Store } from '../../../src/store/open-store.ts'
import { createClosing, makeTempDir } from '../../support/close-all.ts'

describe('the tables of the MCP hub', () => {
  const closing = createClosing()
  let store: Store

  beforeEach(async () => {
    store = closing.add(openStore({ directory: await makeTempDir(closing) }, { now: () => 1000 }), (opened) =>
      opened.close(),
    )
  })
  afterEach(() => closing.closeAll())

  const DEFINITION = { env: { TOKEN: 'very-secret-token' } }

  function save(name: string, definition: object = DEFINITION) {
    return store.mcpServers.save({ name, definition, enabled: true, owner: 'file' })
  }

  it('servers keep the order in which they were added, and one name has one server', () => {
    expect([save('b'), save('a'), save('B')]).to.deep.equal([true, true, false])
    expect(store.mcpServers.list().map(({ name }) => name)).to.deep.equal(['b', 'a'])
    expect(store.mcpServers.find('A')?.definition).to.deep.equal(DEFINITION)
  })

  it('S10 what servers are given is sealed on the disk, and tells a change all the same', () => {
    save('a')
    const before = store.mcpServers.find('a')?.fingerprint
    save('a')
    expect(store.mcpServers.find('a')?.fingerprint).to.equal(before)
    save('a', { env: { TOKEN: 'another' } })
    expect(store.mcpServers.find('a')?.fingerprint).to.not.equal(before)
    for (const suffix of ['', '-wal']) {
      expect(readFileSync(store.file + suffix).includes('very-secret')).to.equal(false)
    }
  })

  it('M77 a catalogue goes with its server, and none is kept for one that is gone', () => {
    save('a')
    const serverId = store.mcpServers.find('a')?.id ?? 0
    const row = { serverId, fingerprint: 'f', catalogue: { tools: [] }, readAt: 7 }
    store.mcpCatalogues.save(row)
    store.mcpCatalogues.save({ ...row, serverId: serverId + 1 })
    expect(store.mcpCatalogues.list()).to.deep.equal([row])
    store.mcpServers.delete('a')
    expect(store.mcpCatalogues.list()).to.deep.equal([])
  })

  it('M106 a pin is changed by pinning anew only', () => {
    save('a')
    const serverId = store.mcpServers.find('a')?.id ?? 0
    store.mcpCatalogues.pin(
      serverId,
      new Map([
        ['one', 'h1'],
        ['two', 'h2'],
      ]),
    )
    store.mcpCatalogues.pin(serverId, new Map([['two', 'h3']]))
    expect([...store.mcpCatalogues.pinsOf(serverId)]).to.deep.equal([
      ['one', 'h1'],
      ['two', 'h3'],
    ])
  })

  it('the rules of a group go with it', () => {
    const group = { name: 'g', description: '', enabled: true, open: false, toolMode: 'auto' }
    const { id } = store.groups.save({ ...store.groups.list()[0], ...group } as never)
    store.mcpGroupRules.save(id, { naming: 'plain' })
    expect(store.mcpGroupRules.find(id)).to.deep.equal({ naming: 'plain' })
    store.groups.delete('g')
    expect(store.mcpGroupRules.find(id)).to.equal(undefined)
  })

  it('a change of a server is a change of the registry, one of a catalogue is not', () => {
    let changes = 0
    store.listen({ beforeCommit() {}, afterCommit: () => (changes += 1) } as never)
    save('a')
    store.mcpCatalogues.save({ serverId: 1, fingerprint: 'f', catalogue: {}, readAt: 1 })
    expect(changes).to.equal(1)
  })
})
