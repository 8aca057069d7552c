import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { type Closing, createClosing, makeTempDir } from '../../support/close-all.ts'
import { configureFixture } from '../../support/mcp/fixture-program.ts'
import { Recorder } from '../../support/mcp/recorder.ts'

const PROGRAM = fileURLToPath(new URL('../../../bin/interlingua.js', import.meta.url))

describe('cli/mcp', function () {
  this.timeout(60_000)
  let closing: Closing
  beforeEach(() => {
    closing = createClosing()
  })
  afterEach(() => closing.closeAll())

  async function run(config: object, ...flags: string[]) {
    const folder = await makeTempDir(closing)
    // Port 9 is nobody's: no gateway is found there.
    await writeFile(join(folder, 'config.json'), JSON.stringify({ port: 9, ...config }))
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', PROGRAM, 'mcp', '--data-dir', folder, ...flags],
      {
        env: { PATH: process.env['PATH'] ?? '', HOME: folder },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    )
    const lines = new Recorder<any>()
    let rest = ''
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text
    })
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const cut = (rest + text).split('\n')
      rest = cut.pop() ?? ''
      for (const line of cut) lines.add(JSON.parse(line))
    })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    closing.add(child, async () => {
      child.kill('SIGKILL')
      await ended
    })
    const write = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
    return { child, lines, ended, write, errors: () => errors }
  }

  const HELLO = { id: 'i', method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {} } }

  it('M116: without a gateway it is the hub itself; it ends with its input and takes its servers along', async () => {
    const { child, lines, ended, write } = await run({
      mcpServers: { fixture: await configureFixture(closing, 'stdio', 'both') },
    })
    write(HELLO)
    await lines.find((message) => message.id === 'i')
    write({ method: 'notifications/initialized' })
    write({ id: 1, method: 'tools/list' })
    const { result } = await lines.find((message) => message.id === 1)
    expect(result.tools.length, 'the first client waits for the first lists').to.be.greaterThan(20)
    write({ id: 2, method: 'tools/call', params: { name: 'counters' } })
    const { pid } = (await lines.find((message) => message.id === 2)).result.structuredContent
    child.stdin.end()
    expect(await ended).to.equal(0)
    expect(() => process.kill(pid, 0)).to.throw()
  })

  it('M116: a group that is not there is one line on standard error, and nothing on standard output', async () => {
    const { lines, ended, errors } = await run({}, '--group', 'nobody')
    expect(await ended).to.equal(1)
    expect(errors()).to.equal('interlingua: There is no group nobody.\n')
    expect(lines.items).to.have.length(0)
  })

  it('M116: a gateway that is named and does not answer is told in one line', async () => {
    const { ended, errors } = await run({}, '--url', 'http://127.0.0.1:9')
    expect(await ended).to.equal(1)
    expect(errors()).to.match(/^interlingua: .+\n$/)
  })
})
