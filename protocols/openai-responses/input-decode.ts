/** The conversation: `input` on the wire, messages of the interlingua. */
import { expectArray, expectObject, expectString, optional, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { Message } from '../ir/message.ts'
import type { Part } from '../ir/part.ts'
import { decodeResult } from './calls.ts'
import { noteItem } from './item-notes.ts'
import { decodePart } from './parts.ts'
import { createRest } from './rest.ts'
import { readSummary } from './summary.ts'
import { decodeSearchResult } from './tool-search.ts'
import { decodeTurnItem, kindOfItem, STRING, type TurnContext } from './turn-decode.ts'

const MESSAGE_MEMBERS = new Set(['type', 'role', 'id', 'status', 'content'])

/** Members of any item that are words; those of answers are not judged. */
const WORDS = ['type', 'id', 'status'] as const

type SpeechRole = 'user' | 'system' | 'developer'
const SPEECH_ROLES: ReadonlySet<unknown> = new Set<SpeechRole>(['user', 'system', 'developer'])

/** Spelling of a message that was the whole `input`, and of one that was the `instructions`. */
export const BARE_INPUT = 'bare-input'
export const INSTRUCTIONS = 'instructions'

/**
 * Items of one turn of the assistant become one message, so that other protocols see one turn.
 *
 * @param lifted places of items that were taken out before, and are no message.
 * @throws ApiFailure `bad-request` naming the member.
 */
export function decodeInput(input: unknown, context: TurnContext, lifted: ReadonlySet<number> = new Set()): Message[] {
  if (typeof input === 'string') {
    const rest = createRest()
    rest.spell(BARE_INPUT)
    return [{ role: 'user', parts: [{ type: 'text', text: input }], ...rest.kept() }]
  }
  const messages: Message[] = []
  let turn: Part[] = []
  const tellTurn = () => {
    if (turn.length > 0) messages.push({ role: 'assistant', parts: turn, ...createRest().kept() })
    turn = []
  }
  for (const [index, value] of expectArray(input, 'input').entries()) {
    if (lifted.has(index)) continue
    const path = `input.${index}`
    const fields = expectObject(value, path)
    for (const name of WORDS) optional(fields[name], `${path}.${name}`, expectString)
    const message = decodeSpeech(fields, path) ?? decodeResultItem(fields, path, context) ?? readSummary(fields)
    if (message === undefined) {
      turn.push(...decodeTurnItem(fields, path, context))
    } else {
      tellTurn()
      messages.push(message)
    }
  }
  tellTurn()
  return messages
}

export function decodeInstructions(text: string): Message {
  const rest = createRest()
  rest.spell(INSTRUCTIONS)
  return { role: 'system', parts: [{ type: 'text', text }], ...rest.kept() }
}

/** A message of anybody but the assistant. */
function decodeSpeech(fields: JsonObject, path: string): Message | undefined {
  if (kindOfItem(fields) !== 'message' || fields.role === 'assistant') return undefined
  const role = expectString(fields.role, `${path}.role`)
  if (!isSpeechRole(role)) {
    refuse(`${path}.role`, `expected user, assistant, system or developer, got "${role.slice(0, 40)}"`)
  }
  const rest = createRest()
  noteItem(fields, rest)
  const parts = readContent(fields, path, rest)
  rest.take(fields, MESSAGE_MEMBERS)
  return { role, parts, ...rest.kept() }
}

function isSpeechRole(role: string): role is SpeechRole {
  return SPEECH_ROLES.has(role)
}

function readContent(fields: JsonObject, path: string, rest: ReturnType<typeof createRest>): Part[] {
  if (typeof fields.content === 'string') {
    rest.spell(STRING)
    return [{ type: 'text', text: fields.content }]
  }
  const content = optional(fields.content, `${path}.content`, expectArray)
  if (content === undefined) expectString(fields.content, `${path}.content`)
  return (content ?? []).map((piece, index) => decodePart(piece, `${path}.content.${index}`, 'input'))
}

function decodeResultItem(fields: JsonObject, path: string, { nameTool, searches }: TurnContext): Message | undefined {
  const search = searches === true ? decodeSearchResult(fields) : undefined
  if (search !== undefined) return search
  const kind = kindOfItem(fields)
  if (kind !== 'function_call_output' && kind !== 'custom_tool_call_output') return undefined
  const result = decodeResult(fields, path, kind === 'custom_tool_call_output', nameTool)
  return { role: 'tool', parts: [result], ...createRest().kept() }
}
