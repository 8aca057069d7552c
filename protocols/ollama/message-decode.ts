/** The conversation: messages on the wire, one message of the interlingua each. */
import { type Expect, expectArray, expectList, expectObject, expectString, optional, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Message } from '../ir/message.ts'
import type { ImagePart, Part, TextPart, ToolCallPart, ToolResultPart } from '../ir/part.ts'
import type { Rest } from '../ir/rest.ts'
import { decodeCall } from './calls.ts'
import { decodeImage } from './media.ts'
import { createPairing, type Pairing } from './pairing.ts'
import { createRest, dropBlank } from './rest.ts'

/** How `content` was written where it is no text that says something. */
export const CONTENT = 'content:'
/** Which members of a tool's answer told whose it is. */
export const NAMED_BY = 'named-by:'

interface Turn {
  readonly fields: JsonObject
  readonly path: string
  readonly index: number
  readonly rest: Rest
  readonly pairing: Pairing
  readonly report: ReportLoss
}

type WireRole = 'system' | 'developer' | 'user' | 'assistant' | 'tool'

const ROLES: { readonly [Role in WireRole]: (turn: Turn) => Message } = {
  system: (turn) => readSpeech('system', turn),
  // No role of Ollama's own, but some templates know it.
  developer: (turn) => readSpeech('developer', turn),
  user: (turn) => readSpeech('user', turn),
  assistant: readAssistant,
  tool: readTool,
}

const SPEECH_MEMBERS = new Set(['role', 'content', 'images'])
const ASSISTANT_MEMBERS = new Set([...SPEECH_MEMBERS, 'thinking', 'tool_calls'])
const TOOL_MEMBERS = new Set([...SPEECH_MEMBERS, 'tool_name', 'name', 'tool_call_id'])
/** Its absence, its emptiness and null are noted by themselves. */
const NEVER_BLANK = new Set(['content'])

/** @throws ApiFailure `bad-request` naming the member. */
export function decodeMessages(messages: readonly unknown[], report: ReportLoss): Message[] {
  const pairing = createPairing()
  return messages.map((message, index) => {
    const path = `messages.${index}`
    const all = expectObject(message, path)
    const rest = createRest()
    const fields = dropBlank(all, rest, NEVER_BLANK)
    const role = expectString(fields.role, `${path}.role`)
    if (!isRole(role))
      refuse(`${path}.role`, `expected one of ${Object.keys(ROLES).join(', ')}, got "${role.slice(0, 40)}"`)
    return ROLES[role]({ fields, path, index, rest, pairing, report })
  })
}

function isRole(role: string): role is WireRole {
  return Object.hasOwn(ROLES, role)
}

function readSpeech(role: 'system' | 'developer' | 'user', turn: Turn): Message {
  const parts: Part[] = [...readText(turn), ...readImages(turn.fields, turn.path)]
  turn.rest.take(turn.fields, SPEECH_MEMBERS)
  return { role, parts, ...turn.rest.kept() }
}

function readAssistant(turn: Turn): Message {
  const { fields, path, index, rest, pairing } = turn
  const thinking = optional(fields.thinking, `${path}.thinking`, expectString)
  const calls = decodeCalls(fields.tool_calls, `${path}.tool_calls`, (place) => `call_${index}_${place}`)
  const parts: Part[] = [
    ...(thinking === undefined ? [] : [{ type: 'reasoning', text: thinking } as const]),
    ...readText(turn),
    ...readImages(fields, path),
    ...calls,
  ]
  pairing.begin(calls)
  rest.take(fields, ASSISTANT_MEMBERS)
  return { role: 'assistant', parts, ...rest.kept() }
}

/** @param makeId an id for the call at this place, where it has none; the same for the same conversation. */
export function decodeCalls(value: unknown, path: string, makeId: (place: number) => string): ToolCallPart[] {
  const list = optional(value, path, expectArray) ?? []
  return list.map((call, place) => decodeCall(call, `${path}.${place}`, makeId(place)))
}

function readTool(turn: Turn): Message {
  const { fields, path, index, rest, pairing } = turn
  const read = (name: string) => optional(fields[name], `${path}.${name}`, expectString)
  const told = { tool_name: read('tool_name'), name: read('name'), tool_call_id: read('tool_call_id') }
  const name = told.tool_name ?? told.name
  const call = pairing.find(told.tool_call_id, name)
  const members = Object.entries(told).filter(([, value]) => value !== undefined)
  rest.note(NAMED_BY, members.map(([member]) => member).join())
  const known = name ?? call?.name
  const result: ToolResultPart = {
    type: 'tool-result',
    callId: told.tool_call_id ?? call?.id ?? `call_${index}`,
    ...(known === undefined ? {} : { name: known }),
    content: [...readResultText(turn), ...readImages(fields, path)],
    ...createRest().kept(),
  }
  rest.take(fields, TOOL_MEMBERS)
  return { role: 'tool', parts: [result], ...rest.kept() }
}

function readText({ fields, path, rest }: Turn): TextPart[] {
  const content = optional(fields.content, `${path}.content`, expectString)
  if (content === undefined) rest.note(CONTENT, fields.content === null ? 'null' : 'absent')
  return content === undefined || content === '' ? [] : [{ type: 'text', text: content }]
}

/** Some clients hand on what a tool gave, whatever it is (trap 72). */
function readResultText(turn: Turn): TextPart[] {
  const { content } = turn.fields
  if (content === undefined || content === null || typeof content === 'string') return readText(turn)
  turn.report(`messages.${turn.index}.content`, 'told as its JSON text, as a result is a text', 'changed')
  return [{ type: 'text', text: JSON.stringify(content) }]
}

const expectImages: Expect<readonly ImagePart[]> = expectList(decodeImage)

export function readImages(fields: JsonObject, path: string): readonly ImagePart[] {
  return optional(fields.images, path === '' ? 'images' : `${path}.images`, expectImages) ?? []
}
