/** The configuration changes while requests are served. */
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { parseConfig } from '../../src/config/load-config.ts'
import { applyConfig } from '../../src/registry/apply-config.ts'
import { createClosing, makeTempDir } from '../support/close-all.ts'
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { openaiAnswer, openaiStream } from '../support/openai-fake.ts'
import { runProgram } from '../support/program.ts'
import { HELLO } from '../support/said.ts'

const fileFor = (url: string, model: string, more: object = {}) =>
  JSON.stringify({
    log: true,
    providers: [{ name: 'acme', protocol: 'openai-chat', api_base_url: url, api_key: 'k' }],
    routes: { default: { provider: 'acme', model } },
    ...more,
  })

async function ask(url: string, stream = false, headers: Record<string, string> = {}) {
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'any', stream, messages: [{ role: 'user', content: 'hi' }] }),
  })
  return { status: answer.status, model: answer.headers.get('x-model'), text: await answer.text() }
}

describe('reload', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  const startProvider = async (): Promise<FakeProvider> =>
    closing.add(
      await startFakeProvider(({ json }) => (json.stream === true ? openaiStream(HELLO) : openaiAnswer(HELLO))),
      (fake) => fake.close(),
    )

  /** A program that reads this file, and a wait for a line of its log. */
  async function startProgram(text: string) {
    const directory = await makeTempDir(closing)
    const file = join(directory, 'config.json')
    await writeFile(file, text)
    const program = runProgram(closing, ['start', '--port', '0', '--config', file, '--data-dir', directory])
    let log = ''
    const looks = new Set<() => void>()
    program.child.stderr?.on('data', (piece) => {
      log += String(piece)
      for (const look of [...looks]) look()
    })
    const told = (words: string, times = 1) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (log.split(words).length <= times) return
          looks.delete(look)
          resolve()
        }
        looks.add(look)
        look()
      })
    return { program, file, told, url: await program.ready }
  }

  it('F95: a file that is replaced holds from the next request on; a wrong one changes nothing and says why', async () => {
    const provider = await startProvider()
    const { file, told, url } = await startProgram(fileFor(provider.url, 'one'))
    expect((await ask(url)).model).to.equal('one')
    await writeFile(`${file}.new`, fileFor(provider.url, 'two'))
    await rename(`${file}.new`, file)
    await told('was read again')
    expect((await ask(url)).model).to.equal('two')
    await writeFile(file, '{ "providers": [ { "name": 5 } ] }')
    await told('nothing was changed')
    expect((await ask(url)).model).to.equal('two')
    await writeFile(file, fileFor(provider.url, 'three', { port: 1 }))
    await told('was read again', 2)
    await told('port take effect at the next start')
    expect((await ask(url)).model).to.equal('three')
  })

  it('F77: SIGHUP reads the file again, keys included', async () => {
    const provider = await startProvider()
    const { program, file, told, url } = await startProgram(fileFor(provider.url, 'one'))
    expect((await ask(url)).status).to.equal(200)
    await writeFile(file, fileFor(provider.url, 'one', { apikey: 'a-new-key' }))
    program.child.kill('SIGHUP')
    await told('was read again')
    expect((await ask(url)).status).to.equal(401)
    expect((await ask(url, false, { 'x-api-key': 'a-new-key' })).status).to.equal(200)
  })

  it('X5: several ports serve the same', async () => {
    const directory = await makeTempDir(closing)
    const { child, ready } = runProgram(closing, ['start', '--port', '0', '--port', '0', '--data-dir', directory])
    const urls = new Set<string>()
    const both = new Promise<void>((resolve) => {
      let output = ''
      child.stdout?.on('data', (piece) => {
        output += String(piece)
        for (const [, url = ''] of output.matchAll(/^listening on (\S+)$/gm)) urls.add(url)
        if (urls.size === 2) resolve()
      })
    })
    await ready
    await both
    for (const url of urls) expect((await fetch(`${url}/health`)).status).to.equal(200)
  })

  it('100 changes under load: not one request and not one stream fails', async () => {
    const [one, two] = [await startProvider(), await startProvider()]
    const gateway = await startGateway(closing, JSON.parse(fileFor(one.url, 'm0')))
    const change = (text: string) => {
      const { config } = parseConfig('config.json', text, {})
      applyConfig(config, gateway.store, {})
      const { apiKeys, retry, breaker, longContextThreshold } = config
      gateway.app.configure({
        logExchanges: true,
        keys: { apiKeys },
        retry: { ...retry, attempts: 1 },
        routing: { breaker, longContextThreshold },
      })
    }
    let isOver = false
    const load = async (stream: boolean) => {
      const answers = []
      while (!isOver) answers.push(await ask(gateway.url, stream))
      return answers
    }
    const running = [false, false, true, true].map(load)
    for (let round = 1; round <= 100; round++) {
      change(fileFor(round % 2 === 0 ? one.url : two.url, `m${round}`))
      // One request between two changes at least, whatever the load does.
      expect((await ask(gateway.url)).model).to.equal(`m${round}`)
    }
    isOver = true
    const answers = (await Promise.all(running)).flat()
    expect(answers.length).to.be.above(4)
    for (const { status, text } of answers) {
      expect(status).to.equal(200)
      expect(text).to.match(/Hello from the model|\[DONE\]/)
    }
  }).timeout(60_000)
})
