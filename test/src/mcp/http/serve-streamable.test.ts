import { expect } from 'chai'
import { type Closing, createClosing } from '../../../support/close-all.ts'
import { answering, createFakeServers, type FakeServer, type FakeServers } from '../../../support/mcp/fake-servers.ts'
import { startHub, type TestHub } from '../../../support/mcp/hub.ts'
import { beginSession, send } from '../../../support/mcp/wire.ts'

const SERVER: FakeServer = {
  name: 'a',
  eras: ['legacy'],
  behave: answering({
    'tools/call': ({ params }) => (params.arguments?.wait === true ? undefined : { got: params.arguments }),
  }),
  catalogue: { tools: [{ name: 'go' }] },
}
const PING = { jsonrpc: '2.0', id: 1, method: 'ping' }
const WAIT = {
  jsonrpc: '2.0',
  id: 'w',
  method: 'tools/call',
  params: { name: 'go', arguments: { wait: true }, _meta: { progressToken: 'p' } },
}

describe('mcp/http/serve-streamable', () => {
  let closing: Closing
  let servers: FakeServers
  let hub: TestHub
  let url: string
  beforeEach(async () => {
    closing = createClosing()
    servers = createFakeServers([SERVER])
    hub = await startHub(closing, servers)
    url = `${hub.url}/mcp`
  })
  afterEach(() => closing.closeAll())

  it('M13: what asks nothing is 202 without a body, what asks is answered', async () => {
    const session = await beginSession(closing, url)
    const posted = await session.post({ jsonrpc: '2.0', method: 'notifications/x' })
    expect([posted.status, await posted.text()]).to.deep.equal([202, ''])
    const answered = await session.post(PING)
    expect([answered.status, answered.headers['content-type'], await answered.json()]).to.deep.equal([
      200,
      'application/json',
      { jsonrpc: '2.0', id: 1, result: {} },
    ])
  })

  for (const [accept, status] of [
    ['application/json, text/event-stream', 200],
    ['text/event-stream;q=0.5,application/json;q=0.9', 200],
    ['*/*', 200],
    ['application/*, text/*', 200],
    ['application/json', 406],
    ['text/event-stream', 406],
  ] as const) {
    it(`M14: Accept ${accept} is ${status}`, async () => {
      const session = await beginSession(closing, url)
      expect((await session.post(PING, { accept })).status).to.equal(status)
    })
  }

  it('M14: another content type is 415', async () => {
    const session = await beginSession(closing, url)
    expect((await session.post(PING, { 'content-type': 'text/plain' })).status).to.equal(415)
  })

  it('M15: initialize gives an id of 128 bits, in one header', async () => {
    const { answer } = await beginSession(closing, url)
    expect(answer.headers['mcp-session-id']).to.match(/^[0-9a-f]{32}$/)
    const other = await beginSession(closing, url)
    expect(other.id).to.not.equal(answer.headers['mcp-session-id'])
  })

  it('M16: without an id 400, with an unknown, ended or doubled one 404', async () => {
    const session = await beginSession(closing, url)
    expect((await send(closing, url, { body: PING })).status).to.equal(400)
    expect((await send(closing, url, { body: PING, headers: { 'mcp-session-id': 'x' } })).status).to.equal(404)
    expect((await session.post(PING, { 'mcp-session-id': `${session.id}, ${session.id}` })).status).to.equal(404)
    expect((await session.post({ ...PING, method: 'initialize' })).status).to.equal(400)
  })

  it('M16, M101: a session of another key, group or server is 404 with the same words', async () => {
    const session = await beginSession(closing, `${hub.url}/team/mcp`, { headers: { authorization: 'Bearer one' } })
    const unknown = await send(closing, url, { body: PING, headers: { 'mcp-session-id': 'x' } })
    const key = await send(closing, `${hub.url}/team/mcp`, { body: PING, headers: { 'mcp-session-id': session.id } })
    const group = await send(closing, url, { body: PING, headers: session.headers })
    const server = await send(closing, `${hub.url}/team/mcp/a`, { body: PING, headers: session.headers })
    expect([key.status, group.status, server.status]).to.deep.equal([404, 404, 404])
    expect(await key.text()).to.equal(await unknown.text())
    const listen = await send(closing, url, { headers: { 'mcp-session-id': session.id } })
    const end = await send(closing, url, { method: 'DELETE', headers: { 'mcp-session-id': session.id } })
    expect([listen.status, end.status]).to.deep.equal([404, 404])
    expect((await session.post(PING)).status).to.equal(200)
  })

  it('M17: a version that nobody knows is 400, none is the session’s own', async () => {
    const session = await beginSession(closing, url)
    expect((await session.post(PING, { 'mcp-protocol-version': '2024-01-01' })).status).to.equal(400)
    expect((await session.post(PING, { 'mcp-protocol-version': '2025-11-25' })).status).to.equal(200)
    expect((await session.post(PING)).status).to.equal(200)
  })

  it('M18: DELETE ends the session, its calls and its connections', async () => {
    const session = await beginSession(closing, url)
    const call = await session.post(WAIT)
    const peer = await servers.got('w')
    expect((await session.end()).status).to.equal(204)
    await call.events.over()
    expect(peer.closed).to.equal(true)
    expect((await session.post(PING)).status).to.equal(404)
    expect((await session.end()).status).to.equal(404)
  })

  it('M19: one standalone stream is opened, a second one is 409', async () => {
    const session = await beginSession(closing, url)
    expect((await session.listen()).status).to.equal(200)
    expect((await session.listen()).status).to.equal(409)
    expect((await session.listen({ accept: 'application/json' })).status).to.equal(406)
  })

  it('M20: what belongs to a call comes on its stream, everything else on the standalone one, nothing on both', async () => {
    const session = await beginSession(closing, url)
    const alone = await session.listen()
    const call = await session.post(WAIT)
    const peer = await servers.got('w')
    peer.say({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 'p', progress: 1 } })
    peer.say({ jsonrpc: '2.0', id: 1, method: 'sampling/createMessage', params: {} })
    peer.say({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'x:y' } })
    await alone.message((message) => message.method === 'notifications/resources/updated')
    peer.answer('w', { done: true })
    const methods = (await call.events.over()).filter((event) => event.message !== undefined)
    expect(methods.map(({ message }) => message.method ?? message.id)).to.deep.equal([
      'notifications/progress',
      'sampling/createMessage',
      'w',
    ])
    expect(alone.events.items).to.have.length(1)
  })

  it('M20: what comes before the standalone stream waits for it, the newest hundred', async () => {
    const session = await beginSession(closing, url)
    const call = await session.post(WAIT)
    const peer = await servers.got('w')
    for (let n = 0; n < 120; n += 1) peer.say({ jsonrpc: '2.0', method: 'notifications/x', params: { n } })
    peer.answer('w', {})
    await call.events.over()
    const alone = await session.listen()
    await alone.message((message) => message.params.n === 119)
    expect(alone.events.items.map((event) => event.message.params.n)).to.deep.equal(
      Array.from({ length: 100 }, (_, n) => n + 20),
    )
  })

  it('M21: from 2025-11-25 on a stream begins with an id and nothing else, before it does not', async () => {
    const newer = await (await beginSession(closing, url)).request('tools/call', { name: 'go' })
    const [first] = await newer.events.over()
    expect([first?.data, first?.id]).to.deep.equal(['', '1-0'])
    const older = await (await beginSession(closing, url, { version: '2025-06-18' })).request('tools/call', {
      name: 'go',
    })
    expect((await older.events.over())[0]?.data).to.not.equal('')
  })

  it('M21, M22: whoever lost the connection comes back for the rest of that stream, and a call goes on meanwhile', async () => {
    const session = await beginSession(closing, url)
    const call = await session.post(WAIT)
    const peer = await servers.got('w')
    const progress = (n: number) =>
      peer.say({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 'p', progress: n } })
    progress(1)
    const { id = '' } = await call.events.find((event) => event.message?.params?.progress === 1)
    call.leave()
    await call.events.over()
    progress(2)
    const again = await session.listen({ 'last-event-id': id })
    await again.message((message) => message.params?.progress === 2)
    expect(peer.received, 'a broken connection is no cancellation').to.have.length(1)
    progress(3)
    peer.answer('w', { done: true })
    const events = await again.events.over()
    expect(events.map(({ message }) => message.params?.progress ?? message.result)).to.deep.equal([
      2,
      3,
      { done: true },
    ])
    const whole = await session.listen({ 'last-event-id': '1-0' })
    expect(await whole.events.over()).to.have.length(4)
    expect((await session.listen({ 'last-event-id': '9-0' })).status).to.equal(400)
    expect((await session.listen({ 'last-event-id': 'x' })).status).to.equal(400)
  })

  it('M21: ids of events are unique in a session', async () => {
    const session = await beginSession(closing, url)
    const calls = await Promise.all(
      [1, 2, 3].map((n) => session.request('tools/call', { name: 'go', arguments: { n } })),
    )
    const ids = (await Promise.all(calls.map((call) => call.events.over()))).flat().map((event) => event.id)
    expect(new Set(ids).size).to.equal(ids.length)
  })

  it('M23: the answer ends its stream', async () => {
    const session = await beginSession(closing, url)
    const events = await (await session.request('tools/call', { name: 'go' })).events.over()
    expect(events.at(-1)?.message).to.have.property('result')
  })

  it('M51: a cancelled call gets no answer, and its stream ends', async () => {
    const session = await beginSession(closing, url)
    const call = await session.post(WAIT)
    await servers.got('w')
    await session.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'w' } })
    const events = await call.events.over()
    expect(events.filter((event) => event.message !== undefined)).to.have.length(0)
  })

  it('M26: a session that nobody uses ends, one with an open stream does not', async () => {
    let now = 0
    const own = await startHub(closing, servers, { now: () => now, times: { sessionIdleMs: 10 } })
    const idle = await beginSession(closing, `${own.url}/mcp`)
    const busy = await beginSession(closing, `${own.url}/mcp`)
    await busy.listen()
    now = 1000
    let status = 200
    while (status !== 404) {
      // Looking is use, so the clock goes on before each look.
      now += 1000
      await new Promise((resolve) => setTimeout(resolve, 12))
      status = (await idle.post(PING)).status
    }
    expect((await busy.post(PING)).status).to.equal(200)
  })

  it('M82: a full server gives the place of the session that was unused longest, never of one in use', async () => {
    const full = createFakeServers([{ ...SERVER, limit: 2 }])
    const own = await startHub(closing, full)
    const begin = () => beginSession(closing, `${own.url}/mcp`)
    const call = async (session: Awaited<ReturnType<typeof begin>>) => {
      const events = await (await session.request('tools/call', { name: 'go' })).events.over()
      return events.at(-1)?.message.result.isError === true
    }
    const [busy, idle, third, fourth] = [await begin(), await begin(), await begin(), await begin()]
    await busy.listen()
    expect([await call(busy), await call(idle), await call(third)]).to.deep.equal([false, false, false])
    expect(full.peers.map((peer) => peer.closed)).to.deep.equal([false, true, false])
    expect(await call(idle), 'its next call opens another connection').to.equal(false)
    await idle.listen()
    expect(await call(fourth), 'all are in use').to.equal(true)
  })

  it('M101: a key that is not accepted any more ends its sessions', async () => {
    const own = await startHub(closing, servers, { times: { sessionIdleMs: 10 } })
    const session = await beginSession(closing, `${own.url}/mcp`, { headers: { authorization: 'Bearer one' } })
    const alone = await session.listen()
    own.revoked.add('Bearer one')
    await alone.events.over()
    expect((await session.post(PING)).status).to.equal(404)
  })

  it('M72: an array is split and answered as one in 2025-03-26, and refused later', async () => {
    const batch = [PING, { ...PING, id: 2 }, { jsonrpc: '2.0', method: 'notifications/x' }]
    const older = await beginSession(closing, url, { version: '2025-03-26' })
    const answer = await (await older.post(batch)).json()
    expect(answer.map((message: any) => message.id)).to.have.members([1, 2])
    expect((await older.post([{ jsonrpc: '2.0', method: 'notifications/x' }])).status).to.equal(202)
    const newer = await beginSession(closing, url, { version: '2025-06-18' })
    expect((await newer.post(batch)).status).to.equal(400)
  })

  it('M114: /mcp/http is /mcp, also under a group', async () => {
    const session = await beginSession(closing, `${hub.url}/mcp/http`)
    expect((await send(closing, url, { body: PING, headers: session.headers })).status).to.equal(200)
    expect((await beginSession(closing, `${hub.url}/team/mcp/http`)).answer.status).to.equal(200)
  })

  it('a group or a server that is not there is 404', async () => {
    const own = await startHub(closing, createFakeServers([SERVER], { team: ['a'], empty: [] }))
    const body = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {} },
    }
    const status = async (path: string) => (await send(closing, `${own.url}${path}`, { body })).status
    expect(await status('/nobody/mcp')).to.equal(404)
    expect(await status('/team/mcp/b')).to.equal(404)
    expect(await status('/empty/mcp/a')).to.equal(404)
    expect(await status('/team/mcp/a')).to.equal(200)
  })
})
