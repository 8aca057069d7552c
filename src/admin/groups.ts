/** `/admin/groups`: under which names models are served. */
import { type Request, Router } from 'express'
import { configuredGroup } from '../registry/configured-group.ts'
import { DEFAULT_GROUP } from '../registry/default-group.ts'
import { saveGroup } from '../registry/save-group.ts'
import type { Store } from '../store/open-store.ts'
import { readActiveGroup } from './active-group.ts'
import { AdminFailure } from './admin-failure.ts'
import type { MakeChange } from './change.ts'
import { describeGroup } from './describe-group.ts'
import { findGroup } from './find-group.ts'
import { readGroupBody } from './group-body.ts'
import { bodyReader, isMembers, parseBody, takeBytes } from './read-body.ts'
import { type Resource, showResource, tagOfRevision } from './resource.ts'

const readName = bodyReader<{ readonly name: string }>({
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', minLength: 1 } },
})

const PLACE = '/admin/groups'
const ONE = `${PLACE}/:name`

type One = Request<{ name: string }>

export function createGroups(store: Store, change: MakeChange): Router {
  const router = Router()
  const show = (name: string): Resource => describeGroup(store, findGroup(store, name), readActiveGroup(store))
  const tag = (name: string): string | undefined => {
    const row = store.groups.find(name)
    return row === undefined ? undefined : tagOfRevision(row)
  }

  router.get(PLACE, (_request, response) => {
    const list = (): object[] => {
      const active = readActiveGroup(store)
      return store.groups.list().map((row) => describeGroup(store, row, active).body)
    }
    showResource(response, { body: store.read(list) })
  })
  router.post(PLACE, takeBytes, (request, response) => {
    const body = parseBody(request)
    const { name } = readName(isMembers(body) ? { name: body['name'] } : body)
    change(request, response, { tag: () => tag(name), make: () => save(name, body), show: () => show(name) })
  })
  router.get(ONE, (request: One, response) => {
    showResource(
      response,
      store.read(() => show(request.params.name)),
    )
  })
  router.put(ONE, takeBytes, (request: One, response) => {
    const { name } = request.params
    const body = parseBody(request)
    change(request, response, { tag: () => tag(name), make: () => save(name, body), show: () => show(name) })
  })
  router.patch(`${ONE}/toggle`, takeBytes, (request: One, response) => {
    const { name } = request.params
    change(request, response, {
      tag: () => tag(findGroup(store, name).name),
      make() {
        const row = findGroup(store, name)
        store.groups.save({ ...row, enabled: !row.enabled })
        return false
      },
      show: () => show(name),
    })
  })
  router.post(`${ONE}/copy`, takeBytes, (request: One, response) => {
    const { name } = readName(parseBody(request))
    change(request, response, {
      tag: () => tag(findGroup(store, request.params.name).name),
      make() {
        if (store.groups.find(name) !== undefined) {
          throw new AdminFailure(409, `There is a group "${name}" already.`, { field: 'name', issue: 'is taken' })
        }
        saveGroup(store, { ...configuredGroup(store, findGroup(store, request.params.name)), name })
        return true
      },
      show: () => show(name),
    })
  })
  router.delete(ONE, (request: One, response) => {
    const { name } = findGroup(store, request.params.name)
    if (name === DEFAULT_GROUP) throw new AdminFailure(400, 'The default group cannot be deleted; it can be disabled.')
    change(request, response, {
      tag: () => tag(name),
      make() {
        if (readActiveGroup(store) === name) store.settings.write('active_group', DEFAULT_GROUP)
        store.groups.delete(findGroup(store, name).name)
        return false
      },
      show: () => ({ body: { name, deleted: true } }),
    })
  })
  return router

  function save(name: string, body: unknown): boolean {
    const before = store.groups.find(name)
    const { group, reset, dropped } = readGroupBody(name, body, before)
    const isNew = saveGroup(store, group, reset)
    const { id } = findGroup(store, name)
    for (const pattern of dropped.aliases) store.aliases.delete(id, pattern)
    for (const pattern of dropped.routes) store.routes.delete(id, pattern)
    return isNew
  }
}
