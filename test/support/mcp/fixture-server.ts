/** An MCP server of both eras, by hand and whole enough for the official suite; transports are somebody else's matter. */
import type { Era } from '../../../src/mcp/upstream/connection.ts'
import { type FixtureContext, FixtureError, InputWanted, takeInput } from './fixture-context.ts'
import { form, PIXEL, TOOLS, text } from './fixture-tools.ts'

type Message = any
type Send = (message: Message, relatedTo?: string | number) => void

const NS = 'io.modelcontextprotocol/'
const VERSIONS = ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05']
const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']
const INFO = { name: 'fixture', version: '1.0.0' }

/** What the fixture has; lists change when a tool says so. */
const state = {
  tools: [...TOOLS],
  prompts: [
    {
      definition: { name: 'test_simple_prompt', description: 'One message' },
      get: () => say('This is a simple prompt for testing.'),
    },
    {
      definition: {
        name: 'test_prompt_with_arguments',
        description: 'Two arguments',
        arguments: ['arg1', 'arg2'].map((name) => ({ name, required: true })),
      },
      get: ({ arg1, arg2 }: any) => say(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`),
    },
    {
      definition: {
        name: 'test_prompt_with_embedded_resource',
        description: 'Embeds a resource',
        arguments: [{ name: 'resourceUri', required: true }],
      },
      get: ({ resourceUri: uri }: any) =>
        say(
          {
            type: 'resource',
            resource: { uri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
          },
          'Please process it.',
        ),
    },
    {
      definition: { name: 'test_prompt_with_image', description: 'Embeds an image' },
      get: () => say({ type: 'image', data: PIXEL, mimeType: 'image/png' }, 'Please look.'),
    },
    {
      definition: { name: 'test_input_required_result_prompt', description: 'Asks first' },
      get: async (_: any, context: FixtureContext) => {
        const wanted = form('What context should the prompt use?', { context: { type: 'string' } })
        return say(`Context: ${(await context.input({ user_context: wanted })).user_context.content.context}`)
      },
    },
  ] as { definition: any; get(args: any, context: FixtureContext): unknown }[],
  resources: [
    {
      definition: { uri: 'test://static-text', name: 'static-text', mimeType: 'text/plain' },
      content: { text: 'This is the content of the static text resource.' },
    },
    {
      definition: { uri: 'test://static-binary', name: 'static-binary', mimeType: 'image/png' },
      content: { blob: PIXEL },
    },
    {
      definition: { uri: 'test://watched-resource', name: 'watched-resource', mimeType: 'text/plain' },
      content: { text: 'watched' },
    },
    {
      definition: { uri: 'test://example-resource', name: 'example-resource', mimeType: 'text/plain' },
      content: { text: 'example' },
    },
  ] as { definition: any; content: object }[],
}

function say(...contents: (string | object)[]): object {
  return {
    messages: contents.map((content) => ({
      role: 'user',
      content: typeof content === 'string' ? { type: 'text', text: content } : content,
    })),
  }
}

/** Everybody who wants to hear of changes. */
const listeners = new Set<(method: string, params?: object) => void>()
const announce = (method: string, params?: object): void => {
  for (const tell of listeners) tell(method, params)
}

const CHANGES: Readonly<Record<string, () => void>> = {
  tools: () =>
    toggle(state.tools, 'test_changing_tool', {
      definition: { name: 'test_changing_tool', description: 'Comes and goes', inputSchema: { type: 'object' } },
      run: () => text('here'),
    }),
  prompts: () =>
    toggle(state.prompts, 'test_changing_prompt', {
      definition: { name: 'test_changing_prompt', description: 'Comes and goes' },
      get: () => say('here'),
    }),
  resources: () =>
    toggle(state.resources, 'changing', {
      definition: { uri: 'test://changing', name: 'changing' },
      content: { text: 'here' },
    }),
}

function toggle<Thing extends { definition: any }>(things: Thing[], name: string, thing: Thing): void {
  const at = things.findIndex(({ definition }) => definition.name === name)
  if (at < 0) things.push(thing)
  else things.splice(at, 1)
}

for (const [tool, kind] of [
  ['test_trigger_tool_change', 'tools'],
  ['test_trigger_prompt_change', 'prompts'],
  ['test_trigger_resource_change', 'resources'],
] as const) {
  state.tools.push({
    definition: { name: tool, description: 'Changes a list', inputSchema: { type: 'object' } },
    run: () => {
      CHANGES[kind]?.()
      announce(`notifications/${kind}/list_changed`)
      return text('changed')
    },
  })
}
state.tools.push({
  definition: {
    name: 'test_trigger_resource_update',
    description: 'Announces an update',
    inputSchema: { type: 'object', properties: { uri: { type: 'string' } } },
  },
  run: ({ uri = 'test://watched-resource' }) => {
    announce('notifications/resources/updated', { uri })
    return text('announced')
  },
})

const METHODS: Readonly<Record<string, (params: any, context: FixtureContext) => unknown>> = {
  'tools/list': () => ({ tools: state.tools.map((tool) => tool.definition) }),
  'prompts/list': () => ({ prompts: state.prompts.map((prompt) => prompt.definition) }),
  'resources/list': () => ({ resources: state.resources.map((resource) => resource.definition) }),
  'resources/templates/list': () => ({
    resourceTemplates: [{ uriTemplate: 'test://template/{id}/data', name: 'template', mimeType: 'application/json' }],
  }),
  'resources/read': readResource,
  'prompts/get': (params, context) => {
    const prompt = state.prompts.find(({ definition }) => definition.name === params.name)
    if (prompt === undefined) throw new FixtureError(-32602, 'Unknown prompt')
    return prompt.get(params.arguments ?? {}, context)
  },
  'completion/complete': ({ argument }) => {
    const values = ['paris', 'park', 'party'].filter((value) => value.startsWith(argument?.value ?? ''))
    return { completion: { values, total: values.length, hasMore: false } }
  },
  'tools/call': async (params, context) => {
    const tool = state.tools.find(({ definition }) => definition.name === params.name)
    if (tool === undefined) throw new FixtureError(-32602, 'Unknown tool')
    try {
      return await tool.run(params.arguments ?? {}, context)
    } catch (error: any) {
      if (error instanceof FixtureError || error instanceof InputWanted) throw error
      return { ...text(error.message), isError: true }
    }
  },
}

function readResource({ uri }: any, { era }: FixtureContext): object {
  const found = state.resources.find(({ definition }) => definition.uri === uri)
  if (found !== undefined) return { contents: [{ uri, mimeType: found.definition.mimeType, ...found.content }] }
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1]
  if (id !== undefined) {
    const data = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` })
    return { contents: [{ uri, mimeType: 'application/json', text: data }] }
  }
  throw new FixtureError(era === 'modern' ? -32602 : -32002, 'Resource not found', { uri })
}

function capabilities(era: Era): object {
  return {
    tools: { listChanged: true },
    prompts: { listChanged: true },
    resources: { subscribe: true, listChanged: true },
    completions: {},
    logging: {},
    ...(era === 'legacy' ? { experimental: { 'example.com/kept': { level: 3 } } } : {}),
  }
}

/** One connection: a process, an HTTP session, an event stream, or one modern POST. */
export class FixturePeer {
  readonly #eras: readonly Era[]
  readonly #send: Send
  readonly #open = new Map<string | number, AbortController>()
  readonly #asked = new Map<string | number, { resolve(value: any): void; reject(error: Error): void }>()
  readonly #watched = new Set<string>()
  readonly #cutStream: ((id: string | number) => void) | undefined
  #client: any
  #level = 'info'
  #count = 0

  constructor(eras: readonly Era[], send: Send, cutStream?: (id: string | number) => void) {
    this.#eras = eras
    this.#send = send
    this.#cutStream = cutStream
  }

  /** Resolves when the message is served whole. */
  async receive(message: Message): Promise<void> {
    if (message.method === undefined) {
      const waiting = this.#asked.get(message.id)
      this.#asked.delete(message.id)
      if (message.error === undefined) waiting?.resolve(message.result)
      else waiting?.reject(new Error(`The client refused: ${message.error.message}`))
    } else if (message.id === undefined) {
      if (message.method === 'notifications/cancelled') this.#open.get(message.params?.requestId)?.abort()
      if (message.method === 'notifications/initialized') listeners.add(this.#tell)
    } else {
      await this.#serve(message)
    }
  }

  close(): void {
    listeners.delete(this.#tell)
    for (const open of this.#open.values()) open.abort()
    for (const asked of this.#asked.values()) asked.reject(new Error('closed'))
  }

  async #serve(message: Message): Promise<void> {
    const abort = new AbortController()
    this.#open.set(message.id, abort)
    const answer = (more: object) => {
      if (!abort.signal.aborted) this.#send({ jsonrpc: '2.0', id: message.id, ...more }, message.id)
    }
    try {
      answer({ result: await this.#result(message, abort.signal) })
    } catch (error: any) {
      const { code = -32603, data } = error
      answer({ error: { code, message: error.message, ...(data === undefined ? {} : { data }) } })
    }
    this.#open.delete(message.id)
  }

  async #result(message: Message, signal: AbortSignal): Promise<unknown> {
    const { method, params = {} } = message
    const isModern = params._meta?.[`${NS}protocolVersion`] !== undefined
    if (!this.#eras.includes(isModern ? 'modern' : 'legacy'))
      throw new FixtureError(-32601, 'This era is not spoken here')
    if (isModern) return this.#modern(message, signal)
    if (method === 'initialize') {
      this.#client = params.capabilities
      const protocolVersion = VERSIONS.slice(1).includes(params.protocolVersion) ? params.protocolVersion : VERSIONS[1]
      return { protocolVersion, capabilities: capabilities('legacy'), serverInfo: INFO, instructions: 'A fixture.' }
    }
    if (method === 'ping') return {}
    if (method === 'logging/setLevel') this.#level = params.level
    else if (method === 'resources/subscribe') this.#watched.add(params.uri)
    else if (method === 'resources/unsubscribe') this.#watched.delete(params.uri)
    else return this.#run(message, this.#context('legacy', message, signal))
    return {}
  }

  async #modern(message: Message, signal: AbortSignal): Promise<unknown> {
    const { method, params } = message
    const tag = { [`${NS}serverInfo`]: INFO }
    if (method === 'server/discover') {
      const supportedVersions = VERSIONS.slice(0, this.#eras.includes('legacy') ? undefined : 1)
      return {
        resultType: 'complete',
        supportedVersions,
        capabilities: capabilities('modern'),
        instructions: 'A fixture.',
        ttlMs: 60_000,
        cacheScope: 'public',
        _meta: tag,
      }
    }
    if (method === 'subscriptions/listen') return this.#listen(message, signal)
    try {
      const result: any = await this.#run(message, this.#context('modern', message, signal))
      const caching =
        method.endsWith('/list') || method === 'resources/read' ? { ttlMs: 1000, cacheScope: 'public' } : {}
      return { resultType: 'complete', ...result, ...caching, _meta: { ...result._meta, ...tag } }
    } catch (error) {
      if (error instanceof InputWanted) return { ...error.result, _meta: tag }
      if (error instanceof FixtureError || params.name === undefined) throw error
      throw error
    }
  }

  async #run({ method, params = {} }: Message, context: FixtureContext): Promise<unknown> {
    const run = METHODS[method]
    if (run === undefined) throw new FixtureError(-32601, `Method not found: ${method}`)
    return run(params, context)
  }

  async #listen({ id, params }: Message, signal: AbortSignal): Promise<unknown> {
    const wanted = params.notifications ?? {}
    const meta = { _meta: { [`${NS}subscriptionId`]: id } }
    const tell = (method: string, more: any = {}): void => {
      const kind = method.split('/')[1]
      const isWanted = method.endsWith('/updated')
        ? wanted.resourceSubscriptions?.includes(more.uri)
        : wanted[`${kind}ListChanged`] === true
      if (isWanted) this.#send({ jsonrpc: '2.0', method, params: { ...more, ...meta } }, id)
    }
    this.#send(
      {
        jsonrpc: '2.0',
        method: 'notifications/subscriptions/acknowledged',
        params: { ...meta, notifications: wanted },
      },
      id,
    )
    listeners.add(tell)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    listeners.delete(tell)
    return { resultType: 'complete', ...meta }
  }

  readonly #tell = (method: string, params?: any): void => {
    if (method.endsWith('/updated') && !this.#watched.has(params.uri)) return
    this.#send({ jsonrpc: '2.0', method, ...(params === undefined ? {} : { params }) })
  }

  #context(era: Era, { id, params = {} }: Message, signal: AbortSignal): FixtureContext {
    const meta = params._meta ?? {}
    const level = era === 'modern' ? meta[`${NS}logLevel`] : this.#level
    return {
      era,
      id,
      params,
      signal,
      capabilities: era === 'modern' ? meta[`${NS}clientCapabilities`] : this.#client,
      progress: (progress, total) => {
        if (meta.progressToken === undefined) return
        const told = { progressToken: meta.progressToken, progress, ...(total === undefined ? {} : { total }) }
        this.#send({ jsonrpc: '2.0', method: 'notifications/progress', params: told }, id)
      },
      log: (name, data) => {
        if (level === undefined || LEVELS.indexOf(name) < LEVELS.indexOf(level)) return
        this.#send(
          { jsonrpc: '2.0', method: 'notifications/message', params: { level: name, logger: 'fixture', data } },
          id,
        )
      },
      input: async (requests, { sealed = false } = {}) => {
        if (era === 'modern') return takeInput({ params }, requests, sealed)
        const asked = Object.entries(requests).map(async ([key, request]) => [key, await this.#ask(request, id)])
        return Object.fromEntries(await Promise.all(asked))
      },
      ...(this.#cutStream === undefined ? {} : { cutStream: () => this.#cutStream?.(id) }),
    }
  }

  #ask({ method, params }: { method: string; params: object }, relatedTo: string | number): Promise<unknown> {
    this.#count += 1
    const id = this.#count
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject })
      this.#send({ jsonrpc: '2.0', id, method, params }, relatedTo)
    })
  }
}
