/** Items that an assistant's turn is made of: each is one part of the interlingua or several. */
import { expectArray, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { Part } from '../ir/part.ts'
import type { Rest } from '../ir/rest.ts'
import { decodeCall, type NameTool, opaqueItem } from './calls.ts'
import { noteItem } from './item-notes.ts'
import { decodePart } from './parts.ts'
import { decodeReasoning } from './reasoning.ts'
import { createRest } from './rest.ts'
import { decodeSearchCall } from './tool-search.ts'

/** Spellings of the first piece of a message, and of those that follow it in the same message. */
export const STRING = 'string'
export const SAME_MESSAGE = 'same'

const MESSAGE_MEMBERS = new Set(['type', 'role', 'id', 'status', 'content'])

export interface TurnContext {
  /** Who can read what is encrypted here. */
  readonly issuer: string
  readonly nameTool: NameTool
  /** A client looks tools up, and its calls for that are read. */
  readonly searches?: boolean
}

/** What an item is, told by its type or, where a client left that out, by its members (trap 142). */
export type ItemKind =
  | 'message'
  | 'function_call'
  | 'custom_tool_call'
  | 'function_call_output'
  | 'custom_tool_call_output'
  | 'reasoning'
  | 'other'

const KINDS: ReadonlySet<string> = new Set<ItemKind>([
  'message',
  'function_call',
  'custom_tool_call',
  'function_call_output',
  'custom_tool_call_output',
  'reasoning',
])

export function kindOfItem(fields: JsonObject): ItemKind {
  const { type } = fields
  if (typeof type === 'string') {
    // Checked against the list of kinds, of which `other` stands for the rest.
    return KINDS.has(type) ? (type as ItemKind) : 'other'
  }
  if (fields.call_id !== undefined && fields.arguments !== undefined) return 'function_call'
  if (fields.call_id !== undefined && fields.output !== undefined) return 'function_call_output'
  return fields.role === undefined ? 'other' : 'message'
}

/** @returns the parts of an item that an assistant's turn can hold, a message of the assistant among them. */
export function decodeTurnItem(fields: JsonObject, path: string, context: TurnContext): readonly Part[] {
  const { issuer, nameTool } = context
  const search = context.searches === true ? decodeSearchCall(fields) : undefined
  if (search !== undefined) return [search]
  switch (kindOfItem(fields)) {
    case 'message':
      return decodeAssistantMessage(fields, path)
    case 'function_call':
      return [decodeCall(fields, path, false, nameTool)]
    case 'custom_tool_call':
      return [decodeCall(fields, path, true, nameTool)]
    case 'reasoning':
      return [decodeReasoning(fields, path, issuer) ?? opaqueItem(fields)]
    case 'function_call_output':
    case 'custom_tool_call_output':
    case 'other':
      return [opaqueItem(fields)]
  }
}

/** Its first part bears what is known of the message, the others that they belong to it. */
function decodeAssistantMessage(fields: JsonObject, path: string): readonly Part[] {
  if (typeof fields.content === 'string') {
    const rest = createRest()
    rest.spell(STRING)
    noteMessage(fields, rest)
    return [{ type: 'text', text: fields.content, ...rest.kept() }]
  }
  const content = optional(fields.content, `${path}.content`, expectArray)
  if (content === undefined && fields.content !== null) expectString(fields.content, `${path}.content`)
  if (content === undefined || content.length === 0) return [opaqueItem(fields)]
  return content.map((piece, index) =>
    decodePart(piece, `${path}.content.${index}`, 'output', (rest) =>
      index === 0 ? noteMessage(fields, rest) : rest.spell(SAME_MESSAGE),
    ),
  )
}

/** What else the message bears (its phase, say) is kept with its first part. */
function noteMessage(fields: JsonObject, rest: Rest): void {
  noteItem(fields, rest)
  rest.take(fields, MESSAGE_MEMBERS, 'message.')
}
