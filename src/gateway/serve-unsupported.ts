/** Refuses what makes no sense for a gateway, in words. */
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { Exchange } from './exchange.ts'

/** @throws ApiFailure `not-implemented`, always. */
export async function serveUnsupported(exchange: Exchange): Promise<void> {
  const { method, path } = exchange.wire.endpoint
  throw new ApiFailure({
    kind: 'not-implemented',
    message: `${method} ${path} works on the models of one server; a gateway has none of its own.`,
    source: 'proxy',
  })
}
