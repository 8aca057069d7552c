/** Whether the model must call a tool, and which: `tool_choice`. */
import { expectObject, expectString, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { Rest } from '../ir/rest.ts'
import type { Tool, ToolChoice } from '../ir/tool.ts'
import type { NameTool } from './calls.ts'
import { isObject } from './is-object.ts'

const WORDS: Readonly<Record<string, ToolChoice>> = {
  auto: { type: 'auto' },
  none: { type: 'none' },
  required: { type: 'required' },
}

const MEMBER = 'tool_choice'
const CALLABLE: ReadonlySet<unknown> = new Set(['function', 'custom'])

/** Nothing for the choice of a tool that the back end runs by itself: it goes back as it is, and others cannot have it. */
export function decodeToolChoice(value: unknown, rest: Rest, nameTool: NameTool): ToolChoice | undefined {
  if (typeof value === 'string') {
    const choice = Object.hasOwn(WORDS, value) ? WORDS[value] : undefined
    return choice ?? refuse(MEMBER, `expected auto, none or required, got "${value.slice(0, 40)}"`)
  }
  const fields = expectObject(value, MEMBER)
  const type = expectString(fields.type, `${MEMBER}.type`)
  if (CALLABLE.has(type)) {
    const name = expectString(fields.name, `${MEMBER}.name`)
    if (Object.keys(fields).length > 2) rest.keep(MEMBER, value)
    const namespace = typeof fields.namespace === 'string' ? fields.namespace : undefined
    return { type: 'tool', name: nameTool(name, namespace) }
  }
  const allowed = type === 'allowed_tools' ? readAllowed(fields, nameTool) : undefined
  if (allowed === undefined || !allowed.isWhole) rest.keep(MEMBER, value)
  return allowed?.choice
}

interface Allowed {
  readonly choice: ToolChoice
  /** All of the tools are ones that a name tells. */
  readonly isWhole: boolean
}

function readAllowed(fields: JsonObject, nameTool: NameTool): Allowed {
  const mode = expectString(fields.mode, `${MEMBER}.mode`)
  if (mode !== 'auto' && mode !== 'required') {
    refuse(`${MEMBER}.mode`, `expected auto or required, got "${mode.slice(0, 40)}"`)
  }
  const tools: readonly unknown[] = Array.isArray(fields.tools) ? fields.tools : []
  const names: string[] = []
  let isWhole = Object.keys(fields).length === 3
  for (const tool of tools) {
    if (!isObject(tool) || !CALLABLE.has(tool.type) || typeof tool.name !== 'string') {
      isWhole = false
      continue
    }
    if (Object.keys(tool).length > 2) isWhole = false
    names.push(nameTool(tool.name, typeof tool.namespace === 'string' ? tool.namespace : undefined))
  }
  return { choice: { type: 'allowed', mode, names }, isWhole }
}

export function encodeToolChoice(
  choice: ToolChoice,
  tools: readonly Tool[],
  toolName: (name: string) => string,
): unknown {
  if (choice.type === 'tool') return nameTool(choice.name, tools, toolName)
  if (choice.type !== 'allowed') return choice.type
  const allowed = choice.names.map((name) => nameTool(name, tools, toolName))
  return { type: 'allowed_tools', mode: choice.mode, tools: allowed }
}

function nameTool(name: string, tools: readonly Tool[], toolName: (name: string) => string): object {
  const isFreeform = tools.some((tool) => tool.type === 'freeform' && tool.name === name)
  return { type: isFreeform ? 'custom' : 'function', name: toolName(name) }
}
