/** OpenAI's Responses API: answers made of items, which go back into the next request. */
import type { Codec } from '../codec.ts'
import { addressOf } from './address.ts'
import { COMPACT_PATH, isCompaction } from './compact-path.ts'
import { encodeCompaction } from './compaction.ts'
import { decodeError, encodeError } from './error.ts'
import { glanceAt, renameModel } from './glance.ts'
import { decodeRequest } from './request-decode.ts'
import { encodeRequest } from './request-encode.ts'
import { decodeResponse, encodeResponse, readUsage } from './response.ts'
import { PROTOCOL } from './rest.ts'
import { stored } from './stored.ts'
import { createStreamDecoder } from './stream-decode.ts'
import { createStreamEncoder } from './stream-encode.ts'
import { createStreamTap } from './stream-tap.ts'
import { encodeTokenCount } from './tokens.ts'

/** Models are listed by Chat Completions, under the same path. @see https://platform.openai.com/docs/api-reference/responses */
export const openaiResponses: Codec = {
  name: PROTOCOL,
  title: 'OpenAI Responses',
  endpoints: [
    { method: 'POST', path: '/v1/responses', operation: 'chat' },
    { method: 'POST', path: '/v1/responses/input_tokens', operation: 'count-tokens' },
    { method: 'POST', path: COMPACT_PATH, operation: 'chat' },
    { method: 'GET', path: '/v1/responses/{id}', operation: 'get-answer' },
    { method: 'DELETE', path: '/v1/responses/{id}', operation: 'delete-answer' },
    { method: 'GET', path: '/v1/responses/{id}/input_items', operation: 'list-input' },
    { method: 'POST', path: '/v1/responses/{id}/cancel', operation: 'cancel-answer' },
  ],
  basePath: '/v1',
  // Organization and project name the account that pays: they belong to the key, which is the gateway's own.
  forwardedHeaders: ['openai-beta'],
  // Not `x-request-id`: the gateway's answers bear its own.
  returnedHeaders: ['openai-processing-ms', 'openai-version', 'x-ratelimit-*', 'retry-after'],
  request: {
    glance: glanceAt,
    rename: renameModel,
    decode: decodeRequest,
    encode: encodeRequest,
    address: addressOf,
  },
  response: {
    decode: decodeResponse,
    encode: (response, reply) => (isCompaction(reply.wire) ? encodeCompaction : encodeResponse)(response, reply),
    usage: readUsage,
  },
  stream: {
    contentType: 'text/event-stream; charset=utf-8',
    // No blank line after it: to some clients that ends an event without data (trap 5).
    keepAlive: ': ping\n',
    decoder: createStreamDecoder,
    encoder: createStreamEncoder,
    tap: createStreamTap,
  },
  error: { decode: decodeError, encode: encodeError },
  tokens: { encode: encodeTokenCount },
  stored,
}
