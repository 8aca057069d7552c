/** What the model may call: tool definitions, both ways. Groups of tools are taken apart and put together again. */
import { defined } from '../ir/defined.ts'
import { expectArray, expectBoolean, expectObject, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ModelFacts } from '../ir/facts.ts'
import { asFunction } from '../ir/freeform.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { FreeformTool, FunctionTool, Tool } from '../ir/tool.ts'
import { isStrictSchema } from '../json/strict-schema.ts'
import { isObject } from './is-object.ts'
import type { LiftedItem, NotedTool, Notes } from './notes.ts'
import { createRest, giveBack, isOwn, isSpelled, noted, PROTOCOL } from './rest.ts'
import type { Item, ToolDefinition } from './wire.ts'

const FUNCTION_MEMBERS = new Set(['type', 'name', 'description', 'parameters', 'strict'])
const CUSTOM_MEMBERS = new Set(['type', 'name', 'description', 'format'])

/** Spellings: the group and the item of the input in which the tool was declared. */
const GROUP = 'group:'
const LIFTED = 'lifted:'
const UNTYPED = 'untyped'

const GROUP_TYPE = 'namespace'
const LIFTED_TYPE = 'additional_tools'

export interface DecodedTools {
  readonly tools: readonly Tool[]
  readonly notes: Notes
  /** Places of the items that were nothing but tools (K36). */
  readonly lifted: ReadonlySet<number>
  /** What a tool of this name in this group is called in the interlingua. */
  readonly nameTool: (name: string, namespace: string | undefined) => string
}

/** Where a tool was declared. */
interface Home {
  readonly group?: { readonly index: number; readonly name: string }
  readonly lifted?: number
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
        find(tools, `${at}.tools`, { ...home, group: { index: groups.length - 1, name } })
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

  const names = nameAll(found)
  const tools = found.map((one) => decodeTool(one, names))
  return {
    tools,
    notes: { groups, lifted, tools: noteTools(found, names) },
    lifted: new Set(lifted.map(({ at }) => at)),
    nameTool: (name, namespace) => names.get(nameKey(name, namespace)) ?? name,
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

function noteTools(found: readonly Found[], names: ReadonlyMap<string, string>): Record<string, NotedTool> {
  const noted: Record<string, NotedTool> = {}
  for (const { fields, home } of found) {
    const isFreeform = fields.type === 'custom'
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

function decodeTool({ fields, path, home }: Found, names: ReadonlyMap<string, string>): Tool {
  const rest = createRest()
  if (home.group !== undefined) rest.note(GROUP, String(home.group.index))
  if (home.lifted !== undefined) rest.note(LIFTED, String(home.lifted))
  const type = optional(fields.type, `${path}.type`, expectString)
  const isFreeform = type === 'custom'
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

export interface ToolContext {
  readonly facts: ModelFacts
  readonly notes: Notes
  readonly report: ReportLoss
  readonly toolName: (name: string) => string
}

export interface EncodedTools {
  readonly tools: readonly ToolDefinition[]
  /** Items of the input that are nothing but tools, and their places. */
  readonly lifted: readonly { readonly at: number; readonly item: Item }[]
}

/** Neighbours of one group go into it again. Never changes `tools`. */
export function encodeTools(tools: readonly Tool[], context: ToolContext): EncodedTools {
  const { notes } = context
  const declared: ToolDefinition[] = []
  const lifted = notes.lifted.map(({ at, shell }) => ({
    at,
    item: { ...shell } as Item,
    tools: [] as ToolDefinition[],
  }))
  const groups = new Map<string, ToolDefinition[]>()
  for (const [index, tool] of tools.entries()) {
    const wire = encodeTool(tool, `tools.${index}`, context)
    if (wire === undefined) continue
    const home = lifted[Number(noted(tool, LIFTED) ?? Number.NaN)]
    const place = home?.tools ?? declared
    const group = findGroup(tool, notes)
    if (group === undefined) {
      place.push(wire)
      continue
    }
    const key = `${group.key} ${noted(tool, LIFTED) ?? ''}`
    const members = groups.get(key)
    if (members !== undefined) members.push(wire)
    else {
      const begun = [wire]
      groups.set(key, begun)
      place.push({ type: GROUP_TYPE, ...group.shell, tools: begun })
    }
  }
  const filled = lifted.filter((one) => one.tools.length > 0)
  for (const one of filled) one.item.tools = one.tools
  return { tools: declared, lifted: filled }
}

interface Group {
  readonly key: string
  readonly shell: Readonly<Record<string, unknown>>
}

/** The group that a client of this protocol declared, or one for a name that another gave. */
function findGroup(tool: Tool, notes: Notes): Group | undefined {
  const index = noted(tool, GROUP)
  const shell = index === undefined ? undefined : notes.groups[Number(index)]
  if (shell !== undefined) return { key: `group ${index}`, shell }
  if (tool.type === 'hosted' || tool.namespace === undefined) return undefined
  return { key: `name ${tool.namespace}`, shell: { name: tool.namespace, description: '' } }
}

/** Nothing for a tool that only another protocol knows (trap 48). */
function encodeTool(asked: Tool, path: string, context: ToolContext): ToolDefinition | undefined {
  const { facts, report, toolName, notes } = context
  const isTold = asked.type !== 'freeform' || facts.freeformTools !== false
  if (!isTold) report(path, 'a tool that takes raw text is sent as a function with one string, `input`', 'changed')
  const tool = isTold ? asked : asFunction(asked)
  if (tool.type === 'hosted') {
    // Whoever made it opaque was this codec.
    if (tool.protocol === PROTOCOL) return { ...(tool.value as ToolDefinition) }
    report(path, `only ${tool.protocol} can run the tool ${tool.name}`)
    return undefined
  }
  const wire: ToolDefinition = {
    type: tool.type === 'freeform' ? 'custom' : 'function',
    name: isOwn(tool) ? (notes.tools[tool.name]?.name ?? tool.name) : toolName(tool.name),
  }
  if (isSpelled(tool, UNTYPED)) delete (wire as Partial<ToolDefinition>).type
  if (tool.description !== undefined) wire.description = tool.description
  if (tool.type === 'function') writeSchema(wire, tool, path, report)
  else if (tool.format !== undefined) wire.format = tool.format
  if (tool.cache !== undefined) report(`${path}.cache`, 'tools bear no cache marks here')
  giveBack(wire, tool, path, report)
  return wire
}

/** The API takes a tool that does not say for a strict one, and refuses a strict schema that breaks the rules (trap 123). */
function writeSchema(wire: ToolDefinition, tool: FunctionTool, path: string, report: ReportLoss): void {
  if (isOwn(tool)) {
    if (tool.parameters !== undefined) wire.parameters = tool.parameters
    if (tool.strict !== undefined) wire.strict = tool.strict
    return
  }
  const schema = completeSchema(tool.parameters)
  wire.parameters = schema
  if ((tool.parameters?.type ?? 'object') !== 'object' && schema.type === 'object')
    report(`${path}.parameters.type`, 'what a tool takes is an object here', 'changed')
  wire.strict = tool.strict === true && isStrictSchema(schema)
  if (tool.strict === true && wire.strict === false) {
    report(`${path}.strict`, 'a strict schema must close every object and require every property')
  }
}

/** Servers refuse a schema that does not say that it is one of an object (trap 124). */
function completeSchema(schema: JsonObject | undefined): JsonObject {
  if (schema === undefined) return { type: 'object', properties: {} }
  const isComposed = ['$ref', 'anyOf', 'oneOf', 'allOf'].some((keyword) => schema[keyword] !== undefined)
  if (isComposed) return schema
  return { ...schema, type: 'object', properties: schema.properties ?? {} }
}
