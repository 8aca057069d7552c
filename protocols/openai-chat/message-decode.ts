/** The conversation: messages on the wire, one message of the interlingua each. */

import { defined } from '../ir/defined.ts'
import { expectObject, expectString, optional, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { Message } from '../ir/message.ts'
import type { Part, ToolResultContent, ToolResultPart } from '../ir/part.ts'
import { ASSISTANT_MEMBERS, decodeAssistant, readContent } from './assistant.ts'
import { isLegacyCall } from './calls.ts'
import { createRest, PROTOCOL, type Rest } from './rest.ts'

type WireRole = 'system' | 'developer' | 'user' | 'assistant' | 'tool' | 'function'

interface Turn {
  readonly fields: JsonObject
  readonly path: string
  readonly index: number
  readonly rest: Rest
  /** Ids that were made for calls of old, by the name of the function: its answer bears only that. */
  readonly legacyIds: Map<string, string>
}

type RoleReader = (turn: Turn) => Message

const SPEECH_MEMBERS = new Set(['role', 'content'])
const TOOL_MEMBERS = new Set(['role', 'content', 'tool_call_id', 'name'])
const FUNCTION_MEMBERS = new Set(['role', 'content', 'name'])

const ROLES: { readonly [Role in WireRole]: RoleReader } = {
  system: (turn) => readSpeech('system', turn),
  developer: (turn) => readSpeech('developer', turn),
  user: (turn) => readSpeech('user', turn),
  assistant: readAssistant,
  tool: readTool,
  function: readFunction,
}

/** @throws ApiFailure `bad-request` naming the member. */
export function decodeMessages(messages: readonly unknown[]): Message[] {
  const legacyIds = new Map<string, string>()
  return messages.map((message, index) => {
    const path = `messages.${index}`
    const fields = expectObject(message, path)
    const role = expectString(fields.role, `${path}.role`)
    if (!isRole(role))
      refuse(`${path}.role`, `expected one of ${Object.keys(ROLES).join(', ')}, got "${role.slice(0, 40)}"`)
    return ROLES[role]({ fields, path, index, rest: createRest(), legacyIds })
  })
}

function isRole(role: string): role is WireRole {
  return Object.hasOwn(ROLES, role)
}

function readSpeech(role: 'system' | 'developer' | 'user', { fields, path, rest }: Turn): Message {
  // Unlike an assistant's, these say something or are nothing.
  if (fields.content === undefined || fields.content === null) expectString(undefined, `${path}.content`)
  const parts = readContent(fields, path, rest)
  rest.take(fields, SPEECH_MEMBERS)
  return { role, parts, ...rest.kept() }
}

function readAssistant({ fields, path, index, rest, legacyIds }: Turn): Message {
  const parts = decodeAssistant(fields, path, `message ${index}`, rest)
  rest.take(fields, ASSISTANT_MEMBERS)
  for (const part of parts) if (part.type === 'tool-call' && isLegacyCall(part)) legacyIds.set(part.name, part.id)
  return { role: 'assistant', parts, ...rest.kept() }
}

function readTool({ fields, path, rest }: Turn): Message {
  const result = defined<ToolResultPart>({
    type: 'tool-result',
    callId: expectString(fields.tool_call_id, `${path}.tool_call_id`),
    name: optional(fields.name, `${path}.name`, expectString),
    content: readContent(fields, path, rest).map(asResultContent),
    ...createRest().kept(),
  })
  rest.take(fields, TOOL_MEMBERS)
  return { role: 'tool', parts: [result], ...rest.kept() }
}

function readFunction({ fields, path, rest, legacyIds }: Turn): Message {
  const name = expectString(fields.name, `${path}.name`)
  const result: ToolResultPart = {
    type: 'tool-result',
    callId: legacyIds.get(name) ?? name,
    name,
    content: readContent(fields, path, rest).map(asResultContent),
    ...createRest().kept(),
  }
  rest.spell('function')
  rest.take(fields, FUNCTION_MEMBERS)
  return { role: 'tool', parts: [result], ...rest.kept() }
}

/** A result is said by a tool: thoughts and refusals in it are text. */
function asResultContent(part: Part): ToolResultContent {
  switch (part.type) {
    case 'reasoning':
    case 'refusal':
      return { type: 'text', text: part.text }
    case 'tool-call':
    case 'tool-result':
      return { type: 'opaque', protocol: PROTOCOL, value: part }
    case 'text':
    case 'image':
    case 'audio':
    case 'file':
    case 'opaque':
      return part
  }
}
