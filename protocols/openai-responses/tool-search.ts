/**
 * Tools out of the model's sight until it has looked them up (`defer_loading`), where the client does the looking up
 * (`execution: "client"`). Elsewhere the search is a function as any other; what it found are ordinary tools, and what has
 * not been found stays out of sight. A search that the API runs by itself nobody else can run: it stays opaque.
 *
 * @see https://platform.openai.com/docs/guides/tools-tool-search
 */
import { defined } from '../ir/defined.ts'
import { expectObject, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Message } from '../ir/message.ts'
import type { ToolCallPart, ToolResultPart } from '../ir/part.ts'
import type { Kept } from '../ir/rest.ts'
import type { FunctionTool } from '../ir/tool.ts'
import { isObject } from './is-object.ts'
import { noteItem, restoreItem } from './item-notes.ts'
import { createRest, giveBack, isSpelled, noted } from './rest.ts'
import type { Item, ToolDefinition } from './wire.ts'

/** What the interlingua calls the tool. */
export const SEARCH_NAME = 'tool_search'

export const SEARCH_CALL = 'tool_search_call'
const RESULT = 'tool_search_output'

/** Spellings: of the tool, its calls and its results; of tools that it found; and what a result found, as JSON. */
const SEARCH = 'search'
const FOUND = 'found:'
const OBJECT = 'object'

const TOOL_MEMBERS = new Set(['type', 'execution', 'description', 'parameters'])
const CALL_MEMBERS = new Set(['type', 'id', 'status', 'call_id', 'execution', 'arguments'])
const RESULT_MEMBERS = new Set(['type', 'id', 'status', 'call_id', 'execution', 'tools'])

export function isClientSearch(tool: JsonObject): boolean {
  return tool.type === SEARCH_NAME && tool.execution === 'client'
}

export function isSearch(item: Kept): boolean {
  return isSpelled(item, SEARCH)
}

/** The items of an input that tell what was found, and their places. */
export function listFound(input: unknown): readonly { readonly at: number; readonly tools: readonly unknown[] }[] {
  if (!Array.isArray(input)) return []
  return input.flatMap((item, at) => (isFound(item) ? [{ at, tools: item.tools }] : []))
}

function isFound(item: unknown): item is JsonObject & { readonly tools: readonly unknown[] } {
  return isObject(item) && item.type === RESULT && isClients(item) && Array.isArray(item.tools)
}

function isClients(item: JsonObject): boolean {
  const { execution = 'client', call_id: callId } = item
  return execution === 'client' && typeof callId === 'string'
}

export function decodeSearchTool(fields: JsonObject, path: string): FunctionTool {
  const rest = createRest()
  rest.spell(SEARCH)
  rest.take(fields, TOOL_MEMBERS)
  return defined<FunctionTool>({
    type: 'function',
    name: SEARCH_NAME,
    description: optional(fields.description, `${path}.description`, expectString),
    parameters: optional(fields.parameters, `${path}.parameters`, expectObject),
    ...rest.kept(),
  })
}

export function encodeSearchTool(
  { description, parameters, ...tool }: FunctionTool,
  path: string,
  report: ReportLoss,
): ToolDefinition {
  const wire: ToolDefinition = {
    type: SEARCH_NAME,
    execution: 'client',
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
  }
  giveBack(wire, tool, path, report)
  return wire
}

/** A call of the search; nothing for any other item. */
export function decodeSearchCall(fields: JsonObject): ToolCallPart | undefined {
  const { arguments: args, call_id: id } = fields
  if (fields.type !== SEARCH_CALL || !isClients(fields) || typeof id !== 'string') return undefined
  if (!isObject(args) && typeof args !== 'string') return undefined
  const rest = createRest()
  rest.spell(SEARCH)
  if (isObject(args)) rest.spell(OBJECT)
  if (fields.execution === undefined) rest.spell(UNTOLD)
  rest.take(fields, CALL_MEMBERS)
  noteItem(fields, rest)
  const text = isObject(args) ? JSON.stringify(args) : args
  return { type: 'tool-call', id, name: SEARCH_NAME, arguments: text, ...rest.kept() }
}

/** The item left out who searches. */
const UNTOLD = 'untold'

export function encodeSearchCall(part: ToolCallPart, path: string, report: ReportLoss): Item {
  const item: Item = {
    type: SEARCH_CALL,
    call_id: part.id,
    ...(isSpelled(part, UNTOLD) ? {} : { execution: 'client' }),
    arguments: isSpelled(part, OBJECT) ? JSON.parse(part.arguments) : part.arguments,
  }
  restoreItem(item, part)
  giveBack(item, part, path, report)
  return item
}

/** What a search found, told in words; nothing for any other item. */
export function decodeSearchResult(fields: JsonObject): Message | undefined {
  const { call_id: callId } = fields
  if (!isFound(fields) || typeof callId !== 'string') return undefined
  const rest = createRest()
  rest.spell(SEARCH)
  rest.note(FOUND, JSON.stringify(fields.tools))
  if (fields.execution === undefined) rest.spell(UNTOLD)
  rest.take(fields, RESULT_MEMBERS)
  noteItem(fields, rest)
  const content = [{ type: 'text', text: tellFound(fields.tools) }] as const
  const result: ToolResultPart = { type: 'tool-result', callId, name: SEARCH_NAME, content, ...rest.kept() }
  return { role: 'tool', parts: [result], ...createRest().kept() }
}

function tellFound(tools: readonly unknown[]): string {
  const names = tools.flatMap(listNames)
  return names.length === 0 ? 'No tool was found.' : `Tools that can be called from now on: ${names.join(', ')}`
}

function listNames(tool: unknown): readonly string[] {
  if (!isObject(tool)) return []
  if (Array.isArray(tool.tools)) return tool.tools.flatMap(listNames)
  return typeof tool.name === 'string' ? [tool.name] : []
}

export function encodeSearchResult(part: ToolResultPart, path: string, report: ReportLoss): Item {
  const item: Item = {
    type: RESULT,
    call_id: part.callId,
    ...(isSpelled(part, UNTOLD) ? {} : { execution: 'client' }),
    tools: JSON.parse(noted(part, FOUND) ?? '[]'),
  }
  restoreItem(item, part)
  giveBack(item, part, path, report)
  return item
}
