/** Makes a request for a model that only writes text of one that offers tools. */

import { type CalledTools, callTools } from '../../../protocols/ir/called-tools.ts'
import { asFunction } from '../../../protocols/ir/freeform.ts'
import { appendInstructions, changeText } from '../../../protocols/ir/instructions.ts'
import { type Loss, listLosses, type ReportLoss } from '../../../protocols/ir/loss.ts'
import type { Message } from '../../../protocols/ir/message.ts'
import type { ChatRequest, ChatSettings } from '../../../protocols/ir/request.ts'
import type { FunctionTool, ToolChoice } from '../../../protocols/ir/tool.ts'
import type { ToolDialect } from '../../../protocols/ir/tool-dialect.ts'
import { NARROW_NAMES } from '../../../protocols/ir/tool-name.ts'
import { demandsCall } from '../demands-call.ts'
import { rewriteHistory } from './rewrite-history.ts'
import { writePrompt } from './write-prompt.ts'
import { WRITERS } from './writers/index.ts'

export interface Taught {
  /** Without tools: they are in its words. */
  readonly request: ChatRequest
  /** What the model may call, as it was told of it: what the listener must know. */
  readonly tools: readonly FunctionTool[]
  /** Tools of the request that may not be called now, by the names that the client gave them and by those that are taught. */
  readonly withheld: readonly FunctionTool[]
  /** Names that are to be given back to what the model calls. */
  readonly called: CalledTools
  /** Stop sequences that the client did not ask for. */
  readonly stops: readonly string[]
  /** Ids of the calls that the conversation has already. */
  readonly takenIds: ReadonlySet<string>
  readonly losses: readonly Loss[]
}

/** As many as the strictest API takes (OpenAI's `stop`). */
const MOST_STOPS = 4

/**
 * Never changes `request`.
 *
 * @param place where the prompt stands: behind the instructions, or before the first message of the user (lesson 82).
 */
export function teach(request: ChatRequest, dialect: ToolDialect, place: 'system' | 'user' = 'system'): Taught {
  const { losses, report } = listLosses()
  const writer = WRITERS[dialect]
  const takenIds = listIds(request)
  const { request: named, called } = callTools(request, { names: NARROW_NAMES }, report)
  const { tools: offered = [], toolChoice, parallelToolCalls, ...rest } = named
  const teachable = offered.flatMap(asTaught(report))
  const tools = selectTools(teachable, toolChoice)
  const withheld = teachable
    .filter((tool) => !tools.includes(tool))
    .flatMap((tool) => [tool, { ...tool, name: called.get(tool.name)?.name ?? tool.name }])
  const history = rewriteHistory(named.messages, writer)
  if (tools.length > 0) report('tools', 'are told in the words of the prompt', 'changed')
  const isTaught = tools.length > 0 && toolChoice?.type !== 'none'
  if (!isTaught) {
    return { request: { ...rest, messages: history }, tools, withheld, called, stops: [], takenIds, losses }
  }
  const { responseFormat: format, ...others } = rest.settings
  // A back end that holds its model to a form would not let it write a call.
  if (isForm(format)) report('settings.responseFormat', 'is told in the words of the prompt', 'changed')
  const lesson = {
    tools,
    mustCall: demandsCall(toolChoice),
    parallel: parallelToolCalls !== false,
    ...(format === undefined ? {} : { format }),
  }
  const messages = PLACES[place](history, writePrompt(lesson, writer))
  const own = others.stop ?? []
  const stops = writer.stops.filter((stop) => !own.includes(stop)).slice(0, MOST_STOPS - own.length)
  const settings = {
    ...others,
    ...(format === undefined || isForm(format) ? {} : { responseFormat: format }),
    ...(stops.length === 0 ? {} : { stop: [...own, ...stops] }),
  }
  return { request: { ...rest, messages, settings }, tools, withheld, called, stops, takenIds, losses }
}

function isForm(format: ChatSettings['responseFormat']): boolean {
  return format !== undefined && format.type !== 'text'
}

const PLACES = { system: appendInstructions, user: openWith } as const

/** Both places are at the beginning, so that the prompt of a longer conversation begins in the same way. */
function openWith(messages: readonly Message[], prompt: string): readonly Message[] {
  const at = messages.findIndex(({ role }) => role === 'user')
  const message = messages[at]
  if (message === undefined) return appendInstructions(messages, prompt)
  const [first, ...others] = message.parts
  const opening = `${prompt}\n\n# Message\n\n`
  const parts =
    first?.type === 'text'
      ? [changeText(first, opening + first.text), ...others]
      : [{ type: 'text' as const, text: opening }, ...message.parts]
  return messages.with(at, { ...message, parts })
}

function asTaught(report: ReportLoss) {
  return (tool: NonNullable<ChatRequest['tools']>[number], index: number): readonly FunctionTool[] => {
    if (tool.type === 'function') return [tool]
    if (tool.type === 'freeform') return [asFunction(tool)]
    report(`tools.${index}`, 'a tool that the back end itself runs cannot be taught by prompt')
    return []
  }
}

function selectTools(tools: readonly FunctionTool[], choice: ToolChoice | undefined): readonly FunctionTool[] {
  if (choice?.type === 'tool') return tools.filter((tool) => tool.name === choice.name)
  if (choice?.type === 'allowed') return tools.filter((tool) => choice.names.includes(tool.name))
  return tools
}

function listIds({ messages }: ChatRequest): ReadonlySet<string> {
  return new Set(messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : []))))
}
