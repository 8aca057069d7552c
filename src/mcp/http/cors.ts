/** Headers for web pages that may call the hub (M25). Whether they may, is judged before. */
import type { IncomingMessage } from 'node:http'
import type { AnswerHeaders } from '../../http/answer.ts'

const ALLOWED_HEADERS =
  'Content-Type, Authorization, Mcp-Session-Id, MCP-Protocol-Version, Last-Event-ID, Mcp-Method, Mcp-Name'

/** Of every answer to a page; none for programs, which send no Origin. */
export function pageHeaders(request: IncomingMessage): AnswerHeaders {
  const { origin } = request.headers
  if (origin === undefined) return {}
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': 'Mcp-Session-Id', vary: 'Origin' }
}

/** Of the answer to a page that asks whether it may ask. */
export function preflightHeaders(request: IncomingMessage, methods: string): AnswerHeaders {
  return {
    ...pageHeaders(request),
    allow: methods,
    'access-control-allow-methods': methods,
    'access-control-allow-headers': ALLOWED_HEADERS,
    'access-control-max-age': '600',
  }
}
