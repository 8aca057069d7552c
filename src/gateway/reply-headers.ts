/** The headers that every answer of the gateway bears. */
import type { Exchange } from './exchange.ts'
import { formatLossHeader, LOSS_HEADER } from './loss-header.ts'

/** Request id, who served it with which model, and what was lost so far. */
export function replyHeaders(exchange: Exchange): Record<string, string> {
  const { target, losses } = exchange.record
  const headers: Record<string, string> = { 'x-request-id': exchange.id }
  if (target !== undefined) {
    headers['x-provider'] = target.provider.name
    headers['x-model'] = target.model
  }
  const loss = formatLossHeader(losses)
  if (loss !== undefined) headers[LOSS_HEADER] = loss
  return headers
}
