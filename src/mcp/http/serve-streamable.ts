/** `/mcp` for clients with a session: Streamable HTTP of 2025-03-26 to 2025-11-25. */
import type { IncomingMessage } from 'node:http'
import type { AnswerHeaders } from '../../http/answer.ts'
import { ClientSession } from '../client/client-session.ts'
import type { HubContext } from '../hub-context.ts'
import { isRequest } from '../message-kind.ts'
import type { ReadMessages } from '../read-messages.ts'
import { BATCH_VERSION, SILENT_VERSION, SUPPORTED_VERSIONS } from '../revisions.ts'
import type { ScopeViews } from '../scope-views.ts'
import { HttpSession } from './http-session.ts'
import { type HubRequest, ownerOf } from './hub-request.ts'
import { messagesOf } from './read-post.ts'
import { httpFailure, refuse } from './refuse.ts'
import { SessionTable } from './session-table.ts'

const SESSION_HEADER = 'mcp-session-id'

export interface StreamableEndpoint {
  post(hubRequest: HubRequest, read: ReadMessages, headers: AnswerHeaders): void
  get(hubRequest: HubRequest, headers: AnswerHeaders): void
  delete(hubRequest: HubRequest, headers: AnswerHeaders): void
  close(): void
}

export function serveStreamable(context: HubContext, views: ScopeViews): StreamableEndpoint {
  const table = new SessionTable<HttpSession>(context)

  /** @throws RpcFailure 400 or 404. */
  const find = (hubRequest: HubRequest): { readonly id: string; readonly session: HttpSession } => {
    const { request } = hubRequest
    checkVersion(request)
    const id = readHeader(request, SESSION_HEADER)
    if (id === undefined) throw httpFailure(400, 'Only initialize may come without Mcp-Session-Id.')
    const session = table.find(id, ownerOf(hubRequest, 'http'))
    if (session === undefined) throw httpFailure(404, 'There is no such session: begin with initialize.')
    return { id, session }
  }

  const begin = (hubRequest: HubRequest): { readonly id: string; readonly session: HttpSession } => {
    checkVersion(hubRequest.request)
    if (hubRequest.request.headers[SESSION_HEADER] !== undefined) {
      throw httpFailure(400, 'initialize begins a new session and comes without Mcp-Session-Id.')
    }
    const session = new HttpSession(context.times)
    const id = table.add(ownerOf(hubRequest, 'http'), session)
    const { scope, request } = hubRequest
    const owner = context.randomId()
    const clientHeaders = request.headers
    session.conversation = new ClientSession({ context, views, scope, owner, channel: session, clientHeaders })
    return { id, session }
  }

  return {
    post(hubRequest, read, headers) {
      const { response } = hubRequest
      const messages = messagesOf(read)
      const isInitialize = !read.batch && isRequest(read.message) && read.message.method === 'initialize'
      const { id, session } = isInitialize ? begin(hubRequest) : find(hubRequest)
      if (read.batch && (session.protocolVersion || SILENT_VERSION) !== BATCH_VERSION) {
        throw httpFailure(400, 'This revision has no arrays of messages: send them one by one.')
      }
      const requests = messages.filter(isRequest)
      if (requests.length === 0) {
        session.receive(messages)
        response.writeHead(202, headers).end()
        return
      }
      const own = isInitialize ? { ...headers, 'Mcp-Session-Id': id } : headers
      session.post(response, messages, requests, { isBatch: read.batch, headers: own })
    },

    get(hubRequest, headers) {
      const { session } = find(hubRequest)
      const opened = session.listen(hubRequest.response, readHeader(hubRequest.request, 'last-event-id'), headers)
      if (opened === 'taken')
        refuse(hubRequest.response, httpFailure(409, 'This session listens already.'), undefined, headers)
      if (opened === 'unknown') {
        const failure = httpFailure(400, 'The event that Last-Event-ID names is not known any more.')
        refuse(hubRequest.response, failure, undefined, headers)
      }
    },

    delete(hubRequest, headers) {
      table.end(find(hubRequest).id)
      hubRequest.response.writeHead(204, headers).end()
    },

    close: () => table.close(),
  }
}

/** Absent: the session's own (M17). */
function checkVersion(request: IncomingMessage): void {
  const version = readHeader(request, 'mcp-protocol-version')
  if (version === undefined || SUPPORTED_VERSIONS.includes(version)) return
  throw httpFailure(400, `This MCP-Protocol-Version is not known; these are: ${SUPPORTED_VERSIONS.join(', ')}.`)
}

/** Node joins what came twice: that is no value that anybody has. */
function readHeader(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}
