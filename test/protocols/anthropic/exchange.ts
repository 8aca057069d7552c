/** The two sides of an exchange as the tests of this codec need them. */

import { anthropic } from '../../../protocols/anthropic/index.ts'
import type { ReplyContext, StreamDecoder, WireRequest } from '../../../protocols/codec.ts'
import type { ApiError } from '../../../protocols/ir/error.ts'
import { ApiFailure } from '../../../protocols/ir/error.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import type { ModelFacts } from '../../../protocols/ir/facts.ts'
import { createGrammar } from '../../../protocols/ir/grammar.ts'
import type { Loss } from '../../../protocols/ir/loss.ts'
import type { Message } from '../../../protocols/ir/message.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import type { ChatRequest, ChatSettings } from '../../../protocols/ir/request.ts'

export const REPLY: ReplyContext = {
  id: 'x1',
  createdAt: 1_700_000_000,
  askedModel: 'asked',
  servedModel: 'groq/llama-3.1-70b-versatile',
  streamUsage: true,
  estimatedInputTokens: 7,
}

/** The request line that goes with a body: counting, or chat. */
export function wireFor(path = '/v1/messages'): WireRequest {
  const operation = path.includes('count_tokens') ? 'count-tokens' : 'chat'
  const endpoint = anthropic.endpoints.find((one) => one.operation === operation)
  if (endpoint === undefined) throw new Error(operation)
  return { endpoint, params: {}, query: new URLSearchParams(), headers: {} }
}

const HELLO = { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] }

/** Decodes a small request with these members beside or instead of its own. */
export function decodeWith(members: object, path?: string): ChatRequest {
  return anthropic.request.decode(wireFor(path), { ...HELLO, ...members }).value
}

/** Encodes a small request that came from elsewhere. */
export function encodeWith(
  request: Partial<ChatRequest>,
  facts: ModelFacts = {},
): { body: any; losses: readonly Loss[] } {
  const { body, losses } = anthropic.request.encode(
    {
      model: 'm',
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
      settings: {},
      stream: false,
      ...request,
    },
    facts,
  )
  return { body: JSON.parse(JSON.stringify(body)), losses }
}

export function encodeMessages(messages: readonly Message[], facts: ModelFacts = {}) {
  const { body, losses } = encodeWith({ messages }, facts)
  return { system: body.system, messages: body.messages, losses }
}

/** What a client of this protocol sent, as it goes up to a back end of the same. */
export function sendOn(members: object, facts: ModelFacts = {}): { body: any; losses: readonly Loss[] } {
  const { body, losses } = anthropic.request.encode(decodeWith(members), facts)
  return { body: JSON.parse(JSON.stringify(body)), losses }
}

/** `path: effect` of each loss, to be read at a glance. */
export function sketchLosses(losses: readonly Loss[]): string[] {
  return losses.map(({ path, effect }) => `${path}: ${effect}`)
}

/** The failure that a function has to end in. */
export function failureOf(action: () => unknown): ApiError {
  try {
    action()
  } catch (error) {
    if (error instanceof ApiFailure) return error.error
    throw error
  }
  throw new Error('did not fail')
}

export interface DecodedStream {
  /** As the decoder said it. */
  readonly raw: readonly StreamEvent[]
  /** As the grammar made it legal. */
  readonly events: readonly StreamEvent[]
  readonly decoder: StreamDecoder
}

export function decodeStream(chunks: readonly Uint8Array[], facts: ModelFacts = {}): DecodedStream {
  const raw: StreamEvent[] = []
  const events: StreamEvent[] = []
  const grammar = createGrammar({ id: 'x1' }, (event) => events.push(event))
  const decoder = anthropic.stream.decoder({ facts }, (event) => {
    raw.push(event)
    grammar.push(event)
  })
  for (const chunk of chunks) decoder.push(chunk)
  decoder.end()
  grammar.end()
  return { raw, events, decoder }
}

/** A stream of these events, as a back end writes it. */
export function streamOf(events: readonly object[]): Uint8Array {
  return new TextEncoder().encode(
    events.map((event) => `event: ${(event as { type?: string }).type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
  )
}

/** What settings become, without what every small request has. */
export function encodeSettings(settings: ChatSettings, facts: ModelFacts = {}) {
  const { body, losses } = encodeWith({ settings }, facts)
  const { model: _model, messages: _messages, ...written } = body
  return { written, losses: sketchLosses(losses) }
}

/** The parts of the one message. */
export function partsOf(content: unknown): readonly Part[] {
  return decodeWith({ messages: [{ role: 'user', content }] }).messages[0]?.parts ?? []
}
