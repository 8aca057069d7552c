import { expect } from 'chai'
import { type Closing, createClosing } from '../../../support/close-all.ts'
import { startSession } from '../../../support/mcp/client-session.ts'
import { answering, createFakeServers, type FakeServer } from '../../../support/mcp/fake-servers.ts'

const TOOLS = { tools: [{ name: 'go' }, { name: 'look', annotations: { readOnlyHint: true } }] }

function server(name: string, more: Partial<FakeServer> = {}): FakeServer {
  return { name, eras: ['legacy'], behave: answering({}), catalogue: TOOLS, ...more }
}

describe('mcp/client/client-session', () => {
  let closing: Closing
  beforeEach(() => {
    closing = createClosing()
  })
  afterEach(() => closing.closeAll())

  it('M47: request and result pass with every member, in their order', async () => {
    const result = {
      zeta: 1,
      content: [{ type: 'hologram', data: [1, null] }],
      structuredContent: [1],
      _meta: { a: null },
    }
    const servers = createFakeServers([server('a', { behave: answering({ 'tools/call': () => result }) })])
    const session = await startSession(closing, servers)
    session.send({
      id: 7,
      method: 'tools/call',
      'x-top': 1,
      params: { zeta: 1, name: 'go', arguments: { b: 1, a: null }, _meta: { k: [] } },
    })
    const { message } = await session.told.find((item) => item.message.id === 7)
    expect(JSON.stringify(message)).to.equal(JSON.stringify({ jsonrpc: '2.0', id: 7, result }))
    expect(JSON.stringify(servers.peers[0]?.received[0])).to.equal(
      '{"jsonrpc":"2.0","id":7,"method":"tools/call","x-top":1,"params":{"zeta":1,"name":"go","arguments":{"b":1,"a":null},"_meta":{"k":[]}}}',
    )
  })

  it('M49: ids go through with their type', async () => {
    const servers = createFakeServers([server('a')])
    const session = await startSession(closing, servers)
    for (const id of [0, 1, '1', 'a b', 9007199254740991]) {
      expect((await session.ask('tools/call', { name: 'go' }, id)).id).to.equal(id)
      expect(servers.peers[0]?.received.at(-1).id).to.equal(id)
    }
  })

  it('M50: a late, a doubled and a foreign answer are dropped', async () => {
    const servers = createFakeServers([server('a', { behave: () => {} })])
    const session = await startSession(closing, servers)
    session.send({ id: 1, method: 'tools/call', params: { name: 'go' } })
    await servers.got(1)
    const [peer] = servers.peers
    peer?.answer(1, { first: true })
    peer?.answer(1, { second: true })
    peer?.answer('1', { other: true })
    peer?.answer(99, { never: true })
    const answers = session.told.items.filter(
      (item) => item.message.result?.content === undefined && 'id' in item.message,
    )
    expect(answers.map((item) => item.message.id)).to.deep.equal(['begin', 1])
    expect(session.context.warnings).to.deep.equal(['an answer that nobody waits for was dropped'])
  })

  it('M50: an id that is open already is refused, and the open call is answered', async () => {
    const servers = createFakeServers([server('a', { behave: () => {} })])
    const session = await startSession(closing, servers)
    session.send({ id: 1, method: 'tools/call', params: { name: 'go' } })
    await servers.got(1)
    session.send({ id: 1, method: 'tools/call', params: { name: 'go' } })
    expect((await session.told.find((item) => item.message.error !== undefined)).message.error.code).to.equal(-32600)
    servers.peers[0]?.answer(1, {})
    await session.told.find((item) => item.message.id === 1 && item.message.result !== undefined)
  })

  it('M51: a cancellation goes to the server that has the call, and no answer follows', async () => {
    const servers = createFakeServers([server('a', { behave: () => {} }), server('b', { behave: () => {} })])
    const session = await startSession(closing, servers)
    session.send({ id: 1, method: 'tools/call', params: { name: 'a__go' } })
    session.send({ id: 2, method: 'tools/call', params: { name: 'b__go' } })
    await servers.got(1)
    await servers.got(2)
    session.send({ method: 'notifications/cancelled', params: { requestId: 2, reason: 'enough' } })
    const [a, b] = servers.peers
    expect(b?.received.at(-1)).to.deep.equal({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: 2, reason: 'enough' },
    })
    expect(a?.received).to.have.length(1)
    b?.answer(2, {})
    a?.answer(1, {})
    await session.told.find((item) => item.message.id === 1)
    expect(session.told.items.some((item) => item.message.id === 2)).to.equal(false)
  })

  it('M51: when the client leaves all its calls are cancelled and its connections given back', async () => {
    const servers = createFakeServers([server('a', { behave: () => {} })])
    const session = await startSession(closing, servers)
    session.send({ id: 1, method: 'tools/call', params: { name: 'go' } })
    await servers.got(1)
    session.session.close()
    expect(servers.peers[0]?.received.at(-1)).to.deep.include({ method: 'notifications/cancelled' })
    expect(servers.peers[0]?.closed).to.equal(true)
  })

  it('M24: initialize cannot be cancelled', async () => {
    const session = await startSession(closing, createFakeServers([server('a')], undefined), { scope: { server: 'a' } })
    expect(session.told.items[0]?.message.id).to.equal('begin')
    session.send({ id: 'again', method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {} } })
    session.send({ method: 'notifications/cancelled', params: { requestId: 'again' } })
    expect((await session.told.find((item) => item.message.id === 'again')).message.result.protocolVersion).to.equal(
      '2025-11-25',
    )
  })

  it('M52: progress reaches the call whose token it bears, before its answer and not after', async () => {
    const servers = createFakeServers([server('a', { behave: () => {} })])
    const session = await startSession(closing, servers)
    session.send({ id: 1, method: 'tools/call', params: { name: 'go', _meta: { progressToken: 'p' } } })
    session.send({ id: 2, method: 'tools/call', params: { name: 'go' } })
    await servers.got(2)
    const [peer] = servers.peers
    const progress = (progressToken: unknown) =>
      peer?.say({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken, progress: 1 } })
    progress('p')
    progress('q')
    progress(undefined)
    peer?.answer(1, {})
    progress('p')
    const told = session.told.items.filter((item) => item.message.method === 'notifications/progress')
    expect(told.map((item) => [item.relatedTo, item.message.params.progressToken])).to.deep.equal([[1, 'p']])
  })

  it('M53: progress is not merged', async () => {
    const servers = createFakeServers([server('a', { behave: () => {} })])
    const session = await startSession(closing, servers)
    session.send({ id: 1, method: 'tools/call', params: { name: 'go', _meta: { progressToken: 1 } } })
    await servers.got(1)
    for (let n = 0; n < 50; n += 1) {
      servers.peers[0]?.say({
        jsonrpc: '2.0',
        method: 'notifications/progress',
        params: { progressToken: 1, progress: n },
      })
    }
    const told = session.told.items.filter((item) => item.message.method === 'notifications/progress')
    expect(told.map((item) => item.message.params.progress)).to.deep.equal(Array.from({ length: 50 }, (_, n) => n))
  })

  it('M12: messages of one server keep their order', async () => {
    const servers = createFakeServers([server('a', { behave: () => {} })])
    const session = await startSession(closing, servers)
    session.send({ id: 1, method: 'tools/call', params: { name: 'go' } })
    await servers.got(1)
    const sent = Array.from({ length: 20 }, (_, n) => ({
      jsonrpc: '2.0',
      method: `notifications/x${n}`,
      params: { n },
    }))
    for (const message of sent) servers.peers[0]?.say(message)
    expect(session.told.items.slice(-20).map((item) => item.message)).to.deep.equal(sent)
  })

  it('M55: the client’s capabilities are declared to the server word for word', async () => {
    const capabilities = {
      elicitation: { form: {}, url: {} },
      sampling: { tools: {} },
      extensions: { 'a/b': 1 },
      odd: [null],
    }
    const servers = createFakeServers([server('a')])
    const session = await startSession(closing, servers, { capabilities, version: '2025-06-18' })
    await session.ask('tools/call', { name: 'go' })
    const { options } = servers.peers[0] ?? {}
    expect(options?.clientCapabilities).to.deep.equal(capabilities)
    expect([options?.era, options?.protocolVersion, options?.clientInfo]).to.deep.equal([
      'legacy',
      '2025-06-18',
      { name: 'test', version: '1' },
    ])
  })

  it('M61: _meta passes both ways, trace headers and related tasks too', async () => {
    const meta = { traceparent: '00-1', 'io.modelcontextprotocol/related-task': { taskId: 't' }, 'a.b/c': 1 }
    const servers = createFakeServers([
      server('a', { behave: answering({ 'tools/call': (message) => ({ _meta: message.params._meta }) }) }),
    ])
    const session = await startSession(closing, servers)
    const answer = await session.ask('tools/call', { name: 'go', _meta: meta })
    expect(answer.result).to.deep.equal({ _meta: meta })
  })

  it('M62: a result is not held against the tool’s output schema', async () => {
    const tools = [{ name: 'go', outputSchema: { type: 'object', required: ['n'] } }]
    const behave = answering({ 'tools/call': () => ({ content: [], structuredContent: 'no object' }) })
    const session = await startSession(closing, createFakeServers([server('a', { behave, catalogue: { tools } })]))
    expect((await session.ask('tools/call', { name: 'go' })).result.structuredContent).to.equal('no object')
  })

  it('M57, M63: an error of the server keeps code, message, data and what else it has', async () => {
    const error = { code: -32042, message: 'go there', data: { elicitations: [{ mode: 'url' }] }, more: [1] }
    const servers = createFakeServers([
      server('a', { behave: (message, peer) => peer.say({ jsonrpc: '2.0', id: message.id, error }) }),
    ])
    const session = await startSession(closing, servers)
    expect((await session.ask('tools/call', { name: 'go' })).error).to.deep.equal(error)
  })

  it('M63: what the hub cannot reach is a result of a tool and an error of everything else', async () => {
    const servers = createFakeServers([server('a', { catalogue: { ...TOOLS, resources: [{ uri: 'x:y' }] } })])
    servers.dead.add('a')
    const session = await startSession(closing, servers)
    const { result } = await session.ask('tools/call', { name: 'go' })
    expect(result).to.deep.equal({
      content: [{ type: 'text', text: 'The server a cannot be reached.' }],
      isError: true,
    })
    expect((await session.ask('resources/read', { uri: 'x:y' })).error.code).to.equal(-32603)
    servers.dead.clear()
    expect((await session.ask('tools/call', { name: 'go' })).result).to.deep.equal({})
  })

  it('M84: a connection lost in the middle of a call gives isError, is not repeated, and the next call works', async () => {
    const servers = createFakeServers([server('a', { behave: () => {} })])
    const session = await startSession(closing, servers)
    session.send({ id: 1, method: 'tools/call', params: { name: 'go' } })
    await servers.got(1)
    servers.peers[0]?.lose([1])
    expect((await session.told.find((item) => item.message.id === 1)).message.result).to.deep.include({ isError: true })
    expect(servers.peers).to.have.length(1)
    session.send({ id: 2, method: 'tools/call', params: { name: 'go' } })
    await servers.got(2)
    servers.peers[1]?.answer(2, { fine: true })
    expect((await session.told.find((item) => item.message.id === 2)).message.result).to.deep.equal({ fine: true })
  })

  it('M84: a read is repeated once over a new connection', async () => {
    const servers = createFakeServers([server('a', { behave: () => {}, catalogue: { resources: [{ uri: 'x:y' }] } })])
    const session = await startSession(closing, servers)
    session.send({ id: 1, method: 'resources/read', params: { uri: 'x:y' } })
    await servers.got(1)
    servers.peers[0]?.lose([1])
    await servers.got(1, 2)
    expect(servers.peers[1]?.received[0].id).to.equal(1)
    servers.peers[1]?.lose([1])
    expect((await session.told.find((item) => item.message.id === 1)).message.error.code).to.equal(-32603)
    expect(servers.peers).to.have.length(2)
  })

  it('M84: a tool that the group holds harmless is called once more, and no more', async () => {
    const tools = [{ name: 'go', harmless: true }]
    const servers = createFakeServers([server('a', { behave: () => {}, catalogue: { tools } })])
    const session = await startSession(closing, servers)
    session.send({ id: 1, method: 'tools/call', params: { name: 'go', arguments: { a: 1 } } })
    await servers.got(1)
    servers.peers[0]?.lose([1])
    await servers.got(1, 2)
    expect(servers.peers[1]?.received[0].params).to.deep.equal({ name: 'go', arguments: { a: 1 } })
    servers.peers[1]?.lose([1])
    expect((await session.told.find((item) => item.message.id === 1)).message.result).to.deep.include({ isError: true })
    expect(servers.peers).to.have.length(2)
  })

  it('M82: two sessions have connections of their own', async () => {
    const servers = createFakeServers([server('a')])
    const [one, other] = [await startSession(closing, servers), await startSession(closing, servers)]
    await Promise.all([one.ask('tools/call', { name: 'go' }, 5), other.ask('tools/call', { name: 'go' }, 5)])
    expect(servers.peers).to.have.length(2)
    servers.peers[0]?.say({ jsonrpc: '2.0', method: 'notifications/x' })
    expect(one.told.items.at(-1)?.message.method).to.equal('notifications/x')
    expect(other.told.items.at(-1)?.message.id).to.equal(5)
  })
})
