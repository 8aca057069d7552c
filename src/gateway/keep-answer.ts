/** Keeps an answer that its client may name in a later request. */
import type { JsonObject } from '../../protocols/ir/extra.ts'
import type { ChatResponse } from '../../protocols/ir/response.ts'
import type { Exchange } from './exchange.ts'
import type { GatewayContext } from './gateway-context.ts'
import type { RequestSource } from './request-source.ts'

/**
 * Does nothing for protocols without such answers, or when the client wants none kept.
 *
 * @param body the answer as the client was given it.
 */
export function keepAnswer(
  exchange: Exchange,
  source: RequestSource,
  response: ChatResponse,
  body: JsonObject,
  context: Pick<GatewayContext, 'answers'>,
): void {
  const request = source.decode().value
  const { stored } = exchange.codec
  const id = body['id']
  if (stored === undefined || request.settings.store === false || typeof id !== 'string') return
  context.answers.save(exchange.group, {
    id,
    ...(request.previous === undefined ? {} : { previous: request.previous }),
    input: stored.divide(request).input,
    output: { role: 'assistant', parts: response.choices[0]?.parts ?? [] },
    answer: body,
  })
}
