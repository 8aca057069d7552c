import { expect } from 'chai'
import { createClosing } from '../../../support/close-all.ts'
import {
  type Answer,
  beginEvents,
  event,
  legacySession,
  modernServer,
  sendJson,
  startHttpServer,
} from '../../../support/mcp-upstream/http-server.ts'
import { byHand, startServers, TestClient } from '../../../support/mcp-upstream/servers.ts'

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
}
const OK = { resultType: 'complete', content: [] }
const answerLists: Answer = ({ body }, response) =>
  sendJson(response, { jsonrpc: '2.0', id: body.id, result: { tools: [] } })

describe('the era in which a server is spoken to', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  const STDIO = [
    ['M91 a server of both eras is spoken to in the client’s', 'both', 'legacy', 'legacy'],
    ['M91 a server of both eras is spoken to in the client’s', 'both', 'modern', 'modern'],
    ['M45 an error to server/discover means the legacy era', 'legacy', 'modern', 'legacy'],
    ['M45 an error to initialize means the modern era', 'modern', 'legacy', 'modern'],
  ] as const
  for (const [title, server, client, expected] of STDIO) {
    it(`${title}: ${server} server, ${client} client`, async () => {
      const { servers } = await startServers(closing, { s: byHand('--era', server) })
      const { connection } = await TestClient.open(servers, 's', { era: client })
      expect(connection.facts.era).to.equal(expected)
      expect(connection.facts.serverInfo).to.deep.equal({ name: 'by-hand', version: '1' })
      // The verdict is remembered: nobody is asked for the other era again.
      expect((await TestClient.open(servers, 's', { era: client })).connection.facts.era).to.equal(expected)
    })
  }

  it('M45 silence after server/discover means the legacy era', async () => {
    const server = byHand('--era', 'legacy', '--silent-discover', 'yes')
    const { servers } = await startServers(closing, { s: server }, { limits: { probeMs: 50 } })
    const { connection } = await TestClient.open(servers, 's', { era: 'modern' })
    expect(connection.facts.era).to.equal('legacy')
  })

  it('M45 a server that dies of server/discover is started again for the legacy era', async () => {
    const { servers } = await startServers(closing, { s: byHand('--era', 'legacy', '--die-on-discover', 'yes') })
    const { connection } = await TestClient.open(servers, 's', { era: 'modern' })
    expect(connection.facts.era).to.equal('legacy')
  })

  it('M46 over HTTP 400, 404 and 405 without a modern error lead from the modern era to the sessions', async () => {
    for (const status of [400, 404, 405]) {
      const legacy = legacySession(answerLists)
      const http = await startHttpServer(closing, (request, response) => {
        if (request.body?.method === 'server/discover') response.writeHead(status).end('nothing here')
        else legacy(request, response)
      })
      const { servers } = await startServers(closing, { s: { url: http.url } })
      const { connection } = await TestClient.open(servers, 's', { era: 'modern' })
      expect(connection.facts.era).to.equal('legacy')
    }
  })

  for (const status of [401, 403, 500, 503]) {
    it(`M46 ${status} is an error and no verdict`, async () => {
      const http = await startHttpServer(closing, (_, response) => void response.writeHead(status).end())
      const { servers } = await startServers(closing, { modern: { url: http.url }, legacy: { url: http.url } })
      for (const era of ['modern', 'legacy'] as const) {
        const error = await TestClient.open(servers, era, { era }).catch((failure: Error) => failure)
        expect(error).to.have.property('message').that.includes(String(status))
      }
      const asked = http.seen.map(({ body }) => body?.method)
      expect(asked).to.deep.equal(['server/discover', 'initialize'])
    })
  }

  it('M46 a server of HTTP+SSE is found behind 405, and speaks on its one stream', async () => {
    const http = await startHttpServer(closing, sseServer())
    const { servers } = await startServers(closing, { s: { url: `${http.url}/sse` } })
    const client = await TestClient.open(servers, 's')
    expect(client.connection.facts.era).to.equal('legacy')
    expect((await client.call('x')).result).to.deep.equal({ called: 'x' })
  })

  it('M4 an endpoint at another origin is not followed', async () => {
    const http = await startHttpServer(closing, sseServer('http://127.0.0.1:1/messages'))
    const { servers } = await startServers(closing, { s: { type: 'sse', url: `${http.url}/sse` } })
    const error = await TestClient.open(servers, 's').catch((failure: Error) => failure)
    expect(error).to.have.property('message').that.includes('another place')
  })

  it('M27, M30, M31 the headers of a modern request are written from its body', async () => {
    const tool = {
      name: 'höhe',
      inputSchema: {
        type: 'object',
        properties: {
          region: { type: 'string', 'x-mcp-header': 'Region' },
          deep: { type: 'object', properties: { n: { type: 'integer', 'x-mcp-header': 'N' } } },
          gone: { type: 'boolean', 'x-mcp-header': 'Gone' },
        },
      },
    }
    const http = await startHttpServer(
      closing,
      modernServer(({ body }, response) => {
        const result = body.method === 'tools/list' ? { ...OK, tools: [tool, { name: 'other' }], ttlMs: 5 } : OK
        sendJson(response, { jsonrpc: '2.0', id: body.id, result })
      }),
    )
    const { servers } = await startServers(closing, { s: { url: http.url } })
    await servers.find('s')?.refresh()
    const client = await TestClient.open(servers, 's', { era: 'modern' })
    const args = { region: '=?base64?x?=', deep: { n: 42 }, gone: null }
    await client.call('höhe', args, { _meta: META })
    const { headers } = await http.wait(({ body }) => body?.method === 'tools/call')
    const wrap = (text: string): string => `=?base64?${Buffer.from(text).toString('base64')}?=`
    expect(headers).to.include({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': wrap('höhe'),
      'mcp-param-region': wrap('=?base64?x?='),
      'mcp-param-n': '42',
    })
    expect(headers).to.not.have.property('mcp-param-gone')
    expect(headers).to.not.have.property('mcp-session-id')
  })

  it('M95 a modern call over HTTP is cancelled by closing its stream', async () => {
    let left = (): void => {}
    const gone = new Promise<void>((resolve) => {
      left = resolve
    })
    const http = await startHttpServer(
      closing,
      modernServer((request, response) => {
        if (request.body.method !== 'tools/call') return answerLists(request, response)
        beginEvents(response)
        response.write(event({ method: 'notifications/message', params: {} }))
        response.on('close', left)
      }),
    )
    const { servers } = await startServers(closing, { s: { url: http.url } })
    const client = await TestClient.open(servers, 's', { era: 'modern' })
    client.send({ id: 1, method: 'tools/call', params: { name: 'x', _meta: META } })
    await client.wait(() => client.messages[0])
    client.send({ method: 'notifications/cancelled', params: { requestId: 1 } })
    await gone
    expect(http.seen.map(({ body }) => body?.method)).to.not.include('notifications/cancelled')
    expect(client.failures).to.deep.equal([])
  })

  it('M114 the hub tells in each handshake who it is', async () => {
    for (const era of ['modern', 'legacy'] as const) {
      const answer = era === 'modern' ? modernServer(answerLists) : legacySession(answerLists)
      const http = await startHttpServer(closing, answer)
      const { servers } = await startServers(closing, { s: { url: http.url } })
      await TestClient.open(servers, 's', { era })
      const method = era === 'modern' ? 'server/discover' : 'initialize'
      const { body } = await http.wait((request) => request.body?.method === method)
      expect(body.params._meta['interlingua/via']).to.deep.equal(['test-instance'])
    }
  })
})

/** @param endpoint where it says that messages go. */
function sseServer(endpoint = '/messages?id=1'): Answer {
  let say: (message: object) => void = () => {}
  return ({ method, path, body }, response) => {
    if (method === 'GET') {
      beginEvents(response)
      say = (message) => response.write(event(message))
      response.write(`event: endpoint\ndata: ${endpoint}\n\n`)
    } else if (!path.startsWith('/messages')) {
      response.writeHead(405).end()
    } else {
      response.writeHead(202).end('Accepted')
      if (body.id === undefined) return
      const facts = { protocolVersion: '2024-11-05', capabilities: {}, serverInfo: { name: 'x', version: '1' } }
      say({ id: body.id, result: body.method === 'initialize' ? facts : { called: body.params?.name } })
    }
  }
}
