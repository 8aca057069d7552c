/** Makes a snapshot of the registry from its rows. Pure but for what it draws from. */
import type { ProtocolName } from '../../protocols/ir/extra.ts'
import type { ChatSettings } from '../../protocols/ir/request.ts'
import { isGroupName } from '../http/reserved.ts'
import { DEMO_PROVIDER } from '../providers/demo.ts'
import type { AliasRow, TargetRow } from '../store/aliases.ts'
import type { GroupRow } from '../store/groups.ts'
import type { RegistryRows } from '../store/registry-rows.ts'
import { selectCapable } from './check-capabilities.ts'
import { catchAllDemo, listDemoAliases, serveDemo } from './demo-routes.ts'
import { refuseEmpty, refuseGroup, refuseModel, refuseUnavailable } from './explain-miss.ts'
import type { Health } from './health.ts'
import { type Draw, orderTargets } from './order-targets.ts'
import { RegistryFault } from './registry-fault.ts'
import type { Route } from './route.ts'
import { selectWell } from './select-well.ts'
import { joinGroup, type ServedAlias, type ServedGroup } from './served-group.ts'
import { readProvider, type ServedProvider } from './served-provider.ts'
import type { Group, Snapshot, ToolMode } from './snapshot.ts'

/** Serves paths that name no group; always there. */
export const DEFAULT_GROUP = 'default'

export const TOOL_MODES: Readonly<Record<ToolMode, true>> = { auto: true, compat: true, native: true }

export interface SnapshotContext {
  /** Names of the codecs that there are. */
  readonly protocols: readonly ProtocolName[]
  readonly draw: Draw
  /** Absent: everything is well. */
  readonly health?: Health
}

/** @throws RegistryFault for rows that could not be served as they stand, naming the first that is wrong. */
export function buildSnapshot(rows: RegistryRows, context: SnapshotContext): Snapshot {
  const providers = readProviders(rows, context.protocols)
  const groups = joinGroups(rows, providers)
  const groupNames = [...groups.keys()].sort()
  const activeGroup = rows.activeGroup !== undefined && groups.has(rows.activeGroup) ? rows.activeGroup : DEFAULT_GROUP

  function servedGroup(name: string): ServedGroup {
    const served = groups.get(name)
    if (served === undefined || !served.group.enabled) refuseGroup(name, served !== undefined, groups.values())
    return served
  }

  return {
    groupNames,
    activeGroup,
    countsTokensAbove: Number.POSITIVE_INFINITY,
    findGroup: (name) => groups.get(name)?.group,
    resolveTargets(groupName, model, glance, facts = {}) {
      const served = servedGroup(groupName)
      const { group } = served
      const found = served.findRoute(model)
      if (found === undefined) return served.models.length === 0 ? refuseEmpty(served) : refuseModel(served, model)
      const { route, rule } = found
      const usable = route.targets.filter((target) => target.served.problem === undefined)
      if (usable.length === 0) return refuseUnavailable(route)
      // By prompt, any model calls tools.
      const byPrompt = group.toolMode === 'compat' || (facts.compat === true && group.toolMode === 'auto')
      const needs = byPrompt ? { ...glance.needs, tools: false } : glance.needs
      const targets = orderTargets(selectCapable(route.title, usable, needs), context.draw)
      return { group, model, rule, title: route.title, targets: selectWell(route, targets, context.health) }
    },
    listModels: (groupName) => servedGroup(groupName).models,
  }
}

/** By row id, in alphabetical order of their names; the demo provider, where it is not stored, under an id that no row has. */
function readProviders(rows: RegistryRows, protocols: readonly ProtocolName[]): ReadonlyMap<number, ServedProvider> {
  const keys = groupRows(rows.keys, (key) => key.providerId)
  const models = groupRows(rows.models, (model) => model.providerId)
  const providers = new Map<number, ServedProvider>()
  for (const row of rows.providers) {
    providers.set(row.id, readProvider(row, keys.get(row.id) ?? [], models.get(row.id) ?? [], protocols))
  }
  return providers
}

function joinGroups(
  rows: RegistryRows,
  providers: ReadonlyMap<number, ServedProvider>,
): ReadonlyMap<string, ServedGroup> {
  const byName = new Map([...providers.values()].map((served) => [served.provider.name.toLowerCase(), served]))
  const demo = byName.get(DEMO_PROVIDER) ?? serveDemo()
  byName.delete(DEMO_PROVIDER)
  const isDemo = ![...byName.values()].some((served) => served.enabled)
  if (isDemo) byName.set(DEMO_PROVIDER, demo)

  const aliases = readAliases(rows, providers)
  const groups = new Map<string, ServedGroup>()
  for (const row of rows.groups) groups.set(row.name, serve(readGroup(row), aliases.get(row.id) ?? []))
  if (!groups.has(DEFAULT_GROUP)) groups.set(DEFAULT_GROUP, serve(DEFAULT, []))
  return groups

  function serve(group: Group, stored: readonly ServedAlias[]): ServedGroup {
    const computed = [
      ...(group.name === DEMO_PROVIDER || (isDemo && group.name === DEFAULT_GROUP) ? listDemoAliases(demo) : []),
      ...(isDemo && group.name === DEFAULT_GROUP ? [catchAllDemo(demo)] : []),
    ]
    const taken = new Set(stored.map((alias) => alias.pattern))
    const all = [...stored, ...computed.filter((alias) => !taken.has(alias.pattern))]
    return joinGroup(group, all, group.open ? byName : new Map())
  }
}

const DEFAULT: Group = { name: DEFAULT_GROUP, description: '', enabled: true, open: true, toolMode: 'auto', policy: {} }

function readGroup(row: GroupRow): Group {
  const path = `groups.${row.name}`
  if (!isGroupName(row.name)) {
    throw new RegistryFault(
      path,
      'is no name for a group: expected 1 to 64 letters, digits, `-`, `_` and `.`, and no word that begins a path of the gateway itself, such as v1 or api',
    )
  }
  if (!isToolMode(row.toolMode))
    throw new RegistryFault(`${path}.tool_mode`, `must be one of ${Object.keys(TOOL_MODES).join(', ')}`)
  const { name, description, enabled, open, toolMode } = row
  return { name, description, enabled, open, toolMode, policy: {} }
}

/** A model's name, or a pattern of such names. */
const PATTERN = /^[^\p{C}]{1,200}$/u

/** By group. */
function readAliases(
  rows: RegistryRows,
  providers: ReadonlyMap<number, ServedProvider>,
): ReadonlyMap<number, readonly ServedAlias[]> {
  const targets = groupRows(rows.targets, (target) => target.aliasId)
  const aliases = new Map<number, ServedAlias[]>()
  for (const row of rows.aliases) {
    if (!PATTERN.test(row.pattern) || row.pattern.trim() !== row.pattern) {
      const group = rows.groups.find((candidate) => candidate.id === row.groupId)?.name
      throw new RegistryFault(
        `groups.${group}.aliases`,
        'must be called by 1 to 200 characters without control characters',
      )
    }
    const list = aliases.get(row.groupId) ?? []
    const route = readRoute(row, targets.get(row.id) ?? [], providers)
    list.push({ pattern: row.pattern, route, createdAt: Math.floor(row.createdAt / 1000) })
    aliases.set(row.groupId, list)
  }
  return aliases
}

function readRoute(
  alias: AliasRow,
  targets: readonly TargetRow[],
  providers: ReadonlyMap<number, ServedProvider>,
): Route {
  return {
    title: `alias ${alias.pattern}`,
    targets: targets.flatMap((row) => {
      const served = providers.get(row.providerId)
      if (served === undefined) return []
      // Written by `readParameters` of the configuration only.
      const parameters = row.parameters as Partial<ChatSettings>
      return {
        served,
        model: row.model,
        facts: served.describe(row.model),
        weight: row.weight,
        priority: row.priority,
        ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
      }
    }),
  }
}

function isToolMode(text: string): text is ToolMode {
  return Object.hasOwn(TOOL_MODES, text)
}

function groupRows<Row>(rows: readonly Row[], key: (row: Row) => number): ReadonlyMap<number, readonly Row[]> {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const list = groups.get(key(row))
    if (list === undefined) groups.set(key(row), [row])
    else list.push(row)
  }
  return groups
}
