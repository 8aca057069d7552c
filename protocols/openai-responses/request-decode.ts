/** A client's request, read into the interlingua. */
import type { Decoded, WireRequest } from '../codec.ts'
import { defined } from '../ir/defined.ts'
import { expectBoolean, expectObject, expectString, optional, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { Message } from '../ir/message.ts'
import type { ChatRequest } from '../ir/request.ts'
import type { Rest } from '../ir/rest.ts'
import { isCompaction } from './compact-path.ts'
import { askForSummary } from './compaction.ts'
import { decodeInput, decodeInstructions } from './input-decode.ts'
import { writeNotes } from './notes.ts'
import { createRest, PROTOCOL } from './rest.ts'
import { decodeSettings, SETTING_MEMBERS } from './settings-decode.ts'
import { decodeToolChoice } from './tool-choice.ts'
import { type DecodedTools, decodeTools } from './tools-decode.ts'

const MEMBERS = new Set([
  'model',
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'stream',
  'previous_response_id',
  ...SETTING_MEMBERS,
])

/** Members that name what is stored at a server, whose answers nobody else has. */
const STORED = ['conversation']

/** Members that say what is so anyway. */
const USUAL: Readonly<Record<string, unknown>> = { background: false, truncation: 'disabled' }
export const USUAL_WORD = 'usual:'
export const EMPTY_INPUT = 'no-input'
export const HAS_TOOLS = 'tools'
export const NOT_STREAMED = 'stream:false'
export const EMPTY_INSTRUCTIONS = 'no-instructions'

/** @throws ApiFailure `bad-request` naming the member. */
export function decodeRequest(wire: WireRequest, body: unknown): Decoded<ChatRequest> {
  const fields = expectObject(body, 'body')
  const rest = createRest()
  const model = expectString(fields.model, 'model')
  if (model === '') refuse('model', 'expected the name of a model')
  refuseStored(fields)
  const stream = optional(fields.stream, 'stream', expectBoolean)
  if (stream === false) rest.spell(NOT_STREAMED)
  const tools = decodeTools(fields)
  if (Array.isArray(fields.tools)) rest.spell(HAS_TOOLS)
  const hasTools = Array.isArray(fields.tools) || tools.tools.length > 0
  const value = defined<ChatRequest>({
    model,
    messages: readMessages(fields, isCompaction(wire), tools, rest),
    tools: hasTools ? tools.tools : undefined,
    toolChoice: optional(fields.tool_choice, 'tool_choice', (choice) => decodeToolChoice(choice, rest, tools.nameTool)),
    parallelToolCalls: optional(fields.parallel_tool_calls, 'parallel_tool_calls', expectBoolean),
    settings: decodeSettings(fields, rest),
    stream: stream ?? false,
    previous: optional(fields.previous_response_id, 'previous_response_id', expectString),
    ...finish(fields, tools, rest),
  })
  return { value: isCompaction(wire) ? askForSummary(value) : value, losses: [] }
}

/** Last, as all readers have by then said how things were spelled. */
function finish(fields: JsonObject, { notes }: DecodedTools, rest: Rest) {
  const usual = Object.keys(USUAL).filter((name) => fields[name] === USUAL[name])
  if (usual.length > 0) rest.note(USUAL_WORD, usual.join(','))
  rest.take(fields, usual.length === 0 ? MEMBERS : new Set([...MEMBERS, ...usual]))
  writeNotes(notes, rest)
  return rest.kept()
}

/** The value that a member noted as usual has. */
export function usualValue(name: string): unknown {
  return USUAL[name]
}

function readMessages(
  fields: JsonObject,
  compacts: boolean,
  { nameTool, lifted, searches }: DecodedTools,
  rest: Rest,
): Message[] {
  const instructions = optional(fields.instructions, 'instructions', expectString)
  if (instructions === '') rest.spell(EMPTY_INSTRUCTIONS)
  const system = instructions === undefined || instructions === '' ? [] : [decodeInstructions(instructions)]
  // A stored prompt may hold all that is to be said, a stored answer all that is to be made short.
  const isElsewhere = isTold(fields.prompt) || (compacts && isTold(fields.previous_response_id))
  if ((fields.input === undefined || fields.input === null) && isElsewhere) {
    rest.spell(EMPTY_INPUT)
    return system
  }
  return [...system, ...decodeInput(fields.input, { issuer: PROTOCOL, nameTool, searches }, lifted)]
}

function isTold(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** To go on as if nothing had been said before would answer another question (trap 144). */
function refuseStored(fields: JsonObject): void {
  for (const name of STORED) {
    if (isTold(fields[name])) refuse(name, 'stored answers are not kept here: send the whole conversation as input')
  }
}
