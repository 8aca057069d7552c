/** What routing may ask of a request beyond a glance. Nothing is decoded or counted before it is asked. */
import { countRequestTokens } from '../../protocols/ir/tokens.ts'
import { mayUse } from '../access/caller.ts'
import { conversationScope } from '../conversation/conversation-scope.ts'
import type { RoutingFacts } from '../registry/snapshot.ts'
import type { Exchange } from './exchange.ts'
import type { GatewayContext } from './gateway-context.ts'
import { goesOnHere } from './goes-on.ts'
import type { RequestSource } from './request-source.ts'

/** Waits only where tokens may have to be counted, for what counts them. */
export async function findRoutingFacts(
  exchange: Exchange,
  source: RequestSource,
  context: GatewayContext,
): Promise<RoutingFacts> {
  const { registry, group } = exchange
  const { glance } = source
  const goesOn = goesOnHere(exchange, source, context)
  const whole = () => (goesOn ? source.recall() : source.decode()).value
  const facts: RoutingFacts = {
    compat: exchange.compat,
    mayUse: (name) => mayUse(exchange.caller, name),
    conversation: () => conversationScope(group, whole().messages),
  }
  // What an earlier answer adds is not in the bytes that a glance has seen.
  const mayBeLong =
    Number.isFinite(registry.countsTokensAbove) && (goesOn || glance.textBytes > registry.countsTokensAbove)
  if (!mayBeLong) return facts
  const countText = await context.loadTokenizer()
  return { ...facts, countTokens: () => countRequestTokens(whole(), countText) }
}
