import { expect } from 'chai'
import { type Closing, createClosing } from '../../../support/close-all.ts'
import { startSession } from '../../../support/mcp/client-session.ts'
import { createFakeServers, type FakePeer, type FakeServer } from '../../../support/mcp/fake-servers.ts'

const silent = (name: string): FakeServer => ({
  name,
  eras: ['legacy'],
  behave: () => {},
  catalogue: { tools: [{ name: 'go' }] },
})

const asks = (peer: FakePeer, id: string | number, method = 'sampling/createMessage', relatedTo?: string | number) =>
  peer.say({ jsonrpc: '2.0', id, method, params: { odd: [1], _meta: { progressToken: 'of-server' } } }, relatedTo)

describe('mcp/client/server-requests', () => {
  let closing: Closing
  beforeEach(() => {
    closing = createClosing()
  })
  afterEach(() => closing.closeAll())

  async function start(names: readonly string[], times = {}) {
    const servers = createFakeServers(names.map(silent))
    const session = await startSession(closing, servers, { times })
    const peers: FakePeer[] = []
    for (const [index, name] of names.entries()) {
      session.send({ id: index, method: 'tools/call', params: { name: names.length === 1 ? 'go' : `${name}__go` } })
      peers.push(await servers.got(index))
    }
    return { servers, session, peers: peers as [FakePeer, ...FakePeer[]] }
  }

  it('M49: equal ids of two servers become two ids, and each answer finds the way back', async () => {
    const { session, peers } = await start(['a', 'b'])
    const [a, b] = peers
    asks(a, 1)
    asks(b as FakePeer, 1)
    const [one, other] = session.told.items.filter((item) => item.message.method === 'sampling/createMessage')
    expect(one?.message.id).to.not.equal(other?.message.id)
    session.send({ id: other?.message.id, result: { for: 'b', odd: null } })
    session.send({ id: one?.message.id, error: { code: 1, message: 'no', more: 2 } })
    expect(b?.received.at(-1)).to.deep.equal({ jsonrpc: '2.0', id: 1, result: { for: 'b', odd: null } })
    expect(a.received.at(-1)).to.deep.equal({ jsonrpc: '2.0', id: 1, error: { code: 1, message: 'no', more: 2 } })
  })

  it('M54: it goes on the stream of the call that caused it, as far as the transport tells', async () => {
    const { session, peers, servers } = await start(['a'])
    const [peer] = peers
    asks(peer, 'only')
    session.send({ id: 'second', method: 'tools/call', params: { name: 'go' } })
    await servers.got('second')
    asks(peer, 'youngest')
    asks(peer, 'told', 'elicitation/create', 0)
    const related = session.told.items.filter((item) => item.message.params?.odd).map((item) => item.relatedTo)
    expect(related).to.deep.equal([0, 'second', 0])
  })

  it('M54: a ping is answered by the hub', async () => {
    const { session, peers } = await start(['a'])
    asks(peers[0], 'p', 'ping')
    expect(peers[0].received.at(-1)).to.deep.equal({ jsonrpc: '2.0', id: 'p', result: {} })
    expect(session.told.items.some((item) => item.message.method === 'ping')).to.equal(false)
  })

  it('M56: a client that does not answer is an error to the server, and is told that nobody waits', async () => {
    const { session, peers } = await start(['a'], { clientAnswerMs: 5, elicitationMs: 60_000 })
    asks(peers[0], 1)
    asks(peers[0], 2, 'elicitation/create')
    const { message } = await session.heard('notifications/cancelled')
    expect(message.params.requestId).to.equal(
      session.told.items.find((item) => item.message.method === 'sampling/createMessage')?.message.id,
    )
    expect(peers[0].received.at(-1)).to.deep.include({
      id: 1,
      error: { code: -32603, message: 'The client did not answer in time.' },
    })
    session.send({ id: message.params.requestId, result: {} })
    expect(peers[0].received.at(-1).id).to.equal(1)
  })

  it('M56: a client that leaves is an error to every server that waits for it', async () => {
    const { session, peers } = await start(['a'])
    asks(peers[0], 1)
    session.session.close()
    expect(peers[0].received.find((message) => message.error !== undefined)).to.deep.include({ id: 1 })
  })

  it('a server that takes its question back is heard with the id that the client knows', async () => {
    const { session, peers } = await start(['a'])
    asks(peers[0], 's')
    peers[0].say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 's', reason: 'late' } })
    const asked = (await session.heard('sampling/createMessage')).message
    expect((await session.heard('notifications/cancelled')).message.params).to.deep.equal({
      requestId: asked.id,
      reason: 'late',
    })
  })

  it('progress of the client on what it was asked goes to the server that asked', async () => {
    const { session, peers } = await start(['a', 'b'])
    asks(peers[1] as FakePeer, 1)
    session.send({ method: 'notifications/progress', params: { progressToken: 'of-server', progress: 1 } })
    expect(peers[1]?.received.at(-1).params).to.deep.equal({ progressToken: 'of-server', progress: 1 })
    expect(peers[0].received).to.have.length(1)
  })

  it('roots/list_changed goes to every server of the session', async () => {
    const { session, peers } = await start(['a', 'b'])
    session.send({ method: 'notifications/roots/list_changed' })
    expect(peers.map((peer) => peer.received.at(-1).method)).to.deep.equal(
      Array(2).fill('notifications/roots/list_changed'),
    )
  })

  it('M57: elicitation by URL and its end pass word for word', async () => {
    const { session, peers } = await start(['a'])
    const params = { mode: 'url', elicitationId: 'e1', url: 'https://sign.example/in', message: 'Sign in' }
    peers[0].say({ jsonrpc: '2.0', id: 1, method: 'elicitation/create', params })
    const done = { jsonrpc: '2.0', method: 'notifications/elicitation/complete', params: { elicitationId: 'e1' } }
    peers[0].say(done)
    expect((await session.heard('elicitation/create')).message.params).to.deep.equal(params)
    expect((await session.heard('notifications/elicitation/complete')).message).to.deep.equal(done)
  })
})
