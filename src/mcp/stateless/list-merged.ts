/** The four lists of a group, from the catalogues of its servers. */
import type { JsonRpcAnswer } from '../json-rpc.ts'
import { KIND_OF_METHOD } from '../lists.ts'
import { RPC, RpcFailure } from '../rpc-failure.ts'
import { rulesOfScope } from '../scope.ts'
import type { ListCaching, ListKind } from '../upstream/connection.ts'
import { completeResult } from './modern-result.ts'
import type { StatelessCall } from './stateless-call.ts'
import type { StatelessContext } from './stateless-context.ts'

export async function listMerged(context: StatelessContext, { request, scope }: StatelessCall): Promise<JsonRpcAnswer> {
  const { method, id, params } = request
  // The whole list is one page, so that nobody can hold a cursor of it.
  if (params?.['cursor'] !== undefined) throw new RpcFailure(RPC.invalidParams, 'This cursor is not known.')
  const kind: ListKind = KIND_OF_METHOD.get(method) ?? 'tools'
  const { hub, views, serverInfo } = context
  await views.first.wait(scope)
  const servers = rulesOfScope(hub, scope)?.servers ?? []
  const caching = mergeCaching(servers.map((server) => hub.servers.catalogueOf(server)?.caching?.[kind]))
  const result = { [kind]: views.of(scope).lists[kind], ...caching }
  return { jsonrpc: '2.0', id, result: completeResult(result, serverInfo) }
}

/** The shortest time counts, and one that is private makes all private; of a legacy server nothing may be kept (M33). */
function mergeCaching(all: readonly (ListCaching | undefined)[]): ListCaching {
  const ttlMs = all.length === 0 ? 0 : Math.min(...all.map((caching) => caching?.ttlMs ?? 0))
  const isPublic = all.length > 0 && all.every((caching) => caching?.cacheScope === 'public')
  return { ttlMs, cacheScope: isPublic ? 'public' : 'private' }
}
