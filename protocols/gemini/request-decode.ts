/** A client's request, read. */
import type { Decoded, WireRequest } from '../codec.ts'
import { expectObject, expectString, optional, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { Message, Role } from '../ir/message.ts'
import type { ChatRequest } from '../ir/request.ts'
import { asksForStream, modelOf } from './action.ts'
import { createCallBook } from './call-book.ts'
import { createKeeper, type Keeper, PROTOCOL } from './keep.ts'
import { decodePart, type PartReader } from './parts.ts'
import { decodeGenerationConfig } from './settings-decode.ts'
import { decodeToolConfig } from './tool-choice.ts'
import { decodeTools } from './tools.ts'

const KNOWN = new Set([
  'model',
  'contents',
  'systemInstruction',
  'tools',
  'toolConfig',
  'generationConfig',
  'serviceTier',
  'store',
])
const COUNT = new Set([...KNOWN, 'generateContentRequest'])
const CONTENT = new Set(['role', 'parts'])

/** The client offered tools, whatever has become of them since. */
export const HAD_TOOLS = 'tools:had'

/**
 * Reads the body of `:generateContent`, `:streamGenerateContent` and `:countTokens`; which it is tells the path.
 *
 * @throws ApiFailure `bad-request` naming the field.
 * @see https://ai.google.dev/api/generate-content
 */
export function decodeRequest(wire: WireRequest, body: unknown): Decoded<ChatRequest> {
  const keeper = createKeeper()
  const counting = wire.endpoint.operation === 'count-tokens'
  const fields = counting ? readCount(body, keeper) : keeper.read(expectObject(body, 'body'), KNOWN)

  const inBody = optional(fields.model, 'model', expectString)
  if (inBody !== undefined) keeper.spell(`body-model:${inBody.startsWith('models/') ? 'models/' : ''}`)
  const system = decodeSystem(fields.systemInstruction)
  const contents = decodeContents(fields.contents, keeper)
  const tools = optional(fields.tools, 'tools', (value, path) => decodeTools(value, path, keeper))
  if (tools !== undefined) keeper.spell(HAD_TOOLS)
  const toolChoice = optional(fields.toolConfig, 'toolConfig', (value, path) => decodeToolConfig(value, path, keeper))
  const config = decodeGenerationConfig(fields.generationConfig, keeper)
  const serviceTier = optional(fields.serviceTier, 'serviceTier', expectString)
  const store = optional(fields.store, 'store', (value, path) =>
    typeof value === 'boolean' ? value : refuse(path, 'expected true or false'),
  )
  return {
    value: {
      model: modelOf(wire, body),
      messages: [...system, ...contents],
      ...(tools === undefined ? {} : { tools }),
      ...(toolChoice === undefined ? {} : { toolChoice }),
      settings: {
        ...config,
        ...(serviceTier === undefined ? {} : { serviceTier }),
        ...(store === undefined ? {} : { store }),
      },
      stream: asksForStream(wire),
      ...keeper.kept(),
    },
    losses: [],
  }
}

/** A count takes the contents alone, or a whole request in a member of its own. */
function readCount(body: unknown, keeper: Keeper): JsonObject {
  const fields = keeper.read(expectObject(body, 'body'), COUNT)
  if (fields.generateContentRequest === undefined) return fields
  keeper.spell('wrapped')
  return keeper.read(expectObject(fields.generateContentRequest, 'generateContentRequest'), KNOWN)
}

function decodeSystem(value: unknown): readonly Message[] {
  if (value === undefined) return []
  const path = 'systemInstruction'
  if (typeof value === 'string')
    return [{ role: 'system', parts: [{ type: 'text', text: value }], ...spelled('string') }]
  const keeper = createKeeper()
  keeper.spell('instruction')
  const fields = keeper.read(expectObject(value, path), CONTENT)
  // Instructions are the system's whatever role they bear: the official client always writes one.
  if (typeof fields.role === 'string' && /^\w+$/.test(fields.role)) keeper.spell(`role:=${fields.role}`)
  else if (fields.role !== undefined) keeper.keep('role', fields.role)
  const parts = decodeParts(fields.parts, `${path}.parts`, keeper, readerOf())
  return [{ role: 'system', parts, ...keeper.kept() }]
}

function spelled(form: string) {
  return { spelling: { protocol: PROTOCOL, form: `instruction ${form}` } }
}

function decodeContents(value: unknown, keeper: Keeper): readonly Message[] {
  if (typeof value === 'string') keeper.spell('contents:string')
  else if (typeof value === 'object' && value !== null && !Array.isArray(value)) keeper.spell('contents:single')
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value]
  if (value === undefined) refuse('contents', 'expected what is said to the model')
  if (list.length === 0) refuse('contents', 'expected at least one content')
  const reader = readerOf()
  return list.map((content, index) => decodeContent(content, `contents.${index}`, reader))
}

interface HistoryReader extends PartReader {
  nextTurn(): void
}

/** Remembers the calls of one conversation, so that its results find them. */
function readerOf(): HistoryReader {
  const calls = createCallBook()
  return {
    issuer: PROTOCOL,
    idOfCall: calls.add,
    callOfResult: calls.answer,
    nextTurn: calls.nextTurn,
  }
}

/** `assistant` and `system` are not of this API, but what is meant is plain. */
const ROLES: ReadonlyMap<string, Role> = new Map([
  ['user', 'user'],
  ['model', 'assistant'],
  ['function', 'tool'],
  ['tool', 'tool'],
  ['assistant', 'assistant'],
  ['system', 'system'],
])

function decodeContent(value: unknown, path: string, reader: HistoryReader): Message {
  if (typeof value === 'string') {
    return { role: 'user', parts: [{ type: 'text', text: value }], spelling: { protocol: PROTOCOL, form: 'string' } }
  }
  const keeper = createKeeper()
  const raw = expectObject(value, path)
  // A bare part where a content is meant.
  if (raw.parts === undefined && raw.role === undefined) {
    keeper.spell('part')
    return { role: 'user', parts: [decodePart(raw, path, reader)], ...keeper.kept() }
  }
  const fields = keeper.read(raw, CONTENT)
  const name = optional(fields.role, `${path}.role`, expectString)
  const role =
    name === undefined || name === ''
      ? 'user'
      : (ROLES.get(name) ?? refuse(`${path}.role`, `expected user or model, got ${JSON.stringify(name)}`))
  keeper.spell(`role:${name === undefined ? '' : `=${name}`}`)
  if (role === 'assistant') reader.nextTurn()
  const parts = decodeParts(fields.parts, `${path}.parts`, keeper, reader)
  return { role: role === 'tool' && !parts.every(isResult) ? 'user' : role, parts, ...keeper.kept() }
}

function isResult(part: { readonly type: string }): boolean {
  return part.type === 'tool-result'
}

/** A list, or a single one where a list is meant. */
function decodeParts(value: unknown, path: string, keeper: Keeper, reader: PartReader): Message['parts'] {
  if (value === undefined) {
    keeper.spell('no-parts')
    return []
  }
  if (Array.isArray(value)) return value.map((part, index) => decodePart(part, `${path}.${index}`, reader))
  keeper.spell('parts:single')
  return [decodePart(value, path, reader)]
}
