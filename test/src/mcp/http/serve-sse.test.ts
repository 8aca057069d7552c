import { expect } from 'chai'
import { type Closing, createClosing } from '../../../support/close-all.ts'
import { answering, createFakeServers, type FakeServer, type FakeServers } from '../../../support/mcp/fake-servers.ts'
import { startHub, type TestHub } from '../../../support/mcp/hub.ts'
import { send, type WireAnswer } from '../../../support/mcp/wire.ts'

const SERVER: FakeServer = {
  name: 'a',
  eras: ['legacy'],
  behave: answering({
    'tools/call': ({ params }) => (params.arguments?.wait === true ? undefined : { got: params.arguments }),
  }),
  catalogue: { tools: [{ name: 'go' }] },
}

describe('mcp/http/serve-sse', () => {
  let closing: Closing
  let servers: FakeServers
  let hub: TestHub
  beforeEach(async () => {
    closing = createClosing()
    servers = createFakeServers([SERVER])
    hub = await startHub(closing, servers)
  })
  afterEach(() => closing.closeAll())

  async function open(path = '/sse', headers: Record<string, string> = {}) {
    const stream = await send(closing, `${hub.url}${path}`, { headers })
    const endpoint = (await stream.events.find((event) => event.name === 'endpoint')).data
    const post = (body: unknown, more: Record<string, string> = {}) =>
      send(closing, `${hub.url}${endpoint}`, { body, headers: { ...headers, ...more } })
    return { stream, endpoint, post }
  }

  async function shake(stream: WireAnswer, post: (body: unknown) => Promise<WireAnswer>, version: string) {
    await post({
      jsonrpc: '2.0',
      id: 'i',
      method: 'initialize',
      params: { protocolVersion: version, capabilities: {} },
    })
    const { result } = await stream.message((message) => message.id === 'i')
    await post({ jsonrpc: '2.0', method: 'notifications/initialized' })
    return result
  }

  it('M3: the stream is not cached, not transformed and not held back', async () => {
    const { stream } = await open()
    expect(stream.status).to.equal(200)
    expect(stream.headers).to.include({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
    expect(stream.headers).to.not.have.property('content-encoding')
  })

  it('M4: the first event is a path with an id of 128 random bits, under the group, without the key', async () => {
    const { stream, endpoint } = await open('/team/sse', { authorization: 'Bearer secret' })
    expect(stream.events.items[0]?.name).to.equal('endpoint')
    expect(endpoint).to.match(/^\/team\/messages\?sessionId=[0-9a-f]{32}$/)
    expect((await open('/team/sse')).endpoint).to.not.equal(endpoint)
  })

  it('M5: every message is one event of one line', async () => {
    const { stream, post } = await open()
    await shake(stream, post, '2024-11-05')
    const text = 'é世🚀\u2028\r\n data: x\n\n: y'
    await post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'go', arguments: { text } } })
    expect((await stream.message((message) => message.id === 1)).result.got.text).to.equal(text)
    for (const event of stream.events.items.slice(1))
      expect([event.name, event.id]).to.deep.equal(['message', undefined])
  })

  it('M6: a POST is answered 202 without a body, its answer comes on the stream', async () => {
    const { stream, post } = await open()
    const posted = await post({ jsonrpc: '2.0', id: 1, method: 'ping' })
    expect([posted.status, await posted.text()]).to.deep.equal([202, ''])
    await stream.message((message) => message.id === 1)
  })

  const REFUSED: readonly (readonly [title: string, status: number, body: string, headers?: Record<string, string>])[] =
    [
      ['broken JSON', 400, '{"jsonrpc"'],
      ['an empty body', 400, ''],
      ['an array', 400, '[{"jsonrpc":"2.0","id":1,"method":"ping"}]'],
      ['what is not JSON-RPC', 400, '{"id":1,"method":"ping"}'],
      ['another content type', 415, '{"jsonrpc":"2.0","id":1,"method":"ping"}', { 'content-type': 'text/plain' }],
      ['a body beyond the limit', 413, `"${'x'.repeat(5 * 1024 * 1024)}"`],
    ]
  for (const [title, status, body, headers] of REFUSED) {
    it(`M6: ${title} is ${status}, and the stream lives on`, async () => {
      const { stream, post } = await open()
      expect((await post(body, headers)).status).to.equal(status)
      await post({ jsonrpc: '2.0', id: 1, method: 'ping' }, { 'content-type': 'application/json; charset=utf-8' })
      await stream.message((message) => message.id === 1)
    })
  }

  it('M6, M101: an unknown session and a foreign one are the same 404, none at all is 400', async () => {
    const { endpoint } = await open('/sse', { authorization: 'Bearer one' })
    const body = { jsonrpc: '2.0', id: 1, method: 'ping' }
    const unknown = await send(closing, `${hub.url}/messages?sessionId=${'0'.repeat(32)}`, { body })
    const foreign = await send(closing, `${hub.url}${endpoint}`, { body, headers: { authorization: 'Bearer other' } })
    const elsewhere = await send(closing, `${hub.url}/team${endpoint}`, {
      body,
      headers: { authorization: 'Bearer one' },
    })
    expect([unknown.status, foreign.status, elsewhere.status]).to.deep.equal([404, 404, 404])
    expect(await foreign.text()).to.equal(await unknown.text())
    expect((await send(closing, `${hub.url}/messages?sessionId=`, { body })).status).to.equal(400)
  })

  for (const version of ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']) {
    it(`M7: ${version} is agreed on here, too`, async () => {
      const { stream, post } = await open()
      expect((await shake(stream, post, version)).protocolVersion).to.equal(version)
    })
  }

  it('M8: POST to /sse is 405', async () => {
    const answer = await send(closing, `${hub.url}/sse`, { body: { jsonrpc: '2.0', id: 1, method: 'initialize' } })
    expect([answer.status, answer.headers.allow]).to.deep.equal([405, 'GET, OPTIONS'])
  })

  it('M9: when the stream closes the session ends: its calls are cancelled, its connection is given back', async () => {
    const { stream, post } = await open()
    await shake(stream, post, '2025-06-18')
    await post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'go', arguments: { wait: true } } })
    const peer = await servers.got(1)
    stream.leave()
    let status = 202
    while (status !== 404) status = (await post({ jsonrpc: '2.0', method: 'notifications/x' })).status
    expect(peer.closed).to.equal(true)
    expect(peer.received.at(-1)).to.deep.include({ method: 'notifications/cancelled' })
  })

  it('M10: a silent stream gets comments', async () => {
    const quick = await startHub(closing, servers, { times: { keepAliveMs: 5 } })
    const stream = await send(closing, `${quick.url}/sse`)
    await stream.events.find((event) => event.name === 'endpoint')
    while (stream.comments.length < 2) await new Promise((resolve) => setImmediate(resolve))
    expect(stream.comments[0]).to.equal(':')
  })

  it('M11: a reader that is more than 8 MiB behind is cut off', async () => {
    const { stream, post } = await open()
    await shake(stream, post, '2025-06-18')
    await post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'go', arguments: { wait: true } } })
    const peer = await servers.got(1)
    // Everything is said before the reader gets a turn.
    const text = 'x'.repeat(1024 * 1024)
    for (let n = 0; n < 24; n += 1) peer.say({ jsonrpc: '2.0', method: 'notifications/x', params: { text } })
    await stream.events.over()
    expect(peer.closed).to.equal(true)
  })

  it('M49: two clients with equal ids get their own answers', async () => {
    const [one, other] = [await open(), await open()]
    for (const { stream, post } of [one, other]) await shake(stream, post, '2025-06-18')
    const call = (n: number) => ({
      jsonrpc: '2.0',
      id: 5,
      method: 'tools/call',
      params: { name: 'go', arguments: { n } },
    })
    await Promise.all([one.post(call(1)), other.post(call(2))])
    expect((await one.stream.message((message) => message.id === 5)).result.got.n).to.equal(1)
    expect((await other.stream.message((message) => message.id === 5)).result.got.n).to.equal(2)
  })
})
