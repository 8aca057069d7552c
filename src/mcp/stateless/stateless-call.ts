/** One request of the stateless revision, checked. */
import type { JsonRpcRequest } from '../json-rpc.ts'
import type { Scope } from '../scope.ts'
import type { RequestHeaders, RequestMeta } from './check-request.ts'
import type { StatelessReply } from './stateless-reply.ts'

export interface StatelessCall {
  readonly request: JsonRpcRequest
  readonly meta: RequestMeta
  readonly headers: RequestHeaders | undefined
  readonly scope: Scope
  readonly keyId: string
  readonly reply: StatelessReply
  /** Aborted when the client has left or taken its request back. */
  readonly signal: AbortSignal
}

/** Callers with an equal text may share connections: one key on one path. */
export function ownerOfCall({ scope, keyId }: StatelessCall): string {
  return JSON.stringify(['stateless', keyId, scope.group ?? null, scope.server ?? null])
}
