/** The MCP hub: one endpoint in front of every MCP server. */
import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { ApiError } from '../../protocols/ir/error.ts'
import { BODY_LIMITS, type BodyLimits } from '../http/body.ts'
import type { Located } from '../http/path.ts'
import { IdleConnections } from './client/idle-connections.ts'
import { beginConversation, type Conversation, type ConversationOptions } from './conversation.ts'
import type { HubEndpoint, HubRequest } from './http/hub-request.ts'
import { refuseEntry } from './http/refuse.ts'
import { type HttpEndpoints, serveHttp } from './http/serve-http.ts'
import { HUB_TIMES, type HubContext, type HubTimes } from './hub-context.ts'
import { createScopeViews } from './scope-views.ts'
import { createStatelessServer } from './stateless/serve-stateless.ts'
import type { UpstreamServers } from './upstream/connection.ts'

/** Largest body of one message (M105). */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024

export interface HubOptions {
  readonly servers: UpstreamServers
  readonly version: string
  /** Of this process; the servers' connections tell it in their handshakes (M114). */
  readonly instanceId: string
  readonly times?: Partial<HubTimes>
  readonly bodyLimits?: Partial<BodyLimits>
  readonly now?: () => number
  readonly warn: (fields: object, message: string) => void
  /** Told of our own faults. */
  readonly report: (error: unknown) => void
}

export interface Hub extends HttpEndpoints {
  /** Answers a request that is not admitted. */
  refuse(response: ServerResponse, error: ApiError): void
  /** Speaks with a client that came in another way than by HTTP. */
  converse(options: ConversationOptions): Conversation
}

/** What a path means. */
export interface LocatedEndpoint {
  readonly endpoint: HubEndpoint
  /** Of the path of one server. */
  readonly server: string | undefined
}

export function createHub(options: HubOptions): Hub {
  const context: HubContext = {
    servers: options.servers,
    version: options.version,
    times: { ...HUB_TIMES, ...options.times },
    instanceId: options.instanceId,
    idle: new IdleConnections(),
    now: options.now ?? Date.now,
    randomId: () => randomBytes(16).toString('hex'),
    warn: options.warn,
    report: options.report,
  }
  const views = createScopeViews(context)
  const stateless = createStatelessServer(context, views)
  const limits = { ...BODY_LIMITS, limitBytes: BODY_LIMIT_BYTES, ...options.bodyLimits }
  const room = { context, views, stateless }
  const http = serveHttp(room, limits)
  return {
    serve: (hubRequest: HubRequest) => http.serve(hubRequest),
    refuse: refuseEntry,
    converse: (conversation) => beginConversation(room, conversation),
    close() {
      http.close()
      stateless.close()
      views.close()
    },
  }
}

/**
 * Which endpoint of the hub a path means: `/sse` and its `/messages`, `/mcp`, its alias `/mcp/http`, or `/mcp/{server}`.
 * `/messages` without a session is none: that is a forgotten `/v1` of quite another protocol.
 */
export function locateEndpoint({ path, compat, query }: Located): LocatedEndpoint | undefined {
  const [first, second, ...more] = path
  if (compat || more.length > 0) return undefined
  if (first === 'mcp') return { endpoint: 'mcp', server: second === 'http' ? undefined : second }
  if (second !== undefined) return undefined
  if (first === 'sse' || (first === 'messages' && query.has('sessionId'))) return { endpoint: first, server: undefined }
  return undefined
}
