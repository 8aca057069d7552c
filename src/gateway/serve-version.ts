/** Tells the version, for clients that ask a server for it before anything else. */
import { sendJson } from '../http/answer.ts'
import type { Exchange } from './exchange.ts'
import type { GatewayContext } from './gateway-context.ts'
import { replyHeaders } from './reply-headers.ts'

export async function serveVersion(exchange: Exchange, context: GatewayContext): Promise<void> {
  const { version, name } = exchange.codec
  if (version === undefined) throw new Error(`codec ${name} has an endpoint for its version but no shape for it`)
  sendJson(exchange.response, 200, replyHeaders(exchange), version.encode(context.version))
}
