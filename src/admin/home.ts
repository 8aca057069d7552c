/** The pages that anybody may see: what this is, and whether it is well. */
import { Router } from 'express'
import type { Codec } from '../../protocols/codec.ts'
import { DEMO_PROVIDER } from '../providers/demo.ts'
import type { Registry } from '../registry/registry.ts'
import type { Store } from '../store/open-store.ts'

export interface HomeOptions {
  readonly store: Store
  readonly registry: Registry
  readonly version: string
  readonly codecs: readonly Codec[]
  readonly now: () => Date
}

/** Said wherever the demo answers, so that nobody takes it for a model. */
export const DEMO_NOTICE =
  'No provider is configured yet: the built-in demo answers. Name a real provider in a config file (interlingua start --config FILE, see README) or POST it to /providers.'

/** `GET /` and `GET /health`. */
export function createHome(options: HomeOptions): Router {
  const { store, registry, version, codecs, now } = options
  const router = Router()
  router.get('/', (_request, response) => {
    const snapshot = registry.snapshot()
    response.json({
      name: 'interlingua',
      message: 'One gateway between every AI client and every model.',
      version,
      ...(isDemoOnly(store) ? { notice: DEMO_NOTICE } : {}),
      groups: snapshot.groupNames,
      active_group: snapshot.activeGroup,
      endpoints: codecs.flatMap((codec) =>
        codec.endpoints.map((endpoint) => ({ protocol: codec.name, method: endpoint.method, path: endpoint.path })),
      ),
      paths: '/[group|switch]/[compat_mode|compat]/<endpoint>',
    })
  })
  router.get('/health', (_request, response) => {
    const { total, enabled } = countReal(store)
    response.json({
      status: 'healthy',
      timestamp: now().toISOString(),
      service: 'interlingua',
      version,
      providers: { total, healthy: enabled },
    })
  })
  return router
}

/** Whether nothing but the demo can answer. */
export function isDemoOnly(store: Store): boolean {
  return countReal(store).enabled === 0
}

/** Providers that somebody has configured. */
function countReal(store: Store): { readonly total: number; readonly enabled: number } {
  const real = store.providers.list().filter((provider) => provider.name !== DEMO_PROVIDER)
  return { total: real.length, enabled: real.filter((provider) => provider.enabled).length }
}
