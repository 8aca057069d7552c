/** Chat Completions: OpenAI's older API, and by its many copies the common tongue of the field. */
import type { Codec } from '../codec.ts'
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

const CHAT_PATH = '/v1/chat/completions'
const MODELS_PATH = '/v1/models'

/** @see https://platform.openai.com/docs/api-reference/chat */
export const openaiChat: Codec = {
  name: PROTOCOL,
  title: 'OpenAI Chat Completions',
  endpoints: [
    { method: 'POST', path: CHAT_PATH, operation: 'chat' },
    { method: 'GET', path: MODELS_PATH, operation: 'list-models' },
    { method: 'GET', path: `${MODELS_PATH}/{model}`, operation: 'get-model' },
  ],
  basePath: '/v1',
  // Organization and project name the account that pays: they belong to the key, which is the gateway's own.
  forwardedHeaders: ['openai-beta'],
  // Not `x-request-id`: the gateway's answers bear its own.
  returnedHeaders: ['openai-processing-ms', 'openai-version', 'x-ratelimit-*', 'retry-after'],
  request: {
    glance: (_wire, body) => glanceAt(body),
    rename: renameModel,
    decode: (_wire, body) => decodeRequest(body),
    encode: encodeRequest,
    address({ model, stream, operation }) {
      const accept = stream ? 'text/event-stream' : 'application/json'
      if (operation === 'chat') {
        return { method: 'POST', path: CHAT_PATH, query: '', headers: { 'content-type': 'application/json', accept } }
      }
      const path = operation === 'get-model' ? `${MODELS_PATH}/${encodeURIComponent(model)}` : MODELS_PATH
      return { method: 'GET', path, query: '', headers: { accept } }
    },
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
}
