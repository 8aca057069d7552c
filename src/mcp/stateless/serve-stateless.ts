/** Requests of 2026-07-28: each is whole in itself, and is answered on its own stream. */
import { answerThrown } from '../answer-failure.ts'
import { createHeldCalls } from '../bridge/held-calls.ts'
import { TaskOwners } from '../client/task-owners.ts'
import type { HubContext } from '../hub-context.ts'
import type { JsonObject, JsonRpcRequest } from '../json-rpc.ts'
import { KIND_OF_METHOD } from '../lists.ts'
import { isObject } from '../message-kind.ts'
import { type Routed, routeRequest } from '../route-request.ts'
import { RPC, RpcFailure } from '../rpc-failure.ts'
import type { Scope } from '../scope.ts'
import type { ScopeViews } from '../scope-views.ts'
import { readSearch } from '../tool-search.ts'
import { checkParamHeaders } from './check-param-headers.ts'
import { checkRequest, type RequestHeaders } from './check-request.ts'
import { discover } from './discover.ts'
import { listMerged } from './list-merged.ts'
import { listen } from './listen.ts'
import { completeResult, statusOf } from './modern-result.ts'
import { relayCall } from './relay-call.ts'
import type { StatelessCall } from './stateless-call.ts'
import type { StatelessContext } from './stateless-context.ts'
import type { StatelessReply } from './stateless-reply.ts'

export interface StatelessServer {
  /** @param signal ends the request; nothing is said on `reply` any more then. */
  serve(order: StatelessOrder): Promise<void>
  close(): void
}

export interface StatelessOrder {
  readonly request: JsonRpcRequest
  readonly headers: RequestHeaders | undefined
  readonly scope: Scope
  readonly keyId: string
  readonly reply: StatelessReply
  readonly signal: AbortSignal
}

/** Methods of older revisions that this one has not (M28); no server is asked for them. */
const REMOVED: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
  'tasks/list',
  'tasks/result',
])

const TASKS = 'io.modelcontextprotocol/tasks'

const TASK_METHODS: ReadonlySet<string> = new Set(['tasks/get', 'tasks/update', 'tasks/cancel'])

export function createStatelessServer(hub: HubContext, views: ScopeViews): StatelessServer {
  const tasks = new Map<string, TaskOwners>()
  const held = createHeldCalls(hub)
  const ending = new AbortController()
  const context: StatelessContext = {
    hub,
    views,
    held,
    serverInfo: { name: 'interlingua', version: hub.version },
    tasksOf(keyId) {
      const known = tasks.get(keyId) ?? new TaskOwners()
      tasks.set(keyId, known)
      return known
    },
  }
  return {
    async serve(order) {
      const { request, reply, signal } = order
      try {
        const call = { ...order, meta: checkRequest(request, order.headers) }
        await serveCall(context, call, ending.signal)
      } catch (error) {
        if (signal.aborted) return
        const answer = answerThrown(request, error, hub.report, completeResult({}, context.serverInfo))
        const thrown = error instanceof RpcFailure ? error.status : 200
        reply.finish(answer, thrown === 200 ? statusOf(answer) : thrown)
      }
    },
    close() {
      ending.abort()
      held.close()
    },
  }
}

async function serveCall(context: StatelessContext, call: StatelessCall, ending: AbortSignal): Promise<void> {
  const { request, scope, reply } = call
  const { method } = request
  if (REMOVED.has(method)) throw unknownMethod(method)
  if (method === 'server/discover') reply.finish(await discover(context, call), 200)
  else if (method === 'subscriptions/listen') await listen(context, call, ending)
  else if (KIND_OF_METHOD.has(method) && scope.server === undefined) reply.finish(await listMerged(context, call), 200)
  else await answerOrRelay(context, call)
}

async function answerOrRelay(context: StatelessContext, call: StatelessCall): Promise<void> {
  const meant = readSearch(context.views.of(call.scope), call.request)
  if ('result' in meant) {
    const result = completeResult(meant.result, context.serverInfo)
    call.reply.finish({ jsonrpc: '2.0', id: call.request.id, result }, 200)
  } else {
    await relayCall(context, call, await routeCall(context, call, meant.request))
  }
}

async function routeCall(context: StatelessContext, call: StatelessCall, request: JsonRpcRequest): Promise<Routed> {
  const { scope, headers } = call
  if (headers !== undefined && request.method === 'tools/call') checkToolHeaders(context, call, headers)
  if (scope.server !== undefined) return { server: scope.server, message: request }
  if (TASK_METHODS.has(request.method)) return { server: ownerOfTask(context, call), message: request }
  const view = context.views.of(scope)
  const routed = routeRequest(view, request)
  if (routed === undefined) throw unknownMethod(request.method)
  return routed
}

function checkToolHeaders(context: StatelessContext, call: StatelessCall, headers: RequestHeaders): void {
  const { params = {} } = call.request
  const tools = context.views.of(call.scope).lists.tools
  checkParamHeaders(
    headers,
    tools.find((tool) => tool['name'] === params['name']),
    params['arguments'],
  )
}

/** After a new start of the hub nobody knows a task's server, but where only one has tasks it is that one. */
function ownerOfTask(context: StatelessContext, { request, scope, keyId, meta }: StatelessCall): string {
  if (!hasTasks(meta.capabilities)) {
    const data = { requiredCapabilities: { extensions: { [TASKS]: {} } } }
    throw new RpcFailure(RPC.missingCapability, 'The client did not declare tasks.', { status: 400, data })
  }
  const known = context.tasksOf(keyId).find(request.params?.['taskId'])
  if (known !== undefined) return known
  const able = (context.hub.servers.rulesOf(scope.group)?.servers ?? []).filter((server) => {
    const catalogue = context.hub.servers.catalogueOf(server)
    return catalogue !== undefined && hasTasks(catalogue.facts.capabilities)
  })
  const [only, other] = able
  if (only !== undefined && other === undefined) return only
  throw new RpcFailure(RPC.invalidParams, 'There is no such task.')
}

function hasTasks({ extensions }: JsonObject): boolean {
  return isObject(extensions) && extensions[TASKS] !== undefined
}

function unknownMethod(method: string): RpcFailure {
  return new RpcFailure(RPC.methodNotFound, `There is no method ${method.slice(0, 128)}.`, { status: 404 })
}
