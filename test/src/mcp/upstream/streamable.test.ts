import { expect } from 'chai'
import { createClosing } from '../../../support/close-all.ts'
import {
  type Answer,
  beginEvents,
  event,
  type HttpServer,
  legacySession,
  sendJson,
  startHttpServer,
} from '../../../support/mcp-upstream/http-server.ts'
import { startServers, TestClient, type TestServers } from '../../../support/mcp-upstream/servers.ts'

const OK = { content: [{ type: 'text', text: 'ok' }] }

/** Lists are read in the background; they are none of the test's business. */
function calls(answer: Answer): Answer {
  return (request, response) => {
    const { method, id } = request.body ?? {}
    if (/\/list$/.test(method)) sendJson(response, { jsonrpc: '2.0', id, result: { tools: [] } })
    else answer(request, response)
  }
}

describe('a server over Streamable HTTP', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function start(answer: Answer, definition: object = {}): Promise<TestServers & { http: HttpServer }> {
    const http = await startHttpServer(closing, answer)
    return { ...(await startServers(closing, { s: { url: `${http.url}/mcp`, ...definition } })), http }
  }

  it('M88 gets its configured headers and none of ours but the session and the version', async () => {
    const { servers, http } = await start(
      legacySession(calls(({ body }, response) => sendJson(response, { jsonrpc: '2.0', id: body.id, result: OK }))),
      { headers: { Authorization: 'Bearer t', 'Mcp-Session-Id': 'forged', Host: 'evil' } },
    )
    const client = await TestClient.open(servers, 's')
    expect((await client.call('x')).result).to.deep.equal(OK)
    const call = await http.wait(({ body }) => body?.method === 'tools/call')
    expect(call.headers).to.include({
      authorization: 'Bearer t',
      'mcp-session-id': 'session-1',
      'mcp-protocol-version': '2025-11-25',
      accept: 'application/json, text/event-stream',
      host: new URL(http.url).host,
    })
  })

  it('M18 the session is ended when nobody needs it', async () => {
    const { servers, http } = await start(legacySession(calls(() => {})))
    const client = await TestClient.open(servers, 's')
    client.connection.close()
    const { headers } = await http.wait(({ method }) => method === 'DELETE')
    expect(headers['mcp-session-id']).to.equal('session-1')
  })

  it('M20 what comes on the stream of a call is told to be of that call', async () => {
    const { servers } = await start(
      legacySession(
        calls(({ body }, response) => {
          if (body.method !== 'tools/call') return void response.writeHead(202).end()
          beginEvents(response)
          response.write(event({ id: 's1', method: 'sampling/createMessage', params: {} }))
          response.write(event({ method: 'notifications/message', params: { data: body.params.name } }))
          response.end(event({ id: body.id, result: OK }))
        }),
      ),
    )
    const client = await TestClient.open(servers, 's')
    await Promise.all([
      client.request('tools/call', { name: 'one' }, 1),
      client.request('tools/call', { name: 'two' }, '1'),
    ])
    const logs = client.messages.filter(({ method }) => method === 'notifications/message')
    expect(logs.map(({ params, relatedTo }) => [params.data, relatedTo])).to.have.deep.members([
      ['one', 1],
      ['two', '1'],
    ])
  })

  it('M54 ping of the server is answered here', async () => {
    const { servers, http } = await start(
      legacySession(
        calls(({ body }, response) => {
          if (body.method === undefined) return void response.writeHead(202).end()
          beginEvents(response)
          response.write(event({ id: 'p', method: 'ping' }))
          void http
            .wait((request) => request.body?.id === 'p')
            .then(() => response.end(event({ id: body.id, result: OK })))
        }),
      ),
    )
    const client = await TestClient.open(servers, 's')
    await client.call('x')
    expect(client.messages.map(({ method }) => method)).to.not.include('ping')
    expect((await http.wait(({ body }) => body?.id === 'p')).body.result).to.deep.equal({})
  })

  it('M21 a stream that was cut is taken up after its last event, after the time that the server has asked for', async () => {
    const { servers, http } = await start(
      legacySession(
        calls(({ method, body, headers }, response) => {
          beginEvents(response)
          if (method === 'POST') {
            response.write('id: a1\nretry: 1\ndata:\n\n')
            response.end(event({ method: 'notifications/message', params: { data: body.id } }, 'a2'))
          } else if (headers['last-event-id'] === 'a2') {
            response.end('id: a3\nretry: 2\ndata:\n\n')
          } else {
            response.end(event({ id: 't1', result: OK }, 'a4'))
          }
        }),
      ),
    )
    const client = await TestClient.open(servers, 's')
    expect((await client.call('x')).result).to.deep.equal(OK)
    const resumed = http.seen.filter(({ headers }) => headers['last-event-id'] !== undefined)
    expect(resumed.map(({ headers }) => headers['last-event-id'])).to.deep.equal(['a2', 'a3'])
  })

  it('M85 a stream without ids that ends too early fails its call and nothing else', async () => {
    const { servers } = await start(
      legacySession(
        calls(({ body }, response) => {
          beginEvents(response)
          response.end(body.params.name === 'good' ? event({ id: body.id, result: OK }) : ': nothing\n\n')
        }),
      ),
    )
    const client = await TestClient.open(servers, 's')
    expect((await client.call('bad')).failure).to.include({ kind: 'closed' })
    expect((await client.call('good')).result).to.deep.equal(OK)
  })

  for (const [title, status, text] of [
    ['404', 404, ''],
    [
      '400 with the words for it',
      400,
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Session not found"}}',
    ],
  ] as const) {
    it(`M83, M113 ${title} on a session begins it anew once for all, with level and subscriptions, and repeats the request`, async () => {
      const { servers, http } = await start(
        legacySession(
          calls(({ body, headers }, response) => {
            const isLost = headers['mcp-session-id'] === 'session-1' && body.method === 'tools/call'
            if (isLost) response.writeHead(status, { 'content-type': 'application/json' }).end(text)
            else sendJson(response, { jsonrpc: '2.0', id: body.id, result: OK })
          }),
          ['session-1', 'session-2', 'session-3'],
        ),
        { shared: true },
      )
      const client = await TestClient.open(servers, 's')
      await client.request('logging/setLevel', { level: 'error' })
      await client.request('resources/subscribe', { uri: 'a:b' })
      await client.request('resources/subscribe', { uri: 'a:c' })
      await client.request('resources/unsubscribe', { uri: 'a:c' })
      const before = http.seen.filter(({ body }) => body?.method === 'initialize').length
      const answers = await Promise.all([client.call('one'), client.call('two')])
      for (const { result } of answers) expect(result).to.deep.equal(OK)
      const after = http.seen.filter(({ headers }) => headers['mcp-session-id'] === 'session-2').map(({ body }) => body)
      const said = after.filter((body) => body?.method !== undefined && !/\/list$/.test(body.method))
      expect(http.seen.filter(({ body }) => body?.method === 'initialize')).to.have.lengthOf(before + 1)
      expect(said.slice(0, 3).map(({ method }) => method)).to.deep.equal([
        'notifications/initialized',
        'logging/setLevel',
        'resources/subscribe',
      ])
      expect(said[2].params.uri).to.equal('a:b')
    })
  }

  it('M83 a second 404 is an error', async () => {
    const { servers } = await start(
      legacySession(
        calls((_, response) => void response.writeHead(404).end()),
        ['session-1', 'session-2'],
      ),
    )
    const client = await TestClient.open(servers, 's')
    expect((await client.call('x')).failure).to.include({ kind: 'unreachable', status: 404 })
  })

  it('M84 a call is not repeated when its connection breaks, a read is once', async () => {
    const { servers, http } = await start(legacySession(calls((_, response) => void response.destroy())))
    const client = await TestClient.open(servers, 's')
    expect((await client.call('x')).failure).to.include({ kind: 'unreachable' })
    expect((await client.request('resources/read', { uri: 'a:b' })).failure).to.include({ kind: 'unreachable' })
    const sent = (method: string): number => http.seen.filter(({ body }) => body?.method === method).length
    expect([sent('tools/call'), sent('resources/read')]).to.deep.equal([1, 2])
  })

  it('M95 a cancelled call is cancelled by its notification, and nothing comes for it afterwards', async () => {
    const { servers, http } = await start(
      legacySession(
        calls(({ body }, response) => {
          if (body.method !== 'tools/call') return void response.writeHead(202).end()
          beginEvents(response)
          void http
            .wait((request) => request.body?.method === 'notifications/cancelled')
            .then(() => response.end(event({ id: body.id, result: OK })))
        }),
      ),
    )
    const client = await TestClient.open(servers, 's')
    client.send({ id: 7, method: 'tools/call', params: { name: 'x' } })
    await http.wait(({ body }) => body?.method === 'tools/call')
    client.send({ method: 'notifications/cancelled', params: { requestId: 7, reason: 'enough' } })
    const { body } = await http.wait((request) => request.body?.method === 'notifications/cancelled')
    expect(body.params).to.deep.equal({ requestId: 7, reason: 'enough' })
    expect((await client.request('ping', {})).failure ?? 'answered').to.be.an('object')
    expect(client.messages.filter(({ id }) => id === 7)).to.deep.equal([])
  })

  it('M47 an error of the server is passed on as it is, whatever its status', async () => {
    const error = { code: -32042, message: 'first there', data: { elicitations: [{ mode: 'url' }] }, 'x-more': 1 }
    const { servers } = await start(
      legacySession(calls(({ body }, response) => sendJson(response, { jsonrpc: '2.0', id: body.id, error }, 400))),
    )
    const client = await TestClient.open(servers, 's')
    expect((await client.call('x')).error).to.deep.equal(error)
  })

  it('M88 follows a redirect within its origin and no other', async () => {
    const other = await startHttpServer(closing, (_, response) => void response.end())
    const { servers, http } = await start(
      legacySession(
        calls(({ path, body }, response) => {
          if (path === '/elsewhere') sendJson(response, { jsonrpc: '2.0', id: body.id, result: OK })
          else response.writeHead(307, { location: body.params.name }).end()
        }),
      ),
    )
    const client = await TestClient.open(servers, 's')
    expect((await client.call('/elsewhere')).result).to.deep.equal(OK)
    expect((await client.call(`${other.url}/steal`)).failure).to.include({ status: 307 })
    expect(other.seen).to.deep.equal([])
    expect(http.seen.at(-1)?.path).to.equal('/mcp')
  })

  it('M107 where a server wants one to log in nothing is opened and nobody else is asked', async () => {
    const other = await startHttpServer(closing, (_, response) => void response.end())
    const challenge = `Bearer resource_metadata="${other.url}/x", authorization_uri="file:///bin/sh"`
    const { servers, http } = await start((_, response) => {
      response.writeHead(401, { 'www-authenticate': challenge }).end()
    })
    const refused = await TestClient.open(servers, 's').catch((error: Error) => error)
    expect(refused).to.be.instanceOf(Error).and.have.property('message').that.includes('401')
    expect(other.seen).to.deep.equal([])
    expect(new Set(http.seen.map(({ path }) => path))).to.deep.equal(new Set(['/mcp']))
  })

  it('M19 hears what belongs to no call on the standing stream, and opens it again when it ends', async () => {
    let opened = 0
    const legacy = legacySession(
      calls(({ body }, response) => sendJson(response, { jsonrpc: '2.0', id: body.id, result: OK })),
    )
    const { servers } = await start((request, response) => {
      if (request.method !== 'GET') return legacy(request, response)
      opened += 1
      beginEvents(response)
      response.write(
        `retry: 1\n\n${event({ method: 'notifications/message', params: { data: opened } }, `e${opened}`)}`,
      )
      if (opened === 1) response.end()
    })
    const client = await TestClient.open(servers, 's')
    const second = await client.wait(() => client.messages.find(({ params }) => params?.data === 2))
    expect(second.relatedTo).to.equal(undefined)
  })
})
