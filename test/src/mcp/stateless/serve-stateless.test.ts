import { expect } from 'chai'
import { type Closing, createClosing } from '../../../support/close-all.ts'
import { answering, createFakeServers, type FakeServer, type FakeServers } from '../../../support/mcp/fake-servers.ts'
import { startHub, type TestHub } from '../../../support/mcp/hub.ts'
import { modern, send } from '../../../support/mcp/wire.ts'

const NS = 'io.modelcontextprotocol/'
const wants = (region: object) => ({
  type: 'object',
  properties: {
    region: { ...region, 'x-mcp-header': 'Region' },
    deep: { type: 'object', properties: { n: { type: 'integer', 'x-mcp-header': 'N' } } },
  },
})
const TOOLS = [
  { name: 'go' },
  { name: 'wait' },
  { name: 'look', harmless: true },
  { name: 'süß' },
  { name: 'regional', inputSchema: wants({ type: 'string' }) },
]

function server(name: string, more: Partial<FakeServer> = {}): FakeServer {
  return {
    name,
    eras: ['modern'],
    behave: answering({
      'tools/call': ({ params }) =>
        params.name === 'wait' || params.name === 'look' ? undefined : { resultType: 'complete', got: params },
      'prompts/get': () => ({ resultType: 'input_required', requestState: 's', inputRequests: {} }),
    }),
    catalogue: { tools: TOOLS, prompts: [{ name: 'say' }], resources: [{ uri: `${name}:one` }] },
    ...more,
  }
}

describe('mcp/stateless/serve-stateless', () => {
  let closing: Closing
  let servers: FakeServers
  let hub: TestHub
  beforeEach(async () => {
    closing = createClosing()
    servers = createFakeServers([server('a')])
    hub = await startHub(closing, servers)
  })
  afterEach(() => closing.closeAll())

  const post = (
    { body, headers }: { body: object; headers: Record<string, string> },
    more: Record<string, string | undefined> = {},
    path = '/mcp',
  ) => {
    const all = Object.entries({ ...headers, ...more }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    )
    return send(closing, `${hub.url}${path}`, { body, headers: Object.fromEntries(all) })
  }
  const CALL = modern('tools/call', { name: 'go' }, { id: 'x' })
  const without = (member: string) => {
    const { [member]: _, ..._meta } = CALL.body.params._meta
    return { ...CALL, body: { ...CALL.body, params: { ...CALL.body.params, _meta } } }
  }

  const REFUSED: readonly (readonly [
    title: string,
    order: typeof CALL,
    headers: Record<string, string | undefined>,
    status: number,
    code: number,
  ])[] = [
    ['M28: _meta without a version, told to be modern by the header', without(`${NS}protocolVersion`), {}, 400, -32602],
    ['M27, M28: _meta without capabilities', without(`${NS}clientCapabilities`), {}, 400, -32602],
    ['M28: no version in the header', CALL, { 'mcp-protocol-version': undefined }, 400, -32020],
    ['M28: another version in the header', CALL, { 'mcp-protocol-version': '2025-11-25' }, 400, -32020],
    ['M28: no Mcp-Method', CALL, { 'mcp-method': undefined }, 400, -32020],
    ['M28: another Mcp-Method', CALL, { 'mcp-method': 'tools/list' }, 400, -32020],
    ['M29: values of headers have case', CALL, { 'mcp-method': 'Tools/Call' }, 400, -32020],
    ['M27: no Mcp-Name', CALL, { 'mcp-name': undefined }, 400, -32020],
    ['M31: another Mcp-Name than the body', CALL, { 'mcp-name': 'wait' }, 400, -32020],
    ['M29: Base64 without its padding', CALL, { 'mcp-name': '=?base64?Z28?=' }, 400, -32020],
    ['M29: Base64 of another alphabet', CALL, { 'mcp-name': '=?base64?Z2_=?=' }, 400, -32020],
    ['M28: a method that nobody has', modern('x/y'), {}, 404, -32601],
    ['M28: a method of older revisions', modern('ping'), {}, 404, -32601],
    ['M28: another one', modern('logging/setLevel', { level: 'info' }), {}, 404, -32601],
    ['M1, M28: initialize said in the modern way', modern('initialize'), {}, 404, -32601],
    ['a tool that nobody has', modern('tools/call', { name: 'nobody' }), {}, 200, -32602],
    ['M60: a cursor that nobody gave', modern('tools/list', { cursor: 'c' }), {}, 200, -32602],
    ['M37: a level that nobody has', modern('tools/list', { _meta: { [`${NS}logLevel`]: 'loud' } }), {}, 200, -32602],
  ]
  for (const [title, order, headers, status, code] of REFUSED) {
    it(`${title} is ${status} with ${code} and the id of the request`, async () => {
      const answer = await post(order, headers)
      const { id, error } = await answer.json()
      expect([answer.status, error.code, id]).to.deep.equal([status, code, order.body.id])
      expect(servers.peers).to.have.length(0)
    })
  }

  it('M28: a version that is not known is -32022, with what is supported and what was asked', async () => {
    const version = { [`${NS}protocolVersion`]: '2030-01-01' }
    const answer = await post(modern('tools/list', { _meta: version }), { 'mcp-protocol-version': '2030-01-01' })
    const { error } = await answer.json()
    expect([answer.status, error.code]).to.deep.equal([400, -32022])
    expect(error.data).to.deep.equal({
      supported: ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'],
      requested: '2030-01-01',
    })
  })

  it('M29: names in Base64, with blanks around, and half of the wrapping', async () => {
    const named = (name: string) => modern('tools/call', { name })
    const wrapped = `=?base64?${Buffer.from('süß').toString('base64')}?=`
    expect((await post(named('süß'), { 'mcp-name': ` ${wrapped} ` })).status).to.equal(200)
    expect((await post(named('go'), { 'mcp-name': '=?base64?Z28=?=' })).status).to.equal(200)
    const literal = await post(named('=?base64?go'), { 'mcp-name': '=?base64?go' })
    expect((await literal.json()).error.code, 'a name like any other').to.equal(-32602)
  })

  const REGION: readonly (readonly [title: string, args: object, headers: Record<string, string>, status: number])[] = [
    ['the same', { region: 'eu' }, { 'mcp-param-region': 'eu' }, 200],
    [
      'the same in Base64',
      { region: 'ü' },
      { 'mcp-param-region': `=?base64?${Buffer.from('ü').toString('base64')}?=` },
      200,
    ],
    ['absent in both', {}, {}, 200],
    ['missing in the header', { region: 'eu' }, {}, 400],
    ['another one', { region: 'eu' }, { 'mcp-param-region': 'us' }, 400],
    ['deeper, as another number of the same value', { deep: { n: 42 } }, { 'mcp-param-n': '42.0' }, 200],
    ['deeper and missing', { deep: { n: 42 } }, {}, 400],
  ]
  for (const [title, args, headers, status] of REGION) {
    it(`M30: an argument that stands in a header, too: ${title} is ${status}`, async () => {
      expect((await post(modern('tools/call', { name: 'regional', arguments: args }), headers)).status).to.equal(status)
    })
  }

  it('M32, M98: server/discover is the hub’s own answer', async () => {
    const { result } = await (await post(modern('server/discover'))).json()
    expect(result).to.deep.include({
      resultType: 'complete',
      supportedVersions: ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'],
      ttlMs: 60_000,
      cacheScope: 'private',
    })
    expect(result._meta[`${NS}serverInfo`]).to.deep.equal({ name: 'interlingua', version: '0.0.0-test' })
    expect(servers.peers).to.have.length(0)
  })

  it('M33, M44: merged lists keep their order, the shortest time counts and one that is private makes all private', async () => {
    const caching = (ttlMs: number, cacheScope: 'public' | 'private') => ({
      catalogue: { tools: [{ name: 't' }], caching: { tools: { ttlMs, cacheScope } } },
    })
    const list = async (...all: FakeServer[]) => {
      const own = await startHub(closing, createFakeServers(all))
      return (await (await send(closing, `${own.url}/mcp`, modern('tools/list'))).json()).result
    }
    const mixed = await list(server('b', caching(10, 'public')), server('a', caching(5, 'private')))
    expect(mixed).to.deep.include({ resultType: 'complete', ttlMs: 5, cacheScope: 'private' })
    expect(mixed.tools.map((tool: any) => tool.name)).to.deep.equal(['b__t', 'a__t'])
    expect(await list(server('a', caching(10, 'public')))).to.deep.include({ ttlMs: 10, cacheScope: 'public' })
    expect(await list(server('a'))).to.deep.include({ ttlMs: 0, cacheScope: 'private' })
  })

  it('M40: what passes between client and server is untouched but for the name', async () => {
    const [a, b] = [server('a'), server('b')]
    const own = await startHub(closing, createFakeServers([a, b]))
    const params = {
      inputResponses: { k: { odd: [null] } },
      requestState: 'sealed by the server',
      name: 'b__go',
      arguments: { x: 1 },
    }
    const order = modern('tools/call', {
      ...params,
      _meta: { progressToken: 1.5, [`${NS}clientInfo`]: { name: 'c', version: '1' } },
    })
    const { result } = await (await send(closing, `${own.url}/mcp`, order)).json()
    expect(result.got).to.deep.equal({ ...order.body.params, name: 'go' })
  })

  it('M39, M40: input_required passes as it is, and is never kept', async () => {
    const { result } = await (await post(modern('prompts/get', { name: 'say' }))).json()
    expect(result).to.deep.equal({ resultType: 'input_required', requestState: 's', inputRequests: {} })
  })

  it('M34: no id of a session goes in or out, GET and DELETE are 405', async () => {
    const answer = await post(CALL, { 'mcp-session-id': 'whatever' })
    expect(answer.status).to.equal(200)
    expect(answer.headers).to.not.have.property('mcp-session-id')
    for (const method of ['GET', 'DELETE']) {
      const refused = await send(closing, `${hub.url}/mcp`, {
        method,
        headers: { 'mcp-protocol-version': '2026-07-28' },
      })
      expect(refused.status).to.equal(405)
    }
  })

  it('M35: closing the answer cancels the call, whether a stream has begun or not', async () => {
    for (const begins of [false, true]) {
      const order = modern('tools/call', { name: 'wait', _meta: { progressToken: 'p' } }, { id: `w-${begins}` })
      const { request } = await import('node:http')
      const body = JSON.stringify(order.body)
      const sent = request(`${hub.url}/mcp`, {
        method: 'POST',
        headers: {
          ...order.headers,
          'content-type': 'application/json',
          accept: '*/*',
          'content-length': Buffer.byteLength(body),
        },
      })
      sent.on('error', () => {})
      sent.end(body)
      const peer = await servers.got(`w-${begins}`)
      if (begins) {
        const response = new Promise((resolve) => sent.once('response', resolve))
        peer.say({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 'p', progress: 1 } })
        await response
      }
      sent.destroy()
      while (!peer.closed) await new Promise((resolve) => setImmediate(resolve))
      expect(peer.received.at(-1)).to.deep.include({ method: 'notifications/cancelled' })
      expect(peer.received.at(-1).params.requestId).to.equal(`w-${begins}`)
    }
  })

  it('M84: what is lost in the middle of a call is isError, and called once more only if that harms nobody', async () => {
    const lost = post(modern('tools/call', { name: 'wait' }, { id: 'lost' }))
    const first = await servers.got('lost')
    first.lose(['lost'])
    expect((await (await lost).json()).result).to.deep.include({ isError: true, resultType: 'complete' })
    const again = post(modern('tools/call', { name: 'look' }, { id: 'again' }))
    const begun = await servers.got('again')
    begun.lose(['again'])
    const next = await servers.got('again', 2)
    next.answer('again', { resultType: 'complete', fine: true })
    expect((await (await again).json()).result).to.deep.include({ fine: true })
    expect(servers.peers).to.have.length(3)
  })

  it('M36: notifications come before the answer on one stream; without any it is plain JSON', async () => {
    expect((await post(CALL)).headers['content-type']).to.equal('application/json')
    const waiting = post(modern('tools/call', { name: 'wait' }, { id: 'w' }))
    const peer = await servers.got('w')
    peer.say({ jsonrpc: '2.0', method: 'notifications/progress', params: { progress: 1 } })
    peer.answer('w', { resultType: 'complete' })
    const events = await (await waiting).events.over()
    expect(events.map(({ message, id }) => [message.method ?? message.id, id])).to.deep.equal([
      ['notifications/progress', undefined],
      ['w', undefined],
    ])
  })

  it('M37: log lines come only to a request that asks, at its level and above', async () => {
    for (const [logLevel, expected] of [
      [undefined, []],
      ['warning', ['warning', 'error']],
    ] as const) {
      const id = `log-${logLevel}`
      const waiting = post(
        modern(
          'tools/call',
          { name: 'wait', _meta: logLevel === undefined ? {} : { [`${NS}logLevel`]: logLevel } },
          { id },
        ),
      )
      const peer = await servers.got(id)
      for (const level of ['debug', 'info', 'warning', 'error'])
        peer.say({ jsonrpc: '2.0', method: 'notifications/message', params: { level } })
      peer.answer(id, { resultType: 'complete' })
      const events = await (await waiting).events.over()
      expect(events.map(({ message }) => message.params?.level).filter(Boolean)).to.deep.equal(expected)
    }
  })

  it('M43, M63: an error of the server passes with its code, a failure to reach it is a result of a tool', async () => {
    const error = { code: -32021, message: 'no', data: { requiredCapabilities: { sampling: {} } } }
    const own = createFakeServers([
      server('a', { behave: (message, peer) => peer.say({ jsonrpc: '2.0', id: message.id, error }) }),
    ])
    const other = await startHub(closing, own)
    const answer = await send(closing, `${other.url}/mcp`, CALL)
    expect([answer.status, (await answer.json()).error]).to.deep.equal([400, error])
    own.dead.add('a')
    const dead = await (await send(closing, `${other.url}/mcp`, CALL)).json()
    expect(dead.result).to.deep.include({ resultType: 'complete', isError: true })
  })

  it('M70: a task belongs to the key that began it, and is asked for at its server', async () => {
    const extensions = { [`${NS}tasks`]: {} }
    const behave = answering({
      'tools/call': () => ({ resultType: 'task', taskId: 't1' }),
      'tasks/get': () => ({ resultType: 'complete', by: 'b' }),
    })
    const facts = { capabilities: { tools: {}, extensions } }
    const own = await startHub(closing, createFakeServers([server('a', { facts }), server('b', { behave, facts })]))
    const ask = async (method: string, params: object, capabilities: object, key = '') => {
      const { body, headers } = modern(method, params, { capabilities })
      return (await send(closing, `${own.url}/mcp`, { body, headers: { ...headers, authorization: key } })).json()
    }
    await ask('tools/call', { name: 'b__go' }, { extensions })
    expect((await ask('tasks/get', { taskId: 't1' }, { extensions })).result.by).to.equal('b')
    expect((await ask('tasks/get', { taskId: 't1' }, { extensions }, 'other')).error.code).to.equal(-32602)
    expect((await ask('tasks/get', { taskId: 't1' }, {})).error).to.deep.include({
      code: -32021,
      data: { requiredCapabilities: { extensions } },
    })
  })

  it('M71: on the path of one server unknown methods pass, lists and cursors too', async () => {
    const behave = answering({
      'x/y': () => ({ resultType: 'complete', odd: 1 }),
      'tools/list': ({ params }) => ({ cursor: params.cursor }),
    })
    const own = await startHub(closing, createFakeServers([server('a', { behave })]))
    expect((await (await send(closing, `${own.url}/mcp/a`, modern('x/y'))).json()).result.odd).to.equal(1)
    expect(
      (await (await send(closing, `${own.url}/mcp/a`, modern('tools/list', { cursor: 'c' }))).json()).result.cursor,
    ).to.equal('c')
  })

  it('M91: callers with one key share connections, with two they do not', async () => {
    await (await post(CALL, { authorization: 'one' })).text()
    await (await post(CALL, { authorization: 'one' })).text()
    await (await post(CALL, { authorization: 'two' })).text()
    const owners = servers.peers.map((peer) => peer.options.owner)
    expect([owners[0] === owners[1], owners[0] === owners[2]]).to.deep.equal([true, false])
  })
})
