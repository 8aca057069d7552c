/** Which server a request of a client is for, and how it is said to that server. */
import type { JsonObject, JsonRpcRequest } from './json-rpc.ts'
import { isObject } from './message-kind.ts'
import { RPC, RpcFailure } from './rpc-failure.ts'
import type { GroupView, Owned } from './upstream/connection.ts'

export interface Routed {
  readonly server: string
  /** Names are the server's own; everything else is the client's. */
  readonly message: JsonRpcRequest
}

type Router = (view: GroupView, request: JsonRpcRequest, params: JsonObject) => Routed

/** Methods whose parameters name what belongs to one server. */
const ROUTERS: Readonly<Record<string, Router>> = {
  'tools/call': (view, request, params) => byName('tool', (name) => view.findTool(name), request, params),
  'prompts/get': (view, request, params) => byName('prompt', (name) => view.findPrompt(name), request, params),
  'resources/read': byUri,
  'resources/subscribe': byUri,
  'resources/unsubscribe': byUri,
  'completion/complete': (view, request, params) => {
    const { ref } = params
    if (!isObject(ref)) throw invalid('completion/complete needs a ref.')
    if (ref['uri'] !== undefined) return { server: ownerOf(view, ref['uri']), message: request }
    const owned = named('prompt', (name) => view.findPrompt(name), ref['name'])
    return { server: owned.server, message: withParams(request, { ...params, ref: { ...ref, name: owned.name } }) }
  },
}

/**
 * @returns undefined for a method that names nothing of one server.
 * @throws RpcFailure `-32602` where nobody has what it names.
 */
export function routeRequest(view: GroupView, request: JsonRpcRequest): Routed | undefined {
  const route = Object.hasOwn(ROUTERS, request.method) ? ROUTERS[request.method] : undefined
  return route?.(view, request, request.params ?? {})
}

function byName(
  what: string,
  find: (name: string) => Owned | { readonly near: readonly string[] },
  request: JsonRpcRequest,
  params: JsonObject,
): Routed {
  const { server, name } = named(what, find, params['name'])
  return { server, message: name === params['name'] ? request : withParams(request, { ...params, name }) }
}

function byUri(view: GroupView, request: JsonRpcRequest, params: JsonObject): Routed {
  return { server: ownerOf(view, params['uri']), message: request }
}

function named(
  what: string,
  find: (name: string) => Owned | { readonly near: readonly string[] },
  name: unknown,
): Owned {
  if (typeof name !== 'string') throw invalid(`A ${what} must be named.`)
  const found = find(name)
  if ('server' in found) return found
  const hint = found.near.length === 0 ? '' : ` Perhaps one of these is meant: ${found.near.join(', ')}.`
  throw invalid(`There is no ${what} ${JSON.stringify(name.slice(0, 128))}.${hint}`)
}

function ownerOf(view: GroupView, uri: unknown): string {
  if (typeof uri !== 'string') throw invalid('A resource must be named by its URI.')
  const server = view.findResource(uri)
  if (server === undefined) throw new RpcFailure(RPC.invalidParams, 'There is no such resource.', { data: { uri } })
  return server
}

function withParams(request: JsonRpcRequest, params: JsonObject): JsonRpcRequest {
  return { ...request, params }
}

function invalid(message: string): RpcFailure {
  return new RpcFailure(RPC.invalidParams, message)
}
