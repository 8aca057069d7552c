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
import { openSseLink } from './sse-link.ts'
import type { StderrRing } from './stderr-ring.ts'
import { openStdioLink } from './stdio-link.ts'
import { openStreamableLink } from './streamable-link.ts'
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
  open(kind: LinkKind, listener: LinkListener): Link
  close(): Promise<void>
}

export function createLinkOpener(options: LinkOptions): LinkOpener {
  const { config, clock, limits } = options
  const { transport } = config
  if (transport.type === 'stdio') {
    return { open: (_kind, listener) => openProcess(options, transport, listener), close: async () => {} }
  }
  const http = createClient(options, transport.headers)
  const common = { server: config.name, url: new URL(transport.url), http, clock, messageBytes: limits.messageBytes }
  const openers: Readonly<Record<Exclude<LinkKind, 'stdio'>, (listener: LinkListener) => Link>> = {
    'modern-http': (listener) => openModernLink({ ...common, inputSchemaOf: options.inputSchemaOf }, listener),
    streamable: (listener) => openStreamableLink(common, listener),
    sse: (listener) => openSseLink(common, listener),
  }
  return {
    open(kind, listener) {
      if (kind === 'stdio') throw new Error(`${config.name} is no program of this machine`)
      return openers[kind](listener)
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
  { command, args, env, cwd }: McpTransport & { readonly type: 'stdio' },
  listener: LinkListener,
): Link {
  const order = {
    command,
    args,
    env: childEnvironment(environment, env, process.platform),
    ...(cwd === undefined ? {} : { cwd }),
  }
  const { messageBytes } = limits
  return openStdioLink({ server: config.name, order, groups, stderr, clock, messageBytes }, listener)
}
