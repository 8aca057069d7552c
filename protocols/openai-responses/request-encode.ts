/** A request, written for a back end. */
import type { EncodedRequest } from '../codec.ts'
import { callTools } from '../ir/called-tools.ts'
import type { ModelFacts } from '../ir/facts.ts'
import { writeFields } from '../ir/field-table.ts'
import { listLosses } from '../ir/loss.ts'
import { pairCalls } from '../ir/pair-calls.ts'
import type { ChatRequest } from '../ir/request.ts'
import { NARROW_NAMES } from '../ir/tool-name.ts'
import { fitVendor } from '../ir/vendor-members.ts'
import { shortenCallId } from './call-id.ts'
import { withoutWish } from './compaction.ts'
import { encodeInput } from './input-encode.ts'
import { readNotes } from './notes.ts'
import { EMPTY_INPUT, EMPTY_INSTRUCTIONS, HAS_TOOLS, NOT_STREAMED, USUAL_WORD, usualValue } from './request-decode.ts'
import { giveBack, isOwn, isSpelled, noted } from './rest.ts'
import { completeSettings, SETTINGS } from './settings-encode.ts'
import { encodeToolChoice } from './tool-choice.ts'
import { encodeTools, type ToolContext } from './tools-encode.ts'
import type { Item, ResponsesRequest } from './wire.ts'

/** Writes for this model; never changes `asked`, as the next attempt encodes it again. */
export function encodeRequest(asked: ChatRequest, facts: ModelFacts): EncodedRequest {
  const { losses, report } = listLosses()
  const keeps = keptNames(asked)
  const { request, called } = callTools(withoutWish(asked), { names: NARROW_NAMES, groups: true, keeps }, report)
  const notes = readNotes(request)
  const toolName = (name: string) => (keeps(name) ? (notes.tools[name]?.name ?? name) : name)
  const callId = isOwn(request) ? (id: string) => id : shortenCallId
  const wire: ResponsesRequest = { model: request.model }
  const paired = isOwn(request) ? { messages: request.messages, report } : pairCalls(request.messages, report)
  const { instructions, input } = encodeInput(paired.messages, { facts, report: paired.report, toolName, callId })
  if (request.previous !== undefined) wire.previous_response_id = request.previous
  if (instructions !== undefined) wire.instructions = instructions
  else if (isSpelled(request, EMPTY_INSTRUCTIONS)) wire.instructions = ''
  const lifted = writeTools(wire, request, { facts, notes, report, toolName })
  if (!isSpelled(request, EMPTY_INPUT) || input.length > 0) wire.input = putBack(input, lifted)
  writeFields(request.settings, SETTINGS, wire, { facts, request, report }, 'settings', report)
  completeSettings(wire, request)
  if (request.stream) wire.stream = true
  else if (isSpelled(request, NOT_STREAMED)) wire.stream = false
  giveBack(wire, request, '', report)
  const usual = noted(request, USUAL_WORD)
  for (const name of usual === undefined ? [] : usual.split(',')) wire[name] = usualValue(name)
  const body = fitVendor(wire, facts, SOURCES, report)
  return { body, losses, ...(called.size === 0 ? {} : { called }) }
}

/** Names that a client of this protocol gave. */
function keptNames(request: ChatRequest): (name: string) => boolean {
  const owned = new Set((request.tools ?? []).filter(isOwn).map((tool) => tool.name))
  const others = new Set((request.tools ?? []).filter((tool) => !isOwn(tool)).map((tool) => tool.name))
  return (name) => owned.has(name) || (isOwn(request) && !others.has(name))
}

type Lifted = ReturnType<typeof encodeTools>['lifted']

function writeTools(wire: ResponsesRequest, request: ChatRequest, context: ToolContext): Lifted {
  const { tools, lifted } = encodeTools(request.tools ?? [], context)
  const { facts, report, toolName } = context
  const custom = facts.freeformTools === false ? [] : (request.tools ?? []).filter(({ type }) => type === 'freeform')
  // An empty list stays one, but tools that are told in words are not told here at all.
  const wasEmpty = request.tools !== undefined && isSpelled(request, HAS_TOOLS)
  if (tools.length > 0 || wasEmpty) wire.tools = [...tools]
  const hasTools = tools.length + lifted.length > 0 || isOwn(request)
  // The choice of a tool that only the API itself can run stands in the extra as it was.
  const isKept = isOwn(request) && request.extra !== undefined && Object.hasOwn(request.extra.fields, 'tool_choice')
  if (request.toolChoice !== undefined && !isKept) {
    if (hasTools) wire.tool_choice = encodeToolChoice(request.toolChoice, custom, request, toolName)
    // The API refuses a choice among no tools (trap 117).
    else report('toolChoice', 'there are no tools to choose from')
  }
  if (request.parallelToolCalls === undefined) return lifted
  if (hasTools) wire.parallel_tool_calls = request.parallelToolCalls
  else report('parallelToolCalls', 'there are no tools to call')
  return lifted
}

/** Items that are nothing but tools stand again where they stood. */
function putBack(input: string | Item[], lifted: Lifted): string | Item[] {
  if (typeof input === 'string' || lifted.length === 0) return input
  const items = [...input]
  for (const { at, item } of lifted) items.splice(Math.min(at, items.length), 0, item)
  return items
}

const SOURCES: Readonly<Record<string, string>> = {
  max_output_tokens: 'settings.maxOutputTokens',
  temperature: 'settings.temperature',
  top_p: 'settings.topP',
  top_logprobs: 'settings.topLogprobs',
  text: 'settings.responseFormat',
  reasoning: 'settings.reasoning',
  user: 'settings.userId',
  safety_identifier: 'settings.userId',
  metadata: 'settings.metadata',
  store: 'settings.store',
  service_tier: 'settings.serviceTier',
  prompt_cache_key: 'settings.promptCacheKey',
  tool_choice: 'toolChoice',
  parallel_tool_calls: 'parallelToolCalls',
}
