/** Where a back end of this protocol is called. */
import type { Address, CalledOperation } from '../codec.ts'
import { ApiFailure } from '../ir/error.ts'

const PATHS: Readonly<Record<CalledOperation, string | undefined>> = {
  chat: '/v1/responses',
  embed: undefined,
  'count-tokens': '/v1/responses/input_tokens',
}

interface Call {
  readonly stream: boolean
  readonly operation: CalledOperation
}

/** @throws ApiFailure `not-implemented` for what this API does not have. */
export function addressOf({ stream, operation }: Call): Address {
  const path = PATHS[operation]
  if (path === undefined) {
    throw new ApiFailure({ kind: 'not-implemented', message: 'The Responses API has no embeddings.', source: 'proxy' })
  }
  const accept = stream ? 'text/event-stream' : 'application/json'
  return { method: 'POST', path, query: '', headers: { 'content-type': 'application/json', accept } }
}
