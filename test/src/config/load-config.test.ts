// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how the file names a variable of the environment
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ConfigFault, writeProblem } from '../../../src/config/config-fault.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { createClosing, makeTempDir } from '../../support/close-all.ts'

describe('loadConfig', () => {
  const closing = createClosing()
  let file: string

  beforeEach(async () => {
    file = join(await makeTempDir(closing), 'config.json')
  })
  afterEach(() => closing.closeAll())

  function load(text: string | object, environment: Readonly<Record<string, string>> = {}) {
    writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text))
    const { config, warnings } = loadConfig(file, environment)
    return { config, warnings: warnings.map((warning) => writeProblem(warning).replace(`${file}:`, '')) }
  }

  function problems(text: string | object, environment: Readonly<Record<string, string>> = {}): readonly string[] {
    try {
      load(text, environment)
    } catch (error) {
      if (!(error instanceof ConfigFault)) throw error
      for (const problem of error.problems) expect(problem.file).to.equal(file)
      return error.message.split('\n').map((line) => line.replace(`${file}:`, ''))
    }
    return expect.fail('expected a ConfigFault')
  }

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
    }
    it('A170, A171, A172, A177, A178, A184, A185, lesson 15: without a file everything has its default', () => {
      expect(loadConfig(undefined, {})).to.deep.equal({ config: DEFAULTS, warnings: [] })
    })
    it('A178, A179: an empty object is the same, also with empty parts', () => {
      expect(load({}).config).to.deep.equal(DEFAULTS)
      expect(load({ providers: [], routes: {}, performance: {}, groups: {} }).config).to.deep.equal(DEFAULTS)
    })
    it('keys of providers in the environment alone make no provider', () => {
      expect(load({}, { OPENAI_API_KEY: 'sk-x' }).config.providers).to.deep.equal([])
    })
  })

  describe('the text', () => {
    it('A083, X22: has comments and trailing commas', () => {
      const { config, warnings } = load(`\ufeff{
        // where it listens
        "host": "::1", /* both
        lines */ "port": 0,
        "providers": [ { "name": "openai", }, ],
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
      it(`refuses ${title}, with line and column`, () => expect(problems(text)[0]).to.match(expected))
    }

    it('refuses nesting that would overflow what reads it', () => {
      const depth = 200_000
      const text = `{ "routes": ${'['.repeat(depth)}${']'.repeat(depth)} }`
      expect(problems(text)[0]).to.match(/^1:76: the file is nested more than 64 levels deep here\.$/)
    })

    it('S8: __proto__ is a name like any other', () => {
      const { config, warnings } = load(
        '{ "__proto__": { "log": true }, "routes": { "__proto__": { "provider": "a", "model": "b" } } }',
      )
      expect(config.log).to.equal(false)
      expect([...(config.groups[0]?.aliases.keys() ?? [])]).to.deep.equal(['__proto__'])
      expect(warnings).to.deep.equal(['1:16: __proto__ is no known setting and does nothing.'])
      expect(Object.keys(Object.prototype)).to.deep.equal([])
    })

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

  describe('what is wrong is told all at once, each with line, column, path and what is expected', () => {
    it('lists every problem of a file in one go', () => {
      const text = `{
  "port": "3456",
  "log": 1,
  "providers": [
    { "name": "a", "api_base_url": "ftp://x" },
    { "api_key": "canary-secret" }
  ],
  "routes": { "default": { "provider": "a" } },
  "performance": { "request_timeout": "30" }
}`
      expect(problems(text)).to.have.members([
        '2:11: port must be a whole number or a list.',
        '3:10: log must be true or false.',
        '5:36: providers.0.api_base_url must be a URL that begins with http:// or https://.',
        '6:5: providers.1.name is required.',
        '8:26: routes.default.model is required.',
        '9:39: performance.request_timeout must be a duration such as "30s", "1h30m" or "100ms", at most 24 days.',
      ])
    })

    const ROWS = [
      ['A101', { temperature: -0.1 }, 'temperature must be at least 0.'],
      ['A101', { temperature: 2.1 }, 'temperature must be at most 2.'],
      ['A102', { top_p: -0.1 }, 'top_p must be at least 0.'],
      ['A102', { top_p: 1.1 }, 'top_p must be at most 1.'],
      ['A103', { max_tokens: 0 }, 'max_tokens must be at least 1.'],
      ['A103', { max_tokens: -1 }, 'max_tokens must be at least 1.'],
      ['A103', { max_tokens: 1.5 }, 'max_tokens must be a whole number.'],
      ['A103', { max_tokens: 'x' }, 'max_tokens must be a whole number.'],
      ['A103', { stop: 1 }, 'stop must be text or a list.'],
    ] as const
    for (const [row, parameters, expected] of ROWS) {
      it(`${row}: refuses the parameters ${JSON.stringify(parameters)} of a route`, () => {
        const [problem] = problems({ routes: { default: { provider: 'a', model: 'b', parameters } } })
        expect(problem)
          .to.match(/^1:\d+: routes\.default\.parameters\./)
          .and.to.contain(expected)
      })
    }

    const SHAPES = [
      ['A187', { providers: [{ name: 'a' }, {}] }, 'providers.1.name is required.'],
      ['A187', { providers: [{ name: '' }] }, 'providers.0.name must not be empty.'],
      ['A193', { routes: { x: { model: 'm' } } }, 'routes.x.provider is required.'],
      ['A194', { routes: { x: { provider: 'p' } } }, 'routes.x.model is required.'],
      ['a port beyond the last', { port: 65_536 }, 'port must be at most 65535.'],
      [
        'a level that there is not',
        { log_level: 'loud' },
        'log_level must be one of trace, debug, info, warn, error, silent.',
      ],
      [
        'a tool mode that there is not',
        { groups: { g: { tool_mode: 'x' } } },
        'groups.g.tool_mode must be one of auto, compat, native.',
      ],
      [
        'a target without a model',
        { groups: { g: { aliases: { a: 'openai' } } } },
        'groups.g.aliases.a must name a provider and its model: "openai/gpt-4o".',
      ],
      ['an alias without targets', { groups: { g: { aliases: { a: [] } } } }, 'groups.g.aliases.a must not be empty.'],
      [
        'a weight of nothing',
        { groups: { g: { aliases: { a: [{ provider: 'p', model: 'm', weight: 0 }] } } } },
        'groups.g.aliases.a.0.weight must be at least 1.',
      ],
      [
        'a header that is no text',
        { providers: [{ name: 'a', headers: { 'x-a': 1 } }] },
        'providers.0.headers.x-a must be text.',
      ],
      [
        'a name with the signs of JSON pointers',
        { groups: { 'a/b~c': { open: 1 } } },
        'groups.a/b~c.open must be true or false.',
      ],
    ] as const
    for (const [title, config, expected] of SHAPES) {
      it(`${title}: ${expected}`, () => {
        expect(problems(config)[0]?.replace(/^1:\d+: /, '')).to.equal(expected)
      })
    }

    it('S10: no problem repeats a value of the file', () => {
      const canary = 'canary-secret'
      const text = problems({
        port: canary,
        providers: [{ name: 'a', api_key: 1, api_base_url: canary, models: canary }],
      })
      expect(text.join()).to.not.contain(canary)
      expect(text).to.have.lengthOf(4)
    })
  })

  describe('variables', () => {
    it('A044, A045: are put in anywhere in any text, several in one too', () => {
      const { config } = load(
        {
          host: '${H}',
          providers: [{ name: 'a', api_base_url: 'http://${H}:${P}/v1', api_key: '${K}', models: ['x-${P}'] }],
        },
        { H: 'box', P: '81', K: 'sk-1' },
      )
      expect(config.host).to.equal('box')
      expect(config.providers[0]).to.deep.include({ baseUrl: 'http://box:81/v1', keys: ['sk-1'] })
      expect(config.providers[0]?.models?.[0]?.name).to.equal('x-81')
    })

    it('A046: one that is not set is an error at its place that names it, and so is each other', () => {
      const text = '{\n  "host": "${NOWHERE}",\n  "providers": [{ "name": "a", "api_key": "${ALSO_NOT}" }]\n}'
      expect(problems(text)).to.deep.equal([
        '2:11: host names the environment variable NOWHERE, which is not set.',
        '3:43: providers.0.api_key names the environment variable ALSO_NOT, which is not set.',
      ])
    })

    it('what is put in is not looked at again, and other dollar signs stay', () => {
      const { config } = load({ host: '${A}', providers: [{ name: '$x ${ y} $${A}' }] }, { A: '${B}' })
      expect(config.host).to.equal('${B}')
      expect(config.providers[0]?.name).to.equal('$x ${ y} $${B}')
    })
  })

  describe('providers', () => {
    it('A043, A188, A190, A191: need nothing but a name, and say nothing that was not said', () => {
      expect(load({ providers: [{ name: ' openai ' }] }).config.providers).to.deep.equal([{ name: 'openai' }])
    })

    it('A209: keys are trimmed, the empty and the doubled left out', () => {
      const { config } = load({ providers: [{ name: 'a', api_key: ' sk-1\n', api_keys: ['sk-2\r\n', '', 'sk-1'] }] })
      expect(config.providers[0]?.keys).to.deep.equal(['sk-1', 'sk-2'])
    })

    it('an empty api_key is as good as none; an empty list of keys says that there is none', () => {
      expect(load({ providers: [{ name: 'a', api_key: ' ' }] }).config.providers[0]).to.not.have.property('keys')
      expect(load({ providers: [{ name: 'a', api_keys: [] }] }).config.providers[0]?.keys).to.deep.equal([])
    })

    it('A047, A048, A049, A050: a variable by place in the list goes before what the file says', () => {
      const { config } = load(
        {
          providers: [
            { name: 'a', api_key: 'from-file', api_keys: ['more'] },
            { name: 'b' },
            { name: 'c', api_key: 'own' },
          ],
        },
        {
          CCPROXY_PROVIDERS_0_API_KEY: 'zero\n',
          CCPROXY_PROVIDERS_1_API_KEY: 'one',
          CCPROXY_PROVIDERS_9_API_KEY: 'nine',
        },
      )
      expect(config.providers.map((provider) => provider.keys)).to.deep.equal([['zero'], ['one'], ['own']])
    })

    it('models are names or say more', () => {
      const models = [
        ' m1 ',
        { name: 'm2', display_name: 'Two', context_tokens: 5, capabilities: { json_schema: false }, enabled: false },
        'm1',
      ]
      expect(load({ providers: [{ name: 'a', models }] }).config.providers[0]?.models).to.deep.equal([
        { name: 'm1', capabilities: {}, enabled: true },
        { name: 'm2', displayName: 'Two', contextTokens: 5, capabilities: { jsonSchema: false }, enabled: false },
      ])
    })
  })

  describe('routes and groups', () => {
    it('A080, A067: the route default is the alias * of the group default, others are aliases by their names', () => {
      const { config, warnings } = load({
        routes: {
          default: {
            provider: 'anthropic',
            model: 'claude-sonnet-4',
            parameters: { temperature: 0.7, max_tokens: 2000 },
          },
          creative: { provider: 'openai', model: 'gpt-4', conditions: [{ whatever: true }] },
        },
      })
      const [group] = config.groups
      expect(group?.name).to.equal('default')
      expect(Object.fromEntries(group?.aliases ?? [])).to.deep.equal({
        '*': [
          {
            provider: 'anthropic',
            model: 'claude-sonnet-4',
            weight: 1,
            priority: 0,
            parameters: { temperature: 0.7, maxOutputTokens: 2000 },
          },
        ],
        creative: [{ provider: 'openai', model: 'gpt-4', weight: 1, priority: 0, parameters: {} }],
      })
      expect(warnings, 'X13, A088: conditions are taken in silence').to.deep.equal([])
    })

    it('the special routes are taken, and it is told that they do not act yet', () => {
      const route = { provider: 'a', model: 'b' }
      const { config, warnings } = load({
        routes: { default: route, longContext: route, background: route, think: route },
      })
      expect([...(config.groups[0]?.aliases.keys() ?? [])]).to.deep.equal(['*'])
      expect(warnings.map((warning) => warning.replace(/^\S+ /, ''))).to.deep.equal([
        'routes.longContext is taken, but does not act yet.',
        'routes.background is taken, but does not act yet.',
        'routes.think is taken, but does not act yet.',
      ])
    })

    it('routes and the group default are one', () => {
      const { config } = load({
        routes: { default: { provider: 'a', model: 'b' } },
        groups: { team: {}, default: { open: false, aliases: { fast: 'x/y' } } },
      })
      expect(config.groups.map((group) => group.name)).to.deep.equal(['team', 'default'])
      expect(config.groups[1]?.open).to.equal(false)
      expect([...(config.groups[1]?.aliases.keys() ?? [])]).to.deep.equal(['*', 'fast'])
    })

    it('a target is a text in either form, an object, or a list of them', () => {
      const aliases = {
        slash: 'openrouter/anthropic/claude-3.5-sonnet',
        comma: ' openrouter , meta/llama:8b ',
        list: [
          'a/b',
          { provider: 'c', model: 'd', weight: 3, priority: -1, parameters: { stop: ['x', ''], top_k: 4 } },
        ],
      }
      const { config } = load({ groups: { g: { tool_mode: 'compat', description: 'd', enabled: false, aliases } } })
      const plain = { weight: 1, priority: 0, parameters: {} }
      expect(config.groups).to.deep.equal([
        {
          name: 'g',
          description: 'd',
          enabled: false,
          toolMode: 'compat',
          aliases: new Map([
            ['slash', [{ provider: 'openrouter', model: 'anthropic/claude-3.5-sonnet', ...plain }]],
            ['comma', [{ provider: 'openrouter', model: 'meta/llama:8b', ...plain }]],
            [
              'list',
              [
                { provider: 'a', model: 'b', ...plain },
                { provider: 'c', model: 'd', weight: 3, priority: -1, parameters: { stop: ['x'], topK: 4 } },
              ],
            ],
          ]),
        },
      ])
    })

    it('lesson 22: zero is a value, an empty stop sequence is none', () => {
      const parameters = { temperature: 0, top_p: 0, seed: 0, presence_penalty: 0, frequency_penalty: -2, stop: '' }
      const { config } = load({ routes: { default: { provider: 'a', model: 'b', parameters } } })
      expect(config.groups[0]?.aliases.get('*')?.[0]?.parameters).to.deep.equal({
        temperature: 0,
        topP: 0,
        seed: 0,
        presencePenalty: 0,
        frequencyPenalty: -2,
      })
    })
  })

  describe('timeouts', () => {
    it('A017, A056: are read from the block performance, which goes before the top', () => {
      const { config } = load({
        request_timeout: '1s',
        max_request_body_size: 2048,
        shutdown_timeout: '1m30s',
        performance: {
          request_timeout: '300ms',
          max_request_body_size: 4096,
          connect_timeout: '2s',
          stream_idle_timeout: '10m',
        },
      })
      expect(config.timeouts).to.include({ requestMs: 300, connectMs: 2000, streamIdleMs: 600_000 })
      expect([config.maxRequestBodyBytes, config.shutdownTimeoutMs]).to.deep.equal([4096, 90_000])
    })

    it('X33: request_timeout bounds the first byte of a stream where nothing else is said', () => {
      expect(load({ request_timeout: '5s' }).config.timeouts.firstByteMs).to.equal(5000)
      const both = { request_timeout: '5s', performance: { first_byte_timeout: '7s' } }
      expect(load(both).config.timeouts).to.include({ requestMs: 5000, firstByteMs: 7000 })
    })
  })

  it('T76: two providers of one name are refused, in whatever case', () => {
    const text = '{\n  "providers": [{ "name": "a" },\n    { "name": "A" }]\n}'
    expect(() => load(text)).to.throw(ConfigFault, /:3:\d+: providers\.1\.name is the name of another provider too/)
  })

  describe('warnings', () => {
    it('an unknown key is told with its place and the nearest known one', () => {
      const text =
        '{\n  "prot": 1,\n  "performance": { "conect_timeout": "1s" },\n  "providers": [{ "name": "a", "apikey": "x" }],\n  "zzz": {}\n}'
      expect(load(text).warnings).to.deep.equal([
        '2:11: prot is no known setting and does nothing; the nearest known one is port.',
        '3:38: performance.conect_timeout is no known setting and does nothing; the nearest known one is connect_timeout.',
        '4:42: providers.0.apikey is no known setting and does nothing; the nearest known one is api_key.',
        '5:10: zzz is no known setting and does nothing.',
      ])
    })

    it('A110, X12: what the format has and does not act yet is taken and told', () => {
      const { warnings } = load({
        apikey: 'canary',
        security: { audit_enabled: true },
        performance: { circuit_breaker_threshold: 5, circuit_breaker_timeout: '60s', cache_ttl: '1h' },
        routes: { x: { provider: 'a', model: 'b', fallbacks: [] } },
        groups: { g: { tool_filter: ['x'] } },
      })
      expect(warnings).to.have.lengthOf(7)
      for (const warning of warnings)
        expect(warning)
          .to.match(/is taken, but does not act yet\.$/)
          .and.not.contain('canary')
    })

    it('a key that a user chooses is no unknown one', () => {
      const { warnings } = load({
        providers: [{ name: 'a', headers: { 'x-anything': '1' } }],
        groups: { zzz: { aliases: { qqq: 'a/b' } } },
      })
      expect(warnings).to.deep.equal([])
    })
  })

  it('A008, A014, A083, A164: every configuration that the guide shows is read', function () {
    const guide = '../shared/seeds/000_151fc69317c4b048.txt'
    if (!existsSync(guide)) {
      this.skip()
    }
    const blocks = readObjects(readFileSync(guide, 'utf8')).filter((text) =>
      /^\{\s*(\/\/[^\n]*\s*)?"(host|providers|routes|performance|apikey)"/.test(text),
    )
    expect(blocks.length).to.be.greaterThan(14)
    for (const block of blocks) {
      const { config } = load(block, { ANTHROPIC_API_KEY: 'sk-a', CCPROXY_APIKEY: 'k' })
      const readable = block.replace(/\/\/ [^\n]*/g, '')
      expect(config.providers.length, block).to.equal(JSON.parse(readable.replaceAll('...', '')).providers?.length ?? 0)
    }
  })
})

/** Every outermost pair of braces; none of the guide's texts has a brace in a string. */
function readObjects(text: string): readonly string[] {
  const objects: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '{') {
      if (depth === 0) start = at
      depth += 1
    } else if (text[at] === '}' && depth > 0) {
      depth -= 1
      if (depth === 0) objects.push(text.slice(start, at + 1))
    }
  }
  return objects
}
