import { existsSync, readFileSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { createClosing, makeTempDir } from '../../support/close-all.ts'
import { defer } from '../../support/deferred.ts'
import { startFakeProvider } from '../../support/fake-provider.ts'
import { openaiFrames } from '../../support/openai-fake.ts'
import { runProgram } from '../../support/program.ts'
import { HELLO } from '../../support/said.ts'

const BODY = { model: 'anything', messages: [{ role: 'user', content: 'Hi' }] }

const post = (url: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

describe('interlingua start', function () {
  this.timeout(20_000)
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  it('serves the demo on a free port, says that it is one and how to add a real provider, and stops with 0', async () => {
    const dataDir = await makeTempDir(closing)
    const program = runProgram(closing, ['start', '--port', '0', '--data-dir', dataDir])
    const url = await program.ready
    expect(url).to.match(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/)

    const home: any = await (await fetch(`${url}/`)).json()
    expect(home.notice).to.contain('demo').and.contain('--config')
    expect(home.groups).to.include.members(['default', 'demo'])
    const health: any = await (await fetch(`${url}/health`)).json()
    expect(health).to.include({ status: 'healthy', service: 'interlingua' })

    const answer: any = await (await post(`${url}/v1/chat/completions`, BODY)).json()
    expect(answer.choices[0].message.content).to.contain('demo').and.contain('--config')

    program.child.kill('SIGTERM')
    const end = await program.ended
    expect(end.code).to.equal(0)
    expect(end.output).to.contain('the built-in demo answers').and.contain('--config')
    for (const base of [`${url}/v1`, `${url}/demo/v1`, `${url}/demo`]) expect(end.output).to.contain(base)
    expect(end.errors).to.equal('')
  })

  it('takes every setting from the environment, a flag goes before it, and --print-ready prints the one line', async () => {
    const dataDir = await makeTempDir(closing)
    const config = join(dataDir, 'mine.json')
    await writeFile(config, '{ "port": 1, /* a comment */ "groups": { "mine": {} }, }')
    const program = runProgram(closing, ['start', '--port', '0'], {
      INTERLINGUA_HOST: '127.0.0.2',
      INTERLINGUA_PORT: '2',
      INTERLINGUA_CONFIG: config,
      INTERLINGUA_DATA_DIR: dataDir,
      INTERLINGUA_LOG_LEVEL: 'info',
      INTERLINGUA_PRINT_READY: '1',
    })
    const url = await program.ready
    expect(url).to.match(/^http:\/\/127\.0\.0\.2:/)
    expect(((await (await fetch(`${url}/`)).json()) as any).groups).to.include('mine')
    await post(`${url}/v1/chat/completions`, BODY)
    program.child.kill('SIGINT')
    const end = await program.ended
    expect(end.code).to.equal(0)
    expect(end.output).to.equal(`listening on ${url}\n`)
    const line = JSON.parse(end.errors.trim())
    expect(line).to.include({ level: 'info', msg: 'exchange', protocol: 'openai-chat', provider: 'demo', status: 200 })
  })

  it('A177, F76: lets an answer that is in flight end before it stops', async () => {
    const heard = defer()
    const frames = openaiFrames(HELLO)
    const provider = closing.add(
      await startFakeProvider(() => ({
        kind: 'stream',
        headers: { 'content-type': 'text/event-stream' },
        steps: [...frames.slice(0, 2), heard.promise, ...frames.slice(2)],
      })),
      (fake) => fake.close(),
    )
    const dataDir = await makeTempDir(closing)
    const config = join(dataDir, 'config.json')
    const routes = { default: { provider: 'acme', model: 'a' } }
    await writeFile(
      config,
      JSON.stringify({ providers: [{ name: 'acme', protocol: 'openai-chat', api_base_url: provider.url }], routes }),
    )
    const program = runProgram(closing, ['start', '--port', '0', '--data-dir', dataDir])
    const url = await program.ready
    const answer = await post(`${url}/v1/messages`, { ...BODY, max_tokens: 9, stream: true })
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('Hello')) text += (await reader?.read())?.value ?? ''
    program.child.kill('SIGTERM')
    // The listener is closed when nobody is let in any more; then the provider may go on.
    while (
      await fetch(`${url}/health`).then(
        () => true,
        () => false,
      )
    )
      await new Promise(setImmediate)
    heard.resolve()
    for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) text += piece.value
    expect(text).to.contain('message_stop')
    expect((await program.ended).code).to.equal(0)
  })

  const FAULTS: readonly (readonly [title: string, args: readonly string[], message: RegExp])[] = [
    ['T75: a port that is none', ['start', '--port', '70000'], /0 to 65535/],
    ['T75: a port in words', ['start', '--port', 'abc'], /0 to 65535/],
    ['T82: a config file that is not there', ['start', '--config', '/nonexistent/x.json'], /x\.json.*does not exist/],
    ['T90: an unknown command', ['begin'], /unknown command/],
    ['a level that is none', ['start', '--log-level', 'loud'], /loud/],
  ]
  for (const [title, args, message] of FAULTS) {
    it(`${title}: one clear message and an exit that is not 0`, async () => {
      const dataDir = await makeTempDir(closing)
      const end = await runProgram(closing, args, { INTERLINGUA_DATA_DIR: dataDir }).ended
      expect(end.code).to.not.equal(0)
      expect(end.errors).to.match(message)
      expect(end.errors).to.not.match(/^\s+at /m)
      expect(end.output).to.equal('')
    })
  }

  it('F96: a port that is taken is told in one line', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    closing.add(other, (server) => new Promise((resolve) => server.close(resolve)))
    const { port } = other.address() as { port: number }
    const dataDir = await makeTempDir(closing)
    const end = await runProgram(closing, ['start', '--port', String(port), '--data-dir', dataDir]).ended
    expect(end.code).to.equal(1)
    expect(end.errors.trim().split('\n')).to.have.length(1)
    expect(end.errors).to.contain(String(port))
  })

  it('A119: a port that this user may not have is told in one line', async function () {
    const least = '/proc/sys/net/ipv4/ip_unprivileged_port_start'
    // Where any user may have any port nothing can be shown.
    if (!existsSync(least) || Number(readFileSync(least, 'utf8')) <= 443) this.skip()
    const dataDir = await makeTempDir(closing)
    // An administrator may have any port, and has to become somebody else for this.
    const isRoot = process.geteuid?.() === 0
    if (isRoot) await chmod(dataDir, 0o777)
    const becomeNobody = 'data:text/javascript,process.setegid(65534);process.seteuid(65534)'
    const environment = isRoot ? { NODE_OPTIONS: `--import=${becomeNobody}` } : {}
    const end = await runProgram(closing, ['start', '--port', '443', '--data-dir', dataDir], environment).ended
    expect(end.code).to.equal(1)
    expect(end.errors).to.equal('interlingua: This user may not listen on port 443: choose a port above 1023.\n')
    expect(end.output).to.equal('')
  })

  it('a config that is wrong names file, line and path, and nothing is started', async () => {
    const dataDir = await makeTempDir(closing)
    await writeFile(join(dataDir, 'config.json'), '{\n  "port": "many"\n}')
    const end = await runProgram(closing, ['start', '--data-dir', dataDir]).ended
    expect(end.code).to.equal(1)
    expect(end.errors).to.match(/config\.json:2:\d+: port /)
  })

  it('T89: tells version and help', async () => {
    const version = await runProgram(closing, ['--version']).ended
    expect(version.output).to.match(/^\d+\.\d+\.\d+\n$/)
    const help = await runProgram(closing, ['start', '--help']).ended
    expect(help.code).to.equal(0)
    for (const flag of ['--host', '--port', '--config', '--data-dir', '--log-level', '--print-ready']) {
      expect(help.output).to.contain(flag)
    }
    expect(help.output).to.contain('INTERLINGUA_PORT')
  })

  for (const flag of ['--version', '--help']) {
    it(`T89: ${flag} loads the command line and nothing that the commands do`, async () => {
      // Each file that is loaded is told on standard error.
      const trace = `import{registerHooks}from'node:module';registerHooks({load(url,context,next){process.stderr.write(url+'\\n');return next(url,context)}})`
      const environment = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(trace)}` }
      const { code, errors } = await runProgram(closing, [flag], environment).ended
      expect(code).to.equal(0)
      const files = errors.split('\n').filter((line) => line.startsWith('file:'))
      expect(files.filter((file) => file.endsWith('/src/cli/start.ts'))).to.have.length(1)
      const packages = files.flatMap((file) => /\/node_modules\/([^/]+)\//.exec(file)?.[1] ?? [])
      expect([...new Set(packages)]).to.deep.equal(['commander'])
      expect(
        files.filter((file) => /\/protocols\/|\/src\/(app\.ts|gateway|mcp|store|upstream)/.test(file)),
      ).to.deep.equal([])
    })
  }
})
