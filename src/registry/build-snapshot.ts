/** Makes a snapshot of what the registry serves. Pure but for what it draws from. */
import type { Glance, ModelEntry } from '../../protocols/codec.ts'
import { selectCapable, type ToolGate } from './check-capabilities.ts'
import {
  refuseEmpty,
  refuseForbidden,
  refuseGroup,
  refuseModel,
  refuseProvider,
  refuseUnavailable,
} from './explain-miss.ts'
import { explainRoute } from './explain-route.ts'
import { findByKind, findNamed } from './find-route.ts'
import type { Health } from './health.ts'
import { listModels } from './list-models.ts'
import { type Draw, orderTargets } from './order-targets.ts'
import { selectWell } from './select-well.ts'
import type { Parts } from './serve-parts.ts'
import type { FoundRoute, ServedGroup } from './served-group.ts'
import type { Group, Resolution, RoutingFacts, Snapshot } from './snapshot.ts'

export interface SnapshotContext {
  readonly draw: Draw
  readonly health: Health
  /** A request of more tokens takes the route `longContext` where its group has one. */
  readonly longContextThreshold: number
}

interface Asked {
  readonly served: ServedGroup
  readonly model: string
}

/** What a request has come to: the route that serves it. */
interface Aimed extends Asked {
  readonly found: FoundRoute
}

/** No chance and no turns. */
const STILL: Draw = { random: () => 0.5, nextTurn: () => 0 }

export function buildSnapshot(parts: Parts, { draw, health, longContextThreshold }: SnapshotContext): Snapshot {
  const { byName: groups, index: providers, activeGroup } = parts
  const lists = new Map<ServedGroup, readonly ModelEntry[]>()
  const counts = [...groups.values()].some(({ special }) => special.longContext !== undefined)

  function servedGroup(name: string): ServedGroup {
    const served = groups.get(name)
    if (served === undefined || !served.group.enabled) refuseGroup(name, served !== undefined, groups.values())
    return served
  }

  function listOf(served: ServedGroup): readonly ModelEntry[] {
    const known = lists.get(served)
    if (known !== undefined) return known
    const list = listModels(served, providers)
    lists.set(served, list)
    return list
  }

  /** The group that stands before the first `@`, where there is one by this name that the caller may use. */
  function splitGroup(asked: string, { mayUse }: RoutingFacts): Asked | undefined {
    const at = asked.indexOf('@')
    const served = at > 0 ? groups.get(asked.slice(0, at)) : undefined
    if (served === undefined || !served.group.enabled || mayUse?.(served.group.name) === false) return undefined
    return { served, model: asked.slice(at + 1) }
  }

  function find(path: Asked, glance: Glance, facts: RoutingFacts): Aimed {
    const named = findNamed(path.served, providers, path.model)
    if (named !== undefined && named !== 'nobody') return { ...path, found: named }
    // A model that is really called so goes before a group (CS15).
    const isListed = path.served.group.open && providers.findListed(path.model) !== undefined
    const split = isListed ? undefined : splitGroup(path.model, facts)
    if (split !== undefined) {
      refuseUnlessAllowed(split)
      return find({ ...split }, glance, { ...facts, mayUse: () => false })
    }
    const request = { asked: path.model, glance, facts, threshold: longContextThreshold }
    if (named === 'nobody') {
      const names = providers.all.map(({ provider }) => provider.name)
      return refuseProvider(path.served, path.model, names)
    }
    const found = findByKind(path.served, providers, request)
    if (found !== undefined) return { ...path, found }
    const list = listOf(path.served)
    return list.length === 0 ? refuseEmpty(path.served) : refuseModel(path.served, path.model, list)
  }

  function aim(groupName: string, asked: string, glance: Glance, facts: RoutingFacts): Aimed {
    const path = { served: servedGroup(groupName), model: asked }
    refuseUnlessAllowed(path)
    return find(path, glance, facts)
  }

  function choose({ served, model, found }: Aimed, glance: Glance, facts: RoutingFacts, turns = draw): Resolution {
    const { group } = served
    const { route, rule } = found
    const usable = route.targets.filter((target) => target.served.problem === undefined)
    if (usable.length === 0) return refuseUnavailable(route)
    const targets = selectCapable(route.title, usable, glance.needs, toolGate(group, facts))
    const { conversation } = facts
    const occasion = { draw: turns, health, ...(conversation === undefined ? {} : { conversation }) }
    const ordered = orderTargets({ title: route.title, targets }, group.policy.strategy ?? 'weighted', occasion)
    return { group, model, rule, title: route.title, targets: selectWell(route, ordered, health) }
  }

  return {
    providers: providers.all.map(({ provider: { name }, problem }) => ({
      name,
      ...(problem === undefined ? {} : { problem }),
    })),
    groupNames: [...groups.keys()].sort(),
    activeGroup,
    countsTokensAbove: counts ? longContextThreshold : Number.POSITIVE_INFINITY,
    findGroup: (name) => groups.get(name)?.group,
    resolveTargets: (groupName, asked, glance, facts = {}) =>
      choose(aim(groupName, asked, glance, facts), glance, facts),
    explainTargets(groupName, asked, glance, facts = {}) {
      const aimed = aim(groupName, asked, glance, facts)
      // Whoever asks takes nobody's turn.
      const resolve = (): Resolution => choose(aimed, glance, facts, STILL)
      const { group } = aimed.served
      const needs = toolGate(group, facts) === 'any' ? { ...glance.needs, tools: false } : glance.needs
      const { model, found } = aimed
      return { group, model, ...explainRoute(found, needs, health, resolve) }
    },
    listModels: (groupName) => listOf(servedGroup(groupName)),
  }
}

function refuseUnlessAllowed({ served, model }: Asked): void {
  if (!served.allows(model)) refuseForbidden(served, model)
}

/** By prompt, any model calls tools. */
function toolGate({ toolMode }: Group, { compat }: RoutingFacts): ToolGate {
  if (toolMode === 'compat' || (compat === true && toolMode === 'auto')) return 'any'
  return toolMode === 'auto' ? 'preferred' : 'needed'
}
