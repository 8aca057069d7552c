/** All providers of one state of the registry, and how models are named at them. */
import type { ChatSettings } from '../../protocols/ir/request.ts'
import { createRoute, createRouteTarget, type Route } from './route.ts'
import type { ServedProvider } from './served-provider.ts'

export interface ProviderIndex {
  /** In alphabetical order. */
  readonly all: readonly ServedProvider[]
  /**
   * What `provider,model` or `provider/model` means; the model may hold the sign itself.
   *
   * @param parameters that this target fills in.
   */
  nameModel(asked: string, sign: ',' | '/', parameters?: Partial<ChatSettings>): Route | undefined
  /** A model that providers list under the bare name; where several do, they stand in for each other in alphabetical order. */
  findListed(model: string): Route | undefined
}

/** @param providers in alphabetical order. */
export function createProviderIndex(providers: readonly ServedProvider[]): ProviderIndex {
  const byName = new Map(providers.map((served) => [served.provider.name.toLowerCase(), served]))
  let listed: ReadonlyMap<string, readonly ServedProvider[]> | undefined
  return {
    all: providers,
    nameModel(asked, sign, parameters = {}) {
      const at = asked.indexOf(sign)
      if (at <= 0) return undefined
      const served = byName.get(asked.slice(0, at).trim().toLowerCase())
      const model = asked.slice(at + 1).trim()
      if (served === undefined || model === '') return undefined
      return createRoute(`${served.provider.name}/${model}`, [createRouteTarget(served, model, { parameters })])
    },
    findListed(model) {
      listed ??= collectListed(providers)
      const found = listed.get(model)
      if (found === undefined) return undefined
      return createRoute(
        model,
        found.map((served, priority) => createRouteTarget(served, model, { priority })),
      )
    },
  }
}

function collectListed(providers: readonly ServedProvider[]): ReadonlyMap<string, readonly ServedProvider[]> {
  const listed = new Map<string, ServedProvider[]>()
  for (const served of providers) {
    if (served.problem !== undefined) continue
    for (const model of served.models.keys()) {
      const before = listed.get(model)
      if (before === undefined) listed.set(model, [served])
      else before.push(served)
    }
  }
  return listed
}
