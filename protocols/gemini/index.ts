/** Google's Gemini API, as AI Studio and Vertex AI serve it. */
import type { Codec, Endpoint, Operation, WireRequest } from '../codec.ts'
import { asksForEvents } from './action.ts'
import { addressOf } from './address.ts'
import {
  decodeEmbeddingRequest,
  decodeEmbeddingResponse,
  encodeEmbeddingRequest,
  encodeEmbeddingResponse,
} from './embeddings.ts'
import { decodeError, encodeError } from './error.ts'
import { glanceAt, renameModel } from './glance.ts'
import { PROTOCOL } from './keep.ts'
import { describeModel, listModels } from './models.ts'
import { decodeRequest } from './request-decode.ts'
import { encodeRequest } from './request-encode.ts'
import { decodeResponse, encodeResponse, readUsage } from './response.ts'
import { createStreamDecoder } from './stream-decode.ts'
import { createStreamEncoder } from './stream-encode.ts'
import { createTap } from './tap.ts'
import { encodeTokenCount } from './tokens.ts'

const ACTIONS: readonly (readonly [action: string, operation: Operation])[] = [
  ['generateContent', 'chat'],
  ['streamGenerateContent', 'chat'],
  ['countTokens', 'count-tokens'],
  ['embedContent', 'embed'],
  ['batchEmbedContents', 'embed'],
]

/** The header in which clients of this API send their key; it tells their list of models from that of others (K3). */
const KEY_HEADER = 'x-goog-api-key'

/** With a vendor's name in it a model's is sent without its collection by some clients (K7): the last row. */
const COLLECTIONS = ['/v1beta/models/{model}', '/v1/models/{model}', '/v1beta/{model}'] as const

const endpoints: readonly Endpoint[] = [
  ...COLLECTIONS.flatMap((path) =>
    ACTIONS.map(([action, operation]): Endpoint => ({ method: 'POST', path: `${path}:${action}`, operation })),
  ),
  { method: 'GET', path: '/v1beta/models', operation: 'list-models' },
  { method: 'GET', path: '/v1beta/models/{model}', operation: 'get-model' },
  { method: 'GET', path: '/v1/models', operation: 'list-models', header: KEY_HEADER },
  { method: 'GET', path: '/v1/models/{model}', operation: 'get-model', header: KEY_HEADER },
]

const EVENTS = {
  contentType: 'text/event-stream',
  // Comments and blank lines end some clients of this API; an empty chunk ends none (K81).
  keepAlive: 'data: {}\n\n',
}

/** White space is all that may stand between two elements. */
const ARRAY = { contentType: 'application/json; charset=utf-8', keepAlive: '\n' }

export const gemini: Codec = {
  name: PROTOCOL,
  title: 'Gemini',
  endpoints,
  basePath: '',
  forwardedHeaders: ['x-goog-api-client'],
  returnedHeaders: ['x-gemini-service-tier', 'retry-after'],
  request: { glance: glanceAt, rename: renameModel, decode: decodeRequest, encode: encodeRequest, address: addressOf },
  response: { decode: decodeResponse, encode: encodeResponse, usage: readUsage },
  stream: {
    ...EVENTS,
    form: (wire: WireRequest) => (asksForEvents(wire) ? EVENTS : ARRAY),
    decoder: createStreamDecoder,
    encoder: createStreamEncoder,
    tap: createTap,
  },
  error: { decode: decodeError, encode: encodeError },
  models: { list: listModels, one: describeModel },
  embeddings: {
    request: { decode: decodeEmbeddingRequest, encode: encodeEmbeddingRequest },
    response: { decode: decodeEmbeddingResponse, encode: encodeEmbeddingResponse },
  },
  tokens: { encode: encodeTokenCount },
}
