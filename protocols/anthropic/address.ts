/** Where a back end of this protocol is called. */
import type { Address, CalledOperation } from '../codec.ts'
import { ApiFailure } from '../ir/error.ts'

const VERSION = '2023-06-01'

const HEADERS = { 'content-type': 'application/json', 'anthropic-version': VERSION }

const PATHS: Readonly<Record<CalledOperation, string | undefined>> = {
  chat: '/v1/messages',
  'count-tokens': '/v1/messages/count_tokens',
  embed: undefined,
}

interface Call {
  readonly stream: boolean
  readonly operation: CalledOperation
}

/** @throws ApiFailure `not-implemented` for what this API does not have. */
/** @throws Error for an operation that this protocol has no path for; its endpoints tell which it has. */
export function addressOf(call: Call): Address {
  const place = PLACES.get(call.operation)
  if (place === undefined) throw new Error(`the Messages API has no path for ${call.operation}`)
  const accept = call.stream ? 'text/event-stream' : 'application/json'
  return { ...place(encodeURIComponent(call.model)), query: '', headers: { ...HEADERS, accept } }
}

type Place = Pick<Address, 'method' | 'path'>

const PLACES: ReadonlyMap<Operation, (model: string) => Place> = new Map<Operation, (model: string) => Place>([
  ['chat', () => ({ method: 'POST', path: '/v1/messages' })],
  ['count-tokens', () => ({ method: 'POST', path: '/v1/messages/count_tokens' })],
  ['list-models', () => ({ method: 'GET', path: '/v1/models' })],
  ['get-model', (model) => ({ method: 'GET', path: `/v1/models/${model}` })],
])
