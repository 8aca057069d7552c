/** What anybody may see first: what this is. */
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
}

/** Said wherever the demo answers, so that nobody takes it for a model. */
export const DEMO_NOTICE =
  'No provider is configured yet: the built-in demo answers. Name a real provider in a config file (interlingua start --config FILE, see README) or POST it to /providers.'

/** `GET /`. */
export function createHome(options: HomeOptions): Router {
  const { store, registry, version, codecs } = options
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
  return router
}

/** Whether nothing but the demo can answer. */
export function isDemoOnly(store: Store): boolean {
  return !store.providers.list().some((provider) => provider.name !== DEMO_PROVIDER && provider.enabled)
}
