/** Where a back end of this protocol is called. */
import type { Address, CalledOperation, WireRequest } from '../codec.ts'
import { ApiFailure } from '../ir/error.ts'
import { CHAT_PATH, EMBED_PATH } from './paths.ts'

const PATHS: Readonly<Record<CalledOperation, string | undefined>> = {
  chat: CHAT_PATH,
  embed: EMBED_PATH,
  'count-tokens': undefined,
}

interface Call {
  readonly stream: boolean
  readonly operation: CalledOperation
  readonly wire?: WireRequest
}

/** A request of this protocol goes where it was meant to go: a prompt is no list of messages. @throws ApiFailure `not-implemented` */
export function addressOf({ stream, operation, wire }: Call): Address {
  const path = wire?.endpoint.operation === operation ? wire.endpoint.path : PATHS[operation]
  if (path === undefined) {
    throw new ApiFailure({ kind: 'not-implemented', message: 'Ollama cannot count tokens.', source: 'proxy' })
  }
  const accept = stream ? 'application/x-ndjson' : 'application/json'
  return { method: 'POST', path, query: '', headers: { 'content-type': 'application/json', accept } }
}
