/** The hub and the servers behind it, as the program runs them. */
import { randomUUID } from 'node:crypto'
import type { Environment } from '../config/expand-variables.ts'
import type { Log } from '../observe/log.ts'
import type { Store } from '../store/open-store.ts'
import { createHub, type Hub } from './hub.ts'
import { createToolOffer, type ToolOffer } from './offer/offer-tools.ts'
import { createToolRunner } from './tool-runner.ts'
import { createUpstreamServers, type ManagedServers } from './upstream/upstream-servers.ts'

export interface McpOptions {
  readonly store: Store
  readonly version: string
  readonly log: Log
  readonly environment: Environment
}

export interface RunningMcp {
  readonly hub: Hub
  readonly servers: ManagedServers
  /** For models whose clients know nothing of MCP. */
  readonly offer: ToolOffer
  /** Ends all sessions, then all servers. */
  close(): Promise<void>
}

/** Starts no server yet: that happens when somebody needs one. */
export function startMcp({ store, version, log, environment }: McpOptions): RunningMcp {
  const instanceId = randomUUID()
  const warn = (fields: object, message: string): void => log.warn(fields, message)
  const report = (error: unknown): void => log.error({ err: error }, 'the MCP hub failed by a fault of its own')
  const servers = createUpstreamServers({ store, version, instanceId, environment, warn })
  const hub = createHub({ servers, version, instanceId, warn, report })
  return {
    hub,
    servers,
    offer: createToolOffer(createToolRunner({ servers, version, instanceId })),
    async close() {
      hub.close()
      await servers.close()
    },
  }
}
