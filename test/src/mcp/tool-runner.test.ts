import { expect } from 'chai'
import { createToolRunner, type ToolRunner } from '../../../src/mcp/tool-runner.ts'
import { createClosing } from '../../support/close-all.ts'
import { byHand, startServers } from '../../support/mcp-upstream/servers.ts'

describe('createToolRunner', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function start(era: string): Promise<ToolRunner> {
    const { servers } = await startServers(closing, { s: byHand('--era', era) })
    await servers.find('s')?.refresh()
    return createToolRunner({ servers, version: '0', instanceId: 'i' })
  }

  function call(
    runner: ToolRunner,
    name: string,
    args: object = {},
    signal = new AbortController().signal,
  ): Promise<any> {
    return runner.callTool({ group: undefined, name, arguments: { ...args }, owner: 'key', signal })
  }

  for (const era of ['legacy', 'modern']) {
    it(`M117 the tools of a group are listed and called under one name, on a ${era} server`, async () => {
      const runner = await start(era)
      const names = runner.listGroupTools(undefined).map(({ name }) => name)
      expect(names).to.include('echo')
      const { params } = await call(runner, 'echo', { a: 1 })
      expect(params).to.deep.include({ name: 'echo', arguments: { a: 1 } })
    })
  }

  it('M91 calls of one owner come to one and the same session', async () => {
    const runner = await start('legacy')
    const counted = [await call(runner, 'counted'), await call(runner, 'counted')]
    expect(counted.map(({ content }) => content[0].text)).to.deep.equal(['1', '2'])
  })

  it('M63 what goes wrong is a result with words for the model', async () => {
    const runner = await start('legacy')
    expect(await call(runner, 'crash')).to.have.property('isError', true)
    expect((await call(runner, 'ecko')).content[0].text).to.equal('There is no tool ecko. Did you mean echo?')
    expect(await call(runner, 'echo')).to.have.property('content')
    expect(runner.listGroupTools('nowhere')).to.deep.equal([])
  })

  it('M117 a server that asks is told that nobody is there, and its call ends', async () => {
    const runner = await start('legacy')
    const { answer } = await call(runner, 'ask', { method: 'sampling/createMessage' })
    expect(answer).to.be.an('object')
  })

  it('a cancelled call throws', async () => {
    const leaving = new AbortController()
    const hanging = call(await start('legacy'), 'hang', {}, leaving.signal).catch((error: Error) => error.name)
    setImmediate(() => leaving.abort())
    expect(await hanging).to.equal('AbortError')
  })
})
