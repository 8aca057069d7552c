/** What an answer repeats of its request, told of the request as its client wrote it, whatever back end has answered. */
import { writeFields } from '../ir/field-table.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { ChatRequest } from '../ir/request.ts'
import { divideInstructions } from './input-encode.ts'
import { readNotes } from './notes.ts'
import { EMPTY_INSTRUCTIONS } from './request-decode.ts'
import { giveBack, isSpelled } from './rest.ts'
import { completeSettings, SETTINGS } from './settings-encode.ts'
import { encodeToolChoice } from './tool-choice.ts'
import { encodeTools } from './tools-encode.ts'
import type { ResponsesRequest, ToolDefinition } from './wire.ts'

/** The API's own defaults, which are told where nobody knows what the request was. */
const DEFAULTS = {
  background: false,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  store: false,
  temperature: null,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: null,
  truncation: 'disabled',
  user: null,
} as const

/** @see https://platform.openai.com/docs/api-reference/responses/object */
export function echoRequest(request: ChatRequest | undefined): Readonly<Record<string, unknown>> {
  if (request === undefined) return DEFAULTS
  const wire = writeEchoed(request)
  const echo: Record<string, unknown> = {}
  for (const [name, usual] of Object.entries(DEFAULTS)) echo[name] = wire[name] ?? usual
  return {
    ...echo,
    reasoning: { ...DEFAULTS.reasoning, ...wire.reasoning },
    text: { ...DEFAULTS.text, ...wire.text },
    tools: (wire.tools ?? []).map(completeTool),
  }
}

/** Whatever could not be told to a back end is reported where it was to be told; this is the client's own. */
const unreported: ReportLoss = () => {}

function writeEchoed(request: ChatRequest): ResponsesRequest {
  const { tools = [], toolChoice, parallelToolCalls, settings } = request
  const context = { facts: {}, request, report: unreported }
  const wire: ResponsesRequest = { model: request.model }
  const [instructions] = divideInstructions(request.messages).instructions
  const [text] = instructions?.parts ?? []
  if (text?.type === 'text') wire.instructions = text.text
  else if (isSpelled(request, EMPTY_INSTRUCTIONS)) wire.instructions = ''
  writeFields(settings, SETTINGS, wire, context, 'settings', unreported)
  completeSettings(wire, request)
  const notes = readNotes(request)
  const toolName = (name: string) => notes.tools[name]?.name ?? name
  wire.tools = [...encodeTools(tools, { ...context, notes, toolName }).tools]
  const custom = tools.filter(({ type }) => type === 'freeform')
  if (toolChoice !== undefined) wire.tool_choice = encodeToolChoice(toolChoice, custom, request, toolName)
  if (parallelToolCalls !== undefined) wire.parallel_tool_calls = parallelToolCalls
  giveBack(wire, request, '', unreported)
  return wire
}

/** A function is told with all its members, as the SDKs' types have it. */
function completeTool(tool: ToolDefinition): ToolDefinition {
  const { type = 'function' } = tool
  return type === 'function' ? { parameters: null, strict: null, ...tool, type } : { ...tool, type }
}
