/** A request, written for a back end. */
import type { EncodedRequest } from '../codec.ts'
import { type CallingRules, callTools } from '../ir/called-tools.ts'
import type { ModelFacts } from '../ir/facts.ts'
import { writeFields } from '../ir/field-table.ts'
import { listLosses, type ReportLoss } from '../ir/loss.ts'
import { pairCalls } from '../ir/pair-calls.ts'
import type { ChatRequest } from '../ir/request.ts'
import type { FunctionTool, Tool, ToolChoice } from '../ir/tool.ts'
import { NARROW_NAMES } from '../ir/tool-name.ts'
import { shortenCallId } from './call-id.ts'
import { encodeMessages } from './message-encode.ts'
import { forbidThoughts } from './reasoning-settings.ts'
import { giveBack, isOwn, isSpelled } from './rest.ts'
import { SETTINGS } from './settings-encode.ts'
import { encodeFunctionChoice, encodeToolChoice } from './tool-choice.ts'
import { encodeLegacyFunction, encodeTool, isLegacyTool, type ToolContext } from './tools.ts'
import type { ChatCompletionRequest } from './wire.ts'

/** Writes for this model; never changes `asked`, as the next attempt encodes it again. */
export function encodeRequest(asked: ChatRequest, facts: ModelFacts): EncodedRequest {
  const { losses, report } = listLosses()
  const { request, called } = callTools(asked, callingRules(asked), report)
  if (request.previous !== undefined) report('previous', 'Chat Completions keeps no conversation')
  const callId = isOwn(request) ? (id: string) => id : shortenCallId
  const paired = isOwn(request) ? { messages: request.messages, report } : pairCalls(request.messages, report)
  const wire: ChatCompletionRequest = {
    model: request.model,
    messages: encodeMessages(paired.messages, { facts, report: paired.report, callId }),
  }
  writeFields(request.settings, SETTINGS, wire, { facts, request, report }, 'settings', report)
  if (facts.thinksOnlyStreaming === true && !request.stream) forbidThoughts(request.settings.reasoning, wire, report)
  writeTools(wire, request, { facts, report })
  writeStream(wire, request)
  giveBack(wire, request, '', report)
  if (!request.stream) delete wire.stream_options
  const named = facts.renames === undefined ? wire : rename(wire, facts.renames)
  // What one model insists on goes before what its vendor's other models take.
  const body = facts.insistsOn === undefined ? named : rename(named, facts.insistsOn)
  refuseMembers(body, facts.refuses ?? [], report)
  for (const [name, value] of Object.entries(facts.adds ?? {})) {
    if (!Object.hasOwn(body, name)) Object.assign(body, { [name]: value })
  }
  return { body, losses, ...(called.size === 0 ? {} : { called }) }
}

/** How each tool is called on the wire: as a client of this protocol called it, else in the alphabet of the API (trap 51). */
function callingRules(request: ChatRequest): CallingRules {
  const owned = new Set((request.tools ?? []).filter(isOwn).map((tool) => tool.name))
  const others = new Set((request.tools ?? []).filter((tool) => !isOwn(tool)).map((tool) => tool.name))
  return { names: NARROW_NAMES, keeps: (name) => owned.has(name) || (isOwn(request) && !others.has(name)) }
}

function writeTools(wire: ChatCompletionRequest, request: ChatRequest, context: ToolContext): void {
  const { toolChoice, parallelToolCalls } = request
  const { facts, report } = context
  for (const [index, tool] of (request.tools ?? []).entries()) {
    const path = `tools.${index}`
    if (isLegacy(tool)) {
      wire.functions = [...(wire.functions ?? []), encodeLegacyFunction(tool, path, context)]
    } else {
      const written = encodeTool(tool, path, context)
      if (written !== undefined) wire.tools = [...(wire.tools ?? []), written]
    }
  }
  if (request.tools?.length === 0 && isOwn(request)) wire.tools = []
  const hasTools = (wire.tools?.length ?? 0) > 0
  const hasFunctions = wire.functions !== undefined
  if (toolChoice !== undefined && hasFunctions && !hasTools) {
    wire.function_call = encodeFunctionChoice(toolChoice)
    if (wire.function_call === undefined) report('toolChoice', `functions cannot be ${toolChoice.type}`)
  } else if (toolChoice !== undefined && hasTools) {
    const isRefused = isForced(toolChoice) && facts.thinksUnforced === true && asksForThoughts(request, facts)
    if (isRefused) report('toolChoice', 'no call can be forced while the model thinks; it may choose', 'changed')
    const choice: ToolChoice = isRefused ? { type: 'auto' } : toolChoice
    wire.tool_choice = encodeToolChoice(choice, wire.tools ?? [], request)
  } else if (toolChoice !== undefined) {
    // The API refuses a choice among no tools (trap 117).
    report('toolChoice', 'there are no tools to choose from')
  }
  if (parallelToolCalls === undefined) return
  if (hasTools) wire.parallel_tool_calls = parallelToolCalls
  else report('parallelToolCalls', 'there are no tools to call')
}

function isForced(choice: ToolChoice): boolean {
  return choice.type === 'required' || choice.type === 'tool' || (choice.type === 'allowed' && choice.mode !== 'auto')
}

/** What nobody says is as the model does it by itself (trap 98). */
function asksForThoughts({ settings: { reasoning } }: ChatRequest, facts: ModelFacts): boolean {
  if (reasoning === undefined) return facts.capabilities?.reasoning === true
  return reasoning.mode !== 'off' && reasoning.effort !== 'none' && reasoning.budgetTokens !== 0
}

function isLegacy(tool: Tool): tool is FunctionTool {
  return tool.type === 'function' && isLegacyTool(tool)
}

/** Usage is always asked for, as the ledger needs it; whether the client hears of it is decided on the way back (trap 105). */
function writeStream(wire: ChatCompletionRequest, request: ChatRequest): void {
  if (request.stream) {
    wire.stream = true
    wire.stream_options = { include_usage: true }
  } else if (isSpelled(request, 'stream:false')) {
    wire.stream = false
  }
}

function rename(wire: ChatCompletionRequest, renames: Readonly<Record<string, string>>): ChatCompletionRequest {
  const renamed = Object.entries(wire).map(([name, value]) => [
    Object.hasOwn(renames, name) ? renames[name] : name,
    value,
  ])
  // The members are those of `wire`, some of them under the vendor's names.
  return Object.fromEntries(renamed) as ChatCompletionRequest
}

/** Where a member of the wire comes from, for those whose name in the interlingua differs. */
const SOURCES: Readonly<Record<string, string>> = {
  max_completion_tokens: 'settings.maxOutputTokens',
  max_tokens: 'settings.maxOutputTokens',
  temperature: 'settings.temperature',
  top_p: 'settings.topP',
  top_k: 'settings.topK',
  stop: 'settings.stop',
  seed: 'settings.seed',
  presence_penalty: 'settings.presencePenalty',
  frequency_penalty: 'settings.frequencyPenalty',
  logit_bias: 'settings.logitBias',
  logprobs: 'settings.logprobs',
  top_logprobs: 'settings.topLogprobs',
  n: 'settings.candidates',
  response_format: 'settings.responseFormat',
  reasoning_effort: 'settings.reasoning',
  reasoning: 'settings.reasoning',
  thinking: 'settings.reasoning',
  enable_thinking: 'settings.reasoning',
  thinking_budget: 'settings.reasoning',
  verbosity: 'settings.verbosity',
  user: 'settings.userId',
  safety_identifier: 'settings.userId',
  metadata: 'settings.metadata',
  store: 'settings.store',
  service_tier: 'settings.serviceTier',
  prompt_cache_key: 'settings.promptCacheKey',
  tool_choice: 'toolChoice',
  parallel_tool_calls: 'parallelToolCalls',
  stream_options: 'streamUsage',
}

function refuseMembers(wire: ChatCompletionRequest, refuses: readonly string[], report: ReportLoss): void {
  for (const name of refuses) {
    if (!Object.hasOwn(wire, name)) continue
    delete wire[name]
    // That usage is not asked for in the stream is no loss of the client's.
    if (name !== 'stream_options') report(SOURCES[name] ?? name, `this provider refuses ${name}`)
  }
}
