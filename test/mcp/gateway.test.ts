import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { CreateMessageRequestSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { expect } from 'chai'
import { type Closing, createClosing, makeTempDir } from '../support/close-all.ts'
import type { TestGateway } from '../support/gateway.ts'
import { configureFixture } from '../support/mcp/fixture-program.ts'
import { startMcpGateway } from '../support/mcp/mcp-gateway.ts'
import { beginSession, modern, send } from '../support/mcp/wire.ts'
import { byHand } from '../support/mcp-upstream/servers.ts'

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const EVERYTHING = root('node_modules/@modelcontextprotocol/server-everything/dist/index.js')
const INSPECTOR = root('node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js')
const PROGRAM = root('bin/interlingua.js')

describe('mcp, through the whole gateway', function () {
  this.timeout(60_000)
  let closing: Closing
  beforeEach(() => {
    closing = createClosing()
  })
  afterEach(() => closing.closeAll())

  const fixture = async (more: object = {}): Promise<TestGateway> =>
    startMcpGateway(closing, { mcpServers: { fixture: await configureFixture(closing, 'stdio', 'both') }, ...more })

  async function connect(transport: SSEClientTransport | StdioClientTransport | StreamableHTTPClientTransport) {
    const client = closing.add(new Client({ name: 'test', version: '1' }), (open) => open.close())
    // Their types disagree about what is optional.
    await client.connect(transport as Parameters<Client['connect']>[0])
    return client
  }

  it('M84, M111: kill -9 of a server in the middle of a call gives isError and a working next call', async () => {
    const gateway = await fixture()
    const session = await beginSession(closing, `${gateway.url}/mcp`)
    const call = async (name: string, args = {}) => {
      const events = await (await session.request('tools/call', { name, arguments: args })).events.over()
      return events.at(-1)?.message.result
    }
    const { pid } = (await call('counters')).structuredContent
    const waiting = call('slow', { ms: 60_000 })
    // The server answers in the order of its work: this one has begun when the other is done.
    await call('echo')
    process.kill(pid, 'SIGKILL')
    const killed = await waiting
    expect(killed.isError).to.equal(true)
    expect(killed.content[0].text).to.contain('fixture')
    expect((await call('echo', { fine: true })).structuredContent.arguments).to.deep.equal({ fine: true })
  })

  it('M80, M108: one dead server neither empties nor delays the lists of the others', async () => {
    const gateway = await startMcpGateway(closing, {
      mcpServers: { dead: { command: '/nonexistent' }, fixture: await configureFixture(closing, 'stdio', 'both') },
    })
    const before = performance.now()
    const { result } = await (await send(closing, `${gateway.url}/mcp`, modern('tools/list'))).json()
    expect(performance.now() - before).to.be.lessThan(1000)
    expect(result.tools.length).to.be.greaterThan(20)
  })

  it('M109: what a server says while it works reaches the client at once, and its questions are answered', async () => {
    const gateway = await startMcpGateway(closing, {
      mcpServers: { fixture: await configureFixture(closing, 'stdio', 'legacy'), hand: byHand('--era', 'legacy') },
    })
    const client = closing.add(
      new Client({ name: 'test', version: '1' }, { capabilities: { sampling: {}, elicitation: {} } }),
      (open) => open.close(),
    )
    client.setRequestHandler(CreateMessageRequestSchema, () => ({
      model: 'm',
      role: 'assistant',
      content: { type: 'text', text: 'sampled' },
    }))
    client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { username: 'elicited' } }))
    await client.connect(new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`)) as Transport)
    const call = async (name: string, args: Record<string, unknown>) =>
      JSON.stringify((await client.callTool({ name, arguments: args })).content)
    expect(await call('test_sampling', { prompt: 'say' })).to.contain('sampled')
    expect(await call('test_elicitation', { message: 'who' })).to.contain('elicited')
    // This call never ends: its progress is told all the same.
    const abort = new AbortController()
    const { promise: progressed, resolve: onprogress } = Promise.withResolvers<{ readonly progress: number }>()
    const hanging = client
      .callTool({ name: 'progress' }, undefined, { onprogress, signal: abort.signal })
      .catch(() => 'cancelled')
    expect((await progressed).progress).to.equal(1)
    abort.abort()
    expect(await hanging).to.equal('cancelled')
    const session = await beginSession(closing, `${gateway.url}/mcp`)
    const stream = await session.listen()
    expect([stream.status, stream.headers['content-type']]).to.deep.equal([200, 'text/event-stream'])
    stream.leave()
  })

  it('M101: with a key of its own the gateway asks for it on every request, also to go on with a session', async () => {
    const authorization = 'Bearer a-key-of-the-gateway'
    const mcpServers = { fixture: await configureFixture(closing, 'stdio', 'both') }
    const keys = { apiKeys: [], apiKey: 'a-key-of-the-gateway' }
    const gateway = await startMcpGateway(closing, { mcpServers }, { authorization }, { keys })
    const session = await beginSession(closing, `${gateway.url}/mcp`, { headers: { authorization } })
    for (const wrong of [{}, { authorization: 'Bearer another' }]) {
      for (const [method, path] of [
        ['POST', '/mcp'],
        ['GET', '/mcp'],
        ['DELETE', '/mcp'],
        ['GET', '/sse'],
        ['POST', '/messages?sessionId=x'],
      ]) {
        const body = method === 'POST' ? { body: { jsonrpc: '2.0', id: 1, method: 'ping' } } : {}
        const headers = { 'mcp-session-id': session.id, ...wrong }
        const answer = await send(closing, `${gateway.url}${path}`, { method: method ?? '', ...body, headers })
        expect([answer.status, answer.headers['www-authenticate']], `${method} ${path}`).to.deep.equal([401, 'Bearer'])
      }
    }
    const forged = await session.post({ jsonrpc: '2.0', id: 1, method: 'ping' }, { host: 'evil.example' })
    expect(forged.status, 'a key is no excuse for a foreign Host').to.equal(403)
    expect((await session.request('ping')).status).to.equal(200)
  })

  it('M99: a forged Host or Origin is 403 on every route, in the words of JSON-RPC', async () => {
    const gateway = await fixture()
    for (const path of [
      '/mcp',
      '/sse',
      '/mcp/http',
      '/mcp/fixture',
      '/messages?sessionId=x',
      '/nobody/mcp',
      '/nobody/sse',
      '/switch/mcp',
    ]) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        for (const headers of [{ host: 'evil.example' }, { origin: 'http://evil.example' }, { origin: 'null' }]) {
          const body = method === 'POST' ? { body: { jsonrpc: '2.0', id: 1, method: 'ping' } } : {}
          const answer = await send(closing, `${gateway.url}${path}`, {
            method,
            ...body,
            headers: headers as unknown as Record<string, string>,
          })
          expect(answer.status, `${method} ${path}`).to.equal(403)
          expect(await answer.json()).to.have.property('jsonrpc')
        }
      }
    }
  })

  it('the official SDK lists and calls with the same results as directly, over every transport', async () => {
    const order = { command: process.execPath, args: [EVERYTHING, 'stdio'] }
    const gateway = await startMcpGateway(closing, { mcpServers: { everything: order } })
    const direct = await connect(new StdioClientTransport({ ...order, stderr: 'ignore' }))
    const dataDir = await makeTempDir(closing)
    const through = [
      await connect(new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`))),
      await connect(new SSEClientTransport(new URL(`${gateway.url}/sse`))),
      await connect(
        new StdioClientTransport({
          command: process.execPath,
          args: ['--disable-warning=ExperimentalWarning', PROGRAM, 'mcp', '--url', gateway.url, '--data-dir', dataDir],
        }),
      ),
    ]
    const ask = async (client: Client) => ({
      tools: await client.listTools(),
      prompts: await client.listPrompts(),
      templates: await client.listResourceTemplates(),
      echo: await client.callTool({ name: 'echo', arguments: { message: 'é🚀' } }),
      sum: await client.callTool({ name: 'get-sum', arguments: { a: 1, b: 2 } }),
    })
    const wanted = await ask(direct)
    for (const client of through) expect(await ask(client)).to.deep.equal(wanted)
  })

  it('the inspector lists and calls through the hub with the results that it has directly', async () => {
    const gateway = await startMcpGateway(closing, {
      mcpServers: { everything: { command: process.execPath, args: [EVERYTHING, 'stdio'] } },
    })
    const LIST = ['--method', 'tools/list']
    const CALL = ['--method', 'tools/call', '--tool-name', 'echo', '--tool-arg', 'message=hi']
    const run = (method: readonly string[], ...target: string[]) =>
      new Promise<any>((resolve, reject) => {
        const args = [INSPECTOR, '--cli', ...target, ...method]
        execFile(process.execPath, args, { maxBuffer: 1e7 }, (error, stdout) => {
          if (error === null) resolve(JSON.parse(stdout))
          else reject(error)
        })
      })
    for (const method of [LIST, CALL]) {
      const wanted = await run(method, process.execPath, EVERYTHING, 'stdio')
      expect(await run(method, `${gateway.url}/sse`, '--transport', 'sse')).to.deep.equal(wanted)
      expect(await run(method, `${gateway.url}/mcp`, '--transport', 'http')).to.deep.equal(wanted)
    }
  })
})
