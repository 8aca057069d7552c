/**
 * `/sse` and its `/messages`: the HTTP+SSE transport, for every legacy revision (M3 to M12). Stateless requests are served
 * here, too: `interlingua mcp` brings whatever its client speaks.
 */
import type { AnswerHeaders } from '../../http/answer.ts'
import { beginConversation, type ConversationRoom } from '../conversation.ts'
import type { JsonRpcMessage } from '../json-rpc.ts'
import type { ReadMessages } from '../read-messages.ts'
import { type EventWriter, openEvents } from './event-writer.ts'
import { type HubRequest, ownerOf } from './hub-request.ts'
import { httpFailure } from './refuse.ts'
import { SessionTable, type TableSession } from './session-table.ts'

interface SseSession extends TableSession {
  receive(message: JsonRpcMessage): void
}

export interface SseEndpoint {
  /** Opens a session and its one stream. */
  open(hubRequest: HubRequest, headers: AnswerHeaders): void
  /** Whose session a POST names. @throws RpcFailure 400 or 404. */
  find(hubRequest: HubRequest): SseSession
  post(hubRequest: HubRequest, session: SseSession, read: ReadMessages, headers: AnswerHeaders): void
  close(): void
}

export function serveSse(room: ConversationRoom): SseEndpoint {
  const { context } = room
  const table = new SessionTable<SseSession>(context)
  return {
    open(hubRequest, headers) {
      const { response, scope, prefix, caller } = hubRequest
      let writer: EventWriter | undefined
      const conversation = beginConversation(room, {
        scope,
        keyId: caller.keyId,
        clientHeaders: hubRequest.request.headers,
        deliver: (message) => writer?.write({ name: 'message', data: JSON.stringify(message) }),
      })
      const session: SseSession = {
        // The stream is the session: as long as it is open, it is in use.
        isBusy: true,
        receive: (message) => conversation.receive(message),
        close() {
          conversation.close()
          writer?.end()
        },
      }
      const id = table.add(ownerOf(hubRequest, 'sse'), session)
      const { keepAliveMs } = context.times
      writer = openEvents(response, { keepAliveMs, headers, onClosed: () => table.end(id) })
      // A path and no URL: what the Host header says of us is nobody's business (M4).
      writer.write({ name: 'endpoint', data: `${prefix}/messages?sessionId=${encodeURIComponent(id)}` })
    },

    find(hubRequest) {
      const id = hubRequest.query.get('sessionId')
      if (id === null || id === '')
        throw httpFailure(400, 'The sessionId is missing: POST to the URL that the stream named.')
      const session = table.find(id, ownerOf(hubRequest, 'sse'))
      if (session === undefined) throw httpFailure(404, 'There is no such session: open the stream again.')
      return session
    },

    post({ response }, session, read, headers) {
      if (read.batch) throw httpFailure(400, 'Send messages one by one.')
      response.writeHead(202, headers).end()
      session.receive(read.message)
    },

    close: () => table.close(),
  }
}
