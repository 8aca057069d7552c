// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how variables are written

import { expect } from 'chai'
import { ConfigFault } from '../../../src/config/config-fault.ts'
import { parseConfig } from '../../../src/config/load-config.ts'

const ENVIRONMENT = { TOKEN: 't0', HOME: '/home/me' }

function read(config: object) {
  return parseConfig('config.json', JSON.stringify(config), ENVIRONMENT)
}

/** As the clients' own documents show them. */
const CONVENTIONS: readonly (readonly [string, object, object])[] = [
  [
    'Claude Code: a program, with variables and defaults',
    {
      mcpServers: { s: { type: 'stdio', command: 'npx', args: ['-y', 'x', '${PORT:-80}'], env: { KEY: '${TOKEN}' } } },
    },
    { type: 'stdio', command: 'npx', args: ['-y', 'x', '80'], env: { KEY: 't0' } },
  ],
  [
    'Claude Code: a URL with headers',
    { mcpServers: { s: { type: 'http', url: '${BASE:-https://api.example}/mcp', headers: { a: 'Bearer ${TOKEN}' } } } },
    { type: 'http', url: 'https://api.example/mcp', headers: { a: 'Bearer t0' } },
  ],
  [
    'Claude Code: HTTP+SSE',
    { mcpServers: { s: { type: 'sse', url: 'https://api.example/sse' } } },
    { type: 'sse', url: 'https://api.example/sse', headers: {} },
  ],
  [
    'Cursor: a URL alone, and ${env:NAME}',
    { mcpServers: { s: { url: 'https://api.example/mcp', headers: { a: '${env:TOKEN}' } } } },
    { type: 'http', url: 'https://api.example/mcp', headers: { a: 't0' } },
  ],
  [
    'VS Code: servers',
    {
      servers: { s: { type: 'stdio', command: 'uvx', args: ['x'], cwd: '/srv', env: { DEBUG: 1, GONE: null } } },
      inputs: [],
    },
    { type: 'stdio', command: 'uvx', args: ['x'], cwd: '/srv', env: { DEBUG: '1' } },
  ],
  [
    'Gemini CLI: httpUrl',
    { mcpServers: { s: { httpUrl: 'https://api.example/mcp', timeout: 5000, trust: true } } },
    { type: 'http', url: 'https://api.example/mcp', headers: {} },
  ],
  [
    'Gemini CLI: $NAME, alone and after a blank',
    {
      mcpServers: {
        s: { httpUrl: 'https://a.example', headers: { a: '$TOKEN', b: 'Bearer $TOKEN', c: '$$TOKEN', d: 'a$TOKEN' } },
      },
    },
    { type: 'http', url: 'https://a.example', headers: { a: 't0', b: 'Bearer t0', c: '$TOKEN', d: 'a$TOKEN' } },
  ],
  [
    'Gemini CLI: $NAME in env, and nowhere else',
    { mcpServers: { s: { command: 'x', args: ['$TOKEN'], env: { KEY: '$TOKEN', LOW: '$token' } } } },
    { type: 'stdio', command: 'x', args: ['$TOKEN'], env: { KEY: 't0', LOW: '$token' } },
  ],
  [
    'VS Code: envFile',
    { servers: { s: { command: 'x', envFile: '${HOME}/.env' } } },
    { type: 'stdio', command: 'x', args: [], env: {}, envFile: '/home/me/.env' },
  ],
  [
    'Windsurf: serverUrl',
    { mcpServers: { s: { serverUrl: 'https://api.example/sse' } } },
    { type: 'http', url: 'https://api.example/sse', headers: {} },
  ],
  [
    'Roo, Cline: type streamableHttp and streamable-http',
    { mcpServers: { s: { type: 'streamableHttp', url: 'https://a.example' } } },
    { type: 'http', url: 'https://a.example', headers: {} },
  ],
]

describe('the notation of MCP servers', () => {
  for (const [title, config, transport] of CONVENTIONS) {
    it(`M89 ${title}`, () => {
      const { mcpServers } = read(config).config
      expect(mcpServers).to.have.lengthOf(1)
      expect(mcpServers[0]).to.deep.include({ name: 's', transport, enabled: true, shared: false })
    })
  }

  const SETTINGS: readonly (readonly [string, object, object])[] = [
    ['disabled', { disabled: true }, { enabled: false }],
    ['enabled', { enabled: false }, { enabled: false }],
    ['milliseconds', { timeout: 90_000 }, { timeoutMs: 90_000 }],
    ['seconds, as nobody means less than one', { timeout: 60 }, { timeoutMs: 60_000 }],
    ['tools', { includeTools: ['a*'], excludeTools: ['ab'] }, { includeTools: ['a*'], excludeTools: ['ab'] }],
    ['shared', { shared: true }, { shared: true }],
  ]
  for (const [title, written, expected] of SETTINGS) {
    it(`M89 ${title}`, () => {
      const { mcpServers } = read({ mcpServers: { s: { command: 'x', ...written } } }).config
      expect(mcpServers[0]).to.deep.include(expected)
    })
  }

  it('M89 keys that only other programs know warn and do not fail', () => {
    const { warnings } = read({ mcpServers: { s: { command: 'x', alwaysAllow: ['a'], trust: true } } })
    expect(warnings.map(({ path }) => path)).to.include.members(['mcpServers.s.alwaysAllow', 'mcpServers.s.trust'])
  })

  const FAULTS: readonly (readonly [string, object, RegExp])[] = [
    [
      'a name with the separator (M64)',
      { mcpServers: { a__b: { command: 'x' } } },
      /a__b must not have __ in its name/,
    ],
    ['a name that is no part of a path', { mcpServers: { 'a/b': { command: 'x' } } }, /without blanks and slashes/],
    ['neither command nor url', { mcpServers: { s: {} } }, /s needs a command or a url/],
    ['both of them', { mcpServers: { s: { command: 'x', url: 'https://a.example' } } }, /only one can be meant/],
    [
      'a type that contradicts',
      { mcpServers: { s: { type: 'sse', command: 'x' } } },
      /is said to be sse, but has a command/,
    ],
    [
      'a type that there is not',
      { mcpServers: { s: { type: 'websocket', url: 'https://a.example' } } },
      /one of stdio, http/,
    ],
    [
      'S5 a password in a URL',
      { mcpServers: { s: { url: 'https://a:b@c.example' } } },
      /must not have a name or password/,
    ],
    ['a URL that is none', { mcpServers: { s: { url: 'file:///etc/passwd' } } }, /http:\/\/ or https/],
    [
      'what only an editor knows',
      { servers: { s: { command: 'x', env: { a: '${input:key}' } } } },
      /only an editor can fill in/,
    ],
    [
      'a bare variable that is not set',
      { mcpServers: { s: { command: 'x', env: { A: '$NOWHERE' } } } },
      /NOWHERE, which is not set/,
    ],
    ...['Authorization', 'cookie', 'X-Api-Key', 'mcp-session-id', 'Host', 'x y'].map(
      (name): readonly [string, object, RegExp] => [
        `to forward ${name} (M88)`,
        { mcpServers: { s: { url: 'https://a.example', forwardHeaders: ['x-fine', name] } } },
        /in forwardHeaders: it is no server's to see/,
      ],
    ),
    [
      'headers of one client for a server that all share (M88)',
      { mcpServers: { s: { url: 'https://a.example', shared: true, forwardHeaders: ['x-a'] } } },
      /is shared by all clients/,
    ],
    ['a variable that is not set', { mcpServers: { s: { command: '${NOWHERE}' } } }, /NOWHERE, which is not set/],
    [
      'one name twice',
      { mcpServers: { s: { command: 'x' } }, servers: { s: { command: 'y' } } },
      /stands under mcpServers too/,
    ],
  ]
  for (const [title, config, problem] of FAULTS) {
    it(`M89 refuses ${title}, with its place`, () => {
      expect(() => read(config))
        .to.throw(ConfigFault, problem)
        .with.property('message')
        .that.matches(/^config\.json:\d+:\d+: (?:mcpServers|servers)\./)
    })
  }

  it('a group says what it shows', () => {
    const { groups } = read({ groups: { g: { mcp: { servers: ['b', 'a'], naming: 'plain', deny: ['rm*'] } } } }).config
    expect(groups[0]?.mcp).to.deep.equal({
      servers: ['b', 'a'],
      naming: 'plain',
      deny: ['rm*'],
      search: false,
      repeatReadOnlyTools: false,
      overrides: {},
    })
  })
})
