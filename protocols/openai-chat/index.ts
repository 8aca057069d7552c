/** Chat Completions: OpenAI's older API, and by its many copies the common tongue of the field. */

import type { Codec } from '../codec.ts'
import { addressOf } from './address.ts'
import { embeddings, glanceAtEmbeddings } from './embeddings.ts'
import { decodeError, encodeError } from './error.ts'
import { glanceAt, renameModel } from './glance.ts'
import { encodeModel, encodeModels } from './models.ts'
import { decodeRequest } from './request-decode.ts'
import { encodeRequest } from './request-encode.ts'
import { decodeResponse, encodeResponse, readUsage } from './response.ts'
import { PROTOCOL } from './rest.ts'
import { createStreamDecoder } from './stream-decode.ts'
import { createStreamEncoder } from './stream-encode.ts'
import { createStreamTap } from './stream-tap.ts'

/** @see https://platform.openai.com/docs/api-reference/chat */
export const openaiChat: Codec = {
  name: PROTOCOL,
  title: 'OpenAI Chat Completions',
  endpoints: [
    { method: 'POST', path: '/v1/chat/completions', operation: 'chat' },
    { method: 'POST', path: '/v1/embeddings', operation: 'embed' },
    { method: 'GET', path: '/v1/models', operation: 'list-models' },
    { method: 'GET', path: '/v1/models/{model}', operation: 'get-model' },
  ],
  basePath: '/v1',
  // Organization and project name the account that pays: they belong to the key, which is the gateway's own.
  forwardedHeaders: ['openai-beta'],
  // Not `x-request-id`: the gateway's answers bear its own.
  returnedHeaders: ['openai-processing-ms', 'openai-version', 'x-ratelimit-*', 'retry-after'],
  request: {
    glance: ({ endpoint }, body) => (endpoint.operation === 'embed' ? glanceAtEmbeddings(body) : glanceAt(body)),
    rename: renameModel,
    decode: (_wire, body) => decodeRequest(body),
    encode: encodeRequest,
    address: addressOf,
  },
  response: { decode: decodeResponse, encode: encodeResponse, usage: readUsage },
  stream: {
    contentType: 'text/event-stream',
    // No blank line after it: to some clients that ends an event without data (trap 5).
    keepAlive: ': ping\n',
    decoder: createStreamDecoder,
    encoder: createStreamEncoder,
    tap: createStreamTap,
  },
  error: { decode: decodeError, encode: encodeError },
  models: { list: encodeModels, one: encodeModel },
  embeddings,
}
