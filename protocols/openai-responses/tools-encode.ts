/** What the model may call, written: tools of one group are put together again. */
import type { JsonObject } from '../ir/extra.ts'
import type { ModelFacts } from '../ir/facts.ts'
import { asFunction } from '../ir/freeform.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { FunctionTool, Tool } from '../ir/tool.ts'
import { isStrictSchema } from '../json/strict-schema.ts'
import type { Notes } from './notes.ts'
import { giveBack, isOwn, isSpelled, noted, PROTOCOL } from './rest.ts'
import { encodeSearchTool, isSearch } from './tool-search.ts'
import { GROUP, GROUP_TYPE, LIFTED, LOOKED_UP, UNTYPED } from './tools-decode.ts'
import type { Item, ToolDefinition } from './wire.ts'

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
    // The result of the search, which is in the input, declares it.
    if (isSpelled(tool, LOOKED_UP)) continue
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
  return {
    key: `name ${tool.namespace}`,
    shell: { name: tool.namespace, description: tool.namespaceDescription ?? '' },
  }
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
  if (tool.type === 'function' && isSearch(tool)) return encodeSearchTool(tool, path, report)
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
