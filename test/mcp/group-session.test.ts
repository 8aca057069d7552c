import { expect } from 'chai'
import { createClosing } from '../support/close-all.ts'
import { configureFixture } from '../support/mcp/fixture-program.ts'
import { startMcpGateway } from '../support/mcp/mcp-gateway.ts'

describe('mcp, a session under a group', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  it('M112, M16: is the same for POST, GET and DELETE, and gone once it has ended', async () => {
    const gateway = await startMcpGateway(closing, {
      mcpServers: { fixture: await configureFixture(closing, 'stdio', 'both') },
      groups: { team: {} },
    })
    const call = (method: string, session: string | undefined, body?: object) =>
      fetch(`${gateway.url}/team/mcp`, {
        method,
        headers: {
          accept: method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(session === undefined ? {} : { 'mcp-session-id': session }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    const begun = await call('POST', undefined, {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
    })
    const session = begun.headers.get('mcp-session-id') ?? ''
    expect(begun.status).to.equal(200)
    await begun.text()
    expect((await call('POST', session, { jsonrpc: '2.0', method: 'notifications/initialized' })).status).to.equal(202)
    const stream = await call('GET', session)
    expect(stream.status).to.equal(200)
    const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' }
    const listed = await call('POST', session, list)
    expect(listed.status).to.equal(200)
    expect(await listed.text()).to.contain('test_simple_text')
    expect((await call('DELETE', session)).status).to.be.oneOf([200, 204])
    await stream.body?.cancel()
    expect((await call('POST', session, list)).status).to.equal(404)
    expect((await call('GET', session)).status).to.equal(404)
  })
})
