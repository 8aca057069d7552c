/** `/providers`: what is called, by which keys. */
import { type Request, Router } from 'express'
import type { Registry } from '../registry/registry.ts'
import { saveProvider } from '../registry/save-provider.ts'
import type { Store } from '../store/open-store.ts'
import type { MakeChange } from './change.ts'
import { describeProvider } from './describe-provider.ts'
import { findProvider } from './find-provider.ts'
import { readProviderBody } from './provider-body.ts'
import { readHealth } from './provider-health.ts'
import { parseBody, takeBytes } from './read-body.ts'
import { type Resource, showResource, tagOfRevision } from './resource.ts'

export function createProviders(store: Store, registry: Registry, change: MakeChange): Router {
  const router = Router()
  const show = (name: string): Resource => {
    const row = findProvider(store, name)
    return describeProvider(store, row, readHealth(registry)(row.name))
  }
  const tag = (name: string): string | undefined => {
    const row = store.providers.find(name)
    return row === undefined ? undefined : tagOfRevision(row)
  }

  router.get('/providers', (_request, response) => {
    const health = readHealth(registry)
    const body = store.read(() =>
      store.providers.list().map((row) => describeProvider(store, row, health(row.name)).body),
    )
    showResource(response, { body })
  })
  router.post('/providers', takeBytes, (request, response) => {
    const body = parseBody(request)
    const { name } = readProviderBody(store, body).provider
    change(request, response, {
      tag: () => tag(name),
      make: () => save(body),
      show: () => show(name),
    })
  })
  router.get('/providers/:name', (request, response) => {
    showResource(
      response,
      store.read(() => show(request.params.name)),
    )
  })
  router.put('/providers/:name', takeBytes, (request: Request<{ name: string }>, response) => {
    const { name } = request.params
    const body = parseBody(request)
    change(request, response, {
      tag: () => tag(findProvider(store, name).name),
      make: () => save(body, findProvider(store, name).name),
      show: () => show(name),
    })
  })
  router.patch('/providers/:name/toggle', takeBytes, (request: Request<{ name: string }>, response) => {
    const { name } = request.params
    change(request, response, {
      tag: () => tag(findProvider(store, name).name),
      make() {
        const row = findProvider(store, name)
        store.providers.save({ ...row, enabled: !row.enabled })
        return false
      },
      show: () => show(name),
    })
  })
  router.delete('/providers/:name', (request: Request<{ name: string }>, response) => {
    const { name } = findProvider(store, request.params.name)
    change(request, response, {
      tag: () => tag(name),
      make() {
        store.providers.delete(findProvider(store, name).name)
        return false
      },
      show: () => ({ body: { name, deleted: true } }),
    })
  })
  return router

  /** Read anew within the transaction, where a masked key is still the one that is stored. */
  function save(body: unknown, name?: string): boolean {
    const { provider, reset } = readProviderBody(store, body, name)
    return saveProvider(store, provider, false, reset).created
  }
}
