import { expect } from 'chai'
import { type Closing, createClosing } from '../../../support/close-all.ts'
import { startSession } from '../../../support/mcp/client-session.ts'
import { createFakeServers, type FakePeer, type FakeServers } from '../../../support/mcp/fake-servers.ts'

const NS = 'io.modelcontextprotocol/'
const ID = `${NS}subscriptionId`
const LISTENING = {
  tools: { listChanged: true },
  resources: { subscribe: true, listChanged: true },
  logging: {},
  extensions: { x: {} },
}

describe('mcp/bridge, a legacy client and a modern server', () => {
  let closing: Closing
  let servers: FakeServers
  beforeEach(() => {
    closing = createClosing()
    servers = createFakeServers([
      {
        name: 'new',
        eras: ['modern'],
        facts: { capabilities: LISTENING },
        behave: (message, peer) => {
          if (message.method !== 'subscriptions/listen') return
          peer.say({
            jsonrpc: '2.0',
            method: 'notifications/subscriptions/acknowledged',
            params: { _meta: { [ID]: message.id } },
          })
        },
        catalogue: { tools: [{ name: 'go' }], resources: [{ uri: 'new:one' }] },
      },
    ])
  })
  afterEach(() => closing.closeAll())

  const capabilities = { elicitation: { form: {} }, odd: 1 }
  async function start() {
    const session = await startSession(closing, servers, { capabilities })
    session.send({
      id: 1,
      method: 'tools/call',
      params: { name: 'go', arguments: { a: 1 }, _meta: { progressToken: 5 } },
    })
    const peer = await servers.got(1)
    return { session, peer }
  }
  const sent = (peer: FakePeer, method: string) => peer.received.filter((message) => message.method === method)
  const wants = (more: object) => ({ resultType: 'input_required', ...more })

  it('every request says all of itself', async () => {
    const { peer } = await start()
    const [message] = sent(peer, 'tools/call')
    expect(message.params).to.deep.equal({
      name: 'go',
      arguments: { a: 1 },
      _meta: {
        progressToken: 5,
        [`${NS}protocolVersion`]: '2026-07-28',
        [`${NS}clientCapabilities`]: capabilities,
        [`${NS}clientInfo`]: { name: 'test', version: '1' },
      },
    })
  })

  it('the result loses what only the modern era has, and nothing else', async () => {
    const { session, peer } = await start()
    peer.answer(1, {
      resultType: 'complete',
      ttlMs: 1,
      cacheScope: 'public',
      content: [],
      more: [1],
      _meta: { [`${NS}serverInfo`]: {}, kept: 1 },
    })
    const { message } = await session.told.find((item) => item.message.id === 1 && item.message.method === undefined)
    expect(message.result).to.deep.equal({ content: [], more: [1], _meta: { kept: 1 } })
  })

  it('M48: no empty _meta is left behind', async () => {
    const { session, peer } = await start()
    peer.answer(1, { resultType: 'complete', content: [], _meta: { [`${NS}serverInfo`]: {} } })
    expect(
      (await session.told.find((item) => item.message.id === 1 && item.message.method === undefined)).message.result,
    ).to.deep.equal({ content: [] })
  })

  it('M39: input that is wanted is asked for by requests, and the call is repeated with the answers and the state', async () => {
    const { session, peer } = await start()
    const form = { method: 'elicitation/create', params: { message: 'Who?' } }
    peer.answer(1, wants({ requestState: 's1', inputRequests: { a: form, b: { method: 'roots/list' } } }))
    const asked = await session.heard('elicitation/create')
    const roots = await session.heard('roots/list')
    expect([asked.relatedTo, asked.message.params, roots.message]).to.deep.equal([
      1,
      form.params,
      { jsonrpc: '2.0', id: roots.message.id, method: 'roots/list' },
    ])
    session.send({ id: roots.message.id, result: { roots: [] } })
    session.send({ id: asked.message.id, result: { action: 'accept' } })
    const [, again] = sent(peer, 'tools/call')
    expect(again.id).to.not.equal(1)
    expect(again.params).to.deep.include({
      arguments: { a: 1 },
      requestState: 's1',
      inputResponses: { a: { action: 'accept' }, b: { roots: [] } },
    })
    peer.answer(again.id, { resultType: 'complete', content: [] })
    expect(
      (await session.told.find((item) => item.message.id === 1 && item.message.method === undefined)).message,
    ).to.deep.equal({
      jsonrpc: '2.0',
      id: 1,
      result: { content: [] },
    })
  })

  it('a state without questions is brought back at once, and a server that asks for ever is stopped', async () => {
    const { session, peer } = await start()
    peer.answer(1, wants({ requestState: 0 }))
    for (let n = 1; n < 40; n += 1) {
      const last = sent(peer, 'tools/call').at(-1)
      if (n === 1) expect(last.params).to.deep.include({ requestState: 0 }).and.not.have.property('inputResponses')
      peer.answer(last.id, wants({ requestState: n }))
    }
    expect(
      (await session.told.find((item) => item.message.id === 1 && item.message.method === undefined)).message.error
        .code,
    ).to.equal(-32603)
  })

  it('a client that refuses ends the call with its own error', async () => {
    const { session, peer } = await start()
    peer.answer(1, wants({ inputRequests: { a: { method: 'roots/list' } } }))
    const { message } = await session.heard('roots/list')
    session.send({ id: message.id, error: { code: -32601, message: 'no roots' } })
    expect(
      (await session.told.find((item) => item.message.id === 1 && item.message.method === undefined)).message.error,
    ).to.deep.include({ code: -32601 })
  })

  it('M95: a cancelled call is cancelled by the id that the server knows', async () => {
    const { session, peer } = await start()
    peer.answer(1, wants({ requestState: 's' }))
    const again = sent(peer, 'tools/call').at(-1)
    session.send({ method: 'notifications/cancelled', params: { requestId: 1, reason: 'r' } })
    expect(peer.received.at(-1)).to.deep.equal({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: again.id, reason: 'r' },
    })
  })

  it('one listening per session is opened, and opened anew when subscriptions change', async () => {
    const { session, peer } = await start()
    const [first] = sent(peer, 'subscriptions/listen')
    expect(first.params.notifications).to.deep.equal({ toolsListChanged: true, resourcesListChanged: true })
    expect((await session.ask('resources/subscribe', { uri: 'new:one' })).result).to.deep.equal({})
    const [, second] = sent(peer, 'subscriptions/listen')
    expect(second.params.notifications).to.deep.equal({
      toolsListChanged: true,
      resourcesListChanged: true,
      resourceSubscriptions: ['new:one'],
    })
    expect(sent(peer, 'notifications/cancelled')[0].params).to.deep.equal({ requestId: first.id })
    const say = (id: unknown, method: string, params = {}) =>
      peer.say({ jsonrpc: '2.0', method, params: { ...params, _meta: { [ID]: id } } })
    say(second.id, 'notifications/resources/updated', { uri: 'new:one' })
    say(first.id, 'notifications/resources/updated', { uri: 'new:one' })
    say(second.id, 'notifications/tools/list_changed')
    const told = session.told.items.filter((item) => item.message.method !== undefined).map((item) => item.message)
    expect(told).to.deep.equal([
      { jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'new:one' } },
      { jsonrpc: '2.0', method: 'notifications/tools/list_changed' },
    ])
    await session.ask('resources/unsubscribe', { uri: 'new:one' })
    expect(sent(peer, 'subscriptions/listen').at(-1).params.notifications).to.not.have.property('resourceSubscriptions')
  })

  it('a level becomes part of every request', async () => {
    const { session, peer } = await start()
    expect((await session.ask('logging/setLevel', { level: 'warning' })).result).to.deep.equal({})
    session.send({ id: 2, method: 'tools/call', params: { name: 'go' } })
    await servers.got(2)
    expect(sent(peer, 'tools/call').at(-1).params._meta[`${NS}logLevel`]).to.equal('warning')
    expect(sent(peer, 'logging/setLevel')).to.have.length(0)
  })

  it('the server is never told what it could not know: roots, progress, initialized', async () => {
    const { session, peer } = await start()
    const before = peer.received.length
    session.send({ method: 'notifications/roots/list_changed' })
    expect(peer.received).to.have.length(before)
  })
})
