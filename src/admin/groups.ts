/** `/admin/groups`: under which names models are served, and `/switch`: which group is the active one. */
import { Router } from 'express'
import type { ChatSettings } from '../../protocols/ir/request.ts'
import { GROUP_SCHEMA, readGroup, type WrittenGroup } from '../config/group-notation.ts'
import { readTargets, TARGETS_SCHEMA, type WrittenTarget, writeTarget } from '../config/target-notation.ts'
import { DEFAULT_GROUP } from '../registry/default-group.ts'
import { ENTRY_PATH, ownerOf } from '../registry/owner.ts'
import type { Registry } from '../registry/registry.ts'
import { saveAlias, saveGroup } from '../registry/save-group.ts'
import type { GroupRow } from '../store/groups.ts'
import type { Store } from '../store/open-store.ts'
import { AdminFailure } from './admin-failure.ts'
import { bodyReader, parseBody, takeBytes } from './read-body.ts'

const readWrittenGroup = bodyReader<WrittenGroup>(GROUP_SCHEMA, ['name', 'active', 'owner'])
const readWrittenTargets = bodyReader<WrittenTarget | readonly WrittenTarget[]>(TARGETS_SCHEMA)
const readWrittenSwitch = bodyReader<{ readonly group: string }>({
  type: 'object',
  required: ['group'],
  properties: { group: { type: 'string', minLength: 1 } },
})

export function createGroups(store: Store, registry: Registry): Router {
  const router = Router()

  router.get('/admin/groups', (_request, response) => {
    response.json(store.groups.list().map((row) => describe(store, registry, row)))
  })
  router.put('/admin/groups/:name', takeBytes, (request, response) => {
    const group = readGroup(request.params.name, readWrittenGroup(parseBody(request)))
    const created = saveGroup(store, group)
    response.status(created ? 201 : 200).json(describe(store, registry, find(store, group.name)))
  })
  router.delete('/admin/groups/:name', (request, response) => {
    const { name } = find(store, request.params.name)
    if (name === DEFAULT_GROUP) throw new AdminFailure(400, 'The default group cannot be deleted; it can be disabled.')
    store.transaction(() => {
      if (registry.snapshot().activeGroup === name) store.settings.write('active_group', DEFAULT_GROUP)
      store.groups.delete(name)
    })
    response.json({ name, deleted: true })
  })
  router.put('/admin/groups/:name/aliases/:pattern', takeBytes, (request, response) => {
    const row = find(store, request.params.name)
    const targets = readTargets(readWrittenTargets(parseBody(request)))
    const created = saveAlias(store, row.id, row.name, request.params.pattern, targets)
    response.status(created ? 201 : 200).json(describe(store, registry, row))
  })
  router.delete('/admin/groups/:name/aliases/:pattern', (request, response) => {
    const { id, name } = find(store, request.params.name)
    const { pattern } = request.params
    if (!store.aliases.delete(id, pattern)) {
      throw new AdminFailure(404, `The group "${name}" has no alias "${pattern}" of its own.`)
    }
    response.json({ name: pattern, deleted: true })
  })

  router.get('/switch', (_request, response) => {
    response.json({ group: registry.snapshot().activeGroup })
  })
  router.put('/switch', takeBytes, (request, response) => {
    const wanted = readWrittenSwitch(parseBody(request)).group
    const group = registry.snapshot().findGroup(wanted)
    if (group === undefined || !group.enabled) {
      const issue = group === undefined ? 'is the name of no group' : 'is the name of a disabled group'
      throw new AdminFailure(400, `group ${issue}.`, { field: 'group', issue })
    }
    store.settings.write('active_group', group.name)
    response.json({ group: registry.snapshot().activeGroup })
  })
  return router
}

function find(store: Store, name: string): GroupRow {
  const row = store.groups.find(name)
  if (row === undefined) throw new AdminFailure(404, `There is no group "${name}".`)
  return row
}

function describe(store: Store, registry: Registry, row: GroupRow): object {
  return {
    name: row.name,
    description: row.description,
    enabled: row.enabled,
    open: row.open,
    tool_mode: row.toolMode,
    active: registry.snapshot().activeGroup === row.name,
    owner: ownerOf(store, ENTRY_PATH.group(row.name)),
    aliases: describeAliases(store, row.id),
  }
}

function describeAliases(store: Store, groupId: number): object {
  const providerNames = new Map(store.providers.list().map((row) => [row.id, row.name]))
  const targets = store.aliases.listTargets()
  return Object.fromEntries(
    store.aliases
      .list()
      .filter((alias) => alias.groupId === groupId)
      .map((alias) => [
        alias.pattern,
        targets
          .filter((target) => target.aliasId === alias.id)
          .map((target) =>
            writeTarget({
              provider: providerNames.get(target.providerId) ?? '',
              model: target.model,
              weight: target.weight,
              priority: target.priority,
              // Written by `readParameters` only.
              parameters: target.parameters as Partial<ChatSettings>,
            }),
          ),
      ]),
  )
}
