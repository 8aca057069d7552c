/** `/switch`: which group is the active one (X34). */
import { Router } from 'express'
import type { Registry } from '../registry/registry.ts'
import type { Store } from '../store/open-store.ts'
import { readActiveGroup } from './active-group.ts'
import { AdminFailure } from './admin-failure.ts'
import type { MakeChange } from './change.ts'
import { bodyReader, parseBody, takeBytes } from './read-body.ts'
import { type Resource, showResource, tagOfValue } from './resource.ts'

const readSwitch = bodyReader<{ readonly group: string }>({
  type: 'object',
  required: ['group'],
  properties: { group: { type: 'string', minLength: 1 } },
})

export function createSwitch(store: Store, registry: Registry, change: MakeChange): Router {
  const router = Router()
  const show = (): Resource => {
    const body = { group: readActiveGroup(store) }
    return { body, tag: tagOfValue(body) }
  }
  router.get('/switch', (_request, response) => showResource(response, store.read(show)))
  router.put('/switch', takeBytes, (request, response) => {
    const { group } = readSwitch(parseBody(request))
    const name = findEnabledGroup(registry, group)
    change(request, response, {
      tag: () => show().tag,
      make() {
        store.settings.write('active_group', name)
        return false
      },
      show,
    })
  })
  return router
}

/** @returns its name as it is spelled. @throws AdminFailure 400 */
function findEnabledGroup(registry: Registry, wanted: string): string {
  const group = registry.snapshot().findGroup(wanted)
  if (group?.enabled === true) return group.name
  const issue = group === undefined ? 'is the name of no group' : 'is the name of a disabled group'
  throw new AdminFailure(400, `group ${issue}.`, { field: 'group', issue })
}
