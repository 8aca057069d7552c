/** The management API: what is needed to add and change what the gateway serves while it runs. */
import { Router } from 'express'
import type { Registry } from '../registry/registry.ts'
import type { Store } from '../store/open-store.ts'
import { answerFailures } from './answer-failure.ts'
import { createGroups } from './groups.ts'
import { createProviders } from './providers.ts'

export interface AdminOptions {
  readonly store: Store
  readonly registry: Registry
  /** Told of what is our own fault; the caller only hears that there is one. */
  readonly report?: (fault: unknown) => void
}

/**
 * `/providers`, `/admin/groups` and `/switch`, each answer JSON. Changes hold from the next request on.
 * Who may call it is not judged here.
 */
export function createAdmin({ store, registry, report = () => {} }: AdminOptions): Router {
  const router = Router()
  router.use(createProviders(store))
  router.use(createGroups(store, registry))
  router.use(answerFailures(report))
  return router
}
