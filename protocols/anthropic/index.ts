/** Anthropic's Messages API. */
import type { Codec } from '../codec.ts'
import { addressOf } from './address.ts'
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

export const anthropic: Codec = {
  name: PROTOCOL,
  title: 'Anthropic Messages',
  endpoints: [
    { method: 'POST', path: '/v1/messages', operation: 'chat' },
    { method: 'POST', path: '/v1/messages/count_tokens', operation: 'count-tokens' },
    { method: 'GET', path: '/v1/models', operation: 'list-models', header: 'anthropic-version' },
    { method: 'GET', path: '/v1/models/{model}', operation: 'get-model', header: 'anthropic-version' },
  ],
  basePath: '',
  forwardedHeaders: ['anthropic-version', 'anthropic-beta'],
  returnedHeaders: ['anthropic-ratelimit-*', 'retry-after'],
  request: { glance: glanceAt, rename: renameModel, decode: decodeRequest, encode: encodeRequest, address: addressOf },
  response: { decode: decodeResponse, encode: encodeResponse, usage: readUsage },
  stream: {
    contentType: 'text/event-stream; charset=utf-8',
    keepAlive: 'event: ping\ndata: {"type": "ping"}\n\n',
    decoder: createStreamDecoder,
    encoder: createStreamEncoder,
    tap: createTap,
  },
  error: { decode: decodeError, encode: encodeError },
  models: { list: listModels, one: describeModel },
  tokens: { encode: encodeTokenCount },
}
