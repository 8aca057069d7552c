/** Who may enter, and which room serves a request. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Gatekeeper, judgeAdmin, noteCaller } from './access/gatekeeper.ts'
import { explainPathRefusal, type Gateway } from './gateway/gateway.ts'
import { type Located, locate } from './http/path.ts'

/** The rooms that answer requests. */
export interface Rooms {
  readonly gateway: Gateway
  readonly gatekeeper: Gatekeeper
  readonly pages: (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void
}

/** What listens to the socket hands every request to this. */
export function createDoor(rooms: Rooms): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const refusal = rooms.gatekeeper.judgeOrigin(request)
    if (refusal !== undefined) rooms.gateway.refuse(request, response, refusal)
    else dispatch(request, response, rooms)
  }
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
function dispatch(request: IncomingMessage, response: ServerResponse, { gateway, gatekeeper, pages }: Rooms): void {
  const located = locate(request.url ?? '/')
  if ('problem' in located) {
    gateway.refuse(request, response, explainPathRefusal(located))
    return
  }
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
  // Express reads the path that the grammar has read, and no other.
  request.url = located.canonical
  pages(request, response, () => {
    const message = `Nothing is served at ${located.canonical}.`
    gateway.refuse(request, response, { kind: 'not-found', message, source: 'proxy' })
  })
}

function isOpen({ path, activeGroup }: Located): boolean {
  return !activeGroup && OPEN_PAGES.has(path[0])
}

/** `/switch` alone tells and sets the active group; with more behind it, it stands for that group. */
function isPage({ path, group, activeGroup, compat }: Located): boolean {
  if (compat || group !== undefined) return false
  return activeGroup ? path.length === 0 : PAGES.has(path[0])
}
