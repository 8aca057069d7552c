/** A group with its aliases, and which of them a name means. */
import type { ModelEntry } from '../../protocols/codec.ts'
import { compareGlobs, compileGlob, type Glob, isGlob } from './globs.ts'
import { nameTarget, type Route } from './route.ts'
import type { ServedProvider } from './served-provider.ts'
import type { Group, RoutingRule } from './snapshot.ts'

export interface ServedGroup {
  readonly group: Group
  /** What the name means here, if anything. */
  findRoute(model: string): FoundRoute | undefined
  /** All names that may be listed, each once. */
  readonly models: readonly ModelEntry[]
}

export interface FoundRoute {
  readonly route: Route
  readonly rule: RoutingRule
}

/** An alias with its targets. */
export interface ServedAlias {
  readonly pattern: string
  readonly route: Route
  /** Unix time in seconds. */
  readonly createdAt: number
}

const CATCH_ALL = '*'

/**
 * Joins a group, its aliases and, in an open group, the providers whose models may be named in it.
 *
 * A name is looked up in this order: the alias that is called so; `provider,model`; the most specific pattern; `provider/model`;
 * the alias `*`; a model that a provider lists under the bare name. The two forms that name a provider stand before what
 * takes anything at all, as whoever writes them means just that (A066).
 *
 * @param providers by name in lower case; those of an open group, otherwise none.
 */
export function joinGroup(
  group: Group,
  aliases: readonly ServedAlias[],
  providers: ReadonlyMap<string, ServedProvider>,
): ServedGroup {
  const exact = new Map<string, Route>()
  const globs: { readonly glob: Glob; readonly route: Route }[] = []
  let catchAll: Route | undefined
  for (const { pattern, route } of aliases.toSorted((one, other) => compareGlobs(one.pattern, other.pattern))) {
    if (pattern === CATCH_ALL) catchAll = route
    else if (isGlob(pattern)) globs.push({ glob: compileGlob(pattern), route })
    else exact.set(pattern, route)
  }
  const bare = collectBareNames(providers)

  return {
    group,
    findRoute(model) {
      const alias = exact.get(model)
      if (alias !== undefined) return { route: alias, rule: 'alias' }
      // No model's name has a comma: what names a provider that is not there is not meant for anybody else.
      if (group.open && model.includes(',')) return as('provider-model', nameModel(providers, model, ','))
      return (
        as('pattern', globs.find((entry) => entry.glob.matches(model))?.route) ??
        as('provider-model', nameModel(providers, model, '/')) ??
        as('default', catchAll) ??
        as('listed', bare.get(model))
      )
    },
    models: listModels(aliases, providers),
  }
}

function as(rule: RoutingRule, route: Route | undefined): FoundRoute | undefined {
  return route === undefined ? undefined : { route, rule }
}

/** `provider,model` or `provider/model`; the model may hold the sign itself. */
function nameModel(providers: ReadonlyMap<string, ServedProvider>, asked: string, sign: ',' | '/'): Route | undefined {
  const at = asked.indexOf(sign)
  if (at <= 0) return undefined
  const served = providers.get(asked.slice(0, at).trim().toLowerCase())
  const model = asked.slice(at + 1).trim()
  if (served === undefined || model === '') return undefined
  return { title: `${served.provider.name}/${model}`, targets: [nameTarget(served, model)] }
}

/** Where several providers list one name, they stand in for each other in alphabetical order. */
function collectBareNames(providers: ReadonlyMap<string, ServedProvider>): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>()
  for (const served of providers.values()) {
    if (served.problem !== undefined) continue
    for (const model of served.models.keys()) {
      const before = routes.get(model)?.targets ?? []
      routes.set(model, { title: model, targets: [...before, nameTarget(served, model, before.length)] })
    }
  }
  return routes
}

function listModels(
  aliases: readonly ServedAlias[],
  providers: ReadonlyMap<string, ServedProvider>,
): readonly ModelEntry[] {
  const entries = new Map<string, ModelEntry>()
  for (const alias of aliases) {
    const target = alias.route.targets.find((candidate) => candidate.served.problem === undefined)
    if (isGlob(alias.pattern) || target === undefined) continue
    entries.set(alias.pattern, describeEntry(alias.pattern, target.served, target.model, alias.createdAt))
  }
  for (const served of providers.values()) {
    if (served.problem !== undefined) continue
    for (const model of served.models.values()) {
      const id = `${served.provider.name}/${model.name}`
      if (!entries.has(id)) entries.set(id, describeEntry(id, served, model.name, model.createdAt))
    }
  }
  return [...entries.values()]
}

function describeEntry(id: string, served: ServedProvider, model: string, createdAt: number): ModelEntry {
  const { displayName } = served.models.get(model) ?? {}
  const { contextTokens, maxOutputTokens, capabilities } = served.describe(model)
  return {
    id,
    ...(displayName === undefined ? {} : { displayName }),
    ownedBy: served.provider.name,
    createdAt,
    ...(contextTokens === undefined ? {} : { contextTokens }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(capabilities === undefined ? {} : { capabilities }),
  }
}
