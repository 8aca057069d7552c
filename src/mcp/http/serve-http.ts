/** The HTTP endpoints of the hub: which of them a request means, and what is refused before anything else. */
import { ApiFailure } from '../../../protocols/ir/error.ts'
import type { AnswerHeaders } from '../../http/answer.ts'
import type { BodyLimits } from '../../http/body.ts'
import type { ConversationRoom } from '../conversation.ts'
import { tellEra } from '../era.ts'
import { isRequest } from '../message-kind.ts'
import type { ReadMessages } from '../read-messages.ts'
import { MODERN_VERSION } from '../revisions.ts'
import { RpcFailure } from '../rpc-failure.ts'
import { rulesOfScope } from '../scope.ts'
import { pageHeaders, preflightHeaders } from './cors.ts'
import type { HubEndpoint, HubRequest } from './hub-request.ts'
import { accepts, readPost } from './read-post.ts'
import { httpFailure, refuse } from './refuse.ts'
import { postModern } from './serve-modern.ts'
import { serveSse } from './serve-sse.ts'
import { serveStreamable } from './serve-streamable.ts'

export interface HttpEndpoints {
  /** Serves a request that was admitted. Never throws. */
  serve(hubRequest: HubRequest): Promise<void>
  close(): void
}

const METHODS: Readonly<Record<HubEndpoint, string>> = {
  mcp: 'POST, GET, DELETE, OPTIONS',
  sse: 'GET, OPTIONS',
  messages: 'POST, OPTIONS',
}

const JSON_TYPE = 'application/json'
const STREAM_TYPE = 'text/event-stream'

export function serveHttp(room: ConversationRoom, limits: BodyLimits): HttpEndpoints {
  const { context, views, stateless } = room
  const streamable = serveStreamable(context, views)
  const sse = serveSse(room)

  const postMcp = async (hubRequest: HubRequest, headers: AnswerHeaders): Promise<void> => {
    const { request } = hubRequest
    if (!accepts(request.headers.accept, [JSON_TYPE, STREAM_TYPE])) {
      throw httpFailure(406, `Accept must list both ${JSON_TYPE} and ${STREAM_TYPE}.`)
    }
    const read = await readPost(hubRequest, limits)
    try {
      const isModern = !read.batch && tellEra(read.message, request.headers) === 'modern'
      if (!isModern) streamable.post(hubRequest, read, headers)
      else postModern(stateless, hubRequest, read.message, { headers, keepAliveMs: context.times.keepAliveMs })
    } catch (error) {
      refuse(hubRequest.response, error, idOf(read), headers)
    }
  }

  const serveMcp = async (hubRequest: HubRequest, headers: AnswerHeaders): Promise<void> => {
    const { request } = hubRequest
    if (request.method === 'POST') {
      await postMcp(hubRequest, headers)
      return
    }
    const version = request.headers['mcp-protocol-version']
    const isModern = typeof version === 'string' && version >= MODERN_VERSION
    if (isModern && request.headers['mcp-session-id'] === undefined) {
      // That revision has POST only (M34).
      refuse(hubRequest.response, httpFailure(405, 'This revision has no sessions: POST only.'), undefined, {
        allow: 'POST',
      })
    } else if (request.method === 'DELETE') {
      streamable.delete(hubRequest, headers)
    } else {
      if (!accepts(request.headers.accept, [STREAM_TYPE])) throw httpFailure(406, `Accept must list ${STREAM_TYPE}.`)
      streamable.get(hubRequest, headers)
    }
  }

  const serveMessages = async (hubRequest: HubRequest, headers: AnswerHeaders): Promise<void> => {
    const session = sse.find(hubRequest)
    const read = await readPost(hubRequest, limits)
    sse.post(hubRequest, session, read, headers)
  }

  const serveEndpoint = async (hubRequest: HubRequest, headers: AnswerHeaders): Promise<void> => {
    const { endpoint } = hubRequest
    if (endpoint === 'mcp') await serveMcp(hubRequest, headers)
    else if (endpoint === 'messages') await serveMessages(hubRequest, headers)
    else sse.open(hubRequest, headers)
  }

  return {
    async serve(hubRequest) {
      const { request, response, endpoint } = hubRequest
      const headers = pageHeaders(request)
      const allowed = METHODS[endpoint]
      try {
        if (request.method === 'OPTIONS') {
          response.writeHead(204, preflightHeaders(request, allowed)).end()
        } else if (!allowed.split(', ').includes(request.method ?? '')) {
          const failure = httpFailure(405, `Only ${allowed} are served here.`)
          refuse(response, failure, undefined, { ...headers, allow: allowed })
        } else if (rulesOfScope(context, hubRequest.scope) === undefined) {
          throw httpFailure(404, 'There is no such group, or no such server in it.')
        } else {
          await serveEndpoint(hubRequest, headers)
        }
      } catch (error) {
        if (!(error instanceof RpcFailure || error instanceof ApiFailure)) context.report(error)
        refuse(response, error, undefined, headers)
      }
    },
    close() {
      streamable.close()
      sse.close()
    },
  }
}

function idOf(read: ReadMessages) {
  return !read.batch && isRequest(read.message) ? read.message.id : undefined
}
