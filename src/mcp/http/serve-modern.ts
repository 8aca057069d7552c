/** `/mcp` for the stateless revision: one POST, one answer, as JSON or as a stream (M36). */
import { type AnswerHeaders, sendJson } from '../../http/answer.ts'
import type { JsonRpcMessage } from '../json-rpc.ts'
import { isRequest } from '../message-kind.ts'
import type { StatelessServer } from '../stateless/serve-stateless.ts'
import type { StatelessReply } from '../stateless/stateless-reply.ts'
import { type EventWriter, openEvents } from './event-writer.ts'
import type { HubRequest } from './hub-request.ts'

export function postModern(
  server: StatelessServer,
  hubRequest: HubRequest,
  message: JsonRpcMessage,
  options: { readonly headers: AnswerHeaders; readonly keepAliveMs: number },
): void {
  const { request, response, scope, caller } = hubRequest
  const { headers, keepAliveMs } = options
  if (!isRequest(message)) {
    // A notification has nothing to refer to here, and an answer nobody who asked.
    response.writeHead(202, headers).end()
    return
  }
  const gone = new AbortController()
  // Closing the answer is the cancellation, also of an answer that is being prepared (M35).
  const leave = (): void => gone.abort()
  response.once('close', leave)
  let writer: EventWriter | undefined
  const open = (): EventWriter => {
    clearTimeout(timer)
    writer ??= openEvents(response, { keepAliveMs, headers, onClosed: leave })
    return writer
  }
  const timer = setTimeout(() => open().comment(), keepAliveMs)
  const reply: StatelessReply = {
    notify: (notification) => open().write({ name: 'message', data: JSON.stringify(notification) }),
    finish(answer, status) {
      clearTimeout(timer)
      response.off('close', leave)
      if (writer === undefined) {
        sendJson(response, status, headers, answer)
        return
      }
      writer.write({ name: 'message', data: JSON.stringify(answer) })
      writer.end()
    },
  }
  gone.signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  void server.serve({
    request: message,
    headers: request.headers,
    scope,
    keyId: caller.keyId,
    reply,
    signal: gone.signal,
  })
}
