import { expect } from 'chai'
import { CONFIG_SCHEMA, NOT_ACTING_YET } from '../../../src/config/schema.ts'
import { readConfig } from '../../support/config-text.ts'

const DEFAULT = { default: { provider: 'a', model: 'b' } }

describe('warnings of a configuration', () => {
  it('an unknown key is told with its place and the nearest known one', () => {
    const text = `{
  "prot": 1,
  "performance": { "conect_timeout": "1s" },
  "providers": [{ "name": "a", "apikey": "x" }],
  "zzz": {},
  "routes": { "default": "a/b" }
}`
    expect(readConfig(text).warnings).to.deep.equal([
      '2:11: prot is no known setting and does nothing; the nearest known one is port.',
      '3:38: performance.conect_timeout is no known setting and does nothing; the nearest known one is connect_timeout.',
      '4:42: providers.0.apikey is no known setting and does nothing; the nearest known one is api_key.',
      '5:10: zzz is no known setting and does nothing.',
    ])
  })

  it('A212: names are case-sensitive: what is written otherwise is not taken for it', () => {
    const { config, warnings } = readConfig({
      routes: { default: { provider: 'a', model: 'b', parameters: { Max_Tokens: 5 } } },
      Port: 1,
    })
    expect(config.groups[0]?.routes?.get('default')?.[0]?.parameters).to.deep.equal({})
    expect(config.port).to.equal(3456)
    expect(warnings.map((warning) => warning.replace(/^\S+ /, ''))).to.deep.equal([
      'routes.default.parameters.Max_Tokens is no known setting and does nothing; the nearest known one is max_tokens.',
      'Port is no known setting and does nothing; the nearest known one is port.',
    ])
  })

  it('A022, A024, A112, A114, A116, A121, A129, A186, X12: what does not act yet is taken and told once, without its value', () => {
    const { warnings } = readConfig({
      log_file: '/canary',
      security: {
        audit_enabled: true,
        cors_enabled: false,
        ip_blacklist: ['10.0.0.0/8'],
        cors_origins: ['http://canary'],
      },
      performance: { cache_enabled: true, cache_ttl: '1h', rate_limit_enabled: true, metrics_enabled: true },
    })
    const told = warnings.map((warning) => warning.replace(/^\S+ /, ''))
    expect(told).to.deep.equal(
      [
        'log_file',
        'security.audit_enabled',
        'security.ip_blacklist',
        'security.cors_origins',
        'performance.cache_enabled',
        'performance.cache_ttl',
        'performance.rate_limit_enabled',
        'performance.metrics_enabled',
      ].map((path) => `${path} is taken, but does not act yet.`),
    )
  })

  it('each setting that does not act yet is one that there is', () => {
    for (const path of NOT_ACTING_YET) {
      let at: any = CONFIG_SCHEMA
      for (const step of path.split('.'))
        at = step === '*' ? (at.items ?? at.additionalProperties) : at?.properties?.[step]
      expect(at, path).to.be.an('object')
    }
  })

  it('a key that a user chooses is no unknown one', () => {
    const { warnings } = readConfig({
      $schema: './config.schema.json',
      providers: [{ name: 'a', headers: { 'x-anything': '1' } }],
      groups: { zzz: { aliases: { qqq: 'a/b' }, body_parameters: { anything: { at: 'all' } } } },
    })
    expect(warnings).to.deep.equal([])
  })

  it('X13, A088: conditions are taken, change nothing, and are told', () => {
    const routes = { default: { ...DEFAULT.default, conditions: [{ type: 'model', operator: '==', value: 'x' }] } }
    const { config, warnings } = readConfig({ routes })
    expect(config).to.deep.equal(readConfig({ routes: DEFAULT }).config)
    expect(warnings.map((warning) => warning.replace(/^\S+ /, ''))).to.deep.equal([
      'routes.default.conditions is taken and has no effect.',
    ])
    expect(readConfig({ routes: { default: { ...DEFAULT.default, conditions: [] } } }).warnings).to.deep.equal([])
  })

  it('X14, A090: a route that Claude Code never asks for is taken and told once', () => {
    const { config, warnings } = readConfig({
      routes: {
        ...DEFAULT,
        'claude-opus-4': 'a/c',
        'gpt-4': 'a/d',
        'gpt-5': 'a/d',
        longContext: 'a/e',
        think: 'a/f',
        background: 'a/g',
      },
    })
    expect([...(config.groups[0]?.routes?.keys() ?? [])]).to.include('gpt-4')
    expect(warnings.map((warning) => warning.replace(/^\S+ /, ''))).to.deep.equal([
      'routes.gpt-4 is no name that Claude Code asks for; it and 1 more of the routes serve other clients.',
    ])
  })

  const ROUTELESS = [
    [
      'A013, A118: providers without routes',
      { providers: [{ name: 'anthropic' }] },
      /^1:1: routes are not given: .*"anthropic,MODEL"\.$/,
    ],
    ['A013: routes without a default', { routes: { 'claude-opus-4': 'a/b' } }, /^1:11: routes has no "default"/],
  ] as const
  for (const [title, written, expected] of ROUTELESS) {
    it(`${title} start, and it is told what they lack`, () => {
      const { warnings } = readConfig(written)
      expect(warnings).to.have.lengthOf(1)
      expect(warnings[0]).to.match(expected)
    })
  }
  it('groups that lead somewhere need no routes at the top', () => {
    const providers = [{ name: 'a' }]
    expect(readConfig({ providers, groups: { g: { aliases: { x: 'a/b' } } } }).warnings).to.deep.equal([])
    expect(readConfig({ providers, groups: { g: { routes: { default: 'a/b' } } } }).warnings).to.deep.equal([])
    expect(readConfig({ providers, groups: { g: {} } }).warnings).to.have.lengthOf(1)
  })
})
