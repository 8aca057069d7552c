import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { readMcpRules } from '../../../../src/config/mcp-notation.ts'
import { createToolOffer } from '../../../../src/mcp/offer/offer-tools.ts'
import { createToolRunner } from '../../../../src/mcp/tool-runner.ts'
import { saveGroup } from '../../../../src/registry/save-group.ts'
import { createClosing, makeTempDir } from '../../../support/close-all.ts'
import { byHand, startServers } from '../../../support/mcp-upstream/servers.ts'

const READ = { name: 'read', description: 'Reads.', inputSchema: { type: 'object' } }

describe('createToolOffer', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  /** A server whose tools stand in a file, and the tools of the default group as chat models are offered them. */
  async function start() {
    const list = join(await makeTempDir(closing), 'tools.json')
    const write = (tools: readonly object[]): void => writeFileSync(list, JSON.stringify(tools))
    write([READ])
    const { servers, store } = await startServers(closing, { s: byHand('--list', list) })
    await servers.find('s')?.refresh()
    const asked: string[] = []
    const runner = createToolRunner({
      servers: {
        ...servers,
        catalogueOf(server) {
          asked.push(server)
          return servers.catalogueOf(server)
        },
      },
      version: '0',
      instanceId: 'i',
    })
    return { offer: createToolOffer(runner), refresh: () => servers.find('s')?.refresh(), store, write, asked }
  }

  it('M117 tools are told as models are told of them; without a schema they take an object', async () => {
    const { offer, refresh, write } = await start()
    write([READ, { name: 'plain', title: 'Plain' }])
    await refresh()
    expect(offer.list('default')).to.deep.equal([
      { type: 'function', name: 'read', description: 'Reads.', parameters: { type: 'object' } },
      { type: 'function', name: 'plain', parameters: { type: 'object' } },
    ])
    expect(offer.list('nowhere')).to.deep.equal([])
  })

  it('one list serves all requests until the server or the group changes it, from the next request on', async () => {
    const { offer, refresh, store, write } = await start()
    const namesNow = () => offer.list('default').map(({ name }) => name)
    const first = offer.list('default')
    expect(offer.list('default')).to.equal(first)
    await refresh()
    expect(offer.list('default'), 'read anew, and the same').to.equal(first)
    write([READ, { name: 'write' }])
    await refresh()
    expect(namesNow()).to.deep.equal(['read', 'write'])
    saveGroup(store, { name: 'default', aliases: new Map(), mcp: readMcpRules({ deny: ['s__read'] }) })
    expect(namesNow()).to.deep.equal(['write'])
    expect(offer.list('default')).to.equal(offer.list('default'))
  })

  it('M33, M77: each request looks the servers up, so that old lists, and those never had, are asked for', async () => {
    const { offer, asked } = await start()
    offer.list('default')
    asked.length = 0
    offer.list('default')
    expect(asked).to.deep.equal(['s'])
  })
})
