/**
 * Reads the registry's rows into what is served. Of what has not changed since the last time the very same parts are taken,
 * so that a change costs what it changes and not what there is.
 */
import type { ProtocolName } from '../../protocols/ir/extra.ts'
import { DEMO_PROVIDER } from '../providers/demo.ts'
import type { GroupRow } from '../store/groups.ts'
import type { Store } from '../store/open-store.ts'
import { DEFAULT_GROUP } from './default-group.ts'
import { catchAllDemo, listDemoAliases, serveDemo } from './demo-routes.ts'
import { createProviderIndex, type ProviderIndex } from './provider-index.ts'
import { readGroup } from './read-group.ts'
import { type AliasParts, isMadeOf, serveAliases } from './serve-aliases.ts'
import { type ServedAlias, type ServedGroup, serveGroup } from './served-group.ts'
import { readProvider, type ServedProvider } from './served-provider.ts'
import type { Group } from './snapshot.ts'

export interface Parts {
  /** By the id of their row. */
  readonly providers: ReadonlyMap<number, ProviderPart>
  readonly groups: ReadonlyMap<number, GroupPart>
  /** Serves where nobody has stored a provider of this name. */
  readonly demo: ServedProvider
  readonly index: ProviderIndex
  readonly byName: ReadonlyMap<string, ServedGroup>
  readonly activeGroup: string
}

interface ProviderPart {
  readonly revision: number
  readonly served: ServedProvider
}

interface GroupPart {
  readonly revision: number
  readonly aliases: AliasParts
  /** What its targets are made of: another one of these makes another group. */
  readonly providers: ReadonlyMap<number, ServedProvider | undefined>
  readonly demo: ServedProvider | undefined
  readonly served: ServedGroup
}

/** What is read; all of it as of one moment. */
export type RegistrySource = Pick<
  Store,
  'providers' | 'providerKeys' | 'models' | 'groups' | 'aliases' | 'routes' | 'settings'
>

/** @throws RegistryFault for rows that could not be served as they stand, naming the first that is wrong. */
export function serveParts(source: RegistrySource, protocols: readonly ProtocolName[], before?: Parts): Parts {
  const providers = serveProviders(source, protocols, before)
  const served = [...providers.values()].map((part) => part.served)
  const demo = before?.demo ?? serveDemo()
  const real = served.filter(({ provider }) => provider.name !== DEMO_PROVIDER)
  const isDemo = !real.some((provider) => provider.enabled)
  const stored = served.find(({ provider }) => provider.name === DEMO_PROVIDER) ?? demo
  const named = isDemo ? [...real, stored] : real
  const index = before !== undefined && isSame(before.index.all, named) ? before.index : createProviderIndex(named)

  const rows = source.groups.list()
  const groups = new Map(rows.map((row): [number, GroupPart] => [row.id, serveGroupRow(row)]))
  const byName = new Map<string, ServedGroup>()
  for (const { served: group } of groups.values()) byName.set(group.group.name, group)
  if (!byName.has(DEFAULT_GROUP)) byName.set(DEFAULT_GROUP, serveGroup(DEFAULT, computedAliases(DEFAULT_GROUP)))
  const activeGroup = source.settings.read('active_group')
  return {
    providers,
    groups,
    demo,
    index,
    byName,
    activeGroup: activeGroup !== undefined && byName.has(activeGroup) ? activeGroup : DEFAULT_GROUP,
  }

  function serveGroupRow(row: GroupRow): GroupPart {
    const last = before?.groups.get(row.id)
    const needsDemo = row.name === DEMO_PROVIDER || (isDemo && row.name === DEFAULT_GROUP) ? stored : undefined
    const isServed = last !== undefined && last.revision === row.revision && last.demo === needsDemo
    if (isServed && isMadeOf(last, providers)) return last
    const aliases = serveAliases(row, { alias: source.aliases, route: source.routes }, providers, last?.aliases)
    const own = [...aliases.values()].map((part) => part.served)
    const made = new Map([...aliases.values()].flatMap((part) => [...part.providers]))
    const group = serveGroup(readGroup(row), [...own, ...computedAliases(row.name)])
    return { revision: row.revision, aliases, providers: made, demo: needsDemo, served: group }
  }

  /** Behind those that are stored: of equals these count. */
  function computedAliases(group: string): readonly ServedAlias[] {
    if (group === DEMO_PROVIDER) return listDemoAliases(stored)
    return isDemo && group === DEFAULT_GROUP ? [...listDemoAliases(stored), catchAllDemo(stored)] : []
  }
}

const DEFAULT: Group = {
  name: DEFAULT_GROUP,
  description: '',
  enabled: true,
  open: true,
  toolMode: 'auto',
  policy: {},
}

function serveProviders(
  source: RegistrySource,
  protocols: readonly ProtocolName[],
  before: Parts | undefined,
): ReadonlyMap<number, ProviderPart> {
  return new Map(
    source.providers.list().map((row): [number, ProviderPart] => {
      const last = before?.providers.get(row.id)
      if (last?.revision === row.revision) return [row.id, last]
      const [keys, models] = [source.providerKeys.listOf(row.id), source.models.listOf(row.id)]
      return [row.id, { revision: row.revision, served: readProvider(row, keys, models, protocols) }]
    }),
  )
}

function isSame<Item>(one: readonly Item[], other: readonly Item[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index])
}
