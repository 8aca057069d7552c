/** An MCP server as the management API shows and takes it; what may be a secret is never shown whole. */
import {
  type ConfiguredMcpServer,
  findMcpFaults,
  MCP_SERVER_SCHEMA,
  readMcpServer,
  type WrittenMcpServer,
} from '../config/mcp-notation.ts'
import { AdminFailure } from './admin-failure.ts'
import { isMask, maskSecret } from './mask-secret.ts'
import { bodyReader } from './read-body.ts'

const readWritten = bodyReader<WrittenMcpServer>(MCP_SERVER_SCHEMA, ['name', 'owner', 'status'])

/** In the words in which `readMcpServerBody` takes it. */
export function describeMcpServer(server: ConfiguredMcpServer): object {
  const { name, transport, enabled, shared, allowPrivate, timeoutMs, includeTools, excludeTools, changedTools } = server
  return {
    name,
    ...(transport.type === 'stdio'
      ? { ...transport, env: maskAll(transport.env) }
      : { ...transport, headers: maskAll(transport.headers) }),
    enabled,
    shared,
    allowPrivate,
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    ...(includeTools === undefined ? {} : { includeTools }),
    excludeTools,
    changedTools,
  }
}

/**
 * Variables are not filled in: whoever calls this must not learn what the environment of the gateway holds (M76).
 *
 * @param before the server of this name; what is sent back masked stays as it was (trap 158).
 * @throws AdminFailure 400
 */
export function readMcpServerBody(
  name: string,
  body: unknown,
  before: ConfiguredMcpServer | undefined,
): ConfiguredMcpServer {
  const written = readWritten(body)
  const [fault] = findMcpFaults(name, written)
  if (fault !== undefined) throw new AdminFailure(400, `${name} ${fault}.`, { field: 'name', issue: fault })
  const server = readMcpServer(name, written)
  const { transport } = server
  const known = before?.transport
  if (transport.type === 'stdio') {
    const env = keepMasked('env', transport.env, known?.type === 'stdio' ? known.env : {})
    return { ...server, transport: { ...transport, env } }
  }
  const headers = keepMasked(
    'headers',
    transport.headers,
    known === undefined || known.type === 'stdio' ? {} : known.headers,
  )
  // A key is for the server that it was given for.
  const isElsewhere =
    known === undefined || known.type === 'stdio' || new URL(known.url).origin !== new URL(transport.url).origin
  if (isElsewhere && Object.values(written.headers ?? {}).some(isMask)) throw refuseMask('headers')
  return { ...server, transport: { ...transport, headers } }
}

function maskAll(secrets: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, maskSecret(value)]))
}

function keepMasked(
  field: string,
  given: Readonly<Record<string, string>>,
  stored: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const kept = Object.entries(given).map(([name, value]): [string, string] => {
    if (!isMask(value)) return [name, value]
    const known = Object.hasOwn(stored, name) ? stored[name] : undefined
    if (known === undefined || maskSecret(known) !== value) throw refuseMask(`${field}.${name}`)
    return [name, known]
  })
  return Object.fromEntries(kept)
}

function refuseMask(field: string): AdminFailure {
  const issue = 'is a masked value: give it whole'
  return new AdminFailure(400, `${field} ${issue}.`, { field, issue })
}
