/** Where a back end of this protocol is called. */
import type { Address, Operation } from '../codec.ts'

const VERSION = '2023-06-01'

const HEADERS = { 'content-type': 'application/json', 'anthropic-version': VERSION }

interface Call {
  readonly model: string
  readonly stream: boolean
  readonly operation: Operation
}

export function addressOf(call: Call): Address {
  const accept = call.stream ? 'text/event-stream' : 'application/json'
  const headers = { ...HEADERS, accept }
  return { ...PLACES[call.operation](encodeURIComponent(call.model)), query: '', headers }
}

const PLACES: Record<Operation, (model: string) => Pick<Address, 'method' | 'path'>> = {
  chat: () => ({ method: 'POST', path: '/v1/messages' }),
  'count-tokens': () => ({ method: 'POST', path: '/v1/messages/count_tokens' }),
  'list-models': () => ({ method: 'GET', path: '/v1/models' }),
  'get-model': (model) => ({ method: 'GET', path: `/v1/models/${model}` }),
}
