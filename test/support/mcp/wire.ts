/** A client of the hub that writes and reads HTTP itself, so that no SDK repairs what is sent. */
import { type IncomingMessage, request } from 'node:http'
import type { Closing } from '../close-all.ts'
import { Recorder } from './recorder.ts'

export interface WireEvent {
  readonly name: string | undefined
  readonly id: string | undefined
  readonly data: string
  readonly message: any
}

export interface WireAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  /** Of a stream: its events. */
  readonly events: Recorder<WireEvent>
  /** Lines that are comments, and other fields than those of events. */
  readonly comments: string[]
  /** The whole body, when it has ended. */
  text(): Promise<string>
  json(): Promise<any>
  /** Messages of the stream that fit, now or later. */
  message(fits: (message: any) => boolean): Promise<any>
  /** Hangs up. */
  leave(): void
}

export const BOTH = 'application/json, text/event-stream'

/** Sends a request; resolves with its headers. A body that is no text is sent as JSON. */
export function send(
  closing: Closing,
  url: string,
  options: { readonly method?: string; readonly body?: unknown; readonly headers?: Record<string, string> } = {},
): Promise<WireAnswer> {
  const { method = options.body === undefined ? 'GET' : 'POST', body } = options
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body)
  const headers = {
    accept: method === 'GET' ? 'text/event-stream' : BOTH,
    ...(text === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
    ...options.headers,
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) =>
      resolve(read(response, () => sent.destroy())),
    )
    closing.add(sent, (open) => open.destroy())
    sent.on('error', reject)
    sent.end(text)
  })
}

function read(response: IncomingMessage, leave: () => void): WireAnswer {
  const events = new Recorder<WireEvent>()
  const comments: string[] = []
  let whole = ''
  let rest = ''
  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    whole += chunk
    if (!String(response.headers['content-type']).startsWith('text/event-stream')) return
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = readEvent(block)
      if (event === undefined) comments.push(block)
      else events.add(event)
    }
  })
  response.on('close', () => events.end())
  response.on('error', () => events.end())
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    comments,
    text: async () => {
      await events.over()
      return whole
    },
    async json() {
      await events.over()
      return JSON.parse(whole)
    },
    async message(fits) {
      const { message } = await events.find((event) => event.message !== undefined && fits(event.message))
      return message
    },
    leave,
  }
}

function readEvent(block: string): WireEvent | undefined {
  const fields = new Map(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const data = fields.get('data')
  if (data === undefined) return undefined
  const message = data.startsWith('{') || data.startsWith('[') ? JSON.parse(data) : undefined
  return { name: fields.get('event'), id: fields.get('id'), data, message }
}

let count = 0

/** A legacy session over Streamable HTTP, past its handshake. */
export async function beginSession(
  closing: Closing,
  url: string,
  options: {
    readonly version?: string
    readonly capabilities?: object
    readonly headers?: Record<string, string>
  } = {},
) {
  const { version = '2025-11-25', capabilities = {}, headers = {} } = options
  const params = { protocolVersion: version, capabilities, clientInfo: { name: 'wire', version: '1' } }
  const answer = await send(closing, url, {
    body: { jsonrpc: '2.0', id: 'begin', method: 'initialize', params },
    headers,
  })
  const id = String(answer.headers['mcp-session-id'])
  const own = { ...headers, 'mcp-session-id': id }
  const post = (body: unknown, more: Record<string, string> = {}) =>
    send(closing, url, { body, headers: { ...own, ...more } })
  await (await post({ jsonrpc: '2.0', method: 'notifications/initialized' })).text()
  return {
    id,
    headers: own,
    answer,
    initialized: await answer.json(),
    post,
    /** Sends a request with a new id. */
    request(method: string, params2: object = {}) {
      count += 1
      return post({ jsonrpc: '2.0', id: count, method, params: params2 })
    },
    listen: (more: Record<string, string> = {}) => send(closing, url, { headers: { ...own, ...more } }),
    end: () => send(closing, url, { method: 'DELETE', headers: own }),
  }
}

const NS = 'io.modelcontextprotocol/'

/** A modern request with all that it must say of itself. */
export function modern(
  method: string,
  params: any = {},
  options: { readonly id?: string | number; readonly capabilities?: object } = {},
) {
  const meta = {
    [`${NS}protocolVersion`]: '2026-07-28',
    [`${NS}clientCapabilities`]: options.capabilities ?? {},
    ...params._meta,
  }
  const body = { jsonrpc: '2.0', id: options.id ?? 1, method, params: { ...params, _meta: meta } }
  const name = params.name ?? params.uri ?? params.taskId
  const isNamed = /^(tools\/call|prompts\/get|resources\/read|tasks\/)/.test(method) && name !== undefined
  const headers: Record<string, string> = {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(isNamed ? { 'mcp-name': String(name) } : {}),
  }
  return { body, headers }
}
