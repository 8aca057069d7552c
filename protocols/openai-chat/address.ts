/** Where a back end of this protocol is called. */
import type { Address, CalledOperation } from '../codec.ts'
import { ApiFailure } from '../ir/error.ts'

const PATHS: Readonly<Record<CalledOperation, string | undefined>> = {
  chat: '/v1/chat/completions',
  embed: '/v1/embeddings',
  'count-tokens': undefined,
}

interface Call {
  readonly stream: boolean
  readonly operation: CalledOperation
}

/** @throws ApiFailure `not-implemented` for what this API does not have. */
export function addressOf({ stream, operation }: Call): Address {
  const path = PATHS[operation]
  if (path === undefined) {
    throw new ApiFailure({ kind: 'not-implemented', message: 'Chat Completions cannot count tokens.', source: 'proxy' })
  }
  const accept = stream ? 'text/event-stream' : 'application/json'
  return { method: 'POST', path, query: '', headers: { 'content-type': 'application/json', accept } }
}
