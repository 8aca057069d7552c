/** What a client of one URL sees: the lists of its servers, renamed, filtered, in order (M64 to M67, M115). */
import { type McpToolOverride, readMcpRules, type WrittenMcpRules } from '../../config/mcp-notation.ts'
import type { JsonObject } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import { compileNameRules } from '../naming/name-filter.ts'
import { buildNameTable, type NamedItem, type NameTable, type NamingMode } from '../naming/name-table.ts'
import { indexResources } from '../naming/resource-owner.ts'
import { SEARCH_TOOLS } from '../tool-search.ts'
import type { Catalogue, GroupRules, GroupView, ListKind, Owned } from '../upstream/connection.ts'
import { KEYS } from './judge-entry.ts'

/** @param catalogueOf of a server; none is as good as an empty one. */
export function viewGroup(rules: GroupRules, catalogueOf: (server: string) => Catalogue | undefined): GroupView {
  const { overrides, repeatReadOnlyTools, search } = settingsOf(rules)
  const catalogues = rules.servers.map(catalogueOf).filter((catalogue) => catalogue !== undefined)
  const entriesOf = (kind: ListKind): readonly Entry[] => catalogues.flatMap((catalogue) => entriesIn(catalogue, kind))
  const tools = servedTools(rules, catalogueOf)
  const prompts = entriesOf('prompts')
  // A single server under its own names is shown as it is.
  const mode = rules.naming === 'plain' && rules.servers.length === 1 ? 'verbatim' : rules.naming
  const toolNames = nameAll(mode, tools)
  const promptNames = nameAll(mode, prompts)
  const renamed = rename(tools, toolNames, overrides)
  const lists: Record<ListKind, readonly JsonObject[]> = {
    tools: search ? SEARCH_TOOLS : renamed,
    prompts: rename(prompts, promptNames, {}),
    resources: keepFirst(entriesOf('resources')),
    resourceTemplates: keepFirst(entriesOf('resourceTemplates')),
  }
  const findResource = indexResources(
    catalogues.map(({ server, resources, resourceTemplates }) => ({
      server,
      resources: resources.map((entry) => String(entry[KEYS.resources])),
      templates: resourceTemplates.map((entry) => String(entry[KEYS.resourceTemplates])),
    })),
  )
  return {
    lists,
    ...(search ? { searched: renamed } : {}),
    findTool: (name) => findNamed(toolNames, name),
    findPrompt: (name) => findNamed(promptNames, name),
    findResource,
    isHarmless(name) {
      const found = repeatReadOnlyTools ? toolNames.find(name) : undefined
      return tools.some(
        ({ server, name: own, entry }) => server === found?.server && own === found.name && isHarmless(entry),
      )
    },
    nameTool: (server, name) => toolNames.nameOf(server, name),
  }
}

/** Tools of two servers that would have one name, each as a sentence that names both; only where names are never prefixed (M65). */
export function findClashes(
  rules: GroupRules,
  catalogueOf: (server: string) => Catalogue | undefined,
): readonly string[] {
  if (rules.naming !== 'plain' || rules.servers.length < 2) return []
  return nameAll('plain', servedTools(rules, catalogueOf)).clashes
}

/** As its server says; whether that is to be believed, the group says. */
function isHarmless({ annotations }: JsonObject): boolean {
  return isObject(annotations) && (annotations['readOnlyHint'] === true || annotations['idempotentHint'] === true)
}

interface Entry extends NamedItem {
  readonly entry: JsonObject
}

function settingsOf(rules: GroupRules) {
  // Members of the rules of this group, as `rulesOf` has given them.
  return readMcpRules(rules as WrittenMcpRules)
}

function entriesIn({ server, ...lists }: Catalogue, kind: ListKind): readonly Entry[] {
  return lists[kind].map((entry) => ({ server, name: String(entry[KEYS[kind]]), entry }))
}

function servedTools(rules: GroupRules, catalogueOf: (server: string) => Catalogue | undefined): readonly Entry[] {
  const { allow, deny } = settingsOf(rules)
  const isServed = compileNameRules({ deny, ...(allow === undefined ? {} : { allow }) })
  return rules.servers.flatMap((server) => {
    const catalogue = catalogueOf(server)
    const entries = catalogue === undefined ? [] : entriesIn(catalogue, 'tools')
    return entries.filter(({ name }) => isServed(server, name))
  })
}

function nameAll(mode: NamingMode, entries: readonly Entry[]): NameTable {
  return buildNameTable(
    mode,
    entries.map(({ server, name }) => ({ server, name })),
  )
}

function rename(
  entries: readonly Entry[],
  names: NameTable,
  overrides: Readonly<Record<string, McpToolOverride>>,
): readonly JsonObject[] {
  const taken = new Set<string>()
  return entries.flatMap(({ server, name, entry }) => {
    const exposed = names.nameOf(server, name)
    // A server that lists a tool twice has listed it once.
    if (exposed === undefined || taken.has(exposed)) return []
    taken.add(exposed)
    const override = Object.hasOwn(overrides, `${server}__${name}`) ? overrides[`${server}__${name}`] : undefined
    return [exposed === name && override === undefined ? entry : { ...entry, name: exposed, ...override }]
  })
}

/** URIs stay as they are: of two equal ones the first is shown (M67). */
function keepFirst(entries: readonly Entry[]): readonly JsonObject[] {
  const first = new Map<string, JsonObject>()
  for (const { name, entry } of entries) if (!first.has(name)) first.set(name, entry)
  return [...first.values()]
}

function findNamed(names: NameTable, asked: string): Owned | { readonly near: readonly string[] } {
  return names.find(asked) ?? { near: names.suggest(asked) }
}
