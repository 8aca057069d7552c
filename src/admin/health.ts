/** `GET /health`: whether the gateway is well, and for those who watch over it, whether it lives and takes requests. */
import { Router } from 'express'
import { callerOf } from '../access/gatekeeper.ts'
import { DEMO_PROVIDER } from '../providers/demo.ts'
import type { Registry } from '../registry/registry.ts'
import type { Store } from '../store/open-store.ts'
import { isUsable, readHealth } from './provider-health.ts'

export interface HealthOptions {
  readonly store: Store
  readonly registry: Registry
  readonly version: string
  readonly now: () => Date
  readonly startedAt: Date
  /** Whether it ends what it does and takes nothing new. */
  readonly isDraining: () => boolean
}

export function createHealth(options: HealthOptions): Router {
  const { registry, version, now, isDraining } = options
  const router = Router()
  router.get('/health', (request, response) => {
    const { total, usable } = countProviders(registry)
    const isWell = total === 0 || usable > 0
    response.setHeader('cache-control', 'no-store')
    response.json({
      status: isDraining() ? 'draining' : isWell ? 'healthy' : 'degraded',
      timestamp: now().toISOString(),
      service: 'interlingua',
      version,
      providers: { total, healthy: usable },
      // Whoever brings a key sees more (B007); a wrong one is as good as none here (B008).
      ...(callerOf(request) === undefined ? {} : tellMore(options)),
    })
  })
  // For probes: the form that they know (draft-inadarei-api-health-check).
  router.get('/health/live', (_request, response) => {
    response.set(PROBE_HEADERS).end('{"status":"pass"}')
  })
  router.get('/health/ready', (_request, response) => {
    const status = isDraining() ? 'fail' : 'pass'
    response
      .status(isDraining() ? 503 : 200)
      .set(PROBE_HEADERS)
      .end(JSON.stringify({ status }))
  })
  return router
}

const PROBE_HEADERS = { 'content-type': 'application/health+json', 'cache-control': 'no-cache, no-store' }

function tellMore({ store, registry, now, startedAt }: HealthOptions): object {
  const health = readHealth(registry)
  return {
    uptime_seconds: Math.floor((now().getTime() - startedAt.getTime()) / 1000),
    components: {
      database: { status: checkDatabase(store) },
      registry: { status: 'ok', groups: registry.snapshot().groupNames.length },
    },
    provider_details: registry
      .snapshot()
      .providers.filter(({ name }) => name !== DEMO_PROVIDER)
      .map(({ name }) => ({ name, ...health(name) })),
  }
}

/** Requests are served from memory: without it only changes fail. */
function checkDatabase(store: Store): 'ok' | 'failed' {
  try {
    store.revision()
    return 'ok'
  } catch {
    return 'failed'
  }
}

/** Those that somebody has configured, and those of them that can really be called. */
export function countProviders(registry: Registry): { readonly total: number; readonly usable: number } {
  const { targets } = registry.health.describe()
  const real = registry.snapshot().providers.filter(({ name }) => name !== DEMO_PROVIDER)
  const usable = real.filter((state) =>
    isUsable(
      state,
      targets.filter(({ provider }) => provider === state.name),
    ),
  )
  return { total: real.length, usable: usable.length }
}
