/**
 * Who may import whom. Arrows run one way, down; what is not in this table is refused, and so is every circle.
 * The drawing of it is in ARCHITECTURE.md.
 */

/** Rooms of `src`, floor by floor, the highest first. A room imports from lower floors only. */
const FLOORS = [
  ['cli'],
  ['app'],
  ['door.ts'],
  ['admin', 'mcp', 'gateway'],
  ['access', 'registry', 'upstream', 'observe', 'conversation'],
  ['http', 'store', 'providers', 'config', 'compat'],
]

/** Doors that are narrower than their floor. */
const NARROW = {
  store: [],
  compat: ['^protocols/(ir|json)/'],
}

const CODECS = '^protocols/(?!ir/|framing/|json/)([^/]+)/'

const allowed = [
  { from: { path: '^protocols/(ir|framing|json)/' }, to: { path: '^protocols/$1/' } },
  { from: { path: '^protocols/codec\\.ts$' }, to: { path: '^protocols/ir/' } },
  {
    from: { path: CODECS },
    to: { path: ['^protocols/$1/', '^protocols/codec\\.ts$', '^protocols/(ir|framing|json)/'] },
  },
  {
    from: { path: '^protocols/index\\.ts$' },
    to: { path: ['^protocols/codec\\.ts$', '^protocols/[^/]+/index\\.ts$'] },
  },
  // The core of protocols is pure: of Node it may use what only computes.
  { from: { path: '^src/' }, to: { dependencyTypes: ['core', 'npm', 'npm-dev'] } },
  { from: { path: '^protocols/' }, to: { path: '^(node:)?(buffer|string_decoder)$' } },
]

const pathOf = (room) => (room.endsWith('.ts') ? `^src/${room.replace('.', '\\.')}$` : `^src/${room}/`)

FLOORS.forEach((floor, height) => {
  const below = FLOORS.slice(height + 1).flat()
  for (const room of floor) {
    const self = pathOf(room)
    const lower = below.map(pathOf)
    const to = NARROW[room] ?? [...lower, '^protocols/']
    allowed.push({ from: { path: self }, to: { path: [self, ...to] } })
  }
})

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-development-package-at-run-time',
      severity: 'error',
      from: { path: '^(protocols|src)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'protocols-are-pure',
      severity: 'error',
      from: { path: '^protocols/' },
      to: { dependencyTypes: ['core', 'npm'], pathNot: '^(node:)?(buffer|string_decoder)$' },
    },
  ],
  allowed,
  allowedSeverity: 'error',
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
      extensions: ['.ts', '.js'],
    },
  },
}
