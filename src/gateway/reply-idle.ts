/** Answers a request that asks a model nothing, as the client's own kind of server would: whole, also where a stream is usual. */
import type { Finish } from '../../protocols/ir/finish.ts'
import { sendJson } from '../http/answer.ts'
import type { Exchange } from './exchange.ts'
import type { GatewayContext } from './gateway-context.ts'
import { createReplyContext } from './reply-context.ts'
import { replyHeaders } from './reply-headers.ts'
import type { RequestSource } from './request-source.ts'

/** @throws ApiFailure `bad-request` when the request cannot be decoded. */
export function replyIdle(exchange: Exchange, source: RequestSource, finish: Finish, context: GatewayContext): void {
  const reply = createReplyContext(exchange, source, context)
  const { body } = exchange.codec.response.encode(
    { id: '', model: source.glance.model, choices: [{ index: 0, parts: [], finish }] },
    reply,
  )
  sendJson(exchange.response, 200, replyHeaders(exchange), body)
}
