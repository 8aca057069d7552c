import { expect } from 'chai'
import { type Closing, createClosing } from '../../../support/close-all.ts'
import { startSession } from '../../../support/mcp/client-session.ts'
import { answering, createFakeServers, type FakeServer } from '../../../support/mcp/fake-servers.ts'

function server(
  name: string,
  results: Parameters<typeof answering>[0] = {},
  more: Partial<FakeServer> = {},
): FakeServer {
  const catalogue = {
    tools: [{ name: 'go', title: `Go ${name}`, 'x-kept': [1] }],
    prompts: [{ name: 'say' }],
    resources: [
      { uri: `${name}:one`, name: 'one' },
      { uri: `${name}:two`, name: 'two' },
    ],
    resourceTemplates: [{ uriTemplate: `${name}:{id}` }],
  }
  return { name, eras: ['legacy'], behave: answering(results), catalogue, ...more }
}

describe('mcp/client, several servers', () => {
  let closing: Closing
  beforeEach(() => {
    closing = createClosing()
  })
  afterEach(() => closing.closeAll())

  it('M68: the version asked for is agreed on where it is known, else the newest legacy one', async () => {
    const servers = createFakeServers([server('a')])
    for (const [version, agreed] of [
      ['2024-11-05', '2024-11-05'],
      ['2025-06-18', '2025-06-18'],
      ['2026-07-28', '2025-11-25'],
      ['x', '2025-11-25'],
    ]) {
      const session = await startSession(closing, servers, { version: version ?? '' })
      const { result } = session.told.items[0]?.message ?? {}
      expect(result.protocolVersion).to.equal(agreed)
      expect(result.serverInfo).to.deep.equal({ name: 'interlingua', version: '0.0.0-test' })
    }
    expect(servers.peers, 'no server is started for it (M77)').to.have.length(0)
  })

  it('M77, M80, M115: lists come from the catalogues in the order of the configuration, started or dead', async () => {
    const servers = createFakeServers([server('b'), server('a')])
    servers.dead.add('b')
    const session = await startSession(closing, servers)
    const { result } = await session.ask('tools/list')
    expect(result.tools.map((tool: any) => tool.name)).to.deep.equal(['b__go', 'a__go'])
    expect(result.tools[0]).to.deep.equal({ name: 'b__go', title: 'Go b', 'x-kept': [1] })
    expect((await session.ask('resources/templates/list')).result.resourceTemplates).to.have.length(2)
    expect(servers.peers).to.have.length(0)
  })

  it('M60: a cursor that nobody gave is -32602', async () => {
    const session = await startSession(closing, createFakeServers([server('a')]))
    expect((await session.ask('tools/list', { cursor: 'x' })).error.code).to.equal(-32602)
    expect((await session.ask('tools/list')).result).to.not.have.property('nextCursor')
  })

  it('M64, M67: tools and prompts are called by the names that the list gave, completions too', async () => {
    const servers = createFakeServers([server('a'), server('b')])
    const session = await startSession(closing, servers)
    await session.ask('tools/call', { name: 'b__go' })
    await session.ask('prompts/get', { name: 'b__say' })
    await session.ask('completion/complete', { ref: { type: 'ref/prompt', name: 'b__say', title: 'T' }, argument: {} })
    await session.ask('completion/complete', { ref: { type: 'ref/resource', uri: 'b:one' }, argument: {} })
    expect(servers.peers.map((peer) => peer.options.owner)).to.have.length(1)
    expect(servers.peers[0]?.received.map((message) => message.params.name ?? message.params.ref)).to.deep.equal([
      'go',
      'say',
      { type: 'ref/prompt', name: 'say', title: 'T' },
      { type: 'ref/resource', uri: 'b:one' },
    ])
  })

  it('M66, M67: what nobody has is -32602', async () => {
    const session = await startSession(closing, createFakeServers([server('a'), server('b')]))
    expect((await session.ask('tools/call', { name: 'c__go' })).error.code).to.equal(-32602)
    expect((await session.ask('tools/call', {})).error.code).to.equal(-32602)
    expect((await session.ask('prompts/get', { name: 'nope' })).error.code).to.equal(-32602)
    expect((await session.ask('completion/complete', {})).error.code).to.equal(-32602)
  })

  it('M67: resource URIs stay as they are, and go to the server that listed them', async () => {
    const servers = createFakeServers([server('a'), server('b')])
    const session = await startSession(closing, servers)
    await session.ask('resources/read', { uri: 'b:one' })
    expect(servers.peers[0]?.connection.server).to.equal('b')
    expect(servers.peers[0]?.received[0].params).to.deep.equal({ uri: 'b:one' })
  })

  it('M58: a server that runs for the session lists for it, and its change is told at once and once', async () => {
    let tools = [{ name: 'own' }]
    const servers = createFakeServers([server('a', { 'tools/list': () => ({ tools }) }), server('b')])
    const session = await startSession(closing, servers, { times: { debounceMs: 1 } })
    await session.ask('tools/call', { name: 'a__go' })
    expect((await session.ask('tools/list')).result.tools.map((tool: any) => tool.name)).to.deep.equal([
      'a__own',
      'b__go',
    ])
    tools = [{ name: 'other' }]
    servers.peers[0]?.say({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })
    servers.change('a', { tools })
    servers.change('b', { prompts: [{ name: 'new' }] })
    await session.heard('notifications/prompts/list_changed')
    const told = session.told.items.filter((item) => item.message.method === 'notifications/tools/list_changed')
    expect(told).to.have.length(1)
    expect((await session.ask('tools/list')).result.tools[0].name).to.equal('a__other')
  })

  it('M58: a server that is alone lists for the client that can be asked, and from the cache when it is dead', async () => {
    const servers = createFakeServers([server('a', { 'tools/list': () => ({ tools: [{ name: 'for askers' }] }) })])
    const names = async (capabilities: object) => {
      const session = await startSession(closing, servers, { capabilities })
      return (await session.ask('tools/list')).result.tools.map((tool: any) => tool.name)
    }
    expect(await names({})).to.deep.equal(['go'])
    expect(await names({ roots: {} })).to.deep.equal(['for askers'])
    servers.dead.add('a')
    expect(await names({ roots: {} })).to.deep.equal(['go'])
  })

  it('M58: changes of the catalogues that are not to be seen are not told', async () => {
    const servers = createFakeServers([server('a')])
    const session = await startSession(closing, servers, { times: { debounceMs: 1 } })
    servers.change('a', {})
    servers.change('a', { resources: [{ uri: 'new:one' }], resourceTemplates: [] })
    await session.heard('notifications/resources/list_changed')
    expect(session.told.items.filter((item) => item.message.method !== undefined)).to.have.length(1)
  })

  it('M59: subscriptions go to the owner, and are said again after it was started anew', async () => {
    const servers = createFakeServers([server('a'), server('b')])
    const session = await startSession(closing, servers)
    await session.ask('resources/subscribe', { uri: 'b:one' })
    await session.ask('resources/subscribe', { uri: 'b:two' })
    await session.ask('resources/unsubscribe', { uri: 'b:two' })
    servers.peers[0]?.lose([])
    await session.ask('tools/call', { name: 'b__go' })
    expect(servers.peers[1]?.received.map((message) => [message.method, message.params.uri])).to.deep.equal([
      ['resources/subscribe', 'b:one'],
      ['tools/call', undefined],
    ])
    servers.peers[1]?.say({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'b:one' } })
    expect((await session.heard('notifications/resources/updated')).message.params).to.deep.equal({ uri: 'b:one' })
  })

  it('M69: the level goes to every server that logs, also to one that is started later', async () => {
    const mute = { facts: { capabilities: { tools: {} } } }
    const servers = createFakeServers([server('a'), server('b'), server('mute', {}, mute)])
    const session = await startSession(closing, servers)
    await session.ask('tools/call', { name: 'a__go' })
    expect((await session.ask('logging/setLevel', { level: 'warning' })).result).to.deep.equal({})
    await session.ask('tools/call', { name: 'b__go' })
    await session.ask('tools/call', { name: 'mute__go' })
    const levels = servers.peers.map(
      (peer) => peer.received.filter((message) => message.method === 'logging/setLevel').length,
    )
    expect(levels).to.deep.equal([1, 1, 0])
    expect((await session.ask('logging/setLevel', { level: 'loud' })).error.code).to.equal(-32602)
  })

  it('M69: a log line without a logger gets the server’s name, another keeps its own', async () => {
    const servers = createFakeServers([server('a'), server('b')])
    const session = await startSession(closing, servers)
    await session.ask('tools/call', { name: 'a__go' })
    const log = (params: object) => servers.peers[0]?.say({ jsonrpc: '2.0', method: 'notifications/message', params })
    log({ level: 'info', data: 1 })
    log({ level: 'info', logger: 'mine', data: 2 })
    const loggers = session.told.items
      .filter((item) => item.message.method === 'notifications/message')
      .map((item) => item.message.params.logger)
    expect(loggers).to.deep.equal(['a', 'mine'])
  })

  it('M70: a task is asked for at the server that made it, and all tasks are listed together', async () => {
    const tasks = (name: string) => ({
      'tools/call': () => ({ task: { taskId: `${name}-1`, status: 'working' } }),
      'tasks/list': () => ({ tasks: [{ taskId: `${name}-1` }, { taskId: `${name}-2` }] }),
      'tasks/get': () => ({ taskId: 't', by: name }),
    })
    const facts = { capabilities: { tools: {}, tasks: { list: {}, cancel: {} } } }
    const servers = createFakeServers([server('a', tasks('a'), { facts }), server('b', tasks('b'), { facts })])
    const session = await startSession(closing, servers)
    const { result } = await session.ask('tools/call', { name: 'b__go', task: { ttl: 1 } })
    expect(result).to.deep.equal({ task: { taskId: 'b-1', status: 'working' } })
    await session.ask('tools/call', { name: 'a__go' })
    expect((await session.ask('tasks/get', { taskId: 'b-1' })).result.by).to.equal('b')
    expect((await session.ask('tasks/get', { taskId: 'b-2' })).error.code).to.equal(-32602)
    expect((await session.ask('tasks/list')).result.tasks).to.have.length(4)
    expect((await session.ask('tasks/get', { taskId: 'b-2' })).result.by).to.equal('b')
  })

  it('M71: methods that nobody knows are -32601, notifications go nowhere', async () => {
    const servers = createFakeServers([server('a')])
    const session = await startSession(closing, servers)
    await session.ask('tools/call', { name: 'go' })
    expect((await session.ask('x/y')).error.code).to.equal(-32601)
    expect((await session.ask('constructor')).error.code).to.equal(-32601)
    session.send({ method: 'notifications/x' })
    expect(servers.peers[0]?.received).to.have.length(1)
  })

  it('a tool of a server whose lists nobody has seen is found by starting it', async () => {
    const unknown: FakeServer = {
      name: 'new',
      eras: ['legacy'],
      behave: answering({ 'tools/list': () => ({ tools: [{ name: 'go' }] }) }),
    }
    const session = await startSession(closing, createFakeServers([unknown]))
    expect((await session.ask('tools/call', { name: 'go' })).result).to.deep.equal({})
  })

  it('the first request must be initialize, but ping may come before', async () => {
    const servers = createFakeServers([server('a')])
    const { createScopeViews } = await import('../../../../src/mcp/scope-views.ts')
    const { ClientSession } = await import('../../../../src/mcp/client/client-session.ts')
    const { testContext } = await import('../../../support/mcp/client-session.ts')
    const told: any[] = []
    const context = testContext(servers)
    const views = createScopeViews(context)
    const scope = { group: undefined, server: undefined }
    const session = new ClientSession({
      context,
      views,
      scope,
      owner: 'o',
      channel: { deliver: (message) => told.push(message) },
    })
    closing.add(session, () => session.close())
    session.receive({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
    session.receive({ jsonrpc: '2.0', id: 2, method: 'ping' })
    await new Promise((resolve) => setImmediate(resolve))
    expect(told.map((message) => message.error?.code ?? message.result)).to.have.deep.members([-32600, {}])
  })

  it('M114: a hub that is its own server is refused', async () => {
    const session = await startSession(closing, createFakeServers([server('a')]))
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      _meta: { 'interlingua/via': ['other', 'test-instance'] },
    }
    expect((await session.ask('initialize', params)).error.code).to.equal(-32600)
  })
})

describe('mcp/client, one server on a path of its own', () => {
  let closing: Closing
  beforeEach(() => {
    closing = createClosing()
  })
  afterEach(() => closing.closeAll())

  it('M68: everything in initialize is that server’s', async () => {
    const result = {
      protocolVersion: '2025-11-25',
      capabilities: { odd: {} },
      serverInfo: { name: 's', icons: [] },
      instructions: 'I',
      more: 1,
    }
    const servers = createFakeServers([server('a', {}, { facts: { ...result, result } as any }), server('b')])
    servers.peers.length = 0
    const session = await startSession(closing, servers, { scope: { server: 'a' } })
    const answered = session.told.items[0]?.message.result
    expect(answered).to.deep.include({ capabilities: { odd: {} }, instructions: 'I', more: 1 })
  })

  it('M60, M71: cursors, unknown methods and unknown notifications pass as they are', async () => {
    const servers = createFakeServers([
      server('a', { 'tools/list': () => ({ tools: [], nextCursor: 'n' }), 'x/y': () => ({ z: 1 }) }),
      server('b'),
    ])
    const session = await startSession(closing, servers, { scope: { server: 'a' } })
    expect((await session.ask('tools/list', { cursor: 'c' })).result).to.deep.equal({ tools: [], nextCursor: 'n' })
    expect((await session.ask('x/y')).result).to.deep.equal({ z: 1 })
    session.send({ method: 'notifications/x', params: { a: 1 } })
    expect(servers.peers[0]?.received.at(-1)).to.deep.equal({
      jsonrpc: '2.0',
      method: 'notifications/x',
      params: { a: 1 },
    })
    servers.peers[0]?.say({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 1 } })
    expect((await session.heard('notifications/message')).message.params).to.deep.equal({ level: 'info', data: 1 })
  })
})
