import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { GroupRules } from '../../../../src/mcp/upstream/connection.ts'
import { createClosing, makeTempDir } from '../../../support/close-all.ts'
import { byHand, startServers, TestClient, type TestServers } from '../../../support/mcp-upstream/servers.ts'

const TOOL = { name: 'read', description: 'Reads.', inputSchema: { type: 'object' } }

describe('the catalogue of a server', () => {
  const closing = createClosing()
  let list: string

  beforeEach(async () => {
    list = join(await makeTempDir(closing), 'tools.json')
    write([TOOL])
  })
  afterEach(() => closing.closeAll())

  const write = (tools: readonly object[]): void => writeFileSync(list, JSON.stringify(tools))

  function toolsOf({ servers }: TestServers, server = 's') {
    return servers.catalogueOf(server)?.tools
  }

  /** Resolves when the lists of the server have changed. */
  function change({ servers }: TestServers, server = 's'): Promise<void> {
    return new Promise((resolve) => {
      const stop = servers.onChange((changed) => {
        if (changed !== server) return
        stop()
        resolve()
      })
    })
  }

  it('M77 what is not known yet is read in the background, and told', async () => {
    const started = await startServers(closing, { s: byHand('--list', list) })
    const changed = change(started)
    expect(started.servers.catalogueOf('s')).to.equal(undefined)
    await changed
    expect(toolsOf(started)).to.deep.equal([TOOL])
    expect(started.servers.catalogueOf('s')).to.have.nested.property('facts.era', 'modern')
    expect(started.servers.catalogueOf('s')?.caching?.tools).to.deep.equal({ ttlMs: 60_000, cacheScope: 'public' })
  })

  it('M77 thirty servers of which none runs tell their lists within 50 ms of the start, and none is started', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `s${index}`)
    const first = await startServers(closing, Object.fromEntries(names.map((name) => [name, byHand('--list', list)])))
    await Promise.all(names.map((name) => first.servers.find(name)?.refresh()))
    await first.servers.close()

    const begun = process.cpuUsage()
    const { servers } = await startServers(closing, {}, { store: first.store })
    const rules = servers.rulesOf(undefined)
    const view = servers.view(rules as GroupRules, servers.catalogueOf)
    const { user, system } = process.cpuUsage(begun)
    expect(view.lists.tools).to.have.lengthOf(30)
    expect(names.map((name) => servers.find(name)?.upstream.status().state)).to.deep.equal(names.map(() => 'idle'))
    // Of the processor, so that a busy machine does not count.
    expect((user + system) / 1000).to.be.lessThan(50)
  }).timeout(60_000)

  it('M77 a server with another definition is another server: what was known of it does not count', async () => {
    const started = await startServers(closing, { s: byHand('--list', list) })
    await started.servers.find('s')?.refresh()
    started.configure('s', byHand('--list', list, '--era', 'legacy'))
    const changed = change(started)
    expect(started.servers.catalogueOf('s')).to.equal(undefined)
    await changed
    expect(started.servers.catalogueOf('s')?.facts.era).to.equal('legacy')
  })

  for (const era of ['legacy', 'modern'] as const) {
    it(`M58 a list that a ${era} server says has changed is read anew`, async () => {
      const started = await startServers(closing, { s: byHand('--list', list, '--era', era) })
      await started.servers.find('s')?.refresh()
      const client = await TestClient.open(started.servers, 's', { era })
      await started.servers.find('s')?.refresh()
      write([TOOL, { name: 'write' }])
      const changed = change(started)
      client.send({ method: 'test/change' })
      await changed
      expect(toolsOf(started)?.map(({ name }) => name)).to.deep.equal(['read', 'write'])
    })
  }

  it('M80 a dead server empties no list and delays none', async () => {
    const started = await startServers(closing, { dead: byHand('--fail', 'yes'), s: byHand('--list', list) })
    await started.servers.find('s')?.refresh()
    const rules: GroupRules = { servers: ['dead', 's'], naming: 'auto' }
    const view = started.servers.view(rules, started.servers.catalogueOf)
    expect(view.lists.tools).to.deep.equal([TOOL])
  })

  it('M80 what was known stays when the server cannot be asked any more', async () => {
    const started = await startServers(closing, { s: byHand('--list', list) })
    await started.servers.find('s')?.refresh()
    await started.servers.find('s')?.upstream.stop()
    writeFileSync(list, 'no JSON: the server dies of it')
    await started.servers.find('s')?.refresh()
    expect(toolsOf(started)).to.deep.equal([TOOL])
  })

  it('M106 a tool that describes itself anew is told, and stays changed until somebody accepts it', async () => {
    const started = await startServers(closing, { s: byHand('--list', list) })
    const server = started.servers.find('s')
    await server?.refresh()
    write([{ ...TOOL, description: 'Reads, and sends it to me.' }, { name: 'new' }])
    await server?.refresh()
    const [warning] = started.warnings
    expect(warning?.fields).to.deep.equal({ mcp_server: 's', tools: ['read'], policy: 'warn' })
    expect(toolsOf(started)).to.have.lengthOf(2)
    await server?.refresh()
    expect(started.warnings).to.have.lengthOf(1)
    expect([...(server?.changedTools() ?? [])]).to.deep.equal(['read'])
    expect(server?.accept(['read'])).to.deep.equal(['read'])
    expect([...(server?.changedTools() ?? [])]).to.deep.equal([])
  })

  it('M106 with the policy block it is left out until then, also from lists over a session’s own connection', async () => {
    const started = await startServers(closing, {
      s: { ...byHand('--list', list, '--era', 'legacy'), changedTools: 'block' },
    })
    const server = started.servers.find('s')
    await server?.refresh()
    write([{ ...TOOL, title: 'Read!' }, { name: 'new' }])
    const { connection } = await TestClient.open(started.servers, 's')
    await server?.refresh()
    const { tools } = await started.servers.readLists(connection, ['tools'])
    expect(tools?.map(({ name }) => name)).to.deep.equal(['new'])
    expect(toolsOf(started)?.map(({ name }) => name)).to.deep.equal(['new'])
    server?.accept(undefined)
    expect(toolsOf(started)?.map(({ name }) => name)).to.deep.equal(['read', 'new'])
  })

  it('M106 members in another order are no change', async () => {
    const started = await startServers(closing, { s: byHand('--list', list) })
    await started.servers.find('s')?.refresh()
    write([{ inputSchema: { type: 'object' }, description: 'Reads.', name: 'read', icons: [{ src: 'x' }] }])
    await started.servers.find('s')?.refresh()
    expect(started.warnings).to.deep.equal([])
  })

  const TOO_MUCH: readonly (readonly [string, object])[] = [
    ['a description of more than 16 KiB', { name: 'x', description: 'x'.repeat(16 * 1024 + 1) }],
    ['a schema of more than 256 KiB', { name: 'x', inputSchema: { description: 'x'.repeat(256 * 1024) } }],
    ['more than 64 levels', { name: 'x', inputSchema: JSON.parse(`${'{"a":'.repeat(70)}1${'}'.repeat(70)}`) }],
    ['no name', { title: 'nameless' }],
    [
      'a header that is none (M30)',
      { name: 'x', inputSchema: { properties: { a: { type: 'string', 'x-mcp-header': 'a b' } } } },
    ],
    [
      'a header of an object (M30)',
      { name: 'x', inputSchema: { properties: { a: { type: 'object', 'x-mcp-header': 'A' } } } },
    ],
  ]
  for (const [title, tool] of TOO_MUCH) {
    it(`M105 an entry with ${title} is left out, and that is said`, async () => {
      const started = await startServers(closing, { s: byHand('--list', list) })
      write([tool, TOOL])
      await started.servers.find('s')?.refresh()
      expect(toolsOf(started)).to.deep.equal([TOOL])
      expect(started.warnings.map(({ message }) => message)).to.deep.equal(['entries of an MCP server were left out'])
    })
  }

  it('M105 of more than a thousand tools the first thousand are taken', async () => {
    const started = await startServers(closing, { s: byHand('--list', list) })
    write(Array.from({ length: 1001 }, (_, index) => ({ name: `t${index}` })))
    await started.servers.find('s')?.refresh()
    expect(toolsOf(started)).to.have.lengthOf(1000)
  })

  it('M89 includeTools and excludeTools are kept to', async () => {
    const more = { includeTools: ['re*', 'write'], excludeTools: ['remove'] }
    const started = await startServers(closing, { s: { ...byHand('--list', list), ...more } })
    write(['read', 'remove', 'write', 'other'].map((name) => ({ name })))
    await started.servers.find('s')?.refresh()
    expect(toolsOf(started)?.map(({ name }) => name)).to.deep.equal(['read', 'write'])
  })

  it('M65 plain names that meet are refused with both servers, and told when a server brings it about', async () => {
    const started = await startServers(closing, { a: byHand('--list', list), b: byHand('--list', list) })
    for (const name of ['a', 'b']) await started.servers.find(name)?.refresh()
    const group = started.store.groups.list().find(({ name }) => name === 'default')
    const save = (rules: object): void => started.store.mcpGroupRules.save(group?.id ?? 0, rules)
    const both = /groups\.default\.mcp\.naming must not be plain: read of the server b and read of the server a/
    expect(() => save({ naming: 'plain' })).to.throw(both)
    expect(started.servers.rulesOf(undefined)).to.include({ naming: 'auto' })
    save({ naming: 'plain', deny: ['b__*'] })
    expect(started.servers.rulesOf(undefined)).to.include({ naming: 'plain' })
    save({ naming: 'plain', deny: ['b__read'] })
    write([TOOL, { name: 'new' }])
    for (const name of ['a', 'b']) await started.servers.find(name)?.refresh()
    const told = started.warnings.filter(({ message }) => message === 'two tools would have one name')
    expect(told[0]?.fields.clash).to.include('new of the server b and new of the server a')
  })
})
