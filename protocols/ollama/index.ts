/** Ollama: the API of the server for models on one's own machine, and of the editors that look for one. */

import type { Codec, Endpoint } from '../codec.ts'
import { addressOf } from './address.ts'
import {
  decodeEmbeddingRequest,
  decodeEmbeddingResponse,
  encodeEmbeddingRequest,
  encodeEmbeddingResponse,
} from './embeddings.ts'
import { decodeError, encodeError } from './error.ts'
import { glanceAt, renameModel } from './glance.ts'
import { KEEP_ALIVE, keepAliveOf, STREAM_TYPE } from './keep-alive.ts'
import { encodeModel, encodeModels, encodeRunning, readWantedModel } from './models.ts'
import { CHAT_PATH, EMBED_PATH, GENERATE_PATH, OLD_EMBED_PATH } from './paths.ts'
import { decodeRequest } from './request-decode.ts'
import { encodeRequest } from './request-encode.ts'
import { decodeResponse, encodeResponse, readUsage } from './response.ts'
import { PROTOCOL } from './rest.ts'
import { createStreamDecoder } from './stream-decode.ts'
import { createStreamEncoder } from './stream-encode.ts'
import { createStreamTap } from './stream-tap.ts'
import { encodeVersion } from './version.ts'

/** They work on the files of models: a gateway has none, and holes in them have cost real servers their memory. */
const UNSUPPORTED: readonly Endpoint[] = [
  { method: 'POST', path: '/api/pull', operation: 'unsupported' },
  { method: 'POST', path: '/api/push', operation: 'unsupported' },
  { method: 'POST', path: '/api/create', operation: 'unsupported' },
  { method: 'POST', path: '/api/copy', operation: 'unsupported' },
  { method: 'DELETE', path: '/api/delete', operation: 'unsupported' },
  { method: 'POST', path: '/api/blobs/{digest}', operation: 'unsupported' },
  // Asked with HEAD, which is served as GET.
  { method: 'GET', path: '/api/blobs/{digest}', operation: 'unsupported' },
]

/** @see https://github.com/ollama/ollama/blob/main/docs/api.md */
export const ollama: Codec = {
  name: PROTOCOL,
  title: 'Ollama',
  endpoints: [
    { method: 'POST', path: CHAT_PATH, operation: 'chat' },
    { method: 'POST', path: GENERATE_PATH, operation: 'chat' },
    { method: 'POST', path: EMBED_PATH, operation: 'embed' },
    { method: 'POST', path: OLD_EMBED_PATH, operation: 'embed' },
    { method: 'GET', path: '/api/tags', operation: 'list-models' },
    { method: 'POST', path: '/api/show', operation: 'get-model' },
    { method: 'GET', path: '/api/ps', operation: 'list-running' },
    { method: 'GET', path: '/api/version', operation: 'get-version' },
    ...UNSUPPORTED,
  ],
  takesUrls: false,
  basePath: '',
  forwardedHeaders: [],
  returnedHeaders: [],
  request: {
    glance: glanceAt,
    rename: renameModel,
    decode: decodeRequest,
    encode: encodeRequest,
    address: addressOf,
  },
  response: { decode: decodeResponse, encode: encodeResponse, usage: readUsage },
  stream: {
    contentType: STREAM_TYPE,
    keepAlive: KEEP_ALIVE,
    form: keepAliveOf,
    decoder: createStreamDecoder,
    encoder: createStreamEncoder,
    tap: createStreamTap,
  },
  error: { decode: decodeError, encode: encodeError },
  models: { list: encodeModels, one: encodeModel, wanted: readWantedModel, running: encodeRunning },
  version: { encode: encodeVersion },
  embeddings: {
    request: { decode: decodeEmbeddingRequest, encode: encodeEmbeddingRequest },
    response: { decode: decodeEmbeddingResponse, encode: encodeEmbeddingResponse },
  },
}
