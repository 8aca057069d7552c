/**
 * What a back end calls the tools of a request: where its protocol takes no such name, or has no groups of tools, they are
 * written otherwise, everywhere alike, and what it then calls is given its own name back (traps 46, 47, 51, 52).
 */
import type { ReportLoss } from './loss.ts'
import type { Message } from './message.ts'
import type { Part } from './part.ts'
import type { ChatRequest } from './request.ts'
import type { Tool, ToolChoice } from './tool.ts'
import { fitToolName, type NameRules } from './tool-name.ts'

/** A tool as its client knows it. */
export interface KnownTool {
  readonly name: string
  readonly namespace?: string
  /** It takes raw text, also where it had to be told as a function. */
  readonly freeform?: boolean
}

/** By the name on the wire; only those whose name there does not say all. */
export type CalledTools = ReadonlyMap<string, KnownTool>

export interface CallingRules {
  readonly names: NameRules
  /** Tools may stand in groups. */
  readonly groups?: boolean
  /** Written by a client of this protocol, which knows what its API takes. */
  readonly keeps?: (name: string) => boolean
}

export interface CalledRequest {
  readonly request: ChatRequest
  readonly called: CalledTools
}

/** Never changes `request`; returns it itself where every name can stay. */
export function callTools(request: ChatRequest, rules: CallingRules, report: ReportLoss): CalledRequest {
  const names = fitNames(request, rules)
  const hasGroups = rules.groups === true
  const called = new Map<string, KnownTool>()
  for (const [name, written] of names) called.set(written, { name })
  const declared = new Set<string>()
  for (const [index, tool] of (request.tools ?? []).entries()) {
    if (tool.type === 'hosted') continue
    declared.add(tool.name)
    const { name, namespace } = tool
    if (namespace !== undefined && !hasGroups) report(`tools.${index}.namespace`, NO_GROUPS, 'changed')
    if (namespace === undefined && tool.type === 'function') continue
    called.set(names.get(name) ?? name, {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(tool.type === 'freeform' ? { freeform: true } : {}),
    })
  }

  function callPart(part: Part, path: string): Part {
    if (part.type === 'tool-result') {
      const written = part.name === undefined ? undefined : names.get(part.name)
      return written === undefined ? part : { ...part, name: written }
    }
    if (part.type !== 'tool-call') return part
    const written = names.get(part.name)
    if (part.namespace === undefined || hasGroups) return written === undefined ? part : { ...part, name: written }
    if (!declared.has(part.name)) report(`${path}.namespace`, 'tools have no groups here')
    const { namespace: _namespace, ...call } = part
    return written === undefined ? call : { ...call, name: written }
  }

  if (names.size === 0 && (hasGroups || !hasAnyGroup(request))) return { request, called }
  const tools = request.tools?.map((tool) => callTool(tool, names, hasGroups))
  const toolChoice = request.toolChoice && callChoice(request.toolChoice, names)
  const messages = request.messages.map((message, index) => callMessage(message, `messages.${index}`, callPart))
  return {
    request: {
      ...request,
      messages,
      ...(tools === undefined ? {} : { tools }),
      ...(toolChoice === undefined ? {} : { toolChoice }),
    },
    called,
  }
}

const NO_GROUPS = 'there are no groups of tools here: it is offered without, and its calls get theirs back'

/** Names that must be written otherwise. Those that fit are never given to another tool. */
function fitNames(request: ChatRequest, { names: rules, keeps = () => false }: CallingRules): Map<string, string> {
  const taken = new Set<string>()
  const unfit: string[] = []
  for (const name of listNames(request)) {
    if (keeps(name) || fitToolName(name, rules, () => false) === name) taken.add(name)
    else unfit.push(name)
  }
  const names = new Map<string, string>()
  for (const name of unfit) {
    const written = fitToolName(name, rules, (one) => taken.has(one))
    taken.add(written)
    names.set(name, written)
  }
  return names
}

function listNames({ tools = [], messages, toolChoice }: ChatRequest): ReadonlySet<string> {
  const names = new Set(tools.filter(({ type }) => type !== 'hosted').map(({ name }) => name))
  for (const { parts } of messages) {
    for (const part of parts) {
      if (part.type === 'tool-call') names.add(part.name)
      else if (part.type === 'tool-result' && part.name !== undefined) names.add(part.name)
    }
  }
  if (toolChoice?.type === 'tool') names.add(toolChoice.name)
  else if (toolChoice?.type === 'allowed') for (const name of toolChoice.names) names.add(name)
  return names
}

function hasAnyGroup({ tools = [], messages }: ChatRequest): boolean {
  const isGrouped = (part: Part) => part.type === 'tool-call' && part.namespace !== undefined
  return (
    tools.some((tool) => tool.type !== 'hosted' && tool.namespace !== undefined) ||
    messages.some(({ parts }) => parts.some(isGrouped))
  )
}

function callTool(tool: Tool, names: ReadonlyMap<string, string>, hasGroups: boolean): Tool {
  if (tool.type === 'hosted') return tool
  const name = names.get(tool.name) ?? tool.name
  if (hasGroups || tool.namespace === undefined) return { ...tool, name }
  const { namespace, namespaceDescription, ...alone } = tool
  if (namespaceDescription === undefined || namespaceDescription === '') return { ...alone, name }
  // What the group is for, each of its tools has to tell.
  const texts = [`${namespace}: ${namespaceDescription}`, alone.description]
  return { ...alone, name, description: texts.filter((text) => text !== undefined).join('\n\n') }
}

function callChoice(choice: ToolChoice, names: ReadonlyMap<string, string>): ToolChoice {
  if (choice.type === 'tool') return { ...choice, name: names.get(choice.name) ?? choice.name }
  if (choice.type === 'allowed') return { ...choice, names: choice.names.map((name) => names.get(name) ?? name) }
  return choice
}

/** The message itself where nothing in it is called otherwise. */
function callMessage(message: Message, path: string, callPart: (part: Part, path: string) => Part): Message {
  let isChanged = false
  const parts = message.parts.map((part, index) => {
    const written = callPart(part, `${path}.parts.${index}`)
    isChanged ||= written !== part
    return written
  })
  return isChanged ? { ...message, parts } : message
}
