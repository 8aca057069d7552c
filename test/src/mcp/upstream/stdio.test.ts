import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { createClosing, makeTempDir } from '../../../support/close-all.ts'
import { byHand, isAlive, startServers, TestClient } from '../../../support/mcp-upstream/servers.ts'

describe('a server on stdio', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  it('is spoken to in the era of its client, with what it says passed on as it is', async () => {
    const { servers } = await startServers(closing, { s: byHand() })
    const client = await TestClient.open(servers, 's', { clientCapabilities: { sampling: { tools: {} }, odd: 1 } })
    const { facts } = client.connection
    expect(facts).to.include({ era: 'legacy', protocolVersion: '2025-11-25', instructions: 'Use it.' })
    expect(facts.result['seen']).to.deep.include({ capabilities: { sampling: { tools: {} }, odd: 1 } })
    const { tools } = (await client.request('tools/list')).result
    expect(tools[0]).to.deep.equal({ name: 'echo', inputSchema: { type: 'object' }, 'x-unknown': { kept: true } })
  })

  it('M73 lines end at LF only; stray lines go to the standard error, and the session lives on', async () => {
    const { servers } = await startServers(closing, { s: byHand() })
    const client = await TestClient.open(servers, 's')
    const { result } = await client.call('odd')
    expect(result.content[0].text).to.equal('a\u2028b\u2029c')
    expect((await client.call('echo')).result).to.include({ id: 't2' })
    const stderr = servers.find('s')?.stderr.read()
    expect(stderr).to.include('a line that is no message').and.to.include('said on standard error')
  })

  it('M76 a process sees the least of the environment, and what is configured', async () => {
    const environment = { ...process.env, OPENAI_API_KEY: 'sk-secret', HOME: '/home/x', EVIL: '() { :; }' }
    const { servers } = await startServers(closing, { s: { ...byHand(), env: { TOKEN: 'given' } } }, { environment })
    const client = await TestClient.open(servers, 's')
    const seen = JSON.parse((await client.call('environment')).result.content[0].text)
    expect(seen).to.include({ TOKEN: 'given', HOME: '/home/x' }).and.not.have.property('OPENAI_API_KEY')
    expect(Object.keys(seen)).to.not.include('INTERLINGUA_API_KEY')
  })

  it('M89 envFile is read at each start, env goes before it, and without it nothing starts', async () => {
    const cwd = await makeTempDir(closing)
    const definition = { ...byHand(), cwd, envFile: 'own.env', env: { B: 'env' } }
    const { servers } = await startServers(closing, { s: definition })
    const refused = await TestClient.open(servers, 's').catch((error: Error) => error)
    expect(refused).to.have.property(
      'message',
      'The MCP server s cannot start: has the envFile own.env, which cannot be read (ENOENT)',
    )
    writeFileSync(join(cwd, 'own.env'), '# keys\nA="file one"\nB=file\n')
    await servers.find('s')?.upstream.stop()
    const client = await TestClient.open(servers, 's')
    const seen = JSON.parse((await client.call('environment')).result.content[0].text)
    expect(seen).to.include({ A: 'file one', B: 'env' })
  })

  it('M74 arguments are no shell words', async () => {
    const folder = await makeTempDir(closing)
    const odd = '$(echo a); echo b > c && "d" | *'
    const { servers } = await startServers(closing, { s: { ...byHand('--note', odd), cwd: folder } })
    await TestClient.open(servers, 's')
    expect(readdirSync(folder)).to.deep.equal([odd])
  })

  it('M74 ends with everybody whom it has started, whatever they ignore', async function () {
    this.timeout(20_000)
    const { servers } = await startServers(closing, { s: byHand('--ignore-end', 'yes') })
    const client = await TestClient.open(servers, 's')
    const { pid } = (await client.call('child')).result
    expect(isAlive(pid)).to.equal(true)
    await servers.close()
    expect(isAlive(pid)).to.equal(false)
  })

  it('M75 a hundred starts and stops leave no process', async function () {
    this.timeout(60_000)
    const { servers } = await startServers(closing, { s: byHand() })
    const pids: number[] = []
    for (let round = 0; round < 25; round += 1) {
      const clients = await Promise.all([1, 2, 3, 4].map(() => TestClient.open(servers, 's')))
      for (const client of clients) pids.push((await client.call('echo')).result.pid)
      for (const client of clients) client.connection.close()
    }
    await servers.close()
    expect(new Set(pids).size).to.equal(100)
    expect(pids.filter(isAlive)).to.deep.equal([])
  })

  it('M82 each session has its own process', async () => {
    const { servers } = await startServers(closing, { s: byHand() })
    const [one, other] = await Promise.all([TestClient.open(servers, 's'), TestClient.open(servers, 's')])
    const [first, second] = await Promise.all([one.call('echo'), other.call('echo')])
    expect(first.result.pid).to.not.equal(second.result.pid)
    expect(first.result.id).to.equal('t1')
    expect(second.result.id).to.equal('t1')
  })

  it('M84 killed in the middle of a call: the call fails with its reason, the next session works', async () => {
    const { servers } = await startServers(closing, { s: byHand() })
    const client = await TestClient.open(servers, 's')
    client.send({ id: 'open', method: 'tools/call', params: { name: 'hang', arguments: {} } })
    const { id, failure } = await client.call('crash')
    expect(id).to.equal('t1')
    expect(failure)
      .to.include({ kind: 'closed' })
      .and.have.property('message')
      .that.includes('signal SIGKILL')
      .and.not.includes('ready')
    expect(client.failures.map((entry) => entry.id)).to.deep.equal(['open', 't1'])
    await client.wait(() => client.closed)
    const next = await TestClient.open(servers, 's')
    expect((await next.call('echo')).result).to.include({ id: 't1' })
  })

  it('M90 a start that fails says why, with the last words of the process', async () => {
    const { servers } = await startServers(closing, { s: byHand('--fail', 'yes') })
    const error = await TestClient.open(servers, 's').catch((failure: Error) => failure)
    expect(error).to.have.property('message').that.includes('exit code 1').and.includes('cannot find its configuration')
    expect(servers.find('s')?.upstream.status()).to.include({ state: 'failed', failuresInARow: 1 })
  })

  it('M90 a program that is not there is named', async () => {
    const { servers } = await startServers(closing, { s: { command: 'no-such-program-anywhere' } })
    const error = await TestClient.open(servers, 's').catch((failure: Error) => failure)
    expect(error).to.have.property('message').that.includes('there is no program no-such-program-anywhere')
  })

  it('M62 an answer beyond the limit is told as too large, and the session lives on', async () => {
    const { servers } = await startServers(closing, { s: byHand() }, { limits: { answerBytes: 1024 * 1024 } })
    const client = await TestClient.open(servers, 's')
    const { failure } = await client.call('big', { bytes: 2 * 1024 * 1024 })
    expect(failure).to.include({ kind: 'too-large' })
    expect((await client.call('big', { bytes: 100 })).result.content[0].text).to.have.lengthOf(100)
  })

  it('M73 a line that never ends ends the process', async () => {
    const { servers } = await startServers(closing, { s: byHand() }, { limits: { messageBytes: 1024 * 1024 } })
    const client = await TestClient.open(servers, 's')
    const { failure } = await client.call('big', { bytes: 2 * 1024 * 1024 })
    expect(failure).to.have.property('message').that.includes('a line of more than 1048576 bytes')
  })
})
