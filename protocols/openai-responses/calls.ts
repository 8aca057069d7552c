/** Calls of tools and their results: items on the wire, parts of the interlingua. */
import { defined } from '../ir/defined.ts'
import { expectString, optional, refuse } from '../ir/expect.ts'
import { type JsonObject, loseExtra } from '../ir/extra.ts'
import { wrapText } from '../ir/freeform.ts'
import type { Part, ToolCallPart, ToolResultContent, ToolResultPart } from '../ir/part.ts'
import type { Rest } from '../ir/rest.ts'
import { isObject } from './is-object.ts'
import { noteItem, restoreItem } from './item-notes.ts'
import { decodePart, encodePart, type PartContext } from './parts.ts'
import { createRest, giveBack, isOwn, isSpelled, noted, PROTOCOL } from './rest.ts'
import { encodeSearchCall, encodeSearchResult, isSearch } from './tool-search.ts'
import type { ContentPart, Item } from './wire.ts'

const CALL_MEMBERS = new Set(['type', 'role', 'id', 'status', 'call_id', 'name', 'namespace', 'arguments', 'input'])
const RESULT_MEMBERS = new Set(['type', 'role', 'id', 'status', 'call_id', 'output', 'name', 'namespace'])

/** Spellings. */
const OBJECT = 'object'
const LIST = 'list'
const NO_CALL_ID = 'no-call-id'
const OTHER_JSON = 'json'
const NAMESPACE = 'namespace:'
const BLANK_ARGUMENTS = 'arguments:'

/** What the interlingua calls a tool of this name in this group. */
export type NameTool = (name: string, namespace: string | undefined) => string

/** @param name of the tool that the wire's name stands for. */
export function decodeCall(fields: JsonObject, path: string, freeform: boolean, nameTool: NameTool): ToolCallPart {
  const rest = createRest()
  rest.take(fields, CALL_MEMBERS)
  noteItem(fields, rest)
  const namespace = optional(fields.namespace, `${path}.namespace`, expectString)
  return defined<ToolCallPart>({
    type: 'tool-call',
    id: readCallId(fields, path, rest),
    name: nameTool(expectString(fields.name, `${path}.name`), namespace),
    arguments: freeform ? expectString(fields.input, `${path}.input`) : readArguments(fields.arguments, path, rest),
    freeform: freeform ? true : undefined,
    namespace,
    ...rest.kept(),
  })
}

/** The id of the item stands in where the call has none. */
function readCallId(fields: JsonObject, path: string, rest: Rest): string {
  if ((fields.call_id === undefined || fields.call_id === null) && typeof fields.id === 'string') {
    rest.spell(NO_CALL_ID)
    return fields.id
  }
  return expectString(fields.call_id, `${path}.call_id`)
}

/** Some write the object itself instead of its text (trap 45). */
export function readArguments(value: unknown, path: string, rest: Rest): string {
  if (isObject(value)) {
    rest.spell(OBJECT)
    return JSON.stringify(value)
  }
  const text = expectString(value, `${path}.arguments`)
  // A call without arguments is an object all the same (trap 38).
  if (text.trim() !== '') return text
  rest.note(BLANK_ARGUMENTS, text)
  return '{}'
}

export interface CallContext {
  readonly callId: (id: string) => string
  /** What the wire calls the tool. */
  readonly toolName: (name: string) => string
}

/** Without id and status but those of its own. */
export function encodeCall(part: ToolCallPart, path: string, context: PartContext & CallContext): Item {
  const { facts, report } = context
  if (isSearch(part)) return encodeSearchCall(part, path, report)
  const isCustom = part.freeform === true && facts.freeformTools !== false
  const body = isCustom ? { input: part.arguments } : { arguments: writeArguments(part) }
  const item: Item = {
    type: isCustom ? 'custom_tool_call' : 'function_call',
    ...(isSpelled(part, NO_CALL_ID) ? {} : { call_id: context.callId(part.id) }),
    name: context.toolName(part.name),
    ...(part.namespace === undefined ? {} : { namespace: part.namespace }),
    ...body,
  }
  if (part.signature !== undefined) report(`${path}.signature`, 'calls are not signed here')
  restoreItem(item, part)
  giveBack(item, part, path, report)
  return item
}

function writeArguments(part: ToolCallPart): unknown {
  if (part.freeform === true) return JSON.stringify(wrapText(part.arguments))
  if (part.arguments === '') return '{}'
  const blank = noted(part, BLANK_ARGUMENTS)
  if (blank !== undefined && part.arguments === '{}') return blank
  return isSpelled(part, OBJECT) ? JSON.parse(part.arguments) : part.arguments
}

export function decodeResult(fields: JsonObject, path: string, freeform: boolean, nameTool: NameTool): ToolResultPart {
  const rest = createRest()
  rest.take(fields, RESULT_MEMBERS)
  noteItem(fields, rest)
  const namespace = optional(fields.namespace, `${path}.namespace`, expectString)
  const name = optional(fields.name, `${path}.name`, expectString)
  if (namespace !== undefined) rest.note(NAMESPACE, namespace)
  return defined<ToolResultPart>({
    type: 'tool-result',
    callId: readCallId(fields, path, rest),
    name: name === undefined ? undefined : nameTool(name, namespace),
    content: readOutput(fields.output, `${path}.output`, rest),
    freeform: freeform ? true : undefined,
    ...rest.kept(),
  })
}

/** A text or a list of content; what is neither is told as its JSON (trap 72). */
function readOutput(output: unknown, path: string, rest: Rest): ToolResultContent[] {
  if (typeof output === 'string') return [{ type: 'text', text: output }]
  if (output === undefined) refuse(path, 'a result must have an output')
  if (output === null) return []
  const isContent = Array.isArray(output) && output.every((one) => isObject(one) && typeof one.type === 'string')
  if (!isContent) {
    rest.spell(OTHER_JSON)
    return [{ type: 'text', text: JSON.stringify(output) }]
  }
  rest.spell(LIST)
  return output.map((one, index) => asResultContent(decodePart(one, `${path}.${index}`, 'input')))
}

/** A refusal inside a result is what the tool said. */
function asResultContent(part: Exclude<Part, { type: 'reasoning' | 'tool-call' | 'tool-result' }>): ToolResultContent {
  return part.type === 'refusal' ? { type: 'text', text: part.text } : part
}

/** Pictures and documents stay in the result, as a list (trap 71). */
export function encodeResult(part: ToolResultPart, path: string, context: PartContext & CallContext): Item {
  const { report } = context
  if (isSearch(part)) return encodeSearchResult(part, path, report)
  if (part.isError === true) report(`${path}.isError`, 'a result cannot say that the tool failed')
  const namespace = noted(part, NAMESPACE)
  const item: Item = {
    type:
      part.freeform === true && context.facts.freeformTools !== false
        ? 'custom_tool_call_output'
        : 'function_call_output',
    ...(isSpelled(part, NO_CALL_ID) ? {} : { call_id: context.callId(part.callId) }),
    ...(isOwn(part) && part.name !== undefined ? { name: context.toolName(part.name) } : {}),
    ...(namespace === undefined ? {} : { namespace }),
  }
  const output = writeOutput(part, path, context)
  if (output !== undefined) item.output = output
  restoreItem(item, part)
  giveBack(item, part, path, report)
  return item
}

function writeOutput(part: ToolResultPart, path: string, context: PartContext): string | ContentPart[] | undefined {
  const { content } = part
  const texts = content.flatMap((one) => (one.type === 'text' ? [one.text] : []))
  if (isSpelled(part, OTHER_JSON) && texts.length === 1) return JSON.parse(texts[0] ?? '')
  if (isOwn(part) && content.length === 0 && !isSpelled(part, LIST)) return undefined
  const isText = texts.length === content.length && (texts.length <= 1 || !isOwn(part))
  if (isText && !isSpelled(part, LIST)) {
    for (const [index, one] of content.entries()) {
      if (one.cache !== undefined)
        context.report(`${path}.content.${index}.cache`, 'this model is not known to read cache marks')
      if (!isOwn(one)) loseExtra(one.extra, `${path}.content.${index}`, context.report)
    }
    return texts.join('\n')
  }
  return content.flatMap((one, index) => encodePart(one, `${path}.content.${index}`, context, 'input') ?? [])
}

/** A block of tomorrow: it goes back to the same protocol. */
export function opaqueItem(fields: JsonObject): Extract<Part, { type: 'opaque' }> {
  return { type: 'opaque', protocol: PROTOCOL, value: fields, ...createRest().kept() }
}
