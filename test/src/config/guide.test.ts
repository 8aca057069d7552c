import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Config } from '../../../src/config/config.ts'
import { readConfig } from '../../support/config-text.ts'

const GUIDE = '../shared/seeds/000_151fc69317c4b048.txt'
const KEYS = { ANTHROPIC_API_KEY: 'sk-a', CCPROXY_APIKEY: 'k' }

/** Configurations such as people have: each in the shape of one of the guide's. */
const OURS: Readonly<Record<string, string>> = {
  'A008: the smallest one':
    '{ "host": "127.0.0.1", "port": 3456, "providers": [{ "name": "anthropic", "api_key": "sk", "models": ["claude-x"], "enabled": true }], "routes": { "default": { "provider": "anthropic", "model": "claude-x" } } }',
  'A014, A164: one with everything': `{
    "host": "127.0.0.1", "port": 3456, "log": true, "apikey": "secret",
    "performance": { "request_timeout": "30s", "max_request_body_size": 10485760, "metrics_enabled": true, "rate_limit_enabled": false,
      "rate_limit_requests_per_min": 60, "circuit_breaker_enabled": true },
    "security": { "audit_enabled": false, "ip_whitelist": ["127.0.0.1"], "allowed_headers": ["Accept"] },
    "providers": [{ "name": "anthropic", "api_key": "sk", "api_base_url": "https://api.anthropic.com", "models": ["a", "b"], "enabled": true }],
    "routes": { "default": { "provider": "anthropic", "model": "a" }, "longContext": { "provider": "anthropic", "model": "b" } } }`,
  'A043: providers that only have names':
    '{ "providers": [{ "name": "anthropic", "enabled": true }, { "name": "openai", "enabled": true }] }',
  'A110, A130: a breaker':
    '{ "performance": { "circuit_breaker_enabled": true, "circuit_breaker_threshold": 7, "circuit_breaker_timeout": "90s" } }',
  'A111: lists of addresses': `{ "apikey": "k", "security": { "audit_enabled": true, "ip_whitelist": ["127.0.0.1", "192.168.1.0/24"],
    "ip_blacklist": ["10.0.0.0/8"], "allowed_headers": ["Accept"], "cors_enabled": true, "cors_origins": ["http://localhost:3000"] } }`,
  'A083: comments between routes': `{ "routes": {
    // the usual
    "default": { "provider": "a", "model": "m" }, // and so on
    "claude-opus-4": { "provider": "b", "model": "n", "parameters": { "temperature": 0.8 /* warm */ } } } }`,
}

describe('configurations of the guide', () => {
  for (const [title, text] of Object.entries(OURS)) {
    it(`${title} is read, and every key of it is known`, () => {
      expect(unknownIn(text)).to.deep.equal([])
    })
  }

  it('A110: what the breaker is told is what it gets', () => {
    const { breaker } = readConfig(OURS['A110, A130: a breaker'] ?? '').config
    expect(breaker).to.deep.equal({ enabled: true, threshold: 7, timeoutMs: 90_000 })
  })

  it('A111, A113: lists of addresses, headers and origins come as they are written', () => {
    const { security } = readConfig(OURS['A111: lists of addresses'] ?? '').config
    expect(security).to.deep.include({
      auditEnabled: true,
      ipWhitelist: ['127.0.0.1', '192.168.1.0/24'],
      ipBlacklist: ['10.0.0.0/8'],
      allowedHeaders: ['Accept'],
      corsEnabled: true,
      corsOrigins: ['http://localhost:3000'],
      allowedHosts: [],
    })
  })

  describe('the guide itself', () => {
    let blocks: readonly string[]

    before(function () {
      if (!existsSync(GUIDE)) {
        // The guide lies beside the repository on the machines of those who have it.
        this.skip()
      }
      blocks = readObjects(readFileSync(GUIDE, 'utf8')).filter((text) =>
        /^\{\s*(\/\/[^\n]*\s*)?"(host|providers|routes|performance|apikey)"/.test(text),
      )
    })

    it('A008, A014, A025, A043, A083, A084, A092, A093, A094, A104, A105, A106, A110, A111, A119, A164: each configuration that it shows is read verbatim, and every key of it is known', () => {
      expect(blocks.length).to.be.greaterThan(19)
      for (const block of blocks) {
        expect(unknownIn(block), block).to.deep.equal([])
        const plain = JSON.parse(block.replace(/\/\/ [^\n]*/g, '').replaceAll('...', ''))
        const { config } = readConfig(block, KEYS)
        expect(config.providers.map(({ name }) => name)).to.deep.equal(
          (plain.providers ?? []).map((one: any) => one.name),
        )
        expect(routesOf(config), block).to.deep.equal(routesIn(plain))
        for (const field of ['host', 'port', 'log'] as const)
          if (field in plain) expect(config[field]).to.equal(plain[field])
      }
    })

    it('A118: the development configuration starts without routes, and it is told that they are missing', () => {
      const development = blocks.find((block) => block.includes('"log": true') && !block.includes('"routes"')) ?? ''
      expect(readConfig(development).warnings.join()).to.match(/routes are not given: .*"anthropic,MODEL"\.$/)
    })

    it('A119: the production configuration has its key from the environment, and does not start without', () => {
      const production = blocks.find((block) => block.includes('443')) ?? ''
      const { config } = readConfig(production, KEYS)
      expect([config.host, config.port, config.apiKey]).to.deep.equal(['0.0.0.0', 443, 'k'])
      expect(() => readConfig(production)).to.throw(
        /apikey names the environment variable CCPROXY_APIKEY, which is not set/,
      )
    })

    it('A170, A171, A172, A173, A174, A176, A177, A180, A181, A182, A183, A184, A185: the defaults that its tables tell are ours', () => {
      const rows = readFileSync(GUIDE, 'utf8').matchAll(/^(\w+) \| (?:\w+) \| (\S+) \|/gm)
      const told = new Map([...rows].map(([, field, value]) => [field, value?.replace(/"/g, '')]))
      const { config } = readConfig('{}')
      const ours = new Map<string, unknown>([
        ['host', config.host],
        ['port', config.port],
        ['log', config.log],
        ['log_file', config.logFile ?? ''],
        ['apikey', config.apiKey ?? ''],
        ['proxy_url', config.proxyUrl ?? ''],
        ['shutdown_timeout', `${config.shutdownTimeoutMs / 1000}s`],
        ['metrics_enabled', config.metricsEnabled],
        ['rate_limit_enabled', config.rateLimit.enabled],
        ['rate_limit_requests_per_min', config.rateLimit.requestsPerMinute],
        ['circuit_breaker_enabled', config.breaker.enabled],
        ['request_timeout', `${config.timeouts.requestMs / 1000}s`],
        ['max_request_body_size', config.maxRequestBodyBytes],
      ])
      for (const [field, value] of ours) expect(told.get(field), field).to.equal(String(value))
    })
  })
})

function unknownIn(text: string): readonly string[] {
  return readConfig(text, KEYS).warnings.filter((warning) => warning.includes('no known setting'))
}

function routesOf(config: Config): unknown {
  const routes = config.groups.find(({ name }) => name === 'default')?.routes ?? new Map()
  return Object.fromEntries([...routes].map(([name, [target]]) => [name, `${target.provider},${target.model}`]))
}

function routesIn(plain: { routes?: Record<string, { provider: string; model: string }> }): unknown {
  return Object.fromEntries(
    Object.entries(plain.routes ?? {}).map(([name, { provider, model }]) => [name, `${provider},${model}`]),
  )
}

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
