import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ConfigFault } from '../../../src/config/config-fault.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { createClosing, makeTempDir } from '../../support/close-all.ts'
import { listProblems, readConfig } from '../../support/config-text.ts'

describe('loadConfig', () => {
  describe('defaults', () => {
    const DEFAULTS = {
      host: '127.0.0.1',
      port: 3456,
      ports: [3456],
      log: false,
      logLevel: 'info',
      apiKeys: [],
      security: {
        auditEnabled: false,
        ipWhitelist: [],
        ipBlacklist: [],
        corsEnabled: false,
        corsOrigins: [],
        allowedHosts: [],
        fetchHosts: [],
        fetchMedia: true,
      },
      longContextThreshold: 60_000,
      chatCompletionsFormat: 'auto',
      retry: { attempts: 3, maxWaitMs: 20_000 },
      breaker: { enabled: true, threshold: 5, timeoutMs: 60_000 },
      rateLimit: { enabled: false, requestsPerMinute: 60, burst: 10 },
      queue: { maxConcurrent: 0, limit: 100, timeoutMs: 30_000 },
      cache: { enabled: false, ttlMs: 300_000 },
      metricsEnabled: true,
      shutdownTimeoutMs: 10_000,
      maxRequestBodyBytes: 10_485_760,
      timeouts: {
        requestMs: 30_000,
        headersMs: 15_000,
        bodyIdleMs: 30_000,
        writeStallMs: 120_000,
        connectMs: 10_000,
        firstByteMs: 120_000,
        streamIdleMs: 300_000,
        keepAliveIntervalMs: 15_000,
      },
      providers: [],
      groups: [],
      mcpServers: [],
    }
    it('A170, A171, A172, A177, A178, A184, A185, lesson 15: without a file everything has its default', () => {
      expect(loadConfig(undefined, {})).to.deep.equal({ config: DEFAULTS, warnings: [] })
    })
    it('A178, A179: an empty object is the same, also with empty parts', () => {
      expect(readConfig({}).config).to.deep.equal(DEFAULTS)
      expect(readConfig({ providers: [], routes: {}, performance: {}, groups: {} }).config).to.deep.equal(DEFAULTS)
    })
    it('keys of providers in the environment alone make no provider', () => {
      expect(readConfig({}, { OPENAI_API_KEY: 'sk-x' }).config.providers).to.deep.equal([])
    })
  })

  describe('the text', () => {
    it('A083, X22: has comments and trailing commas', () => {
      const { config, warnings } = readConfig(`\ufeff{
        // where it listens
        "host": "::1", /* both
        lines */ "port": 0,
        "providers": [ { "name": "openai", }, ],
        "routes": { "default": "openai/gpt-4.1" }
      }`)
      expect([config.host, config.port, config.providers.length]).to.deep.equal(['::1', 0, 1])
      expect(warnings).to.deep.equal([])
    })

    const BROKEN = [
      [
        'a comma that is missing',
        '{\n  "host": "x"\n  "port": 1\n}',
        /^3:3: the file is no JSON here: comma expected\.$/,
      ],
      ['a text that ends too early', '{\n  "host": ', /^2:11: the file is no JSON here: value expected\.$/],
      ['a value that is none', '{ "log": yes }', /^1:10: the file is no JSON here: invalid symbol\.$/],
      ['nothing at all', '  \n', /the file/],
      ['only a comment', '// nothing\n', /the file/],
      ['a key that stands twice', '{ "port": 1,\n  "port": 2 }', /^2:3: port stands here for the second time\.$/],
      ['a list', '[]', /^1:1: the file must be an object\.$/],
    ] as const
    for (const [title, text, expected] of BROKEN) {
      it(`refuses ${title}, with line and column`, () => expect(listProblems(text)[0]).to.match(expected))
    }

    it('refuses nesting that would overflow what reads it', () => {
      const depth = 200_000
      const text = `{ "routes": ${'['.repeat(depth)}${']'.repeat(depth)} }`
      expect(listProblems(text)[0]).to.match(/^1:76: the file is nested more than 64 levels deep here\.$/)
    })

    it('S8: __proto__ is a name like any other', () => {
      const { config, warnings } = readConfig(
        '{ "__proto__": { "log": true }, "groups": { "g": { "aliases": { "__proto__": { "provider": "a", "model": "b" } } } } }',
      )
      expect(config.log).to.equal(false)
      expect([...(config.groups[0]?.aliases.keys() ?? [])]).to.deep.equal(['__proto__'])
      expect(warnings).to.deep.equal(['1:16: __proto__ is no known setting and does nothing.'])
      expect(Object.keys(Object.prototype)).to.deep.equal([])
    })
  })

  describe('the file', () => {
    const closing = createClosing()
    let file: string

    beforeEach(async () => {
      file = join(await makeTempDir(closing), 'config.json')
    })
    afterEach(() => closing.closeAll())

    it('A001: holds providers, routes and the settings of the server, all in one', () => {
      writeFileSync(
        file,
        '{ "port": 4001, "providers": [{ "name": "openai" }], "routes": { "default": { "provider": "openai", "model": "m" } } }',
      )
      const { config, warnings, digest } = loadConfig(file, {})
      expect([config.port, config.providers[0]?.name, config.groups[0]?.name]).to.deep.equal([
        4001,
        'openai',
        'default',
      ])
      expect(warnings).to.deep.equal([])
      expect(digest).to.match(/^[0-9a-f]{64}$/)
    })

    it('A221: is read anew each time', () => {
      writeFileSync(file, '{ "port": 1 }')
      const first = loadConfig(file, {})
      writeFileSync(file, '{ "port": 2 }')
      const second = loadConfig(file, {})
      expect([first.config.port, second.config.port]).to.deep.equal([1, 2])
      expect(first.digest).to.not.equal(second.digest)
    })

    for (const ending of ['yaml', 'yml', 'YAML']) {
      it(`is YAML when it is named .${ending}`, () => {
        const yaml = file.replace('json', ending)
        writeFileSync(yaml, '# mine\nport: 4002\nproviders:\n  - name: openai\nroutes:\n  default: openai/m\n')
        expect(loadConfig(yaml, {}).config).to.include({ port: 4002 })
        writeFileSync(yaml, 'providers:\n  - name: a\n    enabled: maybe\nprot: 1\n')
        expect(() => loadConfig(yaml, {})).to.throw(
          ConfigFault,
          `${yaml}:3:14: providers.0.enabled must be true or false.`,
        )
      })
    }

    it('says when the file is not there', () => {
      expect(() => loadConfig(join(file, 'nowhere.json'), {})).to.throw(
        ConfigFault,
        /cannot be read \(ENOTDIR\)|does not exist/,
      )
      expect(() => loadConfig(`${file}.missing`, {})).to.throw(
        ConfigFault,
        /config\.json\.missing: the file does not exist\.$/,
      )
    })
  })

  it('T76: two providers of one name are refused, in whatever case', () => {
    const text = '{\n  "providers": [{ "name": "a" },\n    { "name": "A" }]\n}'
    expect(listProblems(text)[0]).to.match(/^3:\d+: providers\.1\.name is the name of another provider too/)
  })
})
