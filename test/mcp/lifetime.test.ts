import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { openStore } from '../../src/store/open-store.ts'
import { createClosing, makeTempDir } from '../support/close-all.ts'
import { startGateway } from '../support/gateway.ts'
import { beginSession, modern, send } from '../support/mcp/wire.ts'
import { fillKnownServers } from '../support/mcp-upstream/known-servers.ts'
import { byHand, isAlive } from '../support/mcp-upstream/servers.ts'
import { runProgram } from '../support/program.ts'

describe('mcp, from start to end', function () {
  this.timeout(60_000)
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  it('M77 thirty servers, none of them running: lists answer from what is known, and nothing is started for it', async () => {
    const directory = await makeTempDir(closing)
    const trace = join(directory, 'started')
    const program = join(directory, 'program')
    await writeFile(program, `#!/bin/sh\necho >> '${trace}'\nsleep 60\n`, { mode: 0o755 })
    const store = closing.add(openStore({ directory }), (open) => open.close())
    store.transaction(() => fillKnownServers(store, 30, 10, program))
    const gateway = await startGateway(closing, {}, { store })
    const { result } = await (await send(closing, `${gateway.url}/mcp`, modern('tools/list'))).json()
    const session = await beginSession(closing, `${gateway.url}/mcp`)
    const listed = await (await session.request('tools/list')).json()
    expect(result.tools).to.have.length(300)
    expect(listed.result.tools).to.deep.equal(result.tools)
    expect(existsSync(trace), 'a server was started').to.equal(false)
  })

  /** A gateway of its own with one server, which has started a program that ignores SIGTERM. */
  async function start(environment: Record<string, string> = {}) {
    const dataDir = await makeTempDir(closing)
    await writeFile(join(dataDir, 'config.json'), JSON.stringify({ mcpServers: { s: byHand('--era', 'legacy') } }))
    const args = ['start', '--port', '0', '--data-dir', dataDir, '--config', join(dataDir, 'config.json')]
    const program = runProgram(closing, args, environment)
    const session = await beginSession(closing, `${await program.ready}/mcp/s`)
    const call = async (name: string): Promise<number> => {
      const events = await (await session.request('tools/call', { name, arguments: {} })).events.over()
      return events.at(-1)?.message.result.pid
    }
    const pids = [await call('echo'), await call('child')]
    expect(pids.map(isAlive)).to.deep.equal([true, true])
    return { program, pids, dataDir }
  }

  it('M75 SIGTERM to the program ends every server with everybody whom it has started', async () => {
    const { program, pids, dataDir } = await start()
    const pidFile = join(dataDir, '.interlingua.pid')
    expect(existsSync(pidFile)).to.equal(true)
    program.child.kill('SIGTERM')
    expect((await program.ended).code).to.equal(0)
    expect(pids.map(isAlive)).to.deep.equal([false, false])
    expect(existsSync(pidFile), 'it has waited for them before it put its own things away').to.equal(false)
  })

  it('M75 so does SIGINT twice, which waits for nobody', async () => {
    const { program, pids } = await start()
    program.child.kill('SIGINT')
    // Two signals that come together are one.
    await until(() => program.child.exitCode !== null || !isAlive(pids[0] ?? 0))
    program.child.kill('SIGINT')
    await program.ended
    await until(() => pids.every((pid) => !isAlive(pid)))
  })

  it('M75 so does an error that nobody has foreseen', async () => {
    const fault = "process.on('SIGUSR2', () => { throw new Error('unforeseen') })"
    const { program, pids } = await start({
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(fault)}`,
    })
    program.child.kill('SIGUSR2')
    const end = await program.ended
    expect(end.code, end.output + end.errors).to.equal(1)
    expect(pids.map(isAlive)).to.deep.equal([false, false])
  })
})

/** The dead are buried by the system in its own time. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10))
}
