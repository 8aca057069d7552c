/** Brings what a configuration file names into the registry. */
import { codecs } from '../../protocols/index.ts'
import type { Config } from '../config/config.ts'
import type { Environment } from '../config/expand-variables.ts'
import type { ConfiguredGroup } from '../config/group-notation.ts'
import type { ConfiguredMcpServer } from '../config/mcp-notation.ts'
import type { ConfiguredProvider } from '../config/provider-notation.ts'
import { describeProvider } from '../providers/known-providers.ts'
import type { Store } from '../store/open-store.ts'
import { canonicalJson } from './canonical-json.ts'
import { DEFAULT_GROUP } from './default-group.ts'
import { mcpServerValues } from './mcp-servers.ts'
import { ENTRY_PATH } from './owner.ts'
import { RegistryFault } from './registry-fault.ts'
import { saveAlias, saveGroup } from './save-group.ts'
import { saveProvider } from './save-provider.ts'
import { serveParts } from './serve-parts.ts'

/**
 * Applies the configuration of a file in one transaction: either all of it is in the registry afterwards, or nothing has changed.
 *
 * As long as the file says what it said when it was applied last, nothing is done, and what was changed since then at run time
 * stays. When it says something else, everything that it names becomes as it says; what it has named before and names no longer goes:
 * an entry is removed, a setting of an entry goes back to what it is by itself. What it has never named stays as it is.
 *
 * A provider that is named without a key takes it from the variable that belongs to its name, such as `OPENAI_API_KEY`. A
 * variable alone makes no provider.
 *
 * @returns what happened that one should know, each as a sentence.
 * @throws RegistryFault when the registry could not serve it.
 */
export function applyConfig(config: Config, store: Store, environment: Environment): readonly string[] {
  const providers = config.providers.map((provider) => withKey(provider, environment))
  const { groups, activeGroup, mcpServers } = config
  const said = canonicalJson({ providers, groups, activeGroup, mcpServers })
  return store.transaction(() => {
    const fingerprint = store.fileEntries.fingerprint(said)
    if (store.settings.read('file_fingerprint') === fingerprint) return []
    const entries = [
      ...providers.map((provider) => providerEntry(store, provider)),
      ...groups.flatMap((group) => [groupEntry(store, group), ...aliasEntries(store, group)]),
      ...mcpServers.map((server) => mcpServerEntry(store, server)),
      ...(activeGroup === undefined ? [] : [activeGroupEntry(store, activeGroup)]),
    ]
    const before = new Map(store.fileEntries.list().map((entry) => [entry.path, entry.fields]))
    const notices = entries.flatMap(({ path, fields, apply }) => {
      const dropped = (before.get(path) ?? []).filter((field) => !fields.includes(field))
      store.fileEntries.save({ path, fields })
      return apply(new Set(dropped))
    })
    const named = new Set(entries.map((entry) => entry.path))
    for (const path of before.keys()) {
      if (named.has(path)) continue
      removeEntry(store, path)
      store.fileEntries.delete(path)
    }
    store.settings.write('file_fingerprint', fingerprint)
    // The registry may not be open yet: what it could not serve must not be committed, or the next start would fail of it too.
    serveParts(
      store,
      codecs.map((codec) => codec.name),
    )
    return notices
  })
}

/** Something that the file names. */
interface Entry {
  readonly path: string
  /** The settings of it that the file names. */
  readonly fields: readonly string[]
  /** @param dropped settings that it named before and names no longer. @returns what one should know of it. */
  apply(dropped: ReadonlySet<string>): readonly string[]
}

function providerEntry(store: Store, provider: ConfiguredProvider): Entry {
  return {
    path: ENTRY_PATH.provider(provider.name),
    fields: Object.keys(provider).filter((field) => field !== 'name'),
    apply(dropped) {
      const { droppedSecrets } = saveProvider(store, provider, true, dropped)
      if (!droppedSecrets) return []
      return [
        `What was stored of the key and headers of provider ${provider.name} was for another server than its api_base_url and was deleted.`,
      ]
    },
  }
}

const GROUP_FIELDS = ['description', 'enabled', 'open', 'toolMode', 'policy', 'mcp'] as const

function groupEntry(store: Store, group: ConfiguredGroup): Entry {
  return {
    path: ENTRY_PATH.group(group.name),
    fields: GROUP_FIELDS.filter((field) => group[field] !== undefined),
    apply(dropped) {
      saveGroup(store, { ...group, aliases: new Map(), routes: new Map() }, dropped)
      return []
    },
  }
}

function aliasEntries(store: Store, group: ConfiguredGroup): readonly Entry[] {
  const all = [
    ...[...group.aliases].map(([pattern, targets]) => ({ kind: 'alias' as const, pattern, targets })),
    ...[...(group.routes ?? [])].map(([pattern, targets]) => ({ kind: 'route' as const, pattern, targets })),
  ]
  return all.map(({ kind, pattern, targets }) => ({
    path: ENTRY_PATH.alias(group.name, kind, pattern),
    fields: [],
    apply() {
      // The group's own entry stands before its aliases.
      const row = store.groups.find(group.name)
      if (row !== undefined) saveAlias(store, row.id, row.name, pattern, targets, kind)
      return []
    },
  }))
}

/** A server is taken as a whole: its parts mean nothing by themselves. */
function mcpServerEntry(store: Store, server: ConfiguredMcpServer): Entry {
  return {
    path: ENTRY_PATH.mcpServer(server.name),
    fields: [],
    apply() {
      store.mcpServers.save(mcpServerValues(server, 'file'))
      return []
    },
  }
}

function activeGroupEntry(store: Store, name: string): Entry {
  return {
    path: ENTRY_PATH.activeGroup,
    fields: [],
    apply() {
      const row = store.groups.find(name)
      if (row === undefined) throw new RegistryFault('active_group', `is ${name}, and there is no such group`)
      store.settings.write('active_group', row.name)
      return []
    },
  }
}

/** Aliases of a group that goes as well are gone with it, or go for nothing. */
function removeEntry(store: Store, path: string): void {
  const [family = '', name = '', field, ...rest] = path.split('/')
  if (family === 'providers') store.providers.delete(path.slice('providers/'.length))
  else if (family === 'mcp_servers') store.mcpServers.delete(path.slice('mcp_servers/'.length))
  else if (path === ENTRY_PATH.activeGroup) store.settings.write('active_group', DEFAULT_GROUP)
  else if (field !== undefined) {
    const row = store.groups.find(name)
    const table = field === 'aliases' ? store.aliases : store.routes
    if (row !== undefined) table.delete(row.id, rest.join('/'))
  } else if (name === DEFAULT_GROUP) saveGroup(store, { name, aliases: new Map() }, new Set(GROUP_FIELDS))
  else store.groups.delete(name)
}

function withKey(provider: ConfiguredProvider, environment: Environment): ConfiguredProvider {
  if (provider.keys !== undefined) return provider
  for (const variable of describeProvider(provider.name).keyVariables) {
    const key = environment[variable]?.trim() ?? ''
    if (key !== '') return { ...provider, keys: [key] }
  }
  return provider
}
