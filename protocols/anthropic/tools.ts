/** Tools and the choice among them. */
import { expectArray, expectBoolean, expectObject, expectString, optional, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import { asFunction } from '../ir/freeform.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { FunctionTool, HostedTool, Tool, ToolChoice } from '../ir/tool.ts'
import { readCache, writeCache } from './cache.ts'
import { giveBack, type Inner, isOwn, isSpelled, keepRest, PROTOCOL } from './keep.ts'
import type { WireToolChoice } from './wire.ts'

type WireTool = Record<string, unknown>

export function decodeTool(value: unknown, path: string): Tool {
  const fields = expectObject(value, path)
  const type = optional(fields.type, `${path}.type`, expectString)
  if (type === undefined || type === 'custom') return readCustom(fields, path)
  if (type === 'function') return readOpenShape(fields, path)
  return readHosted(fields, path, type)
}

function readCustom(fields: JsonObject, path: string): FunctionTool {
  const { cache, inner } = readCache(fields, path)
  const description = optional(fields.description, `${path}.description`, expectString)
  const parameters = optional(fields.input_schema, `${path}.input_schema`, expectObject)
  const strict = optional(fields.strict, `${path}.strict`, expectBoolean)
  const known = ['type', 'name', 'description', 'input_schema', 'strict', 'cache_control']
  const words = [...(fields.type === 'custom' ? ['custom'] : []), ...(strict === false ? ['unstrict'] : [])]
  return {
    type: 'function',
    name: expectString(fields.name, `${path}.name`),
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(strict === undefined ? {} : { strict }),
    ...(cache === undefined ? {} : { cache }),
    ...keepRest(fields, new Set(known), words, inner),
  }
}

/** The shape that the other great API has, nested or flat: people mix them up, and what is meant is plain (A157). */
function readOpenShape(fields: JsonObject, path: string): FunctionTool {
  const nested = optional(fields.function, `${path}.function`, expectObject)
  const from = nested ?? fields
  const place = nested === undefined ? path : `${path}.function`
  const description = optional(from.description, `${place}.description`, expectString)
  const parameters = optional(from.parameters, `${place}.parameters`, expectObject)
  const strict = optional(from.strict, `${place}.strict`, expectBoolean)
  return {
    type: 'function',
    name: expectString(from.name, `${place}.name`),
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(strict === undefined ? {} : { strict }),
  }
}

/** Whatever has a type of its own, with a date (`web_search_20250305`) or without: tomorrow's too (trap 50). */
function readHosted(fields: JsonObject, path: string, type: string): HostedTool {
  const name = optional(fields.name, `${path}.name`, expectString) ?? type
  return { type: 'hosted', name, protocol: PROTOCOL, value: fields }
}

/** @returns nothing for a tool that only its own protocol has, which is reported (trap 48). */
export function encodeTool(tool: Tool, path: string, report: ReportLoss): WireTool | undefined {
  switch (tool.type) {
    case 'function':
      return writeFunction(tool, path, report)
    case 'freeform':
      report(path, 'a tool that takes raw text is sent as a function with one string, `input`', 'changed')
      return writeFunction(asFunction(tool), path, report)
    case 'hosted':
      if (tool.protocol === PROTOCOL) return { ...tool.value }
      report(path, `only ${tool.protocol} has the tool ${tool.name}`)
      return undefined
  }
}

function writeFunction(tool: FunctionTool, path: string, report: ReportLoss): WireTool {
  const wire: WireTool = {
    ...(isSpelled(tool, 'custom') ? { type: 'custom' } : {}),
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    input_schema: isOwn(tool) ? completeSchema(tool.parameters) : demandObject(tool.parameters, path, report),
    // That it need not be strict is the rule, and older copies of the API do not know the field.
    ...(tool.strict === true || isSpelled(tool, 'unstrict') ? { strict: tool.strict } : {}),
    ...(tool.cache === undefined ? {} : { cache_control: writeCache(tool.cache) }),
  }
  giveBack(wire, tool, path, report)
  return wire
}

/** The API demands an object (trap 124). */
function completeSchema(parameters: JsonObject | undefined): JsonObject {
  if (parameters === undefined) return { type: 'object', properties: {} }
  return parameters.type === undefined ? { type: 'object', ...parameters } : parameters
}

function demandObject(parameters: JsonObject | undefined, path: string, report: ReportLoss): JsonObject {
  const schema = completeSchema(parameters)
  if (schema.type === 'object') return schema
  report(`${path}.parameters.type`, 'what a tool takes is an object here', 'changed')
  return { ...schema, type: 'object' }
}

export interface ReadToolChoice {
  readonly toolChoice?: ToolChoice
  readonly parallelToolCalls?: boolean
  readonly inner: readonly Inner[]
}

/**
 * An object of this API, or as people also write it: a bare word, a bare name of a tool, the other API's object.
 *
 * @throws ApiFailure `bad-request` for a word that is neither a choice nor a tool (A217).
 */
export function decodeToolChoice(value: unknown, tools: readonly Tool[], path: string): ReadToolChoice {
  if (typeof value === 'string') return { toolChoice: readBareChoice(value, tools, path), inner: [] }
  const fields = expectObject(value, path)
  const type = expectString(fields.type, `${path}.type`)
  const disabled = optional(fields.disable_parallel_tool_use, `${path}.disable_parallel_tool_use`, expectBoolean)
  return {
    toolChoice: readChoice(type, fields, path),
    ...(disabled === undefined ? {} : { parallelToolCalls: !disabled }),
    inner: [{ name: 'tool_choice', fields, known: new Set(['type', 'name', 'function', 'disable_parallel_tool_use']) }],
  }
}

const CHOICES: ReadonlyMap<string, ToolChoice> = new Map<string, ToolChoice>([
  ['auto', { type: 'auto' }],
  ['none', { type: 'none' }],
  ['any', { type: 'required' }],
  ['required', { type: 'required' }],
])

function readBareChoice(word: string, tools: readonly Tool[], path: string): ToolChoice {
  const choice = CHOICES.get(word)
  if (choice !== undefined) return choice
  if (tools.some((tool) => tool.name === word)) return { type: 'tool', name: word }
  return refuse(path, `expected auto, any, none or the name of a tool of this request, got ${JSON.stringify(word)}`)
}

function readChoice(type: string, fields: JsonObject, path: string): ToolChoice {
  const choice = CHOICES.get(type)
  if (choice !== undefined) return choice
  if (type === 'tool') return { type: 'tool', name: expectString(fields.name, `${path}.name`) }
  if (type === 'function') {
    const named = optional(fields.function, `${path}.function`, expectObject) ?? fields
    return { type: 'tool', name: expectString(named.name, `${path}.name`) }
  }
  return refuse(`${path}.type`, `expected auto, any, tool or none, got ${JSON.stringify(type)}`)
}

/** @param forcible false where the API refuses a forced call, because the model thinks first (trap 98). */
export function encodeToolChoice(
  choice: ToolChoice | undefined,
  parallel: boolean | undefined,
  forcible: boolean,
  report: ReportLoss,
): WireToolChoice | undefined {
  const wire = writeChoice(choice ?? { type: 'auto' }, forcible, report)
  if (parallel !== undefined && wire.type !== 'none') wire.disable_parallel_tool_use = !parallel
  // Nothing was chosen and several calls are the rule.
  return choice === undefined && parallel !== false ? undefined : wire
}

function writeChoice(choice: ToolChoice, forcible: boolean, report: ReportLoss): WireToolChoice {
  if (choice.type === 'auto' || choice.type === 'none') return { type: choice.type }
  if (choice.type === 'allowed' && choice.mode === 'auto') return { type: 'auto' }
  if (!forcible) {
    report('toolChoice', 'no call can be forced while the model thinks; it may choose', 'changed')
    return { type: 'auto' }
  }
  return choice.type === 'tool' ? { type: 'tool', name: choice.name } : { type: 'any' }
}

/** The tools that a choice leaves: all, or those that it allows. */
export function allowedTools(
  tools: readonly Tool[],
  choice: ToolChoice | undefined,
  report: ReportLoss,
): readonly Tool[] {
  if (choice?.type !== 'allowed') return tools
  const allowed = new Set(choice.names)
  for (const [index, tool] of tools.entries()) {
    if (!allowed.has(tool.name)) report(`tools.${index}`, 'not among the allowed tools, which are sent alone')
  }
  return tools.filter((tool) => allowed.has(tool.name))
}

export function decodeTools(value: unknown, path: string): readonly Tool[] {
  return expectArray(value, path).map((tool, index) => decodeTool(tool, `${path}.${index}`))
}
