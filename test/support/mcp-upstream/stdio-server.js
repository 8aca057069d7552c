/**
 * A small MCP server on stdio, by hand, with the faults that real ones have. Options:
 * `--era legacy|modern|both`, `--silent-discover` (no answer to what it does not know), `--die-on-discover`, `--ignore-end`
 * (goes on after its input has ended, and ignores SIGTERM), `--list FILE` (its tools, read at each list), `--note FILE` (a line per message).
 */
import { spawn } from 'node:child_process'
import { appendFileSync, readFileSync } from 'node:fs'

const options = new Map()
for (const [index, word] of process.argv.entries()) {
  if (word.startsWith('--')) options.set(word.slice(2), process.argv[index + 1] ?? '')
}
const era = options.get('era') ?? 'both'
const TOOLS = ['echo', 'environment', 'hang', 'crash', 'progress', 'counted', 'child', 'big', 'odd', 'log', 'ask']
const SERVER_INFO = 'io.modelcontextprotocol/serverInfo'
const CAPABILITIES = { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true }, logging: {} }
let calls = 0
let lastAsked = 0
let isLegacy = false

const write = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const text = (value) => ({ content: [{ type: 'text', text: value }] })

function listTools() {
  const file = options.get('list')
  if (file !== undefined) return JSON.parse(readFileSync(file, 'utf8'))
  return TOOLS.map((name) => ({ name, inputSchema: { type: 'object' }, 'x-unknown': { kept: true } }))
}

const CALLS = {
  echo: ({ id, params }) => write({ id, result: { ...text(JSON.stringify(params)), id, pid: process.pid, params } }),
  environment: ({ id }) => write({ id, result: text(JSON.stringify(process.env)) }),
  hang: () => {},
  crash: () => process.kill(process.pid, 'SIGKILL'),
  progress: ({ params }) => {
    const { progressToken } = params._meta
    write({ method: 'notifications/progress', params: { progressToken, progress: 1, 'x-token': progressToken } })
  },
  // Answers as soon as it is asked for the next time.
  counted: ({ id }) => {
    calls += 1
    write({ id, result: text(String(calls)) })
  },
  child: ({ id }) => {
    const forever = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"
    const child = spawn(process.execPath, ['-e', forever], { stdio: 'inherit' })
    write({ id, result: { ...text(''), pid: child.pid } })
  },
  big: ({ id, params }) => write({ id, result: text('x'.repeat(params.arguments.bytes)) }),
  odd: ({ id }) => {
    process.stdout.write('a line that is no message\r\n\r\n   \n{"jsonrpc":"2.0","id":\n')
    process.stderr.write('said on standard error\n')
    const line = JSON.stringify({ jsonrpc: '2.0', id, result: text('a\u2028b\u2029c') })
    process.stdout.write(`${line}\r\n`)
  },
  log: ({ id }) => {
    write({ method: 'notifications/message', params: { level: 'info', data: 'a line' } })
    write({ id, result: text('') })
  },
  ask: ({ id, params }) => {
    lastAsked += 1
    asking.set(`s${lastAsked}`, id)
    write({ id: `s${lastAsked}`, method: params.arguments.method, params: { from: id } })
  },
}
const asking = new Map()

const METHODS = {
  ping: ({ id }) => write({ id, result: {} }),
  'tools/list': ({ id }) => write({ id, result: { tools: listTools(), ...tag() } }),
  'resources/list': ({ id }) => write({ id, result: { resources: [{ uri: 'test://one', name: 'one' }], ...tag() } }),
  'resources/templates/list': ({ id }) => write({ id, result: { resourceTemplates: [], ...tag() } }),
  'tools/call': (message) => CALLS[message.params.name]?.(message),
  'logging/setLevel': ({ id }) => write({ id, result: {} }),
  'resources/subscribe': ({ id, params }) => {
    write({ id, result: {} })
    write({ method: 'notifications/resources/updated', params })
  },
  'resources/unsubscribe': ({ id, params }) => write({ id, result: { undone: params.uri } }),
  'subscriptions/listen': ({ id, params }) => {
    const _meta = { 'io.modelcontextprotocol/subscriptionId': id }
    write({ method: 'notifications/subscriptions/acknowledged', params: { ...params, _meta } })
  },
}

function tag() {
  return isLegacy ? {} : { resultType: 'complete', ttlMs: 60_000, cacheScope: 'public' }
}

function begin({ id, method, params }) {
  if (method === 'initialize' && era !== 'modern') {
    isLegacy = true
    const protocolVersion = params.protocolVersion
    const serverInfo = { name: 'by-hand', version: '1' }
    write({
      id,
      result: { protocolVersion, capabilities: CAPABILITIES, serverInfo, instructions: 'Use it.', seen: params },
    })
  } else if (method === 'server/discover' && era !== 'legacy') {
    const _meta = { [SERVER_INFO]: { name: 'by-hand', version: '1' } }
    const supportedVersions = ['2026-07-28', ...(era === 'both' ? ['2025-11-25'] : [])]
    write({ id, result: { resultType: 'complete', supportedVersions, capabilities: CAPABILITIES, _meta } })
  } else if (method === 'server/discover' && options.has('die-on-discover')) {
    process.exit(3)
  } else if (method === 'server/discover' && options.has('silent-discover')) {
    return
  } else {
    write({ id, error: { code: -32601, message: `no ${method}` } })
  }
}

function receive(line) {
  if (options.has('note')) appendFileSync(options.get('note'), `${line}\n`)
  const message = JSON.parse(line)
  if (message.method === undefined) {
    write({ id: asking.get(message.id), result: { ...text('answered'), answer: message } })
  } else if (message.id !== undefined && METHODS[message.method] === undefined) {
    begin(message)
  } else if (message.method === 'test/change') {
    write({ method: 'notifications/tools/list_changed' })
  } else if (message.id !== undefined) {
    METHODS[message.method](message)
  }
}

process.stderr.write('ready\n')
if (options.has('fail')) {
  process.stderr.write('cannot find its configuration\n')
  process.exit(1)
}
if (options.has('ignore-end')) {
  process.on('SIGTERM', () => {})
  setInterval(() => {}, 1000)
}
let rest = ''
process.stdin.setEncoding('utf8')
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\n')
  rest = lines.pop() ?? ''
  for (const line of lines) if (line.trim() !== '') receive(line)
})
