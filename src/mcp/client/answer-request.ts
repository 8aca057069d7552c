/** What becomes of a request of a legacy client: the hub answers it, or a server is to. */
import type { HubContext } from '../hub-context.ts'
import type { JsonObject, JsonRpcRequest } from '../json-rpc.ts'
import { KIND_OF_METHOD } from '../lists.ts'
import { mergeCapabilities, mergeInstructions } from '../merge-facts.ts'
import { isObject } from '../message-kind.ts'
import { isLegacyVersion, META_VIA, NEWEST_LEGACY_VERSION } from '../revisions.ts'
import { type Routed, routeRequest } from '../route-request.ts'
import { RPC, RpcFailure } from '../rpc-failure.ts'
import { rulesOfScope, type Scope } from '../scope.ts'
import { readSearch } from '../tool-search.ts'
import type { ListKind } from '../upstream/connection.ts'
import { withinTime } from '../within-time.ts'
import type { SessionLists } from './session-lists.ts'
import type { ClientFacts, SessionUpstreams } from './session-upstreams.ts'
import type { TaskOwners } from './task-owners.ts'

/** What a session is made of, as far as an answer needs it. */
export interface SessionState {
  readonly context: HubContext
  readonly scope: Scope
  readonly lists: SessionLists
  readonly tasks: TaskOwners
  readonly upstreams: SessionUpstreams
  /** Set by `initialize`. */
  client: ClientFacts
}

type Served = { readonly result: JsonObject } | Routed

type Answerer = (state: SessionState, request: JsonRpcRequest) => Served | Promise<Served>

const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']

/** Of either kind of URL. */
const ALWAYS: Readonly<Record<string, Answerer>> = {
  initialize,
  ping: () => ({ result: {} }),
  'logging/setLevel': setLevel,
}

/** In front of several servers. */
const MERGED: Readonly<Record<string, Answerer>> = {
  'tools/list': list,
  'prompts/list': list,
  'resources/list': list,
  'resources/templates/list': list,
  'tasks/list': listTasks,
  'tasks/get': toTaskOwner,
  'tasks/result': toTaskOwner,
  'tasks/cancel': toTaskOwner,
}

/** @throws RpcFailure where the client is answered with an error. */
export async function answerRequest(state: SessionState, request: JsonRpcRequest): Promise<Served> {
  const { method } = request
  const always = Object.hasOwn(ALWAYS, method) ? ALWAYS[method] : undefined
  if (always !== undefined) return always(state, request)
  if (state.client.protocolVersion === '') {
    throw new RpcFailure(RPC.invalidRequest, 'The first request of a session must be initialize.')
  }
  const { server } = state.scope
  // What stands alone is passed on as it is, cursors and unknown methods included (M60, M71).
  if (server !== undefined) return { server, message: request }
  const merged = Object.hasOwn(MERGED, method) ? MERGED[method] : undefined
  if (merged !== undefined) return merged(state, request)
  const routed = await route(state, request)
  if (routed === undefined) throw new RpcFailure(RPC.methodNotFound, `There is no method ${method.slice(0, 128)}.`)
  return routed
}

/** A name that is not known may be one of a server whose lists nobody has seen yet. */
async function route(state: SessionState, given: JsonRpcRequest): Promise<Served | undefined> {
  const meant = readSearch(state.lists.view(), given)
  if ('result' in meant) return meant
  const { request } = meant
  try {
    return routeRequest(state.lists.view(), request)
  } catch (error) {
    if (!(await learnUnknown(state))) throw error
    return routeRequest(state.lists.view(), request)
  }
}

/** @returns whether a list was learned that was not known. */
async function learnUnknown(state: SessionState): Promise<boolean> {
  const { context, upstreams, lists, scope } = state
  const servers = rulesOfScope(context, scope)?.servers ?? []
  const unknown = servers.filter(
    (server) => context.servers.catalogueOf(server) === undefined && !upstreams.has(server),
  )
  const learned = await Promise.all(
    unknown.map(async (server) => {
      try {
        await lists.read(await upstreams.get(server), ['tools', 'prompts', 'resources', 'resourceTemplates'])
        return true
      } catch {
        // Whoever cannot be started has nothing to offer; the client is told of the name that it asked for.
        return false
      }
    }),
  )
  return learned.includes(true)
}

async function initialize(state: SessionState, { params = {} }: JsonRpcRequest): Promise<Served> {
  const { context, scope } = state
  refuseCircle(context, params)
  const asked = params['protocolVersion']
  if (typeof asked !== 'string') throw new RpcFailure(RPC.invalidParams, 'initialize needs a protocolVersion.')
  const { capabilities, clientInfo } = params
  const protocolVersion = isLegacyVersion(asked) ? asked : NEWEST_LEGACY_VERSION
  state.client = {
    protocolVersion,
    capabilities: isObject(capabilities) ? capabilities : {},
    clientInfo: isObject(clientInfo) ? clientInfo : undefined,
  }
  if (scope.server !== undefined) return { result: await introduceServer(state, scope.server) }
  const servers = rulesOfScope(context, scope)?.servers ?? []
  const catalogues = servers.map((server) => context.servers.catalogueOf(server))
  const instructions = mergeInstructions(catalogues)
  return {
    result: {
      protocolVersion,
      capabilities: mergeCapabilities(catalogues),
      serverInfo: { name: 'interlingua', version: context.version },
      ...(instructions === undefined ? {} : { instructions }),
    },
  }
}

/** On the path of one server all comes from that server (M68). */
async function introduceServer(state: SessionState, server: string): Promise<JsonObject> {
  const { facts } = await state.upstreams.get(server)
  state.client = { ...state.client, protocolVersion: facts.protocolVersion }
  const { capabilities, protocolVersion, serverInfo, instructions, result } = facts
  const told = {
    protocolVersion,
    capabilities,
    serverInfo: serverInfo ?? { name: server, version: '' },
    ...(instructions === undefined ? {} : { instructions }),
  }
  // A modern server has no such result; a legacy one's is passed as it is.
  return result['protocolVersion'] === protocolVersion ? result : told
}

function refuseCircle(context: HubContext, params: JsonObject): void {
  const meta = params['_meta']
  const via = isObject(meta) ? meta[META_VIA] : undefined
  if (Array.isArray(via) && via.includes(context.instanceId)) {
    throw new RpcFailure(RPC.invalidRequest, 'This hub is among its own servers: take it out of their list.')
  }
}

async function setLevel(state: SessionState, { params }: JsonRpcRequest): Promise<Served> {
  const level = params?.['level']
  if (typeof level !== 'string' || !LEVELS.includes(level)) {
    throw new RpcFailure(RPC.invalidParams, `The level must be one of ${LEVELS.join(', ')}.`)
  }
  await state.upstreams.setLevel(level)
  return { result: {} }
}

async function list(state: SessionState, { method, params }: JsonRpcRequest): Promise<Served> {
  // The whole list is one page, so that nobody can hold a cursor of it.
  if (params?.['cursor'] !== undefined) throw new RpcFailure(RPC.invalidParams, 'This cursor is not known.')
  const kind: ListKind = KIND_OF_METHOD.get(method) ?? 'tools'
  await openOnly(state)
  await state.lists.refresh(state.upstreams.connections, kind)
  return { result: { [kind]: state.lists.view().lists[kind] } }
}

/**
 * Some servers have tools only for clients that can be asked something. The one server of a small scope is opened for its
 * list, so that the list is that of this client; where there are several, none is started for it (M77).
 */
async function openOnly({ context, scope, upstreams, client }: SessionState): Promise<void> {
  const [only, other] = rulesOfScope(context, scope)?.servers ?? []
  const canBeAsked = Object.keys(client.capabilities).length > 0
  if (only === undefined || other !== undefined || !canBeAsked || upstreams.has(only)) return
  await withinTime(upstreams.get(only), context.times.listMs)
}

async function listTasks(state: SessionState): Promise<Served> {
  const able = [...state.upstreams.connections].filter((connection) => {
    const tasks = connection.facts.capabilities['tasks']
    return isObject(tasks) && tasks['list'] !== undefined
  })
  const lists = await Promise.all(
    able.map(async (connection) => {
      const { tasks } = await connection.ask('tasks/list', {}).catch(() => ({ tasks: [] }))
      const found = Array.isArray(tasks) ? tasks.filter(isObject) : []
      for (const { taskId } of found) if (typeof taskId === 'string') state.tasks.remember(connection.server, taskId)
      return found
    }),
  )
  return { result: { tasks: lists.flat() } }
}

function toTaskOwner(state: SessionState, request: JsonRpcRequest): Served {
  const server = state.tasks.find(request.params?.['taskId'])
  if (server === undefined) throw new RpcFailure(RPC.invalidParams, 'There is no such task in this session.')
  return { server, message: request }
}
