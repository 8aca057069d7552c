import { inspect } from 'node:util'
import { expect } from 'chai'
import { createClosing } from '../support/close-all.ts'
import { startMcpGateway } from '../support/mcp/mcp-gateway.ts'
import { beginSession, modern, send } from '../support/mcp/wire.ts'
import { byHand } from '../support/mcp-upstream/servers.ts'

const TOKEN = 'value-of-the-environment'
const KEY = 'key-of-the-gateway'
const WORD = 'word-of-an-argument'

describe('mcp: what the log tells', function () {
  this.timeout(30_000)
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  it('M102: ids of sessions, keys, states of held calls, arguments, results and the environment of servers are in no line', async () => {
    const authorization = `Bearer ${KEY}`
    const env = { TOKEN }
    const mcpServers = {
      s: { ...byHand('--era', 'legacy'), env },
      dead: { command: '/nonexistent', args: [], env },
      failing: { ...byHand('--fail', '1'), env },
    }
    const keys = { apiKeys: [], apiKey: KEY }
    const { url, lines } = await startMcpGateway(closing, { mcpServers }, { authorization }, { keys })

    const session = await beginSession(closing, `${url}/mcp`, { headers: { authorization } })
    const call = async (name: string) =>
      (await session.request('tools/call', { name, arguments: { word: WORD, method: 'roots/list' } })).text()
    expect(await call('echo'), 'the result repeats the arguments').to.contain(WORD)
    expect(await call('environment')).to.contain(TOKEN)
    expect(await call('crash')).to.contain('isError')
    await session.end()

    const ask = async (params: object) => {
      const { body, headers } = modern('tools/call', { name: 'ask', ...params }, { capabilities: { roots: {} } })
      return (await send(closing, `${url}/mcp`, { body, headers: { ...headers, authorization } })).json()
    }
    const asked = { arguments: { word: WORD, method: 'roots/list' } }
    const { requestState } = (await ask(asked)).result
    expect((await ask({ ...asked, requestState: `${requestState}x`, inputResponses: {} })).error.code).to.equal(-32602)
    await (await fetch(`${url}/mcp`, { headers: { authorization: `${authorization}x` } })).text()

    const told = inspect(lines, { depth: null, maxStringLength: null, maxArrayLength: null })
    expect(told, 'it does tell of both that cannot be started').to.contain('dead').and.contain('failing')
    for (const secret of [session.id, KEY, WORD, TOKEN, requestState]) {
      expect(secret).to.be.a('string').and.not.equal('')
      expect(told).to.not.contain(secret)
    }
  })
})
