/** A client's request, read. */
import type { Decoded, WireRequest } from '../codec.ts'
import { expectArray, expectList, expectObject, expectRange, expectString, optional, refuse } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import { listLosses } from '../ir/loss.ts'
import type { Message } from '../ir/message.ts'
import type { ChatRequest, ChatSettings } from '../ir/request.ts'
import { hideDeferred } from './deferred.ts'
import { type Inner, keepRest, PROTOCOL } from './keep.ts'
import { type BlockReader, decodeContent } from './parts.ts'
import { SCALARS } from './scalars.ts'
import { decodeReasoning, decodeResponseFormat } from './thinking.ts'
import { decodeToolChoice, decodeTools } from './tools.ts'

const KNOWN = new Set([
  'model',
  'messages',
  'system',
  'tools',
  'tool_choice',
  'max_tokens',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'stream',
  'thinking',
  'output_config',
  'output_format',
  'metadata',
  'service_tier',
  // Not of this API, but sent to it by people who know others.
  'presence_penalty',
  'frequency_penalty',
  'thinkingBudget',
])

const CLIENT: BlockReader = { issuer: PROTOCOL }

/**
 * Reads the body of `/v1/messages` and of `/v1/messages/count_tokens`.
 *
 * @throws ApiFailure `bad-request` naming the field.
 * @see https://docs.anthropic.com/en/api/messages
 */
export function decodeRequest(wire: WireRequest, body: unknown): Decoded<ChatRequest> {
  const { losses, report } = listLosses()
  const fields = expectObject(body, 'body')
  const counting = wire.endpoint.operation === 'count-tokens'

  const messages = decodeMessages(fields.messages)
  const model = SCALARS.model(fields.model, 'model')
  const system = decodeSystem(fields.system)
  const declared = optional(fields.tools, 'tools', decodeTools)
  const tools = declared && hideDeferred(declared, expectArray(fields.tools, 'tools'), messages)
  const choice = optional(fields.tool_choice, 'tool_choice', (value, path) =>
    decodeToolChoice(value, tools ?? [], path),
  )
  const { settings, inner, words } = decodeSettings(fields)
  const stream = optional(fields.stream, 'stream', SCALARS.stream)
  if (fields.thinkingBudget !== undefined) report('thinkingBudget', 'the Messages API has no such field')

  const spelled = ['request', ...words, ...(counting ? ['count'] : []), ...(stream === false ? ['unstreamed'] : [])]
  return {
    value: {
      model,
      messages: [...system, ...messages],
      ...(tools === undefined ? {} : { tools }),
      ...(choice?.toolChoice === undefined ? {} : { toolChoice: choice.toolChoice }),
      ...(choice?.parallelToolCalls === undefined ? {} : { parallelToolCalls: choice.parallelToolCalls }),
      settings,
      stream: counting ? false : (stream ?? false),
      ...keepRest(fields, KNOWN, spelled, [...inner, ...(choice?.inner ?? [])]),
    },
    losses,
  }
}

/** Top-level system text is a leading message of its own; it is told from those that stand among the messages by its spelling. */
function decodeSystem(value: unknown): readonly Message[] {
  if (value === undefined || value === null) return []
  const form = typeof value === 'string' ? 'string' : 'list'
  const parts = decodeContent(value, 'system', CLIENT)
  return [{ role: 'system', parts, spelling: { protocol: PROTOCOL, form } }]
}

function decodeMessages(value: unknown): readonly Message[] {
  const list = expectArray(value, 'messages')
  if (list.length === 0) refuse('messages', 'expected at least one message')
  return list.map((message, index) => decodeMessage(message, `messages.${index}`))
}

const ROLES: ReadonlyMap<unknown, 'user' | 'assistant' | 'system'> = new Map([
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['system', 'system'],
])

function decodeMessage(value: unknown, path: string): Message {
  const fields = expectObject(value, path)
  const role =
    ROLES.get(expectString(fields.role, `${path}.role`)) ??
    refuse(`${path}.role`, `expected user, assistant or system, got ${JSON.stringify(fields.role)}`)
  // A system message may be there for its settings alone.
  const isBare = role === 'system' && fields.content === undefined
  const form = isBare ? 'bare' : typeof fields.content === 'string' ? 'string' : 'list'
  return {
    role,
    parts: isBare ? [] : decodeContent(fields.content, `${path}.content`, CLIENT),
    ...keepRest(fields, new Set(['role', 'content']), role === 'system' ? [form, 'inline'] : [form]),
  }
}

interface ReadSettings {
  readonly settings: ChatSettings
  readonly inner: readonly Inner[]
  readonly words: readonly string[]
}

const expectPenalty = expectRange(-2, 2)

function decodeSettings(fields: JsonObject): ReadSettings {
  const maxOutputTokens = optional(fields.max_tokens, 'max_tokens', SCALARS.max_tokens)
  const temperature = optional(fields.temperature, 'temperature', SCALARS.temperature)
  const topP = optional(fields.top_p, 'top_p', SCALARS.top_p)
  const topK = optional(fields.top_k, 'top_k', SCALARS.top_k)
  const stop = optional(fields.stop_sequences, 'stop_sequences', expectList(expectString))
  const presencePenalty = optional(fields.presence_penalty, 'presence_penalty', expectPenalty)
  const frequencyPenalty = optional(fields.frequency_penalty, 'frequency_penalty', expectPenalty)
  const serviceTier = optional(fields.service_tier, 'service_tier', expectString)
  const { reasoning, inner: thoughtInner } = decodeReasoning(fields)
  const { responseFormat, inner: formatInner, words } = decodeResponseFormat(fields)
  const { userId, metadata, inner: metadataInner } = decodeMetadata(fields)
  return {
    settings: {
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(topP === undefined ? {} : { topP }),
      ...(topK === undefined ? {} : { topK }),
      ...(stop === undefined ? {} : { stop }),
      ...(presencePenalty === undefined ? {} : { presencePenalty }),
      ...(frequencyPenalty === undefined ? {} : { frequencyPenalty }),
      ...(responseFormat === undefined ? {} : { responseFormat }),
      ...(reasoning === undefined ? {} : { reasoning }),
      ...(userId === undefined ? {} : { userId }),
      ...(metadata === undefined ? {} : { metadata }),
      ...(serviceTier === undefined ? {} : { serviceTier }),
    },
    inner: [...thoughtInner, ...formatInner, ...metadataInner],
    words,
  }
}

interface ReadMetadata {
  readonly userId?: string
  readonly metadata?: JsonObject
  readonly inner: readonly Inner[]
}

function decodeMetadata(fields: JsonObject): ReadMetadata {
  const given = optional(fields.metadata, 'metadata', expectObject)
  if (given === undefined) return { inner: [] }
  const userId = optional(given.user_id, 'metadata.user_id', expectString)
  const { user_id: _userId, ...others } = given
  const isOnlyUser = userId !== undefined && Object.keys(others).length === 0
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(isOnlyUser ? {} : { metadata: others }),
    // The members are in `metadata`; here only a null user is noted.
    inner: [{ name: 'metadata', fields: given, known: new Set(Object.keys(given)) }],
  }
}
