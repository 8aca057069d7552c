// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how the file names a variable of the environment
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { anthropicBody } from '../../support/anthropic-fake.ts'
import { createClosing, makeTempDir } from '../../support/close-all.ts'
import { type FakeProvider, startFakeProvider } from '../../support/fake-provider.ts'
import { runProgram } from '../../support/program.ts'
import { HELLO } from '../../support/said.ts'

const MESSAGE = { model: 'claude-3-sonnet-20240229', max_tokens: 100, messages: [{ role: 'user', content: 'Hello!' }] }

function send(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

describe('interlingua start with a configuration file', function () {
  this.timeout(30_000)
  const closing = createClosing()
  let home: string
  let fake: FakeProvider

  beforeEach(async () => {
    home = await makeTempDir(closing)
    fake = closing.add(await startFakeProvider(() => ({ kind: 'answer', body: anthropicBody(HELLO) })), (provider) =>
      provider.close(),
    )
  })
  afterEach(() => closing.closeAll())

  /** @returns its path, below the home folder. */
  function put(path: string, content: object): string {
    const file = join(home, path)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, JSON.stringify(content))
    return file
  }

  const anthropic = (more: object = {}) => ({ name: 'anthropic', api_base_url: fake.url, ...more })
  const routes = { default: { provider: 'anthropic', model: 'claude-3-sonnet-20240229' } }

  it('A001, A002, A009, A010, A011, A012, A044, A045, X31: ~/.ccproxy/config.json serves what it says, and the data lie beside it', async () => {
    put('.ccproxy/config.json', {
      port: 0,
      providers: [{ name: 'anthropic', api_base_url: '${BASE}', api_key: '${KEY}', enabled: true }],
      routes,
    })
    const program = runProgram(closing, ['start'], { HOME: home, BASE: fake.url, KEY: 'sk-ant-1' })
    const answer = await send(await program.ready, { ...MESSAGE, model: 'any name at all' })
    expect(answer.status).to.equal(200)
    expect(fake.requests[0]?.headers['x-api-key']).to.equal('sk-ant-1')
    expect(fake.requests[0]?.json.model).to.equal('claude-3-sonnet-20240229')
    expect(statSync(join(home, '.ccproxy')).isDirectory()).to.equal(true)
    expect(() => statSync(join(home, '.interlingua'))).to.throw('ENOENT')
  })

  it('A004, A039, A043: --config names another file; a key comes from the variable of its provider', async () => {
    put('.ccproxy/config.json', { port: 'wrong, and never read' })
    put('config.dev.json', { port: 0, providers: [anthropic()], routes })
    const program = runProgram(closing, ['start', '--config', join(home, 'config.dev.json')], {
      HOME: home,
      ANTHROPIC_API_KEY: 'sk-env\n',
    })
    expect((await send(await program.ready, MESSAGE)).status).to.equal(200)
    expect(fake.requests[0]?.headers['x-api-key']).to.equal('sk-env')
  })

  it('A047, A050: a variable by place goes before the file, and this before the variable of the name', async () => {
    put('.interlingua/config.json', { port: 0, providers: [anthropic({ api_key: 'from-file' })], routes })
    const environment = { HOME: home, ANTHROPIC_API_KEY: 'by-name' }
    const byFile = runProgram(closing, ['start'], environment)
    await send(await byFile.ready, MESSAGE)
    byFile.child.kill('SIGTERM')
    await byFile.ended
    const byPlace = runProgram(closing, ['start'], { ...environment, CCPROXY_PROVIDERS_0_API_KEY: 'by-place' })
    await send(await byPlace.ready, MESSAGE)
    expect(fake.requests.map(({ headers }) => headers['x-api-key'])).to.deep.equal(['from-file', 'by-place'])
  })

  it('A221: a file that was edited is read anew at the next start', async () => {
    for (const [model, name] of [
      ['one', 'config.json'],
      ['two', 'config.json'],
    ] as const) {
      put(`.interlingua/${name}`, {
        port: 0,
        providers: [anthropic({ api_key: 'k' })],
        routes: { default: `anthropic/${model}` },
      })
      const program = runProgram(closing, ['start'], { HOME: home })
      await send(await program.ready, MESSAGE)
      program.child.kill('SIGTERM')
      await program.ended
    }
    expect(fake.requests.map(({ json }) => json.model)).to.deep.equal(['one', 'two'])
  })

  it('A013, A118: without routes it starts with a warning; who names the provider is served, and others are told what is missing', async () => {
    put('.interlingua/config.json', { port: 0, providers: [anthropic({ api_key: 'k' })] })
    const program = runProgram(closing, ['start'], { HOME: home })
    const url = await program.ready
    expect((await send(url, { ...MESSAGE, model: 'anthropic,claude-x' })).status).to.equal(200)
    const refused = await send(url, MESSAGE)
    expect(refused.status).to.equal(404)
    const told: any = await refused.json()
    expect(told.error.type).to.equal('not_found_error')
    expect(told.error.message).to.contain('Add routes')
    program.child.kill('SIGTERM')
    expect((await program.ended).errors).to.match(/config\.json:1:1: routes are not given/)
  })

  it('A038, A040, A041, A042, A055, A056, A057, A058: each provider without a key takes it from the variable of its name', async () => {
    const keys = {
      openai: ['OPENAI_API_KEY', 'authorization'],
      gemini: ['GOOGLE_API_KEY', 'x-goog-api-key'],
      deepseek: ['DEEPSEEK_API_KEY', 'authorization'],
      openrouter: ['OPENROUTER_API_KEY', 'authorization'],
      groq: ['GROQ_API_KEY', 'authorization'],
      mistral: ['MISTRAL_API_KEY', 'authorization'],
      xai: ['GROK_API_KEY', 'authorization'],
    } as const
    const providers = Object.keys(keys).map((name) => ({ name, api_base_url: fake.url }))
    put('.interlingua/config.json', { port: 0, providers, performance: { max_attempts: 1 } })
    const environment = Object.fromEntries(Object.entries(keys).map(([name, [variable]]) => [variable, `sk-${name}`]))
    const program = runProgram(closing, ['start'], { HOME: home, ...environment })
    const url = await program.ready
    for (const [name, [, header]] of Object.entries(keys)) {
      const before = fake.requests.length
      await send(url, { ...MESSAGE, model: `${name},m` })
      expect(fake.requests[before]?.headers[header], name).to.match(new RegExp(`^(Bearer )?sk-${name}$`))
    }
  })

  it('A123, A170, A178, A179: two with files of their own run side by side; one that says nothing but a port is healthy', async () => {
    const files = ['a', 'b'].map((name) =>
      put(`${name}/config.json`, { port: 0, providers: [], routes: {}, performance: {} }),
    )
    const urls = await Promise.all(
      files.map((file) => runProgram(closing, ['start', '--config', file, '--data-dir', join(file, '..')]).ready),
    )
    expect(new Set(urls).size).to.equal(2)
    for (const url of urls) {
      expect(url).to.match(/^http:\/\/127\.0\.0\.1:/)
      expect((await fetch(`${url}/health`)).status).to.equal(200)
    }
  })

  it('X19: response_model reaches the gateway', async () => {
    put('.interlingua/config.json', {
      port: 0,
      providers: [{ name: 'acme', protocol: 'anthropic', api_base_url: fake.url }],
      routes: { default: 'acme/one' },
      response_model: 'upstream',
    })
    const program = runProgram(closing, ['start'], { HOME: home })
    const url = await program.ready
    const answer: any = await (
      await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'asked', messages: MESSAGE.messages }),
      })
    ).json()
    expect(answer.model).to.equal('one')
  })

  const FAULTS: readonly (readonly [string, object, RegExp])[] = [
    [
      'A046: a variable that is not set',
      { host: '${NOWHERE}' },
      /config\.json:1:9: host names the environment variable NOWHERE/,
    ],
    ['A187: a provider without a name', { providers: [{}] }, /config\.json:1:15: providers\.0\.name is required/],
    [
      'A101: a temperature beyond the range',
      { routes: { default: { provider: 'a', model: 'b', parameters: { temperature: 3 } } } },
      /routes\.default\.parameters\.temperature must be at most 2/,
    ],
    [
      'A198: a duration that is none',
      { shutdown_timeout: 'soon' },
      /shutdown_timeout must be a duration such as "30s"/,
    ],
  ]
  for (const [title, content, message] of FAULTS) {
    it(`${title}: refused with file, line and path, and an exit that is not 0`, async () => {
      put('.interlingua/config.json', content)
      const end = await runProgram(closing, ['start'], { HOME: home }).ended
      expect(end.code).to.equal(1)
      expect(end.errors).to.match(message)
      expect(end.errors).to.not.match(/^\s+at /m)
    })
  }
})
