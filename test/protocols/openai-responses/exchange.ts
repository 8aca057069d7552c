/** The two sides of an exchange as the tests of this codec need them. */
import type { ReplyContext, StreamDecoder, WireRequest } from '../../../protocols/codec.ts'
import { createCollector } from '../../../protocols/ir/collect.ts'
import { type ApiError, ApiFailure } from '../../../protocols/ir/error.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import type { ModelFacts } from '../../../protocols/ir/facts.ts'
import { createGrammar } from '../../../protocols/ir/grammar.ts'
import type { Loss } from '../../../protocols/ir/loss.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import type { ChatRequest } from '../../../protocols/ir/request.ts'
import type { ChatResponse } from '../../../protocols/ir/response.ts'
import { openaiResponses } from '../../../protocols/openai-responses/index.ts'

export const WIRE: WireRequest = {
  endpoint: openaiResponses.endpoints[0]!,
  params: {},
  query: new URLSearchParams(),
  headers: {},
}

export const REPLY: ReplyContext = {
  id: 'x1',
  createdAt: 1_700_000_000,
  askedModel: 'asked',
  servedModel: 'some/model',
  streamUsage: true,
  estimatedInputTokens: 7,
  wire: WIRE,
}

export const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
const asJson = (value: unknown): any => JSON.parse(JSON.stringify(value))

/** Whoever changes what it was given to encode fails here. */
export function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const member of Object.values(value)) freeze(member)
  return Object.freeze(value)
}

/** Decodes a small request with these members beside or instead of its own. */
export function decodeWith(members: object): ChatRequest {
  return openaiResponses.request.decode(WIRE, freeze({ model: 'm', input: 'Hi', ...members })).value
}

export interface Sent {
  readonly body: any
  readonly losses: readonly Loss[]
}

/** Encodes a small request that came from a client of another protocol. */
export function encodeWith(request: Partial<ChatRequest>, facts: ModelFacts = {}): Sent {
  const whole: ChatRequest = {
    model: 'm',
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
    settings: {},
    stream: false,
    ...request,
  }
  const { body, losses } = openaiResponses.request.encode(freeze(whole), facts)
  return { body: asJson(body), losses }
}

/** What a client of this protocol sent, as it goes up to a back end of the same. */
export function sendOn(members: object, facts: ModelFacts = {}): Sent {
  const { body, losses } = openaiResponses.request.encode(freeze(decodeWith(members)), facts)
  return { body: asJson(body), losses }
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

/** An answer with these items. */
export function answerOf(output: readonly object[], members: object = {}): any {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_700_000_001,
    status: 'completed',
    error: null,
    incomplete_details: null,
    model: 'served',
    output,
    usage: null,
    ...members,
  }
}

export function decodeAnswer(body: unknown, facts: ModelFacts = {}): ChatResponse {
  return openaiResponses.response.decode(freeze(body), { facts }).value
}

export function encodeAnswer(response: Partial<ChatResponse>, context: Partial<ReplyContext> = {}): Sent {
  const whole: ChatResponse = { id: '', model: 'served', choices: [], ...response }
  const { body, losses } = openaiResponses.response.encode(freeze(whole), { ...REPLY, ...context })
  return { body: asJson(body), losses }
}

/** An answer of one choice, as it comes from a back end of another protocol. */
export function encodeParts(
  parts: readonly Part[],
  finish: ChatResponse['choices'][number]['finish'] = { reason: 'stop' },
  context: Partial<ReplyContext> = {},
): Sent {
  return encodeAnswer({ choices: [{ index: 0, parts, finish }] }, context)
}

export interface DecodedStream {
  /** As the decoder said it. */
  readonly raw: readonly StreamEvent[]
  /** As the grammar made it legal. */
  readonly events: readonly StreamEvent[]
  readonly decoder: StreamDecoder
  readonly losses: readonly Loss[]
}

export function decodeStream(chunks: readonly Uint8Array[], facts: ModelFacts = {}): DecodedStream {
  const raw: StreamEvent[] = []
  const events: StreamEvent[] = []
  const grammar = createGrammar({ id: 'x1' }, (event) => events.push(event))
  const decoder = openaiResponses.stream.decoder({ facts }, (event) => {
    raw.push(event)
    grammar.push(event)
  })
  for (const chunk of chunks) decoder.push(chunk)
  decoder.end()
  grammar.end()
  return { raw, events, decoder, losses: [...decoder.losses, ...grammar.losses] }
}

/** The whole answer that a stream told; what it broke off with is thrown. */
export function collect(events: readonly StreamEvent[]): ChatResponse {
  const collector = createCollector()
  for (const event of events) collector.push(event)
  const { result } = collector
  if (result === undefined) throw new Error('no terminal event')
  if ('error' in result) throw new ApiFailure(result.error)
  return result.response
}

/** A stream of these events, as a back end writes it; a string is written as it is. */
export function streamOf(...events: readonly (object | string)[]): Uint8Array {
  const frames = events.map((event) => (typeof event === 'string' ? event : `data: ${JSON.stringify(event)}\n\n`))
  return new TextEncoder().encode(frames.join(''))
}

export function encodeStream(events: readonly StreamEvent[], context: Partial<ReplyContext> = {}) {
  const encoder = openaiResponses.stream.encoder({ ...REPLY, ...context })
  const frames = events.map((event) => encoder.encode(freeze(event)))
  return { text: frames.join(''), frames, losses: encoder.losses, events: parseFrames(frames.join('')) }
}

/** The payloads of a stream that this codec wrote; each is named as its own `type` says. */
export function parseFrames(text: string): any[] {
  return text
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => {
      const match = /^event: (\S+)\ndata: (.+)$/.exec(frame)
      if (match === null) throw new Error(`no event: ${frame}`)
      const event = JSON.parse(match[2]!)
      if (event.type !== match[1]) throw new Error(`${match[1]} is called ${event.type}`)
      return event
    })
}

/** What a person would get to know of an answer. */
export function sketchParts(parts: readonly Part[]): unknown[] {
  return parts.map((part) => {
    if (part.type === 'text' || part.type === 'refusal')
      return [part.type, part.text, part.type === 'text' ? (part.citations?.length ?? 0) : 0]
    if (part.type === 'reasoning') return [part.type, part.text, part.encrypted !== undefined, part.id ?? null]
    if (part.type === 'tool-call')
      return [part.type, part.id, part.name, part.arguments, part.freeform ?? false, part.namespace ?? null]
    if (part.type === 'opaque') return [part.type, (part.value as { type: unknown }).type]
    return [part.type]
  })
}
