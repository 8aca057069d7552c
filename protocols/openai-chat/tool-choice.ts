/** Whether the model must call a tool, and which: `tool_choice`, and `function_call` of old. */
import { expectArray, expectBoolean, expectObject, expectString, optional, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { ToolChoice } from '../ir/tool.ts'
import { isSpelled, type Kept, type Rest } from './rest.ts'
import type { ToolDefinition } from './wire.ts'

/** Mistral's word for `required`, and the choice of a function without its type (Q34). */
const ANY = 'tool_choice:any'
const UNTYPED = 'tool_choice:untyped'

const WORDS: Readonly<Record<string, ToolChoice>> = {
  auto: { type: 'auto' },
  none: { type: 'none' },
  required: { type: 'required' },
  any: { type: 'required' },
}

export interface DecodedChoice {
  readonly choice: ToolChoice
  /** Told inside the choice by clients of another API that ask here (X2). */
  readonly parallel?: boolean
}

export function decodeToolChoice(value: unknown, path: string, rest: Rest, report: ReportLoss): DecodedChoice {
  if (typeof value === 'string') {
    if (value === 'any') rest.spell(ANY)
    return { choice: wordOf(value, path) }
  }
  const fields = expectObject(value, path)
  const type = optional(fields.type, `${path}.type`, expectString)
  if (type === 'allowed_tools') {
    return {
      choice: readAllowed(expectObject(fields.allowed_tools, `${path}.allowed_tools`), `${path}.allowed_tools`, report),
    }
  }
  if (type === undefined) rest.spell(UNTYPED)
  if (type === 'custom') return { choice: named(fields.custom, `${path}.custom`) }
  if (type === undefined || type === 'function') {
    return { choice: named(fields.function, `${path}.function`) }
  }
  return readForeign(fields, type, path)
}

/** The words of Anthropic's API, which some clients send here too. */
function readForeign(fields: JsonObject, type: string, path: string): DecodedChoice {
  const one = optional(fields.disable_parallel_tool_use, `${path}.disable_parallel_tool_use`, expectBoolean)
  const choice = type === 'tool' ? named(fields, path) : wordOf(type, `${path}.type`)
  return { choice, ...(one === undefined ? {} : { parallel: !one }) }
}

function wordOf(word: string, path: string): ToolChoice {
  const choice = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined
  return choice ?? refuse(path, `expected auto, none or required, got "${word.slice(0, 40)}"`)
}

function named(value: unknown, path: string): ToolChoice {
  return { type: 'tool', name: expectString(expectObject(value, path).name, `${path}.name`) }
}

function readAllowed(fields: JsonObject, path: string, report: ReportLoss): ToolChoice {
  const mode = expectString(fields.mode, `${path}.mode`)
  if (mode !== 'auto' && mode !== 'required')
    refuse(`${path}.mode`, `expected auto or required, got "${mode.slice(0, 40)}"`)
  const names: string[] = []
  for (const [index, value] of expectArray(fields.tools, `${path}.tools`).entries()) {
    const at = `${path}.tools.${index}`
    const tool = expectObject(value, at)
    const inner = tool.function ?? tool.custom
    if (inner === undefined) report(at, 'only functions and custom tools can be chosen by name')
    else names.push(expectString(expectObject(inner, at).name, `${at}.name`))
  }
  return { type: 'allowed', mode, names }
}

/** `function_call` of old: a word, or the function to call. */
export function decodeFunctionChoice(value: unknown, path: string): ToolChoice {
  return typeof value === 'string' ? wordOf(value, path) : named(value, path)
}

/**
 * @param tools as they are declared on the wire.
 * @param request whose spelling tells how its client wrote the choice.
 */
export function encodeToolChoice(choice: ToolChoice, tools: readonly ToolDefinition[], request: Kept): unknown {
  if (choice.type === 'required') return isSpelled(request, ANY) ? 'any' : 'required'
  if (choice.type === 'auto' || choice.type === 'none') return choice.type
  if (choice.type === 'tool') {
    const named = nameTool(choice.name, tools)
    return isSpelled(request, UNTYPED) ? { function: named.function } : named
  }
  const allowed = choice.names.map((name) => nameTool(name, tools))
  return { type: 'allowed_tools', allowed_tools: { mode: choice.mode, tools: allowed } }
}

/** The word or name for a request that declares `functions`. */
export function encodeFunctionChoice(choice: ToolChoice): unknown {
  if (choice.type === 'auto' || choice.type === 'none') return choice.type
  return choice.type === 'tool' ? { name: choice.name } : undefined
}

interface NamedTool {
  readonly type: 'function' | 'custom'
  readonly function?: { readonly name: string }
  readonly custom?: { readonly name: string }
}

function nameTool(name: string, tools: readonly ToolDefinition[]): NamedTool {
  const isCustom = tools.some((tool) => tool.custom?.name === name)
  return isCustom ? { type: 'custom', custom: { name } } : { type: 'function', function: { name } }
}
