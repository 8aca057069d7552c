/** Whether a request goes on from an answer that is kept here. */
import type { Exchange } from './exchange.ts'
import type { GatewayContext } from './gateway-context.ts'
import type { RequestSource } from './request-source.ts'

/** One that names an answer which only its back end knows does not: what was said before is not ours to tell. */
export function goesOnHere(
  { group }: Exchange,
  { glance }: RequestSource,
  { answers }: Pick<GatewayContext, 'answers'>,
): boolean {
  return glance.previous !== undefined && answers.find(group, glance.previous) !== undefined
}
