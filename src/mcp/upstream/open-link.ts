/** Opens the kind of link that a server is to be reached by. */

import type { Environment } from '../../config/expand-variables.ts'
import type { ConfiguredMcpServer, McpTransport } from '../../config/mcp-notation.ts'
import type { JsonObject } from '../json-rpc.ts'
import type { AddressPolicy } from './address-guard.ts'
import type { LinkKind } from './begin-server.ts'
import { childEnvironment } from './child-environment.ts'
import type { Clock } from './clock.ts'
import { createHttpClient, type HttpClient } from './http-client.ts'
import type { Link, LinkListener } from './link.ts'
import { openModernLink } from './modern-link.ts'
import type { ProcessGroups } from './process-groups.ts'
import { readEnvFile } from './read-env-file.ts'
import { openSseLink } from './sse-link.ts'
import type { StderrRing } from './stderr-ring.ts'
import { openStdioLink } from './stdio-link.ts'
import { openStreamableLink } from './streamable-link.ts'
import { UpstreamError } from './upstream-error.ts'
import type { UpstreamLimits } from './upstream-limits.ts'

export interface LinkOptions {
  readonly config: ConfiguredMcpServer
  /** Addresses that it may have besides public ones. */
  readonly policy: AddressPolicy
  readonly environment: Environment
  readonly groups: ProcessGroups
  readonly stderr: StderrRing
  readonly clock: Clock
  readonly limits: UpstreamLimits
  readonly userAgent: string
  /** Of a tool of this server. */
  readonly inputSchemaOf: (tool: string) => JsonObject | undefined
}

/** The ways to one server, of which it will want one or two. */
export interface LinkOpener {
  /** @param told headers of the client for whom it is opened (M88). */
  open(kind: LinkKind, listener: LinkListener, told?: Readonly<Record<string, string>>): Link
  close(): Promise<void>
}

export function createLinkOpener(options: LinkOptions): LinkOpener {
  const { config, clock, limits } = options
  const { transport } = config
  if (transport.type === 'stdio') {
    return { open: (_kind, listener) => openProcess(options, transport, listener), close: async () => {} }
  }
  const http = createClient(options, transport.headers)
  const fixed = { server: config.name, url: new URL(transport.url), clock, messageBytes: limits.messageBytes }
  const openers: Readonly<Record<Exclude<LinkKind, 'stdio'>, (http: HttpClient, listener: LinkListener) => Link>> = {
    'modern-http': (own, listener) =>
      openModernLink({ ...fixed, http: own, inputSchemaOf: options.inputSchemaOf }, listener),
    streamable: (own, listener) => openStreamableLink({ ...fixed, http: own }, listener),
    sse: (own, listener) => openSseLink({ ...fixed, http: own }, listener),
  }
  return {
    open(kind, listener, told = {}) {
      if (kind === 'stdio') throw new Error(`${config.name} is no program of this machine`)
      return openers[kind](http.telling(told), listener)
    },
    close: () => http.close(),
  }
}

function createClient(
  { policy, limits, userAgent }: LinkOptions,
  headers: Readonly<Record<string, string>>,
): HttpClient {
  return createHttpClient({ headers, policy, connectMs: limits.connectMs, userAgent })
}

function openProcess(
  { config, environment, groups, stderr, clock, limits }: LinkOptions,
  { command, args, env, envFile, cwd }: McpTransport & { readonly type: 'stdio' },
  listener: LinkListener,
): Link {
  const { messageBytes } = limits
  try {
    const own = envFile === undefined ? env : { ...readEnvFile(envFile, cwd), ...env }
    const order = {
      command,
      args,
      env: childEnvironment(environment, own, process.platform),
      ...(cwd === undefined ? {} : { cwd }),
    }
    return openStdioLink({ server: config.name, order, groups, stderr, clock, messageBytes }, listener)
  } catch (error) {
    // Nothing was started: there is something wrong with what is configured.
    const reason = error instanceof Error ? error.message : String(error)
    throw new UpstreamError({ kind: 'unreachable', message: `The MCP server ${config.name} cannot start: ${reason}` })
  }
}
