/** Which requests are sent once more when their server was lost in the middle of them (M84). */
import type { JsonRpcRequest } from './json-rpc.ts'
import type { GroupView, UpstreamFailure } from './upstream/connection.ts'

/** Asking for these again changes nothing. */
const READS: ReadonlySet<string> = new Set(['resources/read', 'prompts/get', 'completion/complete', 'tasks/get'])

/** A tool may have acted before it was lost: only one that the group trusts to be harmless is called again. */
export function mayRepeat(request: JsonRpcRequest, failure: UpstreamFailure, view: GroupView): boolean {
  if (failure.kind !== 'closed') return false
  if (READS.has(request.method)) return true
  const name = request.params?.['name']
  return request.method === 'tools/call' && typeof name === 'string' && view.isHarmless(name)
}
