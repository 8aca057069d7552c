/** The two sides of an exchange as the tests of this codec need them. */
import type { ReplyContext, StreamDecoder, WireRequest } from '../../../protocols/codec.ts'
import type { CalledTools } from '../../../protocols/ir/called-tools.ts'
import { type ApiError, ApiFailure } from '../../../protocols/ir/error.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import type { ModelFacts } from '../../../protocols/ir/facts.ts'
import { createGrammar } from '../../../protocols/ir/grammar.ts'
import type { Loss } from '../../../protocols/ir/loss.ts'
import type { ChatRequest } from '../../../protocols/ir/request.ts'
import type { ChatResponse } from '../../../protocols/ir/response.ts'
import { openaiChat } from '../../../protocols/openai-chat/index.ts'

export const WIRE: WireRequest = {
  endpoint: openaiChat.endpoints[0]!,
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

const HELLO = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] }

/** Decodes a small request with these members beside or instead of its own. */
export function decodeWith(members: object): ChatRequest {
  return openaiChat.request.decode(WIRE, { ...HELLO, ...members }).value
}

interface Sent {
  readonly body: any
  readonly losses: readonly Loss[]
  readonly called?: CalledTools
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
  const { body, ...rest } = openaiChat.request.encode(freeze(whole), facts)
  return { body: JSON.parse(JSON.stringify(body)), ...rest }
}

/** What a client of this protocol sent, as it goes up to a back end of the same. */
export function sendOn(members: object, facts: ModelFacts = {}): Sent {
  const { body, losses } = openaiChat.request.encode(freeze(decodeWith(members)), facts)
  return { body: JSON.parse(JSON.stringify(body)), losses }
}

/** Whoever changes what it was given to encode fails here. */
export function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const member of Object.values(value)) freeze(member)
  return Object.freeze(value)
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

/** Decodes an answer with one choice whose message has these members. */
export function answerOf(
  message: object,
  others: { readonly finish_reason?: unknown; readonly body?: object } = {},
): any {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_001,
    model: 'served',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: null, ...message },
        finish_reason: 'finish_reason' in others ? others.finish_reason : 'stop',
      },
    ],
    ...others.body,
  }
}

export function decodeAnswer(body: unknown, facts: ModelFacts = {}): ChatResponse {
  return openaiChat.response.decode(body, { facts }).value
}

export function encodeAnswer(response: Partial<ChatResponse>, context: Partial<ReplyContext> = {}): Sent {
  const whole: ChatResponse = { id: '', model: 'served', choices: [], ...response }
  const { body, losses } = openaiChat.response.encode(freeze(whole), { ...REPLY, ...context })
  return { body: JSON.parse(JSON.stringify(body)), losses }
}

/** An answer of one choice, as it comes from a back end of another protocol. */
export function encodeParts(
  parts: ChatResponse['choices'][number]['parts'],
  finish: ChatResponse['choices'][number]['finish'] = { reason: 'stop' },
  context: Partial<ReplyContext> = {},
): Sent & { readonly message: any } {
  const sent = encodeAnswer({ choices: [{ index: 0, parts, finish }] }, context)
  return { ...sent, message: sent.body.choices[0].message }
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
  const decoder = openaiChat.stream.decoder({ facts }, (event) => {
    raw.push(event)
    grammar.push(event)
  })
  for (const chunk of chunks) decoder.push(chunk)
  decoder.end()
  grammar.end()
  return { raw, events, decoder }
}

/** A stream of these chunks, as a back end writes it; a string is written as it is. */
export function streamOf(...chunks: readonly (object | string)[]): Uint8Array {
  const frames = chunks.map((chunk) => (typeof chunk === 'string' ? chunk : `data: ${JSON.stringify(chunk)}\n\n`))
  return new TextEncoder().encode(frames.join(''))
}

/** A chunk of one choice with this delta. */
export function chunkOf(delta: object, others: { readonly choice?: object; readonly chunk?: object } = {}): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_001,
    model: 'served',
    choices: [{ index: 0, delta, finish_reason: null, ...others.choice }],
    ...others.chunk,
  }
}

export const DONE = 'data: [DONE]\n\n'

export function encodeStream(events: readonly StreamEvent[], context: Partial<ReplyContext> = {}) {
  const encoder = openaiChat.stream.encoder({ ...REPLY, ...context })
  const frames = events.map((event) => encoder.encode(freeze(event)))
  return { text: frames.join(''), frames, losses: encoder.losses, chunks: parseFrames(frames.join('')) }
}

/** The payloads of a stream that this codec wrote: one `data` line and a blank line each; the end mark stays text. */
export function parseFrames(text: string): any[] {
  return text
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => {
      if (!frame.startsWith('data: ')) throw new Error(`no data line: ${frame}`)
      const data = frame.slice('data: '.length)
      return data === '[DONE]' ? data : JSON.parse(data)
    })
}

/** The parts without their hints for the way back. */
export function partsOf(message: object, others: object = {}): any[] {
  const [choice] = decodeAnswer(answerOf(message, others)).choices
  return JSON.parse(JSON.stringify(choice!.parts), (key, value) => (key === 'spelling' ? undefined : value))
}
