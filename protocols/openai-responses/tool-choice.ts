/** Whether the model must call a tool, and which: `tool_choice`. */
import { expectArray, expectObject, expectString, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { Kept, Rest } from '../ir/rest.ts'
import type { Tool, ToolChoice } from '../ir/tool.ts'
import type { NameTool } from './calls.ts'
import { isObject } from './is-object.ts'
import { noted } from './rest.ts'

const WORDS: Readonly<Record<string, ToolChoice>> = {
  auto: { type: 'auto' },
  none: { type: 'none' },
  required: { type: 'required' },
}

const MEMBER = 'tool_choice'
/** Spelling: the types of the tools that are named. */
const KINDS = 'choice:'
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
    rest.note(KINDS, type)
    const namespace = typeof fields.namespace === 'string' ? fields.namespace : undefined
    return { type: 'tool', name: nameTool(name, namespace) }
  }
  const allowed = type === 'allowed_tools' ? readAllowed(fields, nameTool) : undefined
  if (allowed === undefined || !allowed.isWhole) rest.keep(MEMBER, value)
  else rest.note(KINDS, allowed.kinds.join(','))
  return allowed?.choice
}

interface Allowed {
  readonly choice: ToolChoice
  /** All of the tools are ones that a name tells. */
  readonly isWhole: boolean
  /** The type of each, in the order of the names. */
  readonly kinds: readonly unknown[]
}

function readAllowed(fields: JsonObject, nameTool: NameTool): Allowed {
  const mode = expectString(fields.mode, `${MEMBER}.mode`)
  if (mode !== 'auto' && mode !== 'required') {
    refuse(`${MEMBER}.mode`, `expected auto or required, got "${mode.slice(0, 40)}"`)
  }
  const tools = expectArray(fields.tools, `${MEMBER}.tools`)
  const names: string[] = []
  const kinds: unknown[] = []
  let isWhole = Object.keys(fields).length === 3
  for (const tool of tools) {
    if (!isObject(tool) || !CALLABLE.has(tool.type) || typeof tool.name !== 'string') {
      isWhole = false
      continue
    }
    if (Object.keys(tool).length > 2) isWhole = false
    kinds.push(tool.type)
    names.push(nameTool(tool.name, typeof tool.namespace === 'string' ? tool.namespace : undefined))
  }
  return { choice: { type: 'allowed', mode, names }, isWhole, kinds }
}

/**
 * @param custom tools that take raw text.
 * @param request whose spelling tells how its client called each tool.
 */
export function encodeToolChoice(
  choice: ToolChoice,
  custom: readonly Tool[],
  request: Kept,
  toolName: (name: string) => string,
): unknown {
  const kinds = noted(request, KINDS)?.split(',') ?? []

  function nameTool(name: string, index: number): object {
    const isFreeform = custom.some((tool) => tool.name === name)
    return { type: kinds[index] ?? (isFreeform ? 'custom' : 'function'), name: toolName(name) }
  }

  if (choice.type === 'tool') return nameTool(choice.name, 0)
  if (choice.type !== 'allowed') return choice.type
  return { type: 'allowed_tools', mode: choice.mode, tools: choice.names.map(nameTool) }
}
