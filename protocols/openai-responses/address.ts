/** Where a back end of this protocol is called. */
import type { Address, CalledOperation, WireRequest } from '../codec.ts'
import { ApiFailure } from '../ir/error.ts'
import { COMPACT_PATH, isCompaction } from './compact-path.ts'

const PATHS: Readonly<Record<CalledOperation, string | undefined>> = {
  chat: '/v1/responses',
  embed: undefined,
  'count-tokens': '/v1/responses/input_tokens',
}

interface Call {
  readonly wire?: WireRequest
  readonly stream: boolean
  readonly operation: CalledOperation
}

/** @throws ApiFailure `not-implemented` for what this API does not have. */
export function addressOf({ wire, stream, operation }: Call): Address {
  const path = operation === 'chat' && isCompaction(wire) ? COMPACT_PATH : PATHS[operation]
  if (path === undefined) {
    throw new ApiFailure({ kind: 'not-implemented', message: 'The Responses API has no embeddings.', source: 'proxy' })
  }
  const accept = stream ? 'text/event-stream' : 'application/json'
  return { method: 'POST', path, query: '', headers: { 'content-type': 'application/json', accept } }
}
