/** What the model may call: tool definitions, both ways. */

import { defined } from '../ir/defined.ts'
import { expectArray, expectBoolean, expectObject, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ModelFacts } from '../ir/facts.ts'
import { asFunction } from '../ir/freeform.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { FreeformTool, FunctionTool, HostedTool, Tool } from '../ir/tool.ts'
import { isStrictSchema } from '../json/strict-schema.ts'
import { readCache, writeCache } from './cache.ts'
import { createRest, giveBack, isOwn, isSpelled, type Kept, PROTOCOL, type Rest } from './rest.ts'
import type { FunctionDefinition, ToolDefinition } from './wire.ts'

const MEMBERS = new Set(['type', 'function', 'custom', 'cache_control'])
const FUNCTION_MEMBERS = new Set(['name', 'description', 'parameters', 'strict'])
const CUSTOM_MEMBERS = new Set(['name', 'description', 'format'])
const FLAT_MEMBERS = new Set([...FUNCTION_MEMBERS, 'type', 'input_schema', 'cache_control'])

/** Mistral's clients leave the type out (Q34). */
const UNTYPED = 'untyped'
/** Declared in `functions`, as it was before tools. */
const LEGACY = 'functions'

export function decodeTools(value: unknown, path: string): Tool[] {
  return expectArray(value, path).map((tool, index) => decodeTool(tool, `${path}.${index}`))
}

function decodeTool(value: unknown, path: string): Tool {
  const fields = expectObject(value, path)
  const type = optional(fields.type, `${path}.type`, expectString)
  const rest = createRest()
  if (fields.function !== undefined && (type === undefined || type === 'function')) {
    if (type === undefined) rest.spell(UNTYPED)
    rest.take(fields, MEMBERS)
    const definition = expectObject(fields.function, `${path}.function`)
    return readFunction(definition, `${path}.function`, fields, rest, 'function.')
  }
  if (type === 'custom' && fields.custom !== undefined) return readCustom(fields, path, rest)
  if (fields.input_schema !== undefined || type === 'function' || type === undefined)
    return readFlat(fields, path, rest)
  // A tool that the back end runs by itself: it knows the rest.
  return { type: 'hosted', name: type, protocol: PROTOCOL, value: fields, ...rest.kept() } satisfies HostedTool
}

function readFunction(definition: JsonObject, path: string, tool: JsonObject, rest: Rest, at: string): FunctionTool {
  rest.take(definition, FUNCTION_MEMBERS, at)
  return defined<FunctionTool>({
    type: 'function',
    name: expectString(definition.name, `${path}.name`),
    description: optional(definition.description, `${path}.description`, expectString),
    parameters: optional(definition.parameters, `${path}.parameters`, expectObject),
    strict: optional(definition.strict, `${path}.strict`, expectBoolean),
    cache: readCache(tool, path, rest),
    ...rest.kept(),
  })
}

/** Written without the inner object, as other APIs have it (X2); it goes up in the form of this one. */
function readFlat(fields: JsonObject, path: string, rest: Rest): FunctionTool {
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null && !FLAT_MEMBERS.has(name)) rest.keep(`function.${name}`, value)
  }
  const schema = fields.input_schema === undefined ? 'parameters' : 'input_schema'
  return defined<FunctionTool>({
    type: 'function',
    name: expectString(fields.name, `${path}.name`),
    description: optional(fields.description, `${path}.description`, expectString),
    parameters: optional(fields[schema], `${path}.${schema}`, expectObject),
    strict: optional(fields.strict, `${path}.strict`, expectBoolean),
    cache: readCache(fields, path, rest),
    ...rest.kept(),
  })
}

function readCustom(fields: JsonObject, path: string, rest: Rest): FreeformTool {
  const custom = expectObject(fields.custom, `${path}.custom`)
  rest.take(fields, MEMBERS)
  rest.take(custom, CUSTOM_MEMBERS, 'custom.')
  return defined<FreeformTool>({
    type: 'freeform',
    name: expectString(custom.name, `${path}.custom.name`),
    description: optional(custom.description, `${path}.custom.description`, expectString),
    format: optional(custom.format, `${path}.custom.format`, readFormat),
    cache: readCache(fields, path, rest),
    ...rest.kept(),
  })
}

/** A grammar stands in a member of its own here. */
function readFormat(value: unknown, path: string): JsonObject {
  const { grammar, ...format } = expectObject(value, path)
  return grammar === undefined ? format : { ...format, ...expectObject(grammar, `${path}.grammar`) }
}

function writeFormat({ type, ...format }: JsonObject): JsonObject {
  return Object.keys(format).length === 0 ? { type } : { type, [String(type)]: format }
}

/** The `functions` of old, which are tools. */
export function decodeFunctions(value: unknown, path: string): FunctionTool[] {
  return expectArray(value, path).map((definition, index) => {
    const rest = createRest()
    rest.spell(LEGACY)
    const at = `${path}.${index}`
    return readFunction(expectObject(definition, at), at, {}, rest, '')
  })
}

export function isLegacyTool(tool: Tool): boolean {
  return isSpelled(tool, LEGACY)
}

export interface ToolContext {
  readonly facts: ModelFacts
  readonly report: ReportLoss
}

/** Many copies of the API refuse custom tools: where nobody knows, only a client of this protocol has its own sent (K36). */
export function takesFreeform(item: Kept, facts: ModelFacts): boolean {
  return facts.freeformTools ?? isOwn(item)
}

/** Nothing for a tool that only another protocol knows (trap 48). */
export function encodeTool(asked: Tool, path: string, context: ToolContext): ToolDefinition | undefined {
  const { facts, report } = context
  const isTold = asked.type !== 'freeform' || takesFreeform(asked, facts)
  if (!isTold) report(path, 'a tool that takes raw text is sent as a function with one string, `input`', 'changed')
  const tool = isTold ? asked : asFunction(asked)
  if (tool.type === 'hosted') {
    if (tool.protocol === PROTOCOL) return { ...tool.value }
    report(path, `only ${tool.protocol} can run the tool ${tool.name}`)
    return undefined
  }
  const wire: ToolDefinition = isSpelled(tool, UNTYPED)
    ? {}
    : { type: tool.type === 'freeform' ? 'custom' : 'function' }
  if (tool.type === 'freeform') wire.custom = writeCustom(tool)
  else wire.function = encodeFunction(tool, path, context)
  writeCache(wire as { cache_control?: { type: 'ephemeral' } }, tool, facts, path, report)
  giveBack(wire, tool, path, report)
  return wire
}

export function encodeLegacyFunction(tool: FunctionTool, path: string, context: ToolContext): FunctionDefinition {
  const wire = encodeFunction(tool, path, context)
  giveBack(wire, tool, path, context.report)
  return wire
}

function encodeFunction(tool: FunctionTool, path: string, { report }: ToolContext): FunctionDefinition {
  const wire: FunctionDefinition = { name: tool.name }
  if (tool.description !== undefined) wire.description = tool.description
  const parameters = isOwn(tool) ? tool.parameters : completeSchema(tool.parameters)
  if (parameters !== undefined) wire.parameters = parameters
  if (tool.strict === undefined) return wire
  // The API refuses the whole request where a strict schema breaks its rules (trap 123).
  if (isOwn(tool) || !tool.strict || isStrictSchema(parameters)) wire.strict = tool.strict
  else report(`${path}.strict`, 'a strict schema must close every object and require every property')
  return wire
}

function writeCustom(tool: FreeformTool): NonNullable<ToolDefinition['custom']> {
  return {
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    ...(tool.format === undefined ? {} : { format: writeFormat(tool.format) }),
  }
}

/** Servers refuse a schema that does not say that it is one of an object (trap 124). */
function completeSchema(schema: JsonObject | undefined): JsonObject {
  const isObjectSchema = schema?.type === 'object'
  if (schema === undefined || (!isObjectSchema && schema.properties === undefined && !isComposed(schema))) {
    return { ...schema, type: 'object', properties: {} }
  }
  if (isObjectSchema && schema.properties === undefined && !isComposed(schema)) return { ...schema, properties: {} }
  return isObjectSchema || isComposed(schema) ? schema : { type: 'object', ...schema }
}

function isComposed(schema: JsonObject): boolean {
  return ['$ref', 'anyOf', 'oneOf', 'allOf'].some((keyword) => schema[keyword] !== undefined)
}
