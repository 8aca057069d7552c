import { expect } from 'chai'
import { createClosing } from '../../support/close-all.ts'
import { startMcpGateway } from '../../support/mcp/mcp-gateway.ts'
import { beginSession, modern, send } from '../../support/mcp/wire.ts'
import { byHand } from '../../support/mcp-upstream/servers.ts'

describe('the search for tools', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  const start = () =>
    startMcpGateway(closing, {
      mcpServers: { s: byHand(), other: byHand() },
      groups: { g: { mcp: { servers: ['s', 'other'], search: true, deny: ['other__*'] } } },
    })

  /** What a caller of either era asks, and is told. */
  async function openBoth() {
    const { url } = await start()
    // A gateway is ready with the first lists of any server; what is looked for is this one's.
    await send(closing, `${url}/mcp/s`, modern('tools/list'))
    const session = await beginSession(closing, `${url}/g/mcp`)
    return {
      url,
      eras: {
        legacy: async (method: string, params: object) => {
          const answer = await session.request(method, params)
          const isJson = answer.headers['content-type'] === 'application/json'
          return isJson ? answer.json() : answer.message((message) => 'id' in message)
        },
        modern: async (method: string, params: object) =>
          (await send(closing, `${url}/g/mcp`, modern(method, params))).json(),
      },
    }
  }

  for (const era of ['legacy', 'modern'] as const) {
    it(`M110 a client of the ${era} era sees two tools, finds the others by them and calls what it has found`, async () => {
      const ask = (await openBoth()).eras[era]
      const call = async (name: string, args: object) => ask('tools/call', { name, arguments: args })
      const { tools } = (await ask('tools/list', {})).result
      expect(tools.map(({ name }: { name: string }) => name)).to.deep.equal(['find_tools', 'call_tool'])
      const { structuredContent, content } = (await call('find_tools', { query: 'Echo, please' })).result
      expect(structuredContent).to.deep.equal({ tools: [{ name: 'echo', inputSchema: { type: 'object' } }], found: 1 })
      expect(JSON.parse(content[0].text)).to.deep.equal(structuredContent)
      expect((await call('find_tools', { query: '', limit: 3 })).result.structuredContent.tools).to.have.length(3)
      expect((await call('find_tools', { query: 'zebra' })).result.structuredContent).to.deep.equal({
        tools: [],
        found: 0,
      })
      const { params } = (await call('call_tool', { name: 'echo', arguments: { a: 1 } })).result
      expect(params).to.deep.include({ name: 'echo', arguments: { a: 1 } })
      expect((await call('echo', {})).result.params.name, 'by its own name it is called, too').to.equal('echo')
      for (const [name, args] of [
        ['find_tools', {}],
        ['call_tool', {}],
        ['call_tool', { name: 'nobody' }],
      ] as const) {
        expect((await call(name, args)).error.code, name).to.equal(-32602)
      }
    })
  }

  it('M110 the path of one server lists its tools all the same', async () => {
    const { url } = await openBoth()
    const { result } = await (await send(closing, `${url}/g/mcp/s`, modern('tools/list'))).json()
    expect(result.tools.map(({ name }: { name: string }) => name)).to.include('echo')
  })
})
