/** Answers how many tokens a request has, offline and for every model. */
import { countRequestTokens } from '../../protocols/ir/tokens.ts'
import { sendJson } from '../http/answer.ts'
import { readBody } from '../http/body.ts'
import type { Exchange } from './exchange.ts'
import type { GatewayContext } from './gateway-context.ts'
import { replyHeaders } from './reply-headers.ts'
import { createRequestSource } from './request-source.ts'
import { findRoutingFacts } from './routing-facts.ts'

/**
 * The model must be one that the group serves, but nobody is asked.
 *
 * @throws ApiFailure for a body that is no request, or a model that nothing answers to.
 */
export async function serveTokenCount(exchange: Exchange, context: GatewayContext): Promise<void> {
  const { request, response, codec, wire, abort, record } = exchange
  const body = await readBody(request, response, context.bodyLimits, abort.signal)
  const source = createRequestSource(codec, wire, body, (id) => context.answers.conversation(exchange.group, id))
  record.glance = source.glance
  const facts = await findRoutingFacts(exchange, source, context)
  const resolution = exchange.registry.resolveTargets(exchange.group, source.glance.model, source.glance, facts)
  record.resolution = resolution
  const [target] = resolution.targets
  if (target !== undefined) record.target = target
  if (codec.tokens === undefined) throw new Error(`codec ${codec.name} has an endpoint for tokens but no answer for it`)
  const decoded = source.recall()
  record.losses.push(...decoded.losses)
  const countText = await context.loadTokenizer()
  const tokens = countRequestTokens(decoded.value, countText)
  sendJson(response, 200, replyHeaders(exchange), codec.tokens.encode(tokens))
}
