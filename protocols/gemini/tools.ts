/**
 * Tools. On the wire one object holds declarations of functions and tools of the API side by side; in the interlingua each
 * is a tool of its own, which remembers in its spelling in which object it stood.
 */
import { defined } from '../ir/defined.ts'
import { expectObject, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ModelFacts } from '../ir/facts.ts'
import { asFunction } from '../ir/freeform.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { FunctionTool, Tool } from '../ir/tool.ts'
import { createKeeper, giveBack, isSpelled, type Keeper, PROTOCOL, spelledAfter } from './keep.ts'
import { lowerParameters } from './schema-lower.ts'
import { raiseSchema } from './schema-raise.ts'

const TOOL = new Set(['functionDeclarations'])
const DECLARATION = new Set(['name', 'description', 'parameters', 'parametersJsonSchema'])

/** Tool objects in a list, or a single one where a list is meant. */
export function decodeTools(value: unknown, path: string, keeper: Keeper): readonly Tool[] {
  if (Array.isArray(value)) return value.flatMap((tool, index) => decodeTool(tool, `${path}.${index}`, index))
  keeper.spell('tools:single')
  return decodeTool(expectObject(value, path), path, 0)
}

function decodeTool(value: unknown, path: string, index: number): Tool[] {
  const raw = expectObject(value, path)
  const holder = createKeeper()
  const fields = holder.read(raw, TOOL)
  const declared = fields.functionDeclarations
  const list = declared === undefined ? [] : Array.isArray(declared) ? declared : [expectObject(declared, path)]
  const words = [`tool:${index}`]
  if (list.length > 0 && raw.function_declarations !== undefined) words.push('snake_list')
  if (list.length > 0 && !Array.isArray(declared)) words.push('declaration:single')
  const functions = list.map((one, at) => decodeDeclaration(one, `${path}.functionDeclarations.${at}`, words))
  const hosted = Object.keys(raw)
    .filter((name) => list.length === 0 || !isDeclarations(name))
    .map((name): Tool => hostTool(name, { [name]: raw[name] }, index))
  if (functions.length === 0 && hosted.length === 0) return [hostTool('', {}, index)]
  return [...functions, ...hosted]
}

function isDeclarations(name: string): boolean {
  return name === 'functionDeclarations' || name === 'function_declarations'
}

function hostTool(name: string, value: JsonObject, index: number): Tool {
  return { type: 'hosted', name, protocol: PROTOCOL, value, spelling: { protocol: PROTOCOL, form: `tool:${index}` } }
}

function decodeDeclaration(value: unknown, path: string, words: readonly string[]): FunctionTool {
  const keeper = createKeeper()
  for (const word of words) keeper.spell(word)
  const fields = keeper.read(expectObject(value, path), DECLARATION)
  const member = fields.parametersJsonSchema === undefined ? 'parameters' : 'parametersJsonSchema'
  const given = optional(fields[member], `${path}.${member}`, expectObject)
  if (member === 'parametersJsonSchema' && fields.parameters !== undefined) keeper.keep('parameters', fields.parameters)
  keeper.spell(`schema:${member}`)
  const parameters = given === undefined ? undefined : raiseSchema(given)
  if (given !== undefined && parameters !== given) keeper.stash(member, given)
  return {
    type: 'function',
    name: expectString(fields.name, `${path}.name`),
    ...defined<Pick<FunctionTool, 'description' | 'parameters'>>({
      description: optional(fields.description, `${path}.description`, expectString),
      parameters,
    }),
    ...keeper.kept(),
  }
}

interface ToolsContext {
  readonly facts: ModelFacts
  readonly report: ReportLoss
}

type WireTool = Record<string, unknown>

/** @returns the wire's tools: all functions of others in one object, those of a client of this protocol as they stood. */
export function encodeTools(tools: readonly Tool[], context: ToolsContext): WireTool[] {
  const written: WireTool[] = []
  const places = new Map<string, WireTool>()
  for (const [index, tool] of tools.entries()) {
    const path = `tools.${index}`
    const wire = encodeTool(tool, path, context)
    if (wire === undefined) continue
    const place = spelledAfter(tool, 'tool:') ?? 'foreign'
    let holder = places.get(place)
    if (holder === undefined) {
      holder = {}
      places.set(place, holder)
      written.push(holder)
    }
    if (tool.type === 'hosted') Object.assign(holder, wire)
    else addDeclaration(holder, wire, tool)
  }
  return written
}

function addDeclaration(holder: WireTool, declaration: WireTool, tool: Tool): void {
  const name = isSpelled(tool, 'snake_list') ? 'function_declarations' : 'functionDeclarations'
  const before = holder[name]
  if (Array.isArray(before)) before.push(declaration)
  else holder[name] = isSpelled(tool, 'declaration:single') ? declaration : [declaration]
}

/** @returns nothing for a tool that only its own protocol has, which is reported (trap 48). */
function encodeTool(tool: Tool, path: string, context: ToolsContext): WireTool | undefined {
  if (tool.cache !== undefined) context.report(`${path}.cache`, 'the API caches by itself')
  switch (tool.type) {
    case 'function':
      return writeFunction(tool, path, context)
    case 'freeform':
      context.report(path, 'a tool that takes raw text is sent as a function with one string, `input`', 'changed')
      return writeFunction(asFunction(tool), path, context)
    case 'hosted':
      if (tool.protocol === PROTOCOL) return { ...tool.value }
      context.report(path, `only ${tool.protocol} has the tool ${tool.name}`)
      return undefined
  }
}

function writeFunction(tool: FunctionTool, path: string, { facts, report }: ToolsContext): WireTool {
  if (tool.strict === true) report(`${path}.strict`, 'the API has no strict functions')
  const wire: WireTool = {
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
  }
  const spelled = spelledAfter(tool, 'schema:')
  const takesJsonSchema = facts.refuses?.includes('parametersJsonSchema') !== true
  if (spelled !== undefined && (takesJsonSchema || spelled === 'parameters')) {
    if (tool.parameters !== undefined) wire[spelled] = tool.parameters
  } else if (tool.parameters !== undefined && takesJsonSchema) {
    wire.parametersJsonSchema = completeSchema(tool.parameters)
  } else if (tool.parameters !== undefined) {
    wire.parameters = lowerParameters(tool.parameters, `${path}.parameters`, report)
  }
  giveBack(wire, tool, path, report)
  return wire
}

/** The arguments are always an object (trap 124). */
function completeSchema(schema: JsonObject): JsonObject {
  return schema.type === undefined && schema.$ref === undefined ? { type: 'object', ...schema } : schema
}
