import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { createCallGate } from '../../../../src/mcp/upstream/call-gate.ts'
import type { Link, LinkListener } from '../../../../src/mcp/upstream/link.ts'
import { UPSTREAM_LIMITS, type UpstreamLimits } from '../../../../src/mcp/upstream/upstream-limits.ts'
import { UpstreamServer, type UpstreamServerOptions } from '../../../../src/mcp/upstream/upstream-server.ts'
import { createClosing, makeTempDir } from '../../../support/close-all.ts'
import { ManualClock } from '../../../support/mcp-upstream/manual-clock.ts'
import { byHand, startServers, TestClient } from '../../../support/mcp-upstream/servers.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A server whose links live in this process, and whose time the test lets pass. */
function start(options: Partial<UpstreamServerOptions> = {}, limits: Partial<UpstreamLimits> = {}) {
  const clock = new ManualClock()
  const links: { readonly listener: LinkListener; readonly sent: any[]; isOpen: boolean }[] = []
  const behaviour = { isDead: false, isSilent: false }
  const openLink = (_kind: string, listener: LinkListener): Link => {
    const link = { listener, sent: [] as any[], isOpen: true }
    links.push(link)
    if (behaviour.isDead) queueMicrotask(() => listener.closed({ kind: 'closed', message: 'It is dead.' }))
    return {
      send(message) {
        link.sent.push(message)
        const { id, method } = message as { id?: number; method?: string }
        const result = { protocolVersion: '2025-11-25', capabilities: { tools: {} } }
        const answers = method === 'initialize' && !behaviour.isSilent
        if (answers) queueMicrotask(() => listener.message({ jsonrpc: '2.0', id: id ?? 0, result }, undefined, 1))
      },
      cancel() {},
      async close() {
        link.isOpen = false
      },
    }
  }
  let lastId = 0
  const server = new UpstreamServer({
    name: 's',
    transport: 'stdio',
    shared: false,
    forwardHeaders: [],
    limits: { ...UPSTREAM_LIMITS.stdio, ...limits },
    clock,
    random: () => 0,
    randomId() {
      lastId += 1
      return String(lastId)
    },
    clientInfo: {},
    instanceId: 'i',
    starts: createCallGate(4, 100),
    openLink,
    onNews() {},
    ...options,
  })
  const open = (owner: string, era: 'legacy' | 'modern' = 'legacy', capabilities: object = {}) => {
    const heard: any[] = []
    const connection = server.open({
      era,
      protocolVersion: '2025-11-25',
      clientCapabilities: { ...capabilities },
      owner,
      signal: new AbortController().signal,
      listener: {
        message: (message) => heard.push(message),
        failed: (id, failure) => heard.push({ failed: id, kind: failure.kind }),
        closed: (failure) => heard.push({ closed: failure.message }),
      },
    })
    // Whether it fails is the test's business.
    connection.catch(() => {})
    return { connection, heard }
  }
  const openLinks = (): number => links.filter(({ isOpen }) => isOpen).length
  /** Lets time pass bit by bit, with a turn of the loop for whoever waits for a promise in between. */
  const pass = async (ms: number): Promise<void> => {
    await turn()
    clock.pass(ms)
    await turn()
  }
  return { server, clock, links, behaviour, open, openLinks, pass }
}

describe('the life of a server', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  it('M78 those who may share a link wait for one start', async () => {
    const { open, links, pass } = start({ shared: true })
    const [one, other] = [open('a'), open('b')]
    await pass(0)
    await Promise.all([one.connection, other.connection])
    expect(links).to.have.lengthOf(1)
  })

  it('M82 sessions have a link each, and their ids pass; it ends with its session (M81)', async () => {
    const { open, openLinks, pass } = start()
    const [one, other] = [open('a'), open('b')]
    await pass(0)
    expect(openLinks()).to.equal(2)
    ;(await one.connection).close()
    await turn()
    expect(openLinks()).to.equal(1)
    expect((await other.connection).facts.protocolVersion).to.equal('2025-11-25')
  })

  it('M91 a stateless caller finds its link again for five minutes', async () => {
    const { open, links, openLinks, pass } = start()
    const first = open('key', 'modern')
    await pass(0)
    // The server says nothing to server/discover.
    await pass(UPSTREAM_LIMITS.stdio.probeMs)
    await pass(0)
    ;(await first.connection).close()
    await pass(4 * 60_000)
    ;(await open('key', 'modern').connection).close()
    await pass(4 * 60_000)
    expect([links.length, openLinks()]).to.deep.equal([1, 1])
    await pass(61_000)
    expect(openLinks()).to.equal(0)
  })

  it('M91 callers that declare other capabilities are others', async () => {
    const { open, links, pass } = start()
    const [one, other] = [open('a'), open('a', 'legacy', { sampling: {} })]
    await pass(0)
    await Promise.all([one.connection, other.connection])
    expect(links).to.have.lengthOf(2)
  })

  it('M81 a shared session that nobody uses ends after ten minutes, and not before', async () => {
    const { open, openLinks, pass } = start({ shared: true })
    const { connection } = open('a')
    await pass(0)
    const opened = await connection
    await pass(60 * 60_000)
    opened.close()
    await pass(10 * 60_000 - 1)
    expect(openLinks()).to.equal(1)
    await pass(1)
    expect(openLinks()).to.equal(0)
  })

  it('M55 a shared session declares nothing that could reach the wrong user', async () => {
    const { open, links, pass } = start({ shared: true })
    const { connection } = open('a', 'legacy', { sampling: {}, elicitation: {}, roots: {}, experimental: { x: 1 } })
    await pass(0)
    await connection
    expect(links[0]?.sent[0].params.capabilities).to.deep.equal({ experimental: { x: 1 } })
  })

  it('M82 there are so many sessions and no more', async () => {
    const { open, pass } = start({}, { sessions: 2 })
    const [one, two, three] = [open('a'), open('b'), open('c')]
    await pass(0)
    await Promise.all([one.connection, two.connection])
    const error = await three.connection.catch((failure: Error) => failure)
    expect(error).to.have.nested.property('failure.kind', 'overloaded')
  })

  it('M78 a start takes sixty seconds at most', async () => {
    const { open, behaviour, pass, openLinks } = start({}, { handshakeMs: 120_000 })
    behaviour.isSilent = true
    const { connection } = open('a')
    await pass(0)
    await pass(60_000)
    const error = await connection.catch((failure: Error) => failure)
    expect(error).to.have.property('message').that.includes('did not start within 60 s')
    expect(openLinks()).to.equal(0)
  })

  it('M79 after failures a start waits, after five it is refused with the reason, and a person may try at once', async () => {
    const { open, behaviour, links, server, pass } = start()
    behaviour.isDead = true
    for (const waitMs of [0, 1000, 2000, 4000, 8000]) {
      const { connection } = open('a')
      await pass(waitMs)
      await pass(0)
      expect(await connection.catch((error: Error) => error.message)).to.equal('It is dead.')
    }
    expect(links).to.have.lengthOf(5)
    const refused = await open('a').connection.catch((error: Error) => error.message)
    expect(refused).to.match(/has failed 5 times in a row and is tried again in 60 s\. It is dead\.$/)
    expect(server.status()).to.include({ state: 'failed', failuresInARow: 5, lastFailure: 'It is dead.' })
    behaviour.isDead = false
    await server.stop()
    const { connection } = open('a')
    await pass(0)
    expect((await connection).facts.era).to.equal('legacy')
    expect(server.status()).to.include({ state: 'running', failuresInARow: 0 })
  })

  it('M86, M95 a call without a sign of life is given up and cancelled at the server', async () => {
    const { open, pass, clock, links } = start()
    const { connection, heard } = open('a')
    await pass(0)
    ;(await connection).send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'x' } })
    const { progressToken } = links[0]!.sent.at(-1).params._meta
    clock.pass(59_000)
    const params = { progressToken, progress: 1 }
    links[0]?.listener.message({ jsonrpc: '2.0', method: 'notifications/progress', params }, undefined, 1)
    clock.pass(59_000)
    // M52: the hub's own token renews the time, and nobody who did not ask hears of it.
    expect(heard).to.deep.equal([])
    clock.pass(1000)
    expect(heard).to.deep.equal([{ failed: 1, kind: 'timeout' }])
  })

  it('M87 calls beyond the places wait, and beyond the queue they fail', async () => {
    const { open, pass, links } = start({}, { calls: 1, queuedCalls: 1 })
    const { connection, heard } = open('a')
    await pass(0)
    for (const id of [1, 2, 3])
      (await connection).send({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'x' } })
    await turn()
    const called = (): number[] =>
      links[0]?.sent.filter(({ method }) => method === 'tools/call').map(({ id }) => id) ?? []
    expect(called()).to.deep.equal([1])
    expect(heard).to.deep.equal([{ failed: 3, kind: 'overloaded' }])
    links[0]?.listener.message({ jsonrpc: '2.0', id: 1, result: {} }, undefined, 1)
    expect(called()).to.deep.equal([1, 2])
  })

  it('stop tells everybody who is connected', async () => {
    const { open, pass, server } = start()
    const { connection, heard } = open('a')
    await pass(0)
    ;(await connection).send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: {} })
    await server.stop()
    expect(heard).to.deep.equal([{ failed: 1, kind: 'closed' }, { closed: 'The MCP server s was stopped.' }])
  })

  it('a changed definition ends the old server and leaves all others running', async () => {
    const started = await startServers(closing, { a: byHand(), b: byHand() })
    const [one, other] = [await TestClient.open(started.servers, 'a'), await TestClient.open(started.servers, 'b')]
    started.configure('a', byHand('--era', 'legacy'))
    await one.wait(() => one.closed)
    expect((await other.call('echo')).result).to.have.property('pid')
    const next = await TestClient.open(started.servers, 'a')
    expect((await next.call('echo')).result).to.have.property('pid')
  })

  it('M91 a modern server on stdio serves all callers with one process, and each gets its own answers', async () => {
    const note = join(await makeTempDir(closing), 'note')
    const { servers } = await startServers(closing, { s: byHand('--era', 'modern', '--note', note) })
    const clients = await Promise.all([1, 2, 3].map(() => TestClient.open(servers, 's', { era: 'modern' })))
    const answers = await Promise.all(
      clients.map((client, index) => client.request('tools/call', { name: 'echo', arguments: { index } }, 1)),
    )
    expect(new Set(answers.map(({ result }) => result.pid)).size).to.equal(1)
    expect(answers.map(({ id, result }) => [id, result.params.arguments.index])).to.deep.equal([
      [1, 0],
      [1, 1],
      [1, 2],
    ])
    const ids = readFileSync(note, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ method }) => method === 'tools/call')
      .map(({ id }) => id)
    expect(new Set(ids).size).to.equal(3)
  })
})
