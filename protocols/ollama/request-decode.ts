/** A client's request, read into the interlingua. */
import type { Decoded, WireRequest } from '../codec.ts'
import { defined } from '../ir/defined.ts'
import { expectArray, expectBoolean, expectObject, expectString, optional, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import { listLosses } from '../ir/loss.ts'
import type { Message } from '../ir/message.ts'
import type { ChatRequest } from '../ir/request.ts'
import { decodeMessages, readImages } from './message-decode.ts'
import { GENERATE_PATH } from './paths.ts'
import { createRest, dropBlank } from './rest.ts'
import { decodeSettings, SETTING_MEMBERS } from './settings-decode.ts'
import { decodeToolChoice, decodeTools } from './tools.ts'

const MEMBERS = new Set(['model', 'messages', 'tools', 'tool_choice', 'stream', ...SETTING_MEMBERS])
const GENERATE_MEMBERS = new Set(['model', 'prompt', 'system', 'images', 'stream', ...SETTING_MEMBERS])

/** Spelling of a request that was made for `/api/generate`. */
export const GENERATE = 'generate'
/** The client did not say whether it wants a stream, which means that it does. */
export const UNSAID_STREAM = 'stream:unsaid'
/** What the client wrote as `tool_choice`, as JSON. */
export const TOOL_CHOICE = 'tool_choice:'

/** @throws ApiFailure `bad-request` naming the member. */
export function decodeRequest(wire: WireRequest, body: unknown): Decoded<ChatRequest> {
  const all = expectObject(body, 'body')
  const isGenerate = wire.endpoint.path === GENERATE_PATH
  const { losses, report } = listLosses()
  const rest = createRest()
  const fields = dropBlank(all, rest)
  const model = expectString(all.model, 'model')
  if (model === '') refuse('model', 'expected the name of a model')
  const stream = optional(fields.stream, 'stream', expectBoolean)
  if (stream === undefined) rest.spell(UNSAID_STREAM)
  if (isGenerate) rest.spell(GENERATE)
  // A raw prompt is the whole of what the model reads; not to be raw is how every other is.
  if (isGenerate && fields.raw === false) rest.spell(NOT_RAW)
  const { tools, tool_choice: choice } = isGenerate ? {} : fields
  if (choice !== undefined) rest.note(TOOL_CHOICE, JSON.stringify(choice))
  const settings = decodeSettings(fields, rest)
  rest.take(isGenerate && fields.raw === false ? withoutRaw(fields) : fields, isGenerate ? GENERATE_MEMBERS : MEMBERS)
  const value = defined<ChatRequest>({
    model,
    messages: isGenerate
      ? readPrompt(fields)
      : decodeMessages(optional(all.messages, 'messages', expectArray) ?? [], report),
    tools: optional(tools, 'tools', decodeTools),
    toolChoice: decodeToolChoice(choice),
    settings,
    stream: stream ?? true,
    ...rest.kept(),
  })
  return { value, losses }
}

export const NOT_RAW = 'raw:false'

function withoutRaw({ raw: _raw, ...fields }: JsonObject): JsonObject {
  return fields
}

/** A prompt is what a user says. */
function readPrompt(fields: JsonObject): Message[] {
  const system = optional(fields.system, 'system', expectString)
  const prompt = optional(fields.prompt, 'prompt', expectString)
  const images = readImages(fields, '')
  const said = [...(prompt === undefined ? [] : [{ type: 'text', text: prompt } as const]), ...images]
  return [
    ...(system === undefined ? [] : [{ role: 'system', parts: [{ type: 'text', text: system }] } as const]),
    ...(said.length === 0 ? [] : [{ role: 'user', parts: said } as const]),
  ]
}
