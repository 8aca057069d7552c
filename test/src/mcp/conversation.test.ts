import { PassThrough } from 'node:stream'
import { expect } from 'chai'
import { createHub } from '../../../src/mcp/hub.ts'
import { serveStdio } from '../../../src/mcp/stdio/serve-stdio.ts'
import { type Closing, createClosing } from '../../support/close-all.ts'
import { answering, createFakeServers } from '../../support/mcp/fake-servers.ts'
import { Recorder } from '../../support/mcp/recorder.ts'
import { modern } from '../../support/mcp/wire.ts'

describe('mcp/conversation, on standard input and output', () => {
  let closing: Closing
  beforeEach(() => {
    closing = createClosing()
  })
  afterEach(() => closing.closeAll())

  function start() {
    const servers = createFakeServers([
      {
        name: 'a',
        eras: ['legacy', 'modern'],
        behave: answering({
          'tools/call': ({ params }) => (params.name === 'wait' ? undefined : { got: params.arguments }),
        }),
        catalogue: { tools: [{ name: 'go' }, { name: 'wait' }] },
      },
    ])
    const hub = createHub({ servers, version: '0', instanceId: 'i', warn: () => {}, report: () => {} })
    closing.add(hub, () => hub.close())
    const [input, output] = [new PassThrough(), new PassThrough()]
    const told = new Recorder<any>()
    let rest = ''
    output.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) told.add(JSON.parse(line))
    })
    const scope = { group: undefined, server: undefined }
    const served = serveStdio({
      input,
      output,
      converse: (deliver) => hub.converse({ scope, keyId: 'stdio', deliver }),
    })
    const write = (...lines: (object | string)[]) =>
      input.write(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''))
    return { servers, input, told, served, write }
  }

  const HELLO = {
    jsonrpc: '2.0',
    id: 'i',
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {} },
  }

  it('M116: both eras are served on one channel, each message by what it shows', async () => {
    const { write, told } = start()
    write(HELLO)
    await told.find((message) => message.id === 'i')
    write(
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'go', arguments: { n: 1 } } },
      modern('tools/call', { name: 'go', arguments: { n: 2 } }, { id: 2 }).body,
    )
    expect((await told.find((message) => message.id === 1)).result).to.deep.equal({ got: { n: 1 } })
    expect((await told.find((message) => message.id === 2)).result).to.deep.equal({ got: { n: 2 } })
  })

  it('M45: a modern request is cancelled by a notification here', async () => {
    const { write, servers } = start()
    write(modern('tools/call', { name: 'wait' }, { id: 'w' }).body)
    const peer = await servers.got('w')
    write({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'w' } })
    while (!peer.closed) await new Promise((resolve) => setImmediate(resolve))
    expect(peer.received.at(-1)).to.deep.include({ method: 'notifications/cancelled' })
  })

  it('M73, M116: lines are cut at line feeds only; blank ones and CR do not matter, broken ones are answered', async () => {
    const { write, told } = start()
    write('', '  \r', 'broken', `${JSON.stringify(HELLO)}\r`)
    await told.find((message) => message.id === 'i')
    write(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"go","arguments":{"text":"a\u2028b\u2029c"}}}',
    )
    expect((await told.find((message) => message.id === 1)).result.got.text).to.equal('a\u2028b\u2029c')
    expect(told.items[0]).to.deep.include({ jsonrpc: '2.0' }).and.not.have.property('id')
    expect(told.items[0].error.code).to.equal(-32700)
  })

  it('M116: when the input ends, calls are cancelled and connections given back', async () => {
    const { write, servers, input, told, served } = start()
    write(HELLO)
    await told.find((message) => message.id === 'i')
    write({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'wait' } })
    const peer = await servers.got(1)
    input.end()
    await served
    expect(peer.closed).to.equal(true)
  })
})
