/** `server/discover`: the hub answers itself, for its own versions and what its servers can (M32). */
import type { JsonRpcAnswer } from '../json-rpc.ts'
import { mergeCapabilities, mergeInstructions } from '../merge-facts.ts'
import { isObject } from '../message-kind.ts'
import { META_VIA, SUPPORTED_VERSIONS } from '../revisions.ts'
import { RPC, RpcFailure } from '../rpc-failure.ts'
import { rulesOfScope } from '../scope.ts'
import { completeResult } from './modern-result.ts'
import type { StatelessCall } from './stateless-call.ts'
import type { StatelessContext } from './stateless-context.ts'

/** A new server may come at any time, but hardly within this. */
const TTL_MS = 60_000

export async function discover(context: StatelessContext, { request, scope }: StatelessCall): Promise<JsonRpcAnswer> {
  const { hub, serverInfo } = context
  const meta = request.params?.['_meta']
  const via = isObject(meta) ? meta[META_VIA] : undefined
  if (Array.isArray(via) && via.includes(hub.instanceId)) {
    throw new RpcFailure(RPC.invalidRequest, 'This hub is among its own servers: take it out of their list.')
  }
  const servers = rulesOfScope(hub, scope)?.servers ?? []
  const catalogues = servers.map((server) => hub.servers.catalogueOf(server))
  const instructions = mergeInstructions(catalogues)
  const result = {
    supportedVersions: SUPPORTED_VERSIONS,
    capabilities: mergeCapabilities(catalogues),
    ...(instructions === undefined ? {} : { instructions }),
    ttlMs: TTL_MS,
    cacheScope: 'private',
  }
  return { jsonrpc: '2.0', id: request.id, result: completeResult(result, serverInfo) }
}
