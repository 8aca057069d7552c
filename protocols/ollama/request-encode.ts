/** A request, written for a back end. */
import type { EncodedRequest } from '../codec.ts'
import { callTools } from '../ir/called-tools.ts'
import type { ModelFacts } from '../ir/facts.ts'
import { writeFields } from '../ir/field-table.ts'
import { listLosses, type ReportLoss } from '../ir/loss.ts'
import type { ChatRequest } from '../ir/request.ts'
import type { NameRules } from '../ir/tool-name.ts'
import { encodeMessages } from './message-encode.ts'
import { GENERATE, NOT_RAW, TOOL_CHOICE, UNSAID_STREAM } from './request-decode.ts'
import { giveBack, giveBackBlank, isOwn, isSpelled, noted } from './rest.ts'
import { UNLIMITED } from './settings-decode.ts'
import { SETTINGS } from './settings-encode.ts'
import { encodeTools, reportChoice } from './tools.ts'
import type { Call, Options } from './wire.ts'

/** The server hands names to the model as they are. */
const ANY_NAME: NameRules = { foreign: /(?!)/gu, longest: Number.POSITIVE_INFINITY }

/** Writes for this model; never changes `asked`, as the next attempt encodes it again. */
export function encodeRequest(asked: ChatRequest, facts: ModelFacts): EncodedRequest {
  const { losses, report } = listLosses()
  const { request, called } = callTools(asked, { names: ANY_NAME }, report)
  if (request.previous !== undefined) report('previous', 'Ollama keeps no conversation')
  const wire: Call = { model: request.model }
  if (isSpelled(request, GENERATE)) writePrompt(wire, request, report)
  else writeConversation(wire, request, report)
  if (!isSpelled(request, UNSAID_STREAM)) wire.stream = request.stream
  const options: Options = {}
  writeFields(request.settings, SETTINGS, wire, { facts, request, options, report }, 'settings', report)
  writeContextLength(options, request, facts)
  giveBack(wire, request, '', report, { options })
  if (Object.keys(options).length > 0) wire.options = options
  giveBackBlank(wire, request)
  for (const name of facts.refuses ?? []) {
    if (!Object.hasOwn(wire, name)) continue
    delete wire[name]
    report(name, `this provider refuses ${name}`)
  }
  return { body: wire, losses, ...(called.size === 0 ? {} : { called }) }
}

function writeConversation(wire: Call, request: ChatRequest, report: ReportLoss): void {
  wire.messages = encodeMessages(request.messages, report)
  const spelled = noted(request, TOOL_CHOICE)
  // A choice that Ollama's own client sent goes back as it was, whatever the server makes of it.
  const { toolChoice, ...unforced } = request
  const tools = encodeTools(spelled === undefined ? request : unforced, report)
  if (tools.length > 0) wire.tools = tools
  if (spelled === undefined) reportChoice(toolChoice, report)
  else wire.tool_choice = JSON.parse(spelled)
  if (request.parallelToolCalls === false) report('parallelToolCalls', 'Ollama cannot be told to call one by one')
}

/** What was a prompt goes back as one; whatever was added to it since is told in it. */
function writePrompt(wire: Call, request: ChatRequest, report: ReportLoss): void {
  const messages = encodeMessages(request.messages, report)
  const told = (isSystem: boolean) => messages.filter(({ role }) => (role === 'system') === isSystem)
  const join = (list: typeof messages) => list.map(({ content }) => content ?? '').join('\n\n')
  if (told(true).length > 0) wire.system = join(told(true))
  const said = told(false)
  if (said.some(({ content }) => content !== undefined && content !== '')) wire.prompt = join(said)
  const images = said.flatMap((message) => message.images ?? [])
  if (images.length > 0) wire.images = images
  if (isSpelled(request, NOT_RAW)) wire.raw = false
}

/** A server that is not told cuts long conversations short without a word; Ollama's own clients know that (trap 135). */
function writeContextLength(options: Options, request: ChatRequest, facts: ModelFacts): void {
  const unlimited = noted(request, UNLIMITED)
  if (unlimited !== undefined) options.num_predict ??= Number(unlimited)
  if (!isOwn(request) && facts.contextTokens !== undefined) options.num_ctx = facts.contextTokens
}
