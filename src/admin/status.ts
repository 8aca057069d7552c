/** `GET /status`: what runs here, with which configuration, and how its back ends fare; and `POST /admin/breakers/reset`. No secrets. */
import { Router } from 'express'
import { AdminFailure } from './admin-failure.ts'
import { countProviders, type HealthOptions } from './health.ts'
import { readHealth } from './provider-health.ts'
import { bodyReader, parseOptionalBody, takeBytes } from './read-body.ts'

export interface StatusOptions extends HealthOptions {
  /** Models that have said that they cannot be given tools. */
  readonly toolRefusals: { list(): readonly string[]; clear(): void }
  /** Settings of the file that are in force, as far as they are nobody's secret. */
  readonly settings: () => object
}

const readReset = bodyReader<{ readonly provider?: string }>({
  type: 'object',
  properties: { provider: { type: 'string', minLength: 1 } },
})

export function createStatus(options: StatusOptions): Router {
  const { store, registry, version, now, startedAt, isDraining, toolRefusals, settings } = options
  const router = Router()

  router.get('/status', (_request, response) => {
    const snapshot = registry.snapshot()
    const health = readHealth(registry)
    const counts = countProviders(registry)
    const { targets, keys } = registry.health.describe()
    const rows = store.read(() => ({
      providers: store.providers.list(),
      models: store.models.list(),
      aliases: store.aliases.list().length,
      routes: store.routes.list().length,
      accessKeys: store.accessKeys.list().length,
      mcpServers: store.mcpServers.list().length,
    }))
    const models = Map.groupBy(rows.models, (model) => model.providerId)
    response.setHeader('cache-control', 'no-store')
    response.json({
      status: isDraining() ? 'draining' : 'running',
      service: 'interlingua',
      version,
      started_at: startedAt.toISOString(),
      uptime_seconds: Math.floor((now().getTime() - startedAt.getTime()) / 1000),
      active_group: snapshot.activeGroup,
      config: {
        ...settings(),
        groups: snapshot.groupNames.length,
        aliases: rows.aliases,
        routes: rows.routes,
        models: rows.models.length,
        keys: rows.accessKeys,
        mcp_servers: rows.mcpServers,
        revision: store.revision(),
      },
      providers: {
        total: counts.total,
        healthy: counts.usable,
        list: rows.providers.map((row) => ({
          name: row.name,
          protocol: row.protocol,
          api_base_url: row.baseUrl,
          enabled: row.enabled,
          models: models.get(row.id)?.length ?? 0,
          keys: store.providerKeys.listOf(row.id).length,
          health: health(row.name),
        })),
      },
      open_breakers: targets.filter(({ state }) => state !== 'closed').length,
      resting_keys: keys.length,
      models_without_tools: toolRefusals.list(),
    })
  })

  router.post('/admin/breakers/reset', takeBytes, (request, response) => {
    const { provider } = readReset(parseOptionalBody(request))
    const row = provider === undefined ? undefined : store.providers.find(provider)
    if (provider !== undefined && row === undefined) {
      throw new AdminFailure(404, `There is no provider "${provider}".`, {
        field: 'provider',
        issue: 'is the name of none',
      })
    }
    const { breakers, keys } = registry.health.reset(row?.name)
    if (row === undefined) toolRefusals.clear()
    response.json({ breakers_closed: breakers, keys_awakened: keys })
  })
  return router
}
