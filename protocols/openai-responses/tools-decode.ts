/** What the model may call, read: groups of tools are taken apart, and tools are found wherever a request declares them. */
import { defined } from '../ir/defined.ts'
import { expectArray, expectBoolean, expectObject, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { Rest } from '../ir/rest.ts'
import type { FreeformTool, FunctionTool, Tool } from '../ir/tool.ts'
import { isObject } from './is-object.ts'
import type { LiftedItem, NotedTool, Notes } from './notes.ts'
import { createRest, PROTOCOL } from './rest.ts'
import { decodeSearchTool, isClientSearch, listFound, SEARCH_NAME } from './tool-search.ts'

const FUNCTION_MEMBERS = new Set(['type', 'name', 'description', 'parameters', 'strict'])
const CUSTOM_MEMBERS = new Set(['type', 'name', 'description', 'format'])

/** Spellings: the group and the item of the input in which the tool was declared. */
export const GROUP = 'group:'
export const LIFTED = 'lifted:'
export const UNTYPED = 'untyped'
/** Of a tool that only the result of a search names. */
export const LOOKED_UP = 'looked-up'

export const GROUP_TYPE = 'namespace'
const LIFTED_TYPE = 'additional_tools'

export interface DecodedTools {
  readonly tools: readonly Tool[]
  readonly notes: Notes
  /** Places of the items that were nothing but tools (K36). */
  readonly lifted: ReadonlySet<number>
  /** What a tool of this name in this group is called in the interlingua. */
  readonly nameTool: (name: string, namespace: string | undefined) => string
  /** The client looks tools up for the model. */
  readonly searches: boolean
}

/** Where a tool was declared. */
interface Home {
  readonly group?: { readonly index: number; readonly name: string; readonly description?: string }
  readonly lifted?: number
  /** It was looked up. */
  readonly found?: boolean
}

interface Found {
  readonly fields: JsonObject
  readonly path: string
  readonly home: Home
}

/** @throws ApiFailure `bad-request` naming the member. */
export function decodeTools(fields: JsonObject): DecodedTools {
  const groups: Record<string, unknown>[] = []
  const lifted: LiftedItem[] = []
  const found: Found[] = []

  function find(value: unknown, path: string, home: Home): void {
    for (const [index, entry] of expectArray(value, path).entries()) {
      const at = `${path}.${index}`
      const tool = expectObject(entry, at)
      const isGroup = tool.type === GROUP_TYPE && Array.isArray(tool.tools) && tool.tools.length > 0
      if (isGroup && home.group === undefined) {
        const { tools, ...shell } = tool
        const name = expectString(tool.name, `${at}.name`)
        groups.push(shell)
        const description = optional(tool.description, `${at}.description`, expectString)
        find(tools, `${at}.tools`, { ...home, group: defined({ index: groups.length - 1, name, description }) })
      } else found.push({ fields: tool, path: at, home })
    }
  }

  const declared = optional(fields.tools, 'tools', expectArray)
  if (declared !== undefined) find(declared, 'tools', {})
  for (const [at, item] of (Array.isArray(fields.input) ? fields.input : []).entries()) {
    if (!isObject(item) || item.type !== LIFTED_TYPE || !Array.isArray(item.tools) || item.tools.length === 0) continue
    const { tools, ...shell } = item
    lifted.push({ at, shell })
    find(tools, `input.${at}.tools`, { lifted: lifted.length - 1 })
  }

  const searches =
    found.some(({ fields: tool }) => isClientSearch(tool)) &&
    found.every(({ fields: tool }) => tool.name !== SEARCH_NAME)
  const declaredKeys = new Set(found.map(keyOf))
  for (const { at, tools } of searches ? listFound(fields.input) : []) {
    find(tools, `input.${at}.tools`, { found: true })
  }
  const foundKeys = new Set(found.filter(({ home }) => home.found === true).map(keyOf))
  // What stands among the declared tools as well, out of sight till it was looked up, is told there.
  const told = found.filter((one) => {
    if (one.home.found !== true || declaredKeys.has(keyOf(one))) return one.home.found !== true
    declaredKeys.add(keyOf(one))
    return true
  })
  const names = nameAll(told)
  const tools = told.map((one) => {
    const isHidden = one.fields.defer_loading === true && !foundKeys.has(keyOf(one))
    return searches && isHidden ? hide(one) : decodeTool(one, names, searches)
  })
  return {
    tools,
    notes: { groups, lifted, tools: noteTools(told, names) },
    lifted: new Set(lifted.map(({ at }) => at)),
    nameTool: (name, namespace) => names.get(nameKey(name, namespace)) ?? name,
    searches,
  }
}

function nameKey(name: string, namespace: string | undefined): string {
  return namespace === undefined ? name : `${namespace}\n${name}`
}

/** Where two groups have a tool of the same name, the group's name tells them apart (trap 47). */
function nameAll(found: readonly Found[]): ReadonlyMap<string, string> {
  const homes = new Map<unknown, Set<string | undefined>>()
  for (const { fields, home } of found) {
    const known = homes.get(fields.name)
    if (known === undefined) homes.set(fields.name, new Set([home.group?.name]))
    else known.add(home.group?.name)
  }
  const names = new Map<string, string>()
  for (const { fields, home } of found) {
    if (typeof fields.name !== 'string' || home.group === undefined) continue
    const isShared = (homes.get(fields.name)?.size ?? 0) > 1
    names.set(nameKey(fields.name, home.group.name), isShared ? `${home.group.name}__${fields.name}` : fields.name)
  }
  return names
}

function keyOf({ fields, home }: Found): string {
  return nameKey(String(fields.name), home.group?.name)
}

function noteTools(found: readonly Found[], names: ReadonlyMap<string, string>): Record<string, NotedTool> {
  const noted: Record<string, NotedTool> = {}
  for (const { fields, home } of found) {
    const isFreeform = fields.type === 'custom'
    if (isClientSearch(fields)) noted[SEARCH_NAME] = { name: SEARCH_NAME, search: true }
    if (typeof fields.name !== 'string' || (home.group === undefined && !isFreeform)) continue
    const name = names.get(nameKey(fields.name, home.group?.name)) ?? fields.name
    noted[name] = {
      name: fields.name,
      ...(home.group === undefined ? {} : { namespace: home.group.name }),
      ...(isFreeform ? { freeform: true } : {}),
    }
  }
  return noted
}

/** Nobody but this API keeps tools out of sight; elsewhere the model would see what it has not looked up. */
function hide({ fields, home }: Found): Tool {
  const value = { type: 'hosted', name: String(fields.name), protocol: PROTOCOL, value: fields } as const
  return { ...value, ...noteHome(home).kept() }
}

function noteHome({ group, lifted, found }: Home): Rest {
  const rest = createRest()
  if (group !== undefined) rest.note(GROUP, String(group.index))
  if (lifted !== undefined) rest.note(LIFTED, String(lifted))
  if (found === true) rest.spell(LOOKED_UP)
  return rest
}

function decodeTool({ fields, path, home }: Found, names: ReadonlyMap<string, string>, searches: boolean): Tool {
  const rest = noteHome(home)
  const type = optional(fields.type, `${path}.type`, expectString)
  const isFreeform = type === 'custom'
  if (searches && isClientSearch(fields)) return decodeSearchTool(fields, path)
  if (!isFreeform && type !== 'function' && type !== undefined) {
    // A tool that the back end runs by itself: it knows the rest.
    return { type: 'hosted', name: type, protocol: PROTOCOL, value: fields, ...rest.kept() }
  }
  if (type === undefined) rest.spell(UNTYPED)
  const name = expectString(fields.name, `${path}.name`)
  const shared = {
    name: names.get(nameKey(name, home.group?.name)) ?? name,
    description: optional(fields.description, `${path}.description`, expectString),
    namespace: home.group?.name,
    namespaceDescription: home.group?.description,
  }
  if (isFreeform) {
    rest.take(fields, CUSTOM_MEMBERS)
    const format = optional(fields.format, `${path}.format`, expectObject)
    return defined<FreeformTool>({ type: 'freeform', ...shared, format, ...rest.kept() })
  }
  rest.take(fields, FUNCTION_MEMBERS)
  return defined<FunctionTool>({
    type: 'function',
    ...shared,
    parameters: optional(fields.parameters, `${path}.parameters`, expectObject),
    strict: optional(fields.strict, `${path}.strict`, expectBoolean),
    ...rest.kept(),
  })
}
