/**
 * The fixture as a program: `node fixture.ts --stdio | --port N [--era legacy|modern|both]`.
 *
 * Legacy HTTP is served with the SDK's own transports, so that the hub's way of speaking to servers is tried on them; what
 * the SDK does not know, the stateless revision, is a POST and its answer.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createInterface } from 'node:readline'
import { text as readText } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { Era } from '../../../src/mcp/upstream/connection.ts'
import { FixturePeer } from './fixture-server.ts'

const { values } = parseArgs({
  options: {
    stdio: { type: 'boolean' },
    port: { type: 'string', default: '0' },
    era: { type: 'string', default: 'both' },
  },
})
const ERAS: readonly Era[] =
  values.era === 'both' ? ['legacy', 'modern'] : [values.era === 'modern' ? 'modern' : 'legacy']

if (values.stdio === true) serveStdio()
else serveHttp(Number(values.port))

function serveStdio(): void {
  const peer = new FixturePeer(ERAS, (message) => process.stdout.write(`${JSON.stringify(message)}\n`))
  createInterface({ input: process.stdin })
    .on('line', (line) => void peer.receive(JSON.parse(line)))
    .on('close', () => process.exit(0))
}

function serveHttp(port: number): void {
  const streamable = new Map<string, StreamableHTTPServerTransport>()
  const events = new Map<string, SSEServerTransport>()
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fixture')
    if (url.pathname === '/sse') {
      const transport = new SSEServerTransport('/messages', response)
      events.set(transport.sessionId, transport)
      connect(transport, () => events.delete(transport.sessionId))
      await transport.start()
    } else if (url.pathname === '/messages') {
      const transport = events.get(url.searchParams.get('sessionId') ?? '')
      if (transport === undefined) response.writeHead(404).end()
      else await transport.handlePostMessage(request, response)
    } else {
      await serveMcp(request, response, streamable)
    }
  })
  server.listen(port, '127.0.0.1', () => {
    const address = server.address()
    process.stdout.write(`ready http://127.0.0.1:${typeof address === 'object' ? address?.port : port}\n`)
  })
}

async function serveMcp(
  request: IncomingMessage,
  response: ServerResponse,
  sessions: Map<string, StreamableHTTPServerTransport>,
): Promise<void> {
  const body = request.method === 'POST' ? JSON.parse(await readText(request)) : undefined
  if (String(request.headers['mcp-protocol-version'] ?? '') >= '2026') {
    servePost(body, response)
    return
  }
  if (!ERAS.includes('legacy')) {
    response.writeHead(400).end()
    return
  }
  const id = request.headers['mcp-session-id']
  const known = typeof id === 'string' ? sessions.get(id) : undefined
  if (known === undefined && body?.method !== 'initialize') {
    response.writeHead(404).end()
    return
  }
  const transport =
    known ??
    new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (session) => void sessions.set(session, transport),
    })
  if (known === undefined) connect(transport, () => void sessions.delete(transport.sessionId ?? ''))
  await transport.handleRequest(request, response, body)
}

function connect(transport: StreamableHTTPServerTransport | SSEServerTransport, gone: () => void): void {
  const peer = new FixturePeer(['legacy'], (message, relatedRequestId) => {
    const options = relatedRequestId === undefined ? {} : { relatedRequestId }
    transport.send(message, options).catch(() => {})
  })
  transport.onmessage = (message) => void peer.receive(message)
  transport.onclose = () => {
    peer.close()
    gone()
  }
}

/** A stream as soon as there is something to say before the answer. */
function servePost(message: any, response: ServerResponse): void {
  const peer = new FixturePeer(ERAS, (sent: any) => {
    const isAnswer = sent.method === undefined
    if (isAnswer && !response.headersSent) {
      const code = sent.error?.code
      const status = code === -32601 ? 404 : code === -32021 ? 400 : 200
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(sent))
      return
    }
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(`event: message\ndata: ${JSON.stringify(sent)}\n\n`)
    if (isAnswer) response.end()
  })
  response.on('close', () => peer.close())
  void peer.receive(message)
}
