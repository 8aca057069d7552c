/** Writes answers that are whole: JSON of any kind, and the errors of a codec. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { encodeHeaderValue } from './header-value.ts'

/** Headers by lower-case name; values may be any text. */
export type AnswerHeaders = Readonly<Record<string, string>>

/** How long a body that nobody wants is read away, so that its sender comes to see our answer. */
const LINGER_MS = 2000

/**
 * Answers with JSON, or with bytes that are JSON already.
 * Does nothing when the client has left or an answer has begun.
 *
 * @param content a value for `JSON.stringify`, or the text or bytes themselves; bytes keep the `content-type` in `headers`.
 */
export function sendJson(
  response: ServerResponse,
  status: number,
  headers: AnswerHeaders,
  content: object | string | Uint8Array,
): void {
  if (response.headersSent || response.destroyed) return
  const body =
    typeof content === 'string'
      ? Buffer.from(content)
      : content instanceof Uint8Array
        ? content
        : Buffer.from(JSON.stringify(content))
  response.statusCode = status
  response.setHeader('content-type', 'application/json')
  setHeaders(response, headers)
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('content-length', body.byteLength)
  if (response.req.complete || !hasBody(response.req)) response.end(body)
  else endAfterRest(response, body)
}

/** Answers with an error as a codec encoded it. */
export function sendError(
  response: ServerResponse,
  error: { readonly status: number; readonly headers: AnswerHeaders; readonly body: object },
  headers: AnswerHeaders = {},
): void {
  sendJson(response, error.status, { ...error.headers, ...headers }, error.body)
}

/** Sets headers whose values may be any text. */
export function setHeaders(response: ServerResponse, headers: AnswerHeaders): void {
  for (const name of Object.keys(headers)) {
    const value = headers[name]
    if (value !== undefined) response.setHeader(name, encodeHeaderValue(value))
  }
}

/** Node says of a request without body, too, that it is not complete, until the turn of its headers is over. */
function hasBody(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
}

/**
 * The body was not read to its end. A socket that is closed with unread bytes in it is reset, and the reset can overtake
 * the answer: so the answer is written, what still comes is thrown away for a while, and then the connection ends.
 */
function endAfterRest(response: ServerResponse, body: Uint8Array): void {
  const { req: request } = response
  response.setHeader('connection', 'close')
  response.write(body)
  const finish = () => {
    clearTimeout(timer)
    request.off('end', finish)
    request.off('close', finish)
    response.end()
  }
  const timer = setTimeout(finish, LINGER_MS)
  request.on('end', finish)
  request.on('close', finish)
  request.resume()
}
