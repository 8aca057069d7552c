/** An MCP server over HTTP, by hand: each test says what it answers, and sees what it was sent. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Closing } from '../close-all.ts'

export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  /** Parsed; undefined without a body. */
  readonly body: any
}

export interface HttpServer {
  /** Without a path. */
  readonly url: string
  readonly seen: SeenRequest[]
  /** The first request that fits, as soon as it has come. */
  wait(fits: (request: SeenRequest) => boolean): Promise<SeenRequest>
}

export type Answer = (request: SeenRequest, response: ServerResponse) => void

export async function startHttpServer(closing: Closing, answer: Answer): Promise<HttpServer> {
  const seen: SeenRequest[] = []
  const waiting: (() => void)[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request
    const body = await text(request)
    const noted = { method, path, headers, body: body === '' ? undefined : JSON.parse(body) }
    seen.push(noted)
    for (const wake of waiting.splice(0)) wake()
    answer(noted, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.add(server, () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async wait(fits) {
      for (;;) {
        const found = seen.find(fits)
        if (found !== undefined) return found
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
  }
}

export function sendJson(response: ServerResponse, body: unknown, status = 200, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

/** Begins a stream; events are written by `event`. */
export function beginEvents(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
}

export function event(message: object, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`
}

/** Of a server with sessions: the handshake is answered, everything else is the test's. */
export function legacySession(rest: Answer, sessions: readonly string[] = ['session-1']): Answer {
  let begun = 0
  return (request, response) => {
    const { method, id, params } = request.body ?? {}
    if (method === 'initialize') {
      const session = sessions[begun] ?? 'session-last'
      begun += 1
      const result = {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'x', version: '1' },
      }
      sendJson(response, { jsonrpc: '2.0', id, result }, 200, { 'mcp-session-id': session })
    } else if (method === 'server/discover') {
      sendJson(response, { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'no session' } }, 400)
    } else if (method === 'notifications/initialized' || request.method === 'DELETE') {
      response.writeHead(202).end()
    } else if (request.method === 'GET' && request.headers['last-event-id'] === undefined) {
      response.writeHead(405).end()
    } else {
      rest(request, response)
    }
  }
}

/** Of a stateless server. */
export function modernServer(rest: Answer): Answer {
  return (request, response) => {
    const { method, id } = request.body ?? {}
    const result = { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} } }
    if (method === 'server/discover') sendJson(response, { jsonrpc: '2.0', id, result })
    else if (method === 'initialize')
      sendJson(response, { jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } }, 404)
    else rest(request, response)
  }
}
