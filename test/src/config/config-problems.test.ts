import { expect } from 'chai'
import { listProblems } from '../../support/config-text.ts'

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
    expect(listProblems(text)).to.have.members([
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
      const [problem] = listProblems({ routes: { default: { provider: 'a', model: 'b', parameters } } })
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
      'a header of two lines',
      { providers: [{ name: 'a', headers: { 'x-a': 'b\r\nc: d' } }] },
      'providers.0.headers.x-a must be a line of text that a header can hold.',
    ],
    [
      'a name that no header can have',
      { groups: { g: { headers: { 'x a': 'b' } } } },
      'groups.g.headers has a name that no header can have.',
    ],
    [
      'a prompt without a text',
      { groups: { g: { prompt: { mode: 'replace' } } } },
      'groups.g.prompt.text is required.',
    ],
    [
      'a ratio of nothing',
      { groups: { g: { temperature_ratio: 0 } } },
      'groups.g.temperature_ratio must be more than 0.',
    ],
    [
      'a strategy that there is not',
      { groups: { g: { strategy: 'fastest' } } },
      'groups.g.strategy must be one of weighted, round-robin, priority, least-busy, sticky.',
    ],
    [
      'A113: an address that is none',
      { security: { ip_whitelist: ['10.0.0.0/8', '10.0.0.0/33'] } },
      'security.ip_whitelist.1 must be an IP address or a range such as 192.168.1.0/24.',
    ],
    [
      'a fallback without a model',
      { routes: { default: { provider: 'a', model: 'b', fallbacks: ['c'] } } },
      'routes.default.fallbacks.0 must name a provider and its model: "openai/gpt-4o".',
    ],
    ['a key without a key', { apikeys: { ci: { key: ' ' } } }, 'apikeys.ci.key must not be empty.'],
    [
      'A088: conditions that are no list',
      { routes: { x: { provider: 'p', model: 'm', conditions: {} } } },
      'routes.x.conditions must be a list.',
    ],
    ['T75: a port below 0', { port: -1 }, 'port must be at least 0.'],
    ['T75: one of several ports', { ports: [1, 'abc'] }, 'ports.1 must be a whole number.'],
    [
      'T81: a duration without a unit',
      { shutdown_timeout: '10' },
      'shutdown_timeout must be a duration such as "30s", "1h30m" or "100ms", at most 24 days.',
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
      expect(listProblems(config)[0]?.replace(/^1:\d+: /, '')).to.equal(expected)
    })
  }

  it('S10: no problem repeats a value of the file', () => {
    const canary = 'canary-secret'
    const text = listProblems({
      port: canary,
      providers: [{ name: 'a', api_key: 1, api_base_url: canary, models: canary }],
    })
    expect(text.join()).to.not.contain(canary)
    expect(text).to.have.lengthOf(4)
  })
})
