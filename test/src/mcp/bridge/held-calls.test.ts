import { expect } from 'chai'
import { type Closing, createClosing } from '../../../support/close-all.ts'
import { createFakeServers, type FakePeer, type FakeServers } from '../../../support/mcp/fake-servers.ts'
import { startHub, type TestHub } from '../../../support/mcp/hub.ts'
import { modern, send } from '../../../support/mcp/wire.ts'

const NS = 'io.modelcontextprotocol/'
const FORM = { message: 'Who?', requestedSchema: {} }

describe('mcp/bridge, a modern client and a legacy server', () => {
  let closing: Closing
  let servers: FakeServers
  let hub: TestHub
  let now: number
  beforeEach(async () => {
    closing = createClosing()
    now = 0
    servers = createFakeServers([
      {
        name: 'old',
        eras: ['legacy'],
        behave: (message, peer) => {
          if (message.method === 'logging/setLevel') peer.answer(message.id, {})
        },
        catalogue: { tools: [{ name: 'go' }, { name: 'other' }], resources: [{ uri: 'old:one' }] },
      },
    ])
    hub = await startHub(closing, servers, { now: () => now, times: { gatherMs: 1, holdMs: 100 } })
  })
  afterEach(() => closing.closeAll())

  const capabilities = { elicitation: {}, sampling: {} }
  const post = (method: string, params: object, id: string, headers: Record<string, string> = {}) => {
    const order = modern(method, params, { id, capabilities })
    return send(closing, `${hub.url}/mcp`, { body: order.body, headers: { ...order.headers, ...headers } })
  }
  const call = (id: string, more: object = {}, headers = {}) => post('tools/call', { name: 'go', ...more }, id, headers)
  const ask = (peer: FakePeer, id: number, method = 'elicitation/create') =>
    peer.say({ jsonrpc: '2.0', id, method, params: FORM })

  /** A call that is held, with one question. */
  async function hold(headers = {}) {
    const waiting = call('first', {}, headers)
    const peer = await servers.got('first')
    ask(peer, 1)
    const { result } = await (await waiting).json()
    return { peer, result, state: result.requestState as string, key: String(Object.keys(result.inputRequests)[0]) }
  }

  it('M91: the server sees a legacy request of this client: no modern _meta, its capabilities declared', async () => {
    const waiting = call('x', { _meta: { traceparent: 't' } })
    const peer = await servers.got('x')
    expect(peer.received[0].params).to.deep.equal({ name: 'go', _meta: { traceparent: 't' } })
    expect(peer.options).to.deep.include({ era: 'modern', clientCapabilities: capabilities })
    peer.answer('x', { content: [], _meta: { kept: 1 } })
    expect((await (await waiting).json()).result).to.deep.equal({
      resultType: 'complete',
      content: [],
      _meta: { kept: 1, [`${NS}serverInfo`]: { name: 'old', version: '1' } },
    })
  })

  it('M33: what may be kept is marked as not to be kept', async () => {
    const waiting = post('resources/read', { uri: 'old:one' }, 'r')
    const peer = await servers.got('r')
    peer.answer('r', { contents: [] })
    expect((await (await waiting).json()).result).to.deep.include({
      resultType: 'complete',
      ttlMs: 0,
      cacheScope: 'private',
    })
  })

  it('M43, M96: a resource that is not found has the modern code', async () => {
    const waiting = post('resources/read', { uri: 'old:one' }, 'r')
    const peer = await servers.got('r')
    peer.say({ jsonrpc: '2.0', id: 'r', error: { code: -32002, message: 'none', data: { uri: 'old:one' } } })
    expect((await (await waiting).json()).error).to.deep.equal({
      code: -32602,
      message: 'none',
      data: { uri: 'old:one' },
    })
  })

  it('M92: questions that come together are told together, and the answers find the way back', async () => {
    const waiting = call('first')
    const peer = await servers.got('first')
    ask(peer, 1)
    ask(peer, 2, 'sampling/createMessage')
    const { result } = await (await waiting).json()
    expect(result.resultType).to.equal('input_required')
    const keys = Object.keys(result.inputRequests)
    expect(Object.values(result.inputRequests)).to.deep.equal([
      { method: 'elicitation/create', params: FORM },
      { method: 'sampling/createMessage', params: FORM },
    ])
    const [one = '', other = ''] = keys
    const again = call('second', {
      requestState: result.requestState,
      inputResponses: { [one]: { action: 'accept' }, [other]: { model: 'm' } },
    })
    while (peer.received.length < 3) await new Promise((resolve) => setImmediate(resolve))
    expect(peer.received.slice(1)).to.deep.equal([
      { jsonrpc: '2.0', id: 1, result: { action: 'accept' } },
      { jsonrpc: '2.0', id: 2, result: { model: 'm' } },
    ])
    peer.answer('first', { content: [] })
    expect(await (await again).json()).to.deep.include({ id: 'second' })
    expect(peer.closed).to.equal(true)
  })

  it('M92: the server may ask again, as often as it likes', async () => {
    const { peer, state, key } = await hold()
    const second = call('second', { requestState: state, inputResponses: { [key]: {} } })
    while (peer.received.length < 2) await new Promise((resolve) => setImmediate(resolve))
    ask(peer, 2)
    const { result } = await (await second).json()
    const [next = ''] = Object.keys(result.inputRequests)
    expect(next).to.not.equal(key)
    const third = call('third', { requestState: result.requestState, inputResponses: { [next]: {} } })
    while (peer.received.length < 3) await new Promise((resolve) => setImmediate(resolve))
    peer.answer('first', { done: true })
    expect((await (await third).json()).result.done).to.equal(true)
  })

  it('M42: responses that are none are -32602, missing ones are asked for again, unknown ones ignored', async () => {
    const { peer, state, key } = await hold()
    for (const inputResponses of [[], 'x', { [key]: 'x' }, { [key]: null }]) {
      const { error } = await (await call('bad', { requestState: state, inputResponses })).json()
      expect(error.code).to.equal(-32602)
    }
    const { result } = await (await call('again', { requestState: state, inputResponses: { other: {} } })).json()
    expect(Object.keys(result.inputRequests)).to.deep.equal([key])
    expect(peer.received).to.have.length(1)
  })

  it('M41: a state that was changed, belongs to another key or request, or has expired is -32602', async () => {
    const { state, key } = await hold({ authorization: 'one' })
    const inputResponses = { [key]: {} }
    const own = { authorization: 'one' }
    const code = async (answer: ReturnType<typeof send>) => (await (await answer).json()).error?.code
    expect(await code(call('a', { requestState: `${state}x`, inputResponses }, own))).to.equal(-32602)
    expect(await code(call('b', { requestState: state, inputResponses }, { authorization: 'two' }))).to.equal(-32602)
    expect(await code(call('c', { requestState: state, inputResponses, arguments: { other: 1 } }, own))).to.equal(
      -32602,
    )
    expect(await code(post('tools/call', { name: 'other', requestState: state, inputResponses }, 'd', own))).to.equal(
      -32602,
    )
    now = 1_000_000
    expect(await code(call('e', { requestState: state, inputResponses }, own))).to.equal(-32602)
  })

  it('M92, M93: a call whose client does not come back is cancelled, and its state leads nowhere', async () => {
    const { peer, state, key } = await hold()
    while (!peer.closed) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(peer.received.slice(1).map((message) => message.error?.code ?? message.method)).to.deep.equal([
      -32603,
      'notifications/cancelled',
    ])
    expect(
      (await (await call('x', { requestState: state, inputResponses: { [key]: {} } })).json()).error.code,
    ).to.equal(-32602)
  })

  it('M92: a key may hold so many calls and no more', async () => {
    const all = Array.from({ length: 70 }, (_, n) => call(`n${n}`))
    let refused = 0
    for (const waiting of all) {
      const answer = await Promise.race([
        waiting.then((sent) => sent.json()),
        new Promise<void>((resolve) => setTimeout(resolve, 50)),
      ])
      if (answer !== undefined) refused += 1
      if (refused === 6) break
    }
    expect(refused).to.equal(6)
  })

  it('M95: a modern client that leaves is a cancelled call to a legacy server', async () => {
    const order = modern('tools/call', { name: 'go' }, { id: 'w', capabilities })
    const stop = new AbortController()
    const gone = fetch(`${hub.url}/mcp`, {
      method: 'POST',
      body: JSON.stringify(order.body),
      headers: { ...order.headers, 'content-type': 'application/json', accept: '*/*' },
      signal: stop.signal,
    }).catch(() => {})
    const peer = await servers.got('w')
    stop.abort()
    await gone
    while (!peer.closed) await new Promise((resolve) => setImmediate(resolve))
    expect(peer.received.at(-1)).to.deep.include({ method: 'notifications/cancelled' })
  })

  it('M94: the level is set before a call that asks for logs, and only such a call gets them', async () => {
    const waiting = call('l', { _meta: { [`${NS}logLevel`]: 'error' } })
    const peer = await servers.got('l')
    expect(peer.received.map((message) => message.method)).to.deep.equal(['logging/setLevel', 'tools/call'])
    expect(peer.received[0].params).to.deep.equal({ level: 'error' })
    for (const level of ['info', 'error'])
      peer.say({ jsonrpc: '2.0', method: 'notifications/message', params: { level, data: 1 } })
    peer.answer('l', {})
    const events = await (await waiting).events.over()
    expect(events.map(({ message }) => message.params?.level)).to.deep.equal(['error', undefined])
    const mute = call('m')
    const other = await servers.got('m')
    other.say({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'error', data: 1 } })
    other.answer('m', {})
    expect((await mute).headers['content-type']).to.equal('application/json')
  })

  it('a ping of the server is answered by the hub', async () => {
    const waiting = call('p')
    const peer = await servers.got('p')
    ask(peer, 9, 'ping')
    expect(peer.received.at(-1)).to.deep.equal({ jsonrpc: '2.0', id: 9, result: {} })
    peer.answer('p', {})
    await (await waiting).text()
  })
})
