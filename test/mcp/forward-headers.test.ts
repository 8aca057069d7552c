import { expect } from 'chai'
import { createClosing } from '../support/close-all.ts'
import { startMcpGateway } from '../support/mcp/mcp-gateway.ts'
import { beginSession, modern, send } from '../support/mcp/wire.ts'
import {
  type Answer,
  legacySession,
  modernServer,
  type SeenRequest,
  sendJson,
  startHttpServer,
} from '../support/mcp-upstream/http-server.ts'

const TOOLS = [{ name: 'go', inputSchema: { type: 'object' } }]

/** What a client sends of which nothing but `x-tenant` and `x-trace` is meant for the server. */
const SENT = {
  'x-tenant': 'blue',
  'x-trace': 'one',
  'x-other': 'mine',
  authorization: 'Bearer of-the-client',
  cookie: 'a=b',
  'x-api-key': 'of-the-client',
}

const call = (request: SeenRequest): boolean => request.body?.method === 'tools/call'

describe('headers of a client', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function start(isModern: boolean) {
    const answer: Answer = ({ body }, response) => {
      const more = isModern ? { resultType: 'complete', ttlMs: 0, cacheScope: 'private' } : {}
      const result = body.method === 'tools/list' ? { tools: TOOLS } : { content: [] }
      sendJson(response, { jsonrpc: '2.0', id: body.id, result: { ...more, ...result } })
    }
    const http = await startHttpServer(closing, (isModern ? modernServer : legacySession)(answer))
    const definition = {
      url: `${http.url}/mcp`,
      headers: { 'X-Trace': 'of the file' },
      forwardHeaders: ['X-Tenant', 'x-trace'],
    }
    return { http, gateway: await startMcpGateway(closing, { mcpServers: { s: definition } }) }
  }

  function expectForwarded({ headers }: SeenRequest, tenant: string): void {
    expect(headers).to.include({ 'x-tenant': tenant, 'x-trace': 'of the file' })
    expect(headers).to.not.have.any.keys('authorization', 'cookie', 'x-api-key', 'x-other')
  }

  it('M88 those that are named reach a server of the modern era, with each call its own, and no others', async () => {
    const { http, gateway } = await start(true)
    for (const [id, tenant] of [
      ['a', 'blue'],
      ['b', 'red'],
    ] as const) {
      const order = modern('tools/call', { name: 'go', arguments: {} }, { id })
      await send(closing, `${gateway.url}/mcp`, {
        ...order,
        headers: { ...order.headers, ...SENT, 'x-tenant': tenant },
      })
      expectForwarded(await http.wait((seen) => call(seen) && seen.headers['x-tenant'] === tenant), tenant)
    }
  })

  it('M88 a session with a server of the legacy era has those of the request that began it', async () => {
    const { http, gateway } = await start(false)
    const session = await beginSession(closing, `${gateway.url}/mcp`, { headers: SENT })
    const params = { name: 'go', arguments: {} }
    await session.post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }, { 'x-tenant': 'later' })
    expectForwarded(await http.wait(call), 'blue')
  })

  it('M91 stateless callers with other headers are others towards a server with sessions', async () => {
    const { http, gateway } = await start(false)
    for (const tenant of ['blue', 'red', 'blue']) {
      const order = modern('tools/call', { name: 'go', arguments: {} })
      const headers = { ...order.headers, 'x-tenant': tenant }
      await (await send(closing, `${gateway.url}/mcp`, { ...order, headers })).text()
    }
    expect(http.seen.filter(call).map(({ headers }) => headers['x-tenant'])).to.deep.equal(['blue', 'red', 'blue'])
  })
})
