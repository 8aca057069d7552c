/** Tells the models of a group, each under a name that requests may use. */
import type { ModelEntry } from '../../protocols/codec.ts'
import type { ProviderIndex } from './provider-index.ts'
import type { ServedGroup } from './served-group.ts'
import type { ServedProvider } from './served-provider.ts'

/** Routes first, then aliases, each in alphabetical order, then in an open group `provider/model`. What the group does not allow is left out. */
export function listModels({ group, named, allows }: ServedGroup, providers: ProviderIndex): readonly ModelEntry[] {
  const entries = new Map<string, ModelEntry>()
  for (const { pattern, route, createdAt } of named) {
    const target = route.targets.find((candidate) => candidate.served.problem === undefined)
    if (target === undefined || !allows(pattern)) continue
    entries.set(pattern, describeEntry(pattern, target.served, target.model, createdAt))
  }
  if (!group.open) return [...entries.values()]
  for (const served of providers.all) {
    if (served.problem !== undefined) continue
    for (const model of served.models.values()) {
      const id = `${served.provider.name}/${model.name}`
      if (!entries.has(id) && allows(id)) entries.set(id, describeEntry(id, served, model.name, model.createdAt))
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
