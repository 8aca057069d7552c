/** A client's request, read into the interlingua. */
import type { Decoded } from '../codec.ts'
import { defined } from '../ir/defined.ts'
import { expectArray, expectBoolean, expectList, expectObject, expectString, optional, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import { listLosses, type ReportLoss } from '../ir/loss.ts'
import type { Message } from '../ir/message.ts'
import type { ChatRequest } from '../ir/request.ts'
import type { Tool } from '../ir/tool.ts'
import { readContent } from './assistant.ts'
import { decodeMessages } from './message-decode.ts'
import { decodePart } from './parts.ts'
import { createRest, LEGACY_CLIENT, type Rest } from './rest.ts'
import { decodeSettings, SETTING_MEMBERS } from './settings-decode.ts'
import { decodeFunctionChoice, decodeToolChoice } from './tool-choice.ts'
import { decodeFunctions, decodeTools } from './tools.ts'

const MEMBERS = new Set([
  'model',
  'messages',
  'system',
  'tools',
  'functions',
  'tool_choice',
  'function_call',
  'parallel_tool_calls',
  'stream',
  'stream_options',
  ...SETTING_MEMBERS,
])
const STREAM_MEMBERS = new Set(['include_usage'])

/**
 * Reads what OpenAI and its copies take. Also understood are the members `system`, `stop_sequences` and `input_schema`
 * of Anthropic's API, which some clients send to this endpoint (X2).
 *
 * @throws ApiFailure `bad-request` naming the member that is wrong.
 */
export function decodeRequest(body: unknown): Decoded<ChatRequest> {
  const fields = expectObject(body, 'body')
  const { losses, report } = listLosses()
  const rest = createRest()
  const model = expectString(fields.model, 'model')
  if (model === '') refuse('model', 'expected the name of a model')
  const messages = expectArray(fields.messages, 'messages')
  if (messages.length === 0) refuse('messages', 'expected at least one message')
  const stream = optional(fields.stream, 'stream', expectBoolean)
  if (stream === false) rest.spell('stream:false')
  const tools = readTools(fields, rest)
  const choice = readChoice(fields, rest, report)
  const value = defined<ChatRequest>({
    model,
    messages: [...readSystem(fields), ...decodeMessages(messages)],
    tools,
    toolChoice: choice?.choice,
    parallelToolCalls: optional(fields.parallel_tool_calls, 'parallel_tool_calls', expectBoolean) ?? choice?.parallel,
    settings: decodeSettings(fields, rest, report),
    stream: stream ?? false,
    streamUsage: readStreamOptions(fields, rest),
    ...finish(fields, rest),
  })
  return { value, losses }
}

/** Last, as all readers have by then said how things were spelled. */
function finish(fields: JsonObject, rest: Rest) {
  rest.take(fields, MEMBERS)
  return rest.kept()
}

function readSystem(fields: JsonObject): Message[] {
  if (fields.system === undefined || fields.system === null) return []
  const rest = createRest()
  if (typeof fields.system === 'string') {
    return [{ role: 'system', parts: readContent({ content: fields.system }, 'system', rest), ...rest.kept() }]
  }
  rest.spell('list')
  return [{ role: 'system', parts: expectList(decodePart)(fields.system, 'system'), ...rest.kept() }]
}

function readTools(fields: JsonObject, rest: Rest): Tool[] | undefined {
  const tools = optional(fields.tools, 'tools', decodeTools)
  const functions = optional(fields.functions, 'functions', decodeFunctions)
  if (functions !== undefined && tools === undefined) rest.spell(LEGACY_CLIENT)
  return functions === undefined ? tools : [...(tools ?? []), ...functions]
}

function readChoice(fields: JsonObject, rest: Rest, report: ReportLoss) {
  const choice = optional(fields.tool_choice, 'tool_choice', (value, path) =>
    decodeToolChoice(value, path, rest, report),
  )
  const older = optional(fields.function_call, 'function_call', decodeFunctionChoice)
  return choice ?? (older === undefined ? undefined : { choice: older, parallel: undefined })
}

/** This protocol tells usage inside a stream only to those who ask for it. */
function readStreamOptions(fields: JsonObject, rest: Rest): boolean {
  const options = optional(fields.stream_options, 'stream_options', expectObject)
  if (options === undefined) return false
  rest.take(options, STREAM_MEMBERS, 'stream_options.')
  return optional(options.include_usage, 'stream_options.include_usage', expectBoolean) ?? false
}
