/** A group with its routes and aliases, ready to be looked up. */
import type { SpecialRoute } from '../config/group-policy.ts'
import { createGlobTable, type GlobTable } from './glob-table.ts'
import { isGlob } from './globs.ts'
import type { Route } from './route.ts'
import type { Group, RoutingRule } from './snapshot.ts'

export interface ServedGroup {
  readonly group: Group
  /** By the name that was asked for; a route goes before an alias of the same name. */
  readonly exact: ReadonlyMap<string, FoundRoute>
  /** All patterns but `*`. */
  readonly patterns: GlobTable<FoundRoute>
  /** Those that act by what a request is. The alias `*` is the route `default` where there is none. */
  readonly special: Readonly<Partial<Record<SpecialRoute, Route>>>
  /** Whether this name may be asked for. */
  allows(model: string): boolean
  /** What lists of models tell: names that can be asked for as they stand. */
  readonly named: readonly ServedAlias[]
}

export interface FoundRoute {
  readonly route: Route
  readonly rule: RoutingRule
}

/** An alias or a route with its targets. */
export interface ServedAlias {
  readonly kind: 'alias' | 'route'
  readonly pattern: string
  readonly route: Route
  /** Unix time in seconds. */
  readonly createdAt: number
}

const CATCH_ALL = '*'

export const SPECIAL_ROUTES: Readonly<Record<SpecialRoute, true>> = {
  default: true,
  longContext: true,
  background: true,
  think: true,
}

/** @param aliases in any order; of two with the same kind and pattern the first counts. */
export function serveGroup(group: Group, aliases: readonly ServedAlias[]): ServedGroup {
  const exact = new Map<string, FoundRoute>()
  const patterns: [string, FoundRoute][] = []
  const special: Partial<Record<SpecialRoute, Route>> = {}
  const named: ServedAlias[] = []
  let catchAll: Route | undefined
  // Routes first: of equals, the first counts.
  for (const alias of aliases.toSorted((one, other) => RANK[one.kind] - RANK[other.kind])) {
    const { kind, pattern, route } = alias
    if (kind === 'route' && isSpecial(pattern)) special[pattern] ??= route
    else if (pattern === CATCH_ALL) catchAll ??= route
    else if (isGlob(pattern)) patterns.push([pattern, { route, rule: 'pattern' }])
    else if (!exact.has(pattern)) {
      exact.set(pattern, { route, rule: kind })
      named.push(alias)
    }
  }
  if (special.default === undefined && catchAll !== undefined) special.default = catchAll
  const { allowedModels } = group.policy
  const allowed = createGlobTable((allowedModels ?? []).map((pattern): [string, true] => [pattern, true]))
  return {
    group,
    exact,
    patterns: createGlobTable(patterns),
    special,
    allows: (model) => allowedModels === undefined || allowed.find(model) === true,
    named,
  }
}

const RANK: Readonly<Record<ServedAlias['kind'], number>> = { route: 0, alias: 1 }

function isSpecial(name: string): name is SpecialRoute {
  return Object.hasOwn(SPECIAL_ROUTES, name)
}
