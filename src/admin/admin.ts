/** The management API: what is needed to add and change what the gateway serves while it runs. */
import { Router } from 'express'
import type { Registry } from '../registry/registry.ts'
import type { Store } from '../store/open-store.ts'
import { answerFailures } from './answer-failure.ts'
import { createMakeChange } from './change.ts'
import { createExchangeConfig } from './exchange-config.ts'
import { createExplain, type Explain } from './explain.ts'
import { createGroupTargets } from './group-targets.ts'
import { createGroups } from './groups.ts'
import { createKeys } from './keys.ts'
import type { Changeable } from './live-settings.ts'
import { createMcpServers, type McpManagement } from './mcp-servers.ts'
import { createProviderModels } from './provider-models.ts'
import { createProviders } from './providers.ts'
import { createSettings } from './settings.ts'
import { createSwitch } from './switch.ts'

export interface AdminOptions {
  readonly store: Store
  readonly registry: Registry
  readonly explain: Explain
  /** The servers behind the MCP hub. */
  readonly mcp: McpManagement
  /** What the config file says just now. */
  readonly file: () => Changeable
  /** Names of the codecs that there are. */
  readonly protocols: readonly string[]
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Told of what is our own fault; the caller only hears that there is one. */
  readonly report?: (fault: unknown) => void
}

/**
 * `/providers`, `/switch` and what lies under `/admin`; each answers JSON. Changes hold from the next request on.
 * Who may call it is not judged here.
 */
export function createAdmin(options: AdminOptions): Router {
  const { store, registry, explain, mcp, file, protocols, now = Date.now, report = () => {} } = options
  const change = createMakeChange(store, registry)
  const router = Router()
  const providers = Router()
  providers.use(createProviders(store, registry, change), createProviderModels(store, change))
  // Where the guide has them, and among all the others.
  router.use(providers)
  router.use('/admin', providers)
  router.use(createGroups(store, change))
  router.use(createGroupTargets(store, change, 'alias'), createGroupTargets(store, change, 'route'))
  router.use(createSwitch(store, registry, change))
  router.use(createKeys(store, change, now))
  router.use(createSettings(store, change, file))
  router.use(createExchangeConfig(store, change))
  router.use(createMcpServers(store, mcp))
  router.use(createExplain(explain, registry, protocols))
  router.use(answerFailures(report))
  return router
}
