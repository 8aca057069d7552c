/** Who may enter, and which room serves a request. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Caller } from './access/caller.ts'
import { type Admission, type Gatekeeper, judgeAdmin, judgeGroup, noteCaller } from './access/gatekeeper.ts'
import { explainPathRefusal, type Gateway } from './gateway/gateway.ts'
import { type Located, locate } from './http/path.ts'
import { readRequestId } from './http/request-id.ts'
import { type Hub, type LocatedEndpoint, locateEndpoint } from './mcp/hub.ts'
import { DEFAULT_GROUP } from './registry/default-group.ts'

/** The rooms that answer requests. */
export interface Rooms {
  readonly gateway: Gateway
  readonly gatekeeper: Gatekeeper
  readonly hub: Hub
  /** What a proxy before the gateway puts in front of its paths; empty or beginning with a slash. */
  readonly publicPath: string
  /** The group that `/switch` stands for just now. */
  readonly activeGroup: () => string
  readonly pages: (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void
}

/** What listens to the socket hands every request to this. */
export function createDoor(rooms: Rooms): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const located = locate(request.url ?? '/')
    const endpoint = 'problem' in located ? undefined : locateEndpoint(located)
    if (!('problem' in located) && endpoint !== undefined) {
      serveMcp({ request, response, located, endpoint }, rooms)
      return
    }
    const refusal = rooms.gatekeeper.judgeOrigin(request)
    if (refusal !== undefined) rooms.gateway.refuse(request, response, refusal)
    else if ('problem' in located) rooms.gateway.refuse(request, response, explainPathRefusal(located))
    else dispatch(request, response, located, rooms)
  }
}

/** Only asks. */
const NOBODY: Caller = { name: '', isAdmin: false, groups: new Set() }

interface McpRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly located: Located
  readonly endpoint: LocatedEndpoint
}

/** MCP clients are told in JSON-RPC what is wrong; a page that asks whether it may ask has no key yet (M25). */
function serveMcp({ request, response, located, endpoint }: McpRequest, rooms: Rooms): void {
  const { gatekeeper, hub, publicPath } = rooms
  nameRequest(request, response)
  const group = located.activeGroup ? rooms.activeGroup() : located.group
  const admission = admitMcp(request, located, group, gatekeeper)
  if ('refusal' in admission) {
    hub.refuse(response, admission.refusal)
    return
  }
  const { name, isAdmin } = admission.caller
  void hub.serve({
    request,
    response,
    endpoint: endpoint.endpoint,
    scope: { group, server: endpoint.server },
    caller: {
      keyId: `${isAdmin ? 'admin' : 'key'}:${name}`,
      isLive: () => 'caller' in gatekeeper.admit(request, located.query),
    },
    prefix: `${publicPath}${located.prefix}`,
    query: located.query,
  })
}

function admitMcp(
  request: IncomingMessage,
  { query }: Located,
  group: string | undefined,
  gatekeeper: Gatekeeper,
): Admission {
  const foreign = gatekeeper.judgeMcpOrigin(request)
  if (foreign !== undefined) return { refusal: foreign }
  if (request.method === 'OPTIONS') return { caller: NOBODY }
  const admission = gatekeeper.admit(request, query)
  if ('refusal' in admission) return admission
  const refusal = judgeGroup(admission.caller, group ?? DEFAULT_GROUP)
  return refusal === undefined ? admission : { refusal }
}

/** First segments of the paths that express serves. */
const PAGES: ReadonlySet<string | undefined> = new Set([
  undefined,
  'health',
  'status',
  'providers',
  'admin',
  'favicon.ico',
])

/** Those of them that everybody may see; whoever brings a key sees more (B006, B008, B018). */
const OPEN_PAGES: ReadonlySet<string | undefined> = new Set([undefined, 'health', 'favicon.ico'])

/** The chat endpoints go past express: it costs them a tenth of their speed and gives them nothing. */
function dispatch(
  request: IncomingMessage,
  response: ServerResponse,
  located: Located,
  { gateway, gatekeeper, pages }: Rooms,
): void {
  const admission = gatekeeper.admit(request, located.query)
  const isMine = isPage(located)
  const isForAll = isMine && isOpen(located)
  if ('refusal' in admission && !isForAll) {
    gateway.refuse(request, response, admission.refusal)
    return
  }
  if ('caller' in admission) {
    const { caller } = admission
    noteCaller(request, caller)
    const refusal = isMine && !isForAll ? judgeAdmin(caller) : undefined
    if (refusal !== undefined) {
      gateway.refuse(request, response, refusal)
      return
    }
    if (!isMine) {
      void gateway.handle(request, response, located, caller)
      return
    }
  }
  nameRequest(request, response)
  // Express reads the path that the grammar has read, and no other.
  request.url = located.query.size === 0 ? located.canonical : `${located.canonical}?${located.query}`
  pages(request, response, () => {
    const message = `Nothing is served at ${located.canonical}.`
    gateway.refuse(request, response, { kind: 'not-found', message, source: 'proxy' })
  })
}

/** The gateway tells the id itself, as its log does. */
function nameRequest({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('x-request-id', readRequestId(headers))
  response.setHeader('x-content-type-options', 'nosniff')
}

function isOpen({ path, activeGroup }: Located): boolean {
  return !activeGroup && OPEN_PAGES.has(path[0])
}

/** `/switch` alone tells and sets the active group; with more behind it, it stands for that group. */
function isPage({ path, group, activeGroup, compat }: Located): boolean {
  if (compat || group !== undefined) return false
  return activeGroup ? path.length === 0 : PAGES.has(path[0])
}
