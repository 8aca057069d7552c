import { expect } from 'chai'
import { type Closing, createClosing } from '../../../support/close-all.ts'
import { legacySession, modernServer, sendJson, startHttpServer } from '../../../support/mcp-upstream/http-server.ts'
import { byHand, startServers } from '../../../support/mcp-upstream/servers.ts'

const HOUR = 60 * 60_000

describe('the age of lists', () => {
  let closing: Closing
  beforeEach(() => {
    closing = createClosing()
  })
  afterEach(() => closing.closeAll())

  /** A server elsewhere that names its one tool by how often it was asked. */
  async function start(isModern: boolean, more: object) {
    let asked = 0
    const http = await startHttpServer(
      closing,
      (isModern ? modernServer : legacySession)(({ body }, response) => {
        asked += 1
        sendJson(response, { jsonrpc: '2.0', id: body.id, result: { ...more, tools: [{ name: `n${asked}` }] } })
      }),
    )
    const time = { now: 1_000_000_000_000 }
    const { servers } = await startServers(closing, { s: { url: `${http.url}/mcp` } }, { now: () => time.now })
    await servers.find('s')?.refresh()
    const look = (): string => String(servers.catalogueOf('s')?.tools[0]?.['name'])
    const change = () =>
      new Promise<void>((resolve) =>
        closing.add(
          servers.onChange(() => resolve()),
          (stop) => stop(),
        ),
      )
    return { time, look, change, asked: () => asked }
  }

  const modern = (ttlMs: number) => ({ resultType: 'complete', ttlMs, cacheScope: 'private' })
  const AGES = [
    ['M33 a modern server says how long its lists are good', true, modern(60_000), 60_000],
    ['M33 one that wants nothing kept is asked every thirty seconds at most', true, modern(0), 30_000],
    ['a server that says nothing is asked after five minutes', false, {}, 5 * 60_000],
  ] as const
  for (const [title, isModern, more, ageMs] of AGES) {
    it(`${title}: until then from the cache, then read in the background`, async () => {
      const { time, look, change, asked } = await start(isModern, more)
      time.now += ageMs
      expect([look(), look(), asked()]).to.deep.equal(['n1', 'n1', 1])
      time.now += 1
      const changed = change()
      expect(look(), 'nobody waits for it').to.equal('n1')
      expect(look()).to.equal('n1')
      await changed
      expect([look(), asked()]).to.deep.equal(['n2', 2])
    })
  }

  it('M77 no process is started only because its lists are old', async () => {
    const time = { now: 1_000_000_000_000 }
    const { servers } = await startServers(closing, { s: byHand() }, { now: () => time.now })
    await servers.find('s')?.refresh()
    time.now += 24 * HOUR
    expect(servers.catalogueOf('s')?.tools).to.have.length.greaterThan(0)
    expect(servers.find('s')?.upstream.status()).to.include({ state: 'idle', links: 0 })
  })
})
