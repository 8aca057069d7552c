/** Where a back end of this protocol is called. */
import type { Address, CalledOperation, WireRequest } from '../codec.ts'
import { actionOf, bareName } from './action.ts'

const HEADERS = { 'content-type': 'application/json' }

interface Call {
  readonly model: string
  readonly stream: boolean
  readonly operation: CalledOperation
  readonly many?: boolean
  readonly wire?: WireRequest
}

const ACTIONS: Readonly<Record<CalledOperation, (call: Call) => string>> = {
  chat: ({ stream }) => (stream ? 'streamGenerateContent' : 'generateContent'),
  'count-tokens': () => 'countTokens',
  // A relayed list with one entry is a list all the same.
  embed: ({ many, wire }) =>
    wire === undefined ? (many === true ? 'batchEmbedContents' : 'embedContent') : actionOf(wire),
}

/** Streams are always asked for as server-sent events: the growing array is read by nobody who has to be quick. */
export function addressOf(call: Call): Address {
  return {
    method: 'POST',
    path: `/v1beta/${writeModel(call.model)}:${ACTIONS[call.operation](call)}`,
    query: call.stream ? 'alt=sse' : '',
    headers: { ...HEADERS, accept: call.stream ? 'text/event-stream' : 'application/json' },
  }
}

/** Each piece of the name is escaped by itself (trap 133); tuned models lie in a collection of their own. */
function writeModel(model: string): string {
  const name = /^(?:tunedModels|projects|publishers)\//.test(model) ? model : `models/${bareName(model)}`
  return name.split('/').map(escapeSegment).join('/')
}

/** A colon in the name stays one, as the API has it; the action follows the last. */
function escapeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll('%3A', ':').replaceAll('%40', '@')
}
