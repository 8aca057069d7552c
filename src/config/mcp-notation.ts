/** How the file and the management API write down an MCP server: in the words of Claude Code, Cursor, VS Code, Gemini CLI and their kin (M89). */

/** A program of this machine, or a server elsewhere. */
export type McpTransport =
  | {
      readonly type: 'stdio'
      readonly command: string
      readonly args: readonly string[]
      readonly env: Readonly<Record<string, string>>
      /** A file of `NAME=value` lines, read at each start; `env` goes before it. */
      readonly envFile?: string
      /** Absent: that of the gateway. */
      readonly cwd?: string
    }
  | {
      /** `http` finds out by itself which of the transports over HTTP the server has. */
      readonly type: 'http' | 'sse'
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      /** Names in lower case of headers of a client that the server is told; those of the configuration go before them. */
      readonly forwardHeaders?: readonly string[]
    }

export interface ConfiguredMcpServer {
  readonly name: string
  readonly transport: McpTransport
  readonly enabled: boolean
  /** One session for all clients instead of one for each. */
  readonly shared: boolean
  /** Addresses of private networks may be called. */
  readonly allowPrivate: boolean
  /** Silence after which a call is given up. */
  readonly timeoutMs?: number
  /** Names or patterns of tools; absent: all. */
  readonly includeTools?: readonly string[]
  readonly excludeTools: readonly string[]
  /** Whether a tool that describes itself anew is served before somebody has accepted it. */
  readonly changedTools: 'warn' | 'block'
}

export interface WrittenMcpServer {
  readonly type?: string
  readonly transport?: string
  readonly command?: string
  readonly args?: readonly (string | number)[]
  readonly env?: Readonly<Record<string, string | number | boolean | null>>
  readonly envFile?: string
  readonly cwd?: string
  readonly url?: string
  readonly httpUrl?: string
  readonly serverUrl?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly forwardHeaders?: readonly string[]
  readonly disabled?: boolean
  readonly enabled?: boolean
  readonly timeout?: number
  readonly includeTools?: readonly string[]
  readonly excludeTools?: readonly string[]
  readonly shared?: boolean
  readonly allowPrivate?: boolean
  readonly changedTools?: 'warn' | 'block'
}

const TEXTS = { type: 'array', items: { type: 'string' } } as const
const HTTP_URL = { type: 'string', format: 'http-url' } as const

/** All spellings that are in use. */
const TYPES = { stdio: 'stdio', http: 'http', 'streamable-http': 'http', streamableHttp: 'http', sse: 'sse' } as const
const TYPE = { type: 'string', enum: Object.keys(TYPES), description: 'Of the connection; mostly left out.' } as const

/** JSON Schema of `WrittenMcpServer`. What is not in it warns and does nothing. */
export const MCP_SERVER_SCHEMA = {
  type: 'object',
  properties: {
    type: TYPE,
    transport: TYPE,
    command: { type: 'string', minLength: 1, description: 'A program of this machine; never run through a shell.' },
    args: { type: 'array', items: { type: ['string', 'number'] } },
    env: {
      type: 'object',
      additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
      description: 'Variables for the program; of the environment of the gateway it sees next to nothing.',
    },
    envFile: { type: 'string', minLength: 1, description: 'Lines of NAME=value, read at each start; env goes before.' },
    cwd: { type: 'string', minLength: 1 },
    url: HTTP_URL,
    httpUrl: HTTP_URL,
    serverUrl: HTTP_URL,
    headers: { type: 'object', additionalProperties: { type: 'string' } },
    forwardHeaders: {
      ...TEXTS,
      description: 'Headers of clients that the server is told, by name; never those that say who somebody is.',
    },
    disabled: { type: 'boolean' },
    enabled: { type: 'boolean' },
    timeout: { type: 'number', minimum: 1, description: 'Milliseconds of silence of a call; below 1000: seconds.' },
    includeTools: TEXTS,
    excludeTools: TEXTS,
    shared: { type: 'boolean', default: false, description: 'One session for all clients; for servers without state.' },
    allowPrivate: { type: 'boolean', default: false, description: 'It may be at an address of a private network.' },
    changedTools: {
      type: 'string',
      enum: ['warn', 'block'],
      default: 'warn',
      description: 'block: a tool that describes itself anew is left out until it is accepted.',
    },
  },
} as const

/** Names are parts of names of tools, whose parts are joined by it. */
const SEPARATOR = '__'

const MAX_NAME = 64

/**
 * What is wrong with a server beyond its schema, each as the rest of a sentence that begins with the server.
 *
 * @param written valid by `MCP_SERVER_SCHEMA`.
 */
export function findMcpFaults(name: string, written: WrittenMcpServer): readonly string[] {
  const faults: string[] = []
  const url = urlOf(written)
  if (name.trim() === '' || name.length > MAX_NAME) faults.push(`must have a name of 1 to ${MAX_NAME} characters`)
  if (/[\s/\\]/.test(name)) faults.push('must have a name without blanks and slashes')
  if (name.includes(SEPARATOR)) faults.push(`must not have ${SEPARATOR} in its name: it stands between server and tool`)
  if (written.command === undefined && url === undefined) faults.push('needs a command or a url')
  if (written.command !== undefined && url !== undefined)
    faults.push('has a command and a url, and only one can be meant')
  if (url !== undefined && hasPassword(url)) faults.push('must not have a name or password in its url: give headers')
  const type = typeOf(written)
  if (type === 'stdio' && written.command === undefined && url !== undefined)
    faults.push('is said to be stdio, but has a url')
  if (type !== undefined && type !== 'stdio' && url === undefined && written.command !== undefined) {
    faults.push(`is said to be ${type}, but has a command`)
  }
  faults.push(...judgeForwarding(written))
  const wish = JSON.stringify(written).match(/\$\{(?:input:[^}]*|workspaceFolder(?:Basename)?|file[A-Za-z]*)\}/)
  if (wish !== null) faults.push(`uses ${wish[0]}, which only an editor can fill in: write the value or \${VARIABLE}`)
  return faults
}

/** @param written valid by `MCP_SERVER_SCHEMA` and without faults. */
export function readMcpServer(name: string, written: WrittenMcpServer): ConfiguredMcpServer {
  const { timeout, includeTools, excludeTools = [] } = written
  return {
    name,
    transport: readTransport(written),
    enabled: written.enabled ?? written.disabled !== true,
    shared: written.shared ?? false,
    allowPrivate: written.allowPrivate ?? false,
    // Some clients count seconds, and nobody means less than one.
    ...(timeout === undefined ? {} : { timeoutMs: timeout < 1000 ? timeout * 1000 : timeout }),
    ...(includeTools === undefined ? {} : { includeTools }),
    excludeTools,
    changedTools: written.changedTools ?? 'warn',
  }
}

function readTransport(written: WrittenMcpServer): McpTransport {
  const { command, args = [], env = {}, envFile, cwd, headers = {}, forwardHeaders } = written
  const url = urlOf(written)
  if (command === undefined) {
    return {
      type: typeOf(written) === 'sse' ? 'sse' : 'http',
      url: (url ?? '').trim(),
      headers,
      ...(forwardHeaders === undefined ? {} : { forwardHeaders: forwardHeaders.map((name) => name.toLowerCase()) }),
    }
  }
  const variables = Object.entries(env).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, String(value)]],
  )
  return {
    type: 'stdio',
    command,
    args: args.map(String),
    env: Object.fromEntries(variables),
    ...(envFile === undefined ? {} : { envFile }),
    ...(cwd === undefined ? {} : { cwd }),
  }
}

/** They say who the client is, or belong to one hop (M88). */
const NEVER_FORWARDED =
  /^(?:authorization|proxy-.*|cookie.*|x-api-key|x-goog-api-key|api-key|host|connection|content-.*|accept|accept-encoding|transfer-encoding|te|trailer|upgrade|keep-alive|expect|last-event-id|mcp-.*)$/i

function judgeForwarding({ forwardHeaders = [], shared, command }: WrittenMcpServer): readonly string[] {
  const faults: string[] = []
  const bad = forwardHeaders.find((name) => NEVER_FORWARDED.test(name) || !/^[A-Za-z0-9_-]+$/.test(name))
  if (bad !== undefined) faults.push(`must not have ${JSON.stringify(bad)} in forwardHeaders: it is no server's to see`)
  if (forwardHeaders.length > 0 && command !== undefined) faults.push('has forwardHeaders, but no url to send them to')
  if (forwardHeaders.length > 0 && shared === true) faults.push('has forwardHeaders, but is shared by all clients')
  return faults
}

function hasPassword(url: string): boolean {
  const { username, password } = new URL(url.trim())
  return username !== '' || password !== ''
}

function urlOf({ url, httpUrl, serverUrl }: WrittenMcpServer): string | undefined {
  return httpUrl ?? url ?? serverUrl
}

function typeOf({ type, transport }: WrittenMcpServer): (typeof TYPES)[keyof typeof TYPES] | undefined {
  const given = type ?? transport
  return Object.entries(TYPES).find(([spelling]) => spelling === given)?.[1]
}

/** What a group shows of the servers, and under which names. */
export interface ConfiguredMcpRules {
  /** Names of servers, in the order in which their tools are listed; absent: all. */
  readonly servers?: readonly string[]
  readonly naming: 'prefix' | 'plain' | 'auto'
  /** Patterns: with `__` of `server__tool`, without of the tool's own name. */
  readonly allow?: readonly string[]
  readonly deny: readonly string[]
  /** Clients are shown two tools, by which all others are found and called. */
  readonly search: boolean
  /** Tools that call themselves read-only or idempotent are called once more when their server is lost in the middle. */
  readonly repeatReadOnlyTools: boolean
  /** By `server__tool`: what clients are told instead. */
  readonly overrides: Readonly<Record<string, McpToolOverride>>
}

export interface McpToolOverride {
  readonly title?: string
  readonly description?: string
}

export type WrittenMcpRules = Partial<ConfiguredMcpRules>

/** JSON Schema of `WrittenMcpRules`. */
export const MCP_RULES_SCHEMA = {
  type: 'object',
  description: 'What the group shows of the MCP servers.',
  properties: {
    servers: { ...TEXTS, description: 'Names of servers, in order; left out: all.' },
    naming: {
      type: 'string',
      enum: ['auto', 'prefix', 'plain'],
      default: 'auto',
      description: 'prefix: server__tool; plain: tool; auto: plain as long as no other server has the name.',
    },
    allow: { ...TEXTS, description: 'Patterns of tools with * and ?; left out: all.' },
    deny: { ...TEXTS, description: 'Patterns of tools that are left out all the same.' },
    search: {
      type: 'boolean',
      default: false,
      description: 'Shows find_tools and call_tool instead of all tools; for groups with very many.',
    },
    repeatReadOnlyTools: {
      type: 'boolean',
      default: false,
      description: 'A tool that says it changes nothing is called again when its server is lost in the middle of it.',
    },
    overrides: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        properties: { title: { type: 'string' }, description: { type: 'string' } },
      },
      description: 'By server__tool, what clients are told instead.',
    },
  },
} as const

/** @param written valid by `MCP_RULES_SCHEMA`. */
export function readMcpRules({
  servers,
  naming = 'auto',
  allow,
  deny = [],
  search = false,
  repeatReadOnlyTools = false,
  overrides = {},
}: WrittenMcpRules): ConfiguredMcpRules {
  return {
    ...(servers === undefined ? {} : { servers }),
    naming,
    ...(allow === undefined ? {} : { allow }),
    deny,
    search,
    repeatReadOnlyTools,
    overrides,
  }
}
