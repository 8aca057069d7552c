/** `/admin/groups/:name/aliases` and `/admin/groups/:name/routes`: which name leads where. */
import { type Request, Router } from 'express'
import { ROUTE_SCHEMA, readRoute, type WrittenRoute } from '../config/route-notation.ts'
import { readTargets, TARGETS_SCHEMA, type WrittenTarget, writeTarget } from '../config/target-notation.ts'
import { configuredGroup } from '../registry/configured-group.ts'
import { ENTRY_PATH, ownerOf } from '../registry/owner.ts'
import { saveAlias } from '../registry/save-group.ts'
import type { AliasKind } from '../store/aliases.ts'
import type { Store } from '../store/open-store.ts'
import { AdminFailure } from './admin-failure.ts'
import type { MakeChange } from './change.ts'
import { findGroup } from './find-group.ts'
import { bodyReader, parseBody, takeBytes } from './read-body.ts'
import { type Resource, showResource, tagOfRevision } from './resource.ts'

const readAlias = bodyReader<WrittenTarget | readonly WrittenTarget[]>(TARGETS_SCHEMA)
const readWrittenRoute = bodyReader<WrittenRoute>(ROUTE_SCHEMA)

const KINDS = {
  alias: { field: 'aliases', noun: 'alias', read: (body: unknown) => readTargets(readAlias(body)) },
  route: { field: 'routes', noun: 'route', read: (body: unknown) => readRoute(readWrittenRoute(body)) },
} as const

type One = Request<{ name: string; pattern: string }>

export function createGroupTargets(store: Store, change: MakeChange, kind: AliasKind): Router {
  const { field, noun, read } = KINDS[kind]
  const table = kind === 'alias' ? store.aliases : store.routes
  const place = `/admin/groups/:name/${field}`
  const router = Router()

  const list = (group: string): ReadonlyMap<string, Resource> => {
    const row = findGroup(store, group)
    const tags = new Map(table.listOf(row.id).map((alias) => [alias.pattern, tagOfRevision(alias)]))
    const named = configuredGroup(store, row)[field] ?? new Map<string, never>()
    return new Map(
      [...named].map(([pattern, targets]) => {
        const owner = ownerOf(store, ENTRY_PATH.alias(row.name, kind, pattern))
        const body = { name: pattern, targets: targets.map(writeTarget), owner }
        return [pattern, { body, tag: tags.get(pattern) ?? '' }]
      }),
    )
  }
  const find = (group: string, pattern: string): Resource => {
    const found = list(group).get(pattern)
    if (found === undefined) throw new AdminFailure(404, `The group "${group}" has no ${noun} "${pattern}" of its own.`)
    return found
  }
  const tag = (group: string, pattern: string): string | undefined => {
    const found = table.listOf(findGroup(store, group).id).find((alias) => alias.pattern === pattern)
    return found === undefined ? undefined : tagOfRevision(found)
  }

  router.get(place, (request: Request<{ name: string }>, response) => {
    showResource(
      response,
      store.read(() => ({ body: [...list(request.params.name).values()].map((one) => one.body) })),
    )
  })
  router.get(`${place}/:pattern`, (request: One, response) => {
    const { name, pattern } = request.params
    showResource(
      response,
      store.read(() => find(name, pattern)),
    )
  })
  router.put(`${place}/:pattern`, takeBytes, (request: One, response) => {
    const { name, pattern } = request.params
    const body = parseBody(request)
    change(request, response, {
      tag: () => tag(name, pattern),
      make() {
        const row = findGroup(store, name)
        return saveAlias(store, row.id, row.name, pattern, read(body), kind)
      },
      show: () => find(name, pattern),
    })
  })
  router.delete(`${place}/:pattern`, (request: One, response) => {
    const { name, pattern } = request.params
    change(request, response, {
      tag: () => find(name, pattern).tag,
      make() {
        table.delete(findGroup(store, name).id, pattern)
        return false
      },
      show: () => ({ body: { name: pattern, deleted: true } }),
    })
  })
  return router
}
