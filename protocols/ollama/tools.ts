/** What the model may call: definitions, both ways, and what the wire can say of the choice among them. */

import { defined } from '../ir/defined.ts'
import { expectArray, expectObject, expectString, optional } from '../ir/expect.ts'
import { asFunction } from '../ir/freeform.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { ChatRequest } from '../ir/request.ts'
import type { FunctionTool, HostedTool, Tool, ToolChoice } from '../ir/tool.ts'
import { createRest, giveBack, isOwn, noted, PROTOCOL } from './rest.ts'
import type { FunctionDefinition, ToolDefinition } from './wire.ts'

const MEMBERS = new Set(['type', 'function'])
const FUNCTION_MEMBERS = new Set(['name', 'description', 'parameters'])

/** Prefix of the note that keeps another type than that of all functions, or none. */
const TYPE = 'type:'

/** @throws ApiFailure `bad-request` naming the member. */
export function decodeTools(value: unknown, path: string): Tool[] {
  return expectArray(value, path).map((tool, index) => decodeTool(tool, `${path}.${index}`))
}

function decodeTool(value: unknown, path: string): Tool {
  const fields = expectObject(value, path)
  const type = optional(fields.type, `${path}.type`, expectString)
  const rest = createRest()
  if (type !== undefined && type !== 'function' && fields.function === undefined) {
    return { type: 'hosted', name: type, protocol: PROTOCOL, value: fields, ...rest.kept() } satisfies HostedTool
  }
  const definition = expectObject(fields.function, `${path}.function`)
  if (type !== 'function') rest.note(TYPE, type ?? '')
  rest.take(fields, MEMBERS)
  rest.take(definition, FUNCTION_MEMBERS, 'function.')
  return defined<FunctionTool>({
    type: 'function',
    name: expectString(definition.name, `${path}.function.name`),
    description: optional(definition.description, `${path}.function.description`, expectString),
    parameters: optional(definition.parameters, `${path}.function.parameters`, expectObject),
    ...rest.kept(),
  })
}

/** The tools that the model is to know, as it can be kept from calling only what it does not know. */
export function encodeTools({ tools = [], toolChoice }: ChatRequest, report: ReportLoss): ToolDefinition[] {
  return tools.flatMap((tool, index) => {
    const isOffered = toolChoice === undefined || CHOICES[toolChoice.type].offers(tool, toolChoice)
    const wire = isOffered ? encodeTool(tool, `tools.${index}`, report) : undefined
    return wire === undefined ? [] : [wire]
  })
}

function encodeTool(asked: Tool, path: string, report: ReportLoss): ToolDefinition | undefined {
  if (asked.type === 'freeform') {
    report(path, 'a tool that takes raw text is sent as a function with one string, `input`', 'changed')
  }
  const tool = asked.type === 'freeform' ? asFunction(asked) : asked
  if (tool.cache !== undefined) report(`${path}.cache`, 'Ollama caches by itself and reads no marks')
  if (tool.type === 'hosted') {
    // An object when it was decoded, and no other codec writes here.
    if (tool.protocol === PROTOCOL) return { ...tool.value } as ToolDefinition
    report(path, `only ${tool.protocol} can run the tool ${tool.name}`)
    return undefined
  }
  const definition: FunctionDefinition = { name: tool.name }
  if (tool.description !== undefined) definition.description = tool.description
  // The server demands a schema, and that it says what kind of thing it describes (trap 124).
  const schema = tool.parameters
  if (!isOwn(tool)) definition.parameters = { type: 'object', properties: {}, ...schema }
  else if (schema !== undefined) definition.parameters = schema
  if (tool.strict === true) report(`${path}.strict`, 'Ollama holds no model to the schema of a tool')
  const type = noted(tool, TYPE) ?? 'function'
  const wire: ToolDefinition = { ...(type === '' ? {} : { type }), function: definition }
  giveBack(wire, tool, path, report)
  return wire
}

interface ChoiceRow<Choice extends ToolChoice> {
  offers(tool: Tool, choice: Choice): boolean
  /** What the client is to know about its choice. */
  readonly loss?: { readonly reason: string; readonly effect: 'dropped' | 'changed' }
}

type AnyChoiceRow = ChoiceRow<ToolChoice>

const OFFERED = { reason: 'only these tools are offered, but the model may answer without', effect: 'changed' } as const

const ROWS: { readonly [Type in ToolChoice['type']]: ChoiceRow<Extract<ToolChoice, { type: Type }>> } = {
  auto: { offers: () => true },
  none: { offers: () => false, loss: { reason: 'no tools are offered', effect: 'changed' } },
  required: {
    offers: () => true,
    loss: { reason: 'Ollama cannot have a model call a tool', effect: 'dropped' },
  },
  tool: { offers: (tool, { name }) => tool.name === name, loss: OFFERED },
  allowed: { offers: (tool, { names }) => names.includes(tool.name), loss: OFFERED },
}
// Each row is asked with choices of its own type only.
const CHOICES = ROWS as { readonly [Type in ToolChoice['type']]: AnyChoiceRow }

export function reportChoice(choice: ToolChoice | undefined, report: ReportLoss): void {
  const loss = choice === undefined ? undefined : CHOICES[choice.type].loss
  if (loss !== undefined) report('toolChoice', loss.reason, loss.effect)
}

const CHOICE_WORDS: Readonly<Record<string, ToolChoice>> = {
  auto: { type: 'auto' },
  none: { type: 'none' },
  required: { type: 'required' },
}

/** No member of Ollama's, but several clients send it (K61, K71); nothing for what nobody knows. */
export function decodeToolChoice(value: unknown): ToolChoice | undefined {
  if (typeof value === 'string') return Object.hasOwn(CHOICE_WORDS, value) ? CHOICE_WORDS[value] : undefined
  const called = (value as { function?: { name?: unknown } } | null | undefined)?.function?.name
  return typeof called === 'string' ? { type: 'tool', name: called } : undefined
}
