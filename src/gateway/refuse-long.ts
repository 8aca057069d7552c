/** Keeps requests out that are longer than a group lets its models have. */
import { ApiFailure } from '../../protocols/ir/error.ts'
import { countRequestTokens } from '../../protocols/ir/tokens.ts'
import type { GroupPolicy } from '../config/group-policy.ts'
import type { Exchange } from './exchange.ts'
import type { GatewayContext } from './gateway-context.ts'
import { goesOnHere } from './goes-on.ts'
import type { RequestSource } from './request-source.ts'

/** No token is shorter than a byte: what has fewer bytes than the limit needs no counting. */
export async function refuseLong(
  { maxContextTokens }: GroupPolicy,
  exchange: Exchange,
  source: RequestSource,
  context: Pick<GatewayContext, 'loadTokenizer' | 'answers'>,
): Promise<void> {
  if (maxContextTokens === undefined) return
  const goesOn = goesOnHere(exchange, source, context)
  if (!goesOn && source.glance.textBytes <= maxContextTokens) return
  const { value } = goesOn ? source.recall() : source.decode()
  const tokens = countRequestTokens(value, await context.loadTokenizer())
  if (tokens <= maxContextTokens) return
  throw new ApiFailure({
    kind: 'context-overflow',
    message: `The request has ${tokens} tokens; this group takes ${maxContextTokens} at most.`,
    source: 'proxy',
  })
}
