import { expect } from 'chai'
import { type Closing, createClosing } from '../../../support/close-all.ts'
import { answering, createFakeServers, type FakeServer, type FakeServers } from '../../../support/mcp/fake-servers.ts'
import { startHub, type TestHub } from '../../../support/mcp/hub.ts'
import { modern, send } from '../../../support/mcp/wire.ts'

const ID = 'io.modelcontextprotocol/subscriptionId'
const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged'

function server(name: string, eras: FakeServer['eras']): FakeServer {
  return {
    name,
    eras,
    behave: (message, peer) => {
      if (message.method !== 'subscriptions/listen') answering({})(message, peer)
      else peer.say({ jsonrpc: '2.0', method: ACKNOWLEDGED, params: { _meta: { [ID]: message.id } } }, message.id)
    },
    catalogue: { tools: [{ name: 'go' }], resources: [{ uri: `${name}:one` }] },
  }
}

describe('mcp/stateless/listen', () => {
  let closing: Closing
  let servers: FakeServers
  let hub: TestHub
  beforeEach(async () => {
    closing = createClosing()
    servers = createFakeServers([server('new', ['modern']), server('old', ['legacy'])])
    hub = await startHub(closing, servers, { times: { debounceMs: 1, keepAliveMs: 20 } })
  })
  afterEach(() => closing.closeAll())

  const listen = (notifications: object, id: string | number = 1) =>
    send(closing, `${hub.url}/mcp`, modern('subscriptions/listen', { notifications }, { id }))

  for (const id of [1, '1']) {
    it(`M38: what was asked for is acknowledged first, and everything bears the id ${JSON.stringify(id)} with its type`, async () => {
      const stream = await listen({ toolsListChanged: true, promptsListChanged: false, odd: true }, id)
      const first = await stream.message(() => true)
      expect(first).to.deep.equal({
        jsonrpc: '2.0',
        method: ACKNOWLEDGED,
        params: { notifications: { toolsListChanged: true }, _meta: { [ID]: id } },
      })
      servers.change('new', { tools: [{ name: 'other' }], prompts: [{ name: 'new' }] })
      const changed = await stream.message(({ method }) => method === 'notifications/tools/list_changed')
      expect(changed.params).to.deep.equal({ _meta: { [ID]: id } })
    })
  }

  it('M38: nothing comes that was not asked for', async () => {
    const tools = await listen({ toolsListChanged: true })
    const prompts = await listen({ promptsListChanged: true }, 2)
    await Promise.all([tools, prompts].map((stream) => stream.message(() => true)))
    servers.change('new', { tools: [{ name: 'x' }], prompts: [{ name: 'y' }] })
    await tools.message(({ method }) => method === 'notifications/tools/list_changed')
    await prompts.message(({ method }) => method === 'notifications/prompts/list_changed')
    expect([tools.events.items.length, prompts.events.items.length]).to.deep.equal([2, 2])
  })

  it('M38: updates of resources come from servers of either era, each asked in its own way', async () => {
    const stream = await listen({ resourceSubscriptions: ['new:one', 'old:one', 7] }, 'l')
    const { params } = await stream.message(({ method }) => method === ACKNOWLEDGED)
    expect(params.notifications).to.deep.equal({ resourceSubscriptions: ['new:one', 'old:one'] })
    const [fresh, old] = ['new', 'old'].map((name) => servers.peers.find((peer) => peer.connection.server === name))
    expect(old?.received[0]).to.deep.include({ method: 'resources/subscribe', params: { uri: 'old:one' } })
    expect(fresh?.received[0].params.notifications).to.deep.equal({ resourceSubscriptions: ['new:one'] })
    const updated = (uri: string, more = {}) => ({
      jsonrpc: '2.0',
      method: 'notifications/resources/updated',
      params: { uri, ...more },
    })
    old?.say(updated('old:one'))
    old?.say(updated('old:other'))
    fresh?.say(updated('new:one', { _meta: { [ID]: 'l', kept: 1 } }))
    await stream.message((message) => message.params.uri === 'new:one')
    const seen = stream.events.items.slice(1).map(({ message }) => [message.params.uri, message.params._meta])
    expect(seen).to.deep.equal([
      ['old:one', { [ID]: 'l' }],
      ['new:one', { [ID]: 'l', kept: 1 }],
    ])
  })

  it('M38: a silent stream gets comments, and leaving it gives its connections back', async () => {
    const stream = await listen({ resourceSubscriptions: ['old:one'] })
    await stream.message(() => true)
    while (stream.comments.length === 0) await new Promise((resolve) => setImmediate(resolve))
    stream.leave()
    while (servers.peers[0]?.closed !== true) await new Promise((resolve) => setImmediate(resolve))
  })

  it('M38: when the hub ends, the stream ends with a result', async () => {
    const stream = await listen({ toolsListChanged: true }, 'l')
    await stream.message(() => true)
    hub.hub.close()
    const { result } = await stream.message(({ id }) => id === 'l')
    expect(result).to.deep.include({ resultType: 'complete' })
    expect(result._meta[ID]).to.equal('l')
  })
})
