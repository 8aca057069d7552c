/** The management API: what is needed to add and change what the gateway serves while it runs. */
import { Router } from 'express'
import type { Registry } from '../registry/registry.ts'
import type { Store } from '../store/open-store.ts'
import { answerFailures } from './answer-failure.ts'
import { createExplain, type Explain } from './explain.ts'
import { createGroups } from './groups.ts'
import { createMcpServers, type McpManagement } from './mcp-servers.ts'
import { createProviders } from './providers.ts'

export interface AdminOptions {
  readonly store: Store
  readonly registry: Registry
  readonly explain: Explain
  /** The servers behind the MCP hub. */
  readonly mcp: McpManagement
  /** Names of the codecs that there are. */
  readonly protocols: readonly string[]
  /** Told of what is our own fault; the caller only hears that there is one. */
  readonly report?: (fault: unknown) => void
}

/**
 * `/providers`, `/admin/groups`, `/admin/mcp/servers`, `/admin/explain` and `/switch`, each answer JSON. Changes hold from the next request on.
 * Who may call it is not judged here.
 */
export function createAdmin({ store, registry, explain, mcp, protocols, report = () => {} }: AdminOptions): Router {
  const router = Router()
  router.use(createProviders(store))
  router.use(createGroups(store, registry))
  router.use(createMcpServers(store, mcp))
  router.use(createExplain(explain, protocols))
  router.use(answerFailures(report))
  return router
}
