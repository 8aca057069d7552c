/** Which era a message of a client belongs to (M1). */
import type { JsonRpcMessage } from './json-rpc.ts'
import { isObject } from './message-kind.ts'
import { META, MODERN_VERSION } from './revisions.ts'
import type { Era } from './upstream/connection.ts'

/**
 * The body goes before the headers: a modern client may call a method `initialize`, a legacy one may send `Mcp-Method`.
 *
 * @param headers lower case; none on stdio.
 */
export function tellEra(message: JsonRpcMessage, headers: Readonly<Record<string, unknown>> = {}): Era {
  const meta = isObject(message['params']) ? message['params']['_meta'] : undefined
  if (isObject(meta) && META.protocolVersion in meta) return 'modern'
  const version = headers['mcp-protocol-version']
  if (typeof version === 'string') return version >= MODERN_VERSION ? 'modern' : 'legacy'
  const isModern =
    headers['mcp-method'] !== undefined && headers['mcp-session-id'] === undefined && message['method'] !== 'initialize'
  return isModern ? 'modern' : 'legacy'
}
