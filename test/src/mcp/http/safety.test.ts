import { expect } from 'chai'
import { type Closing, createClosing } from '../../../support/close-all.ts'
import { answering, createFakeServers, type FakeServer } from '../../../support/mcp/fake-servers.ts'
import { startHub, type TestHub } from '../../../support/mcp/hub.ts'
import { beginSession, modern, send } from '../../../support/mcp/wire.ts'

const SERVER: FakeServer = {
  name: 'a',
  eras: ['legacy', 'modern'],
  behave: answering({}),
  catalogue: { tools: [{ name: 'go' }] },
}

describe('mcp/http, safety', () => {
  let closing: Closing
  let hub: TestHub
  beforeEach(async () => {
    closing = createClosing()
    hub = await startHub(closing, createFakeServers([SERVER]))
  })
  afterEach(() => closing.closeAll())

  const ROUTES: readonly (readonly [method: string, path: string])[] = [
    '/sse',
    '/messages?sessionId=x',
    '/mcp',
    '/mcp/http',
    '/mcp/a',
    '/team/sse',
    '/team/messages?sessionId=x',
    '/team/mcp',
    '/team/mcp/a',
  ].flatMap((path) => ['GET', 'POST', 'DELETE', 'OPTIONS'].map((method) => [method, path] as const))
  const FORGED = [
    ['host', 'evil.example'],
    ['host', '127.0.0.1.evil.example'],
    ['origin', 'http://evil.example'],
    ['origin', 'null'],
    ['origin', 'http://localhost.evil.example'],
  ] as const
  for (const [name, value] of FORGED) {
    it(`M99, M100: ${name} ${value} is 403 on every route and method`, async () => {
      for (const [method, path] of ROUTES) {
        const body = method === 'POST' ? { body: { jsonrpc: '2.0', id: 1, method: 'ping' } } : {}
        const answer = await send(closing, `${hub.url}${path}`, { method, ...body, headers: { [name]: value } })
        expect(answer.status, `${method} ${path}`).to.equal(403)
      }
    })
  }

  for (const origin of ['http://localhost:5173', 'http://127.0.0.1', 'http://[::1]:1', 'https://app.example']) {
    it(`M25, M99: a page at ${origin} may call`, async () => {
      const session = await beginSession(closing, `${hub.url}/mcp`, { headers: { origin } })
      expect(session.answer.headers).to.include({
        'access-control-allow-origin': origin,
        'access-control-expose-headers': 'Mcp-Session-Id',
      })
    })
  }

  it('M25: a page may ask first, without a key', async () => {
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'POST' }
    const answer = await send(closing, `${hub.url}/mcp`, { method: 'OPTIONS', headers })
    expect(answer.status).to.equal(204)
    expect(answer.headers['access-control-allow-headers']).to.equal(
      'Content-Type, Authorization, Mcp-Session-Id, MCP-Protocol-Version, Last-Event-ID, Mcp-Method, Mcp-Name',
    )
    expect(answer.headers['access-control-allow-methods']).to.equal('POST, GET, DELETE, OPTIONS')
  })

  it('M25: a program gets no headers for pages', async () => {
    const { answer } = await beginSession(closing, `${hub.url}/mcp`)
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).to.have.length(0)
  })

  it('M88: no id of a session and no key goes to a server', async () => {
    const servers = createFakeServers([SERVER])
    const own = await startHub(closing, servers)
    const session = await beginSession(closing, `${own.url}/mcp`, { headers: { authorization: 'Bearer secret' } })
    await (await session.request('tools/call', { name: 'go' })).text()
    const [peer] = servers.peers
    expect(JSON.stringify([peer?.received, peer?.options.owner])).to.not.match(new RegExp(`secret|${session.id}`))
  })

  it('M105: a body of more than 4 MiB is 413 in both eras, one of 64 levels is read, a deeper one is 400', async () => {
    const session = await beginSession(closing, `${hub.url}/mcp`)
    const big = 'x'.repeat(4 * 1024 * 1024)
    expect((await session.post({ jsonrpc: '2.0', id: 1, method: 'ping', params: { big } })).status).to.equal(413)
    const { body, headers } = modern('tools/call', { name: 'go', arguments: { big } })
    expect((await send(closing, `${hub.url}/mcp`, { body, headers })).status).to.equal(413)
    const deep = `{"jsonrpc":"2.0","id":1,"method":"ping","params":${'{"a":'.repeat(70)}1${'}'.repeat(71)}`
    expect((await session.post(deep)).status).to.equal(400)
  })
})
