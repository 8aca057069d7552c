/** The two sides of an exchange as the tests of this codec need them. */
import type { ReplyContext, StreamDecoder, WireRequest } from '../../../protocols/codec.ts'
import { type ApiError, ApiFailure } from '../../../protocols/ir/error.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import type { ModelFacts } from '../../../protocols/ir/facts.ts'
import { createGrammar } from '../../../protocols/ir/grammar.ts'
import type { Loss } from '../../../protocols/ir/loss.ts'
import type { ChatRequest } from '../../../protocols/ir/request.ts'
import type { ChatResponse } from '../../../protocols/ir/response.ts'
import { ollama } from '../../../protocols/ollama/index.ts'

export function wireOf(path: string): WireRequest {
  const endpoint = ollama.endpoints.find((one) => one.path === path)
  if (endpoint === undefined) throw new Error(`no endpoint ${path}`)
  return { endpoint, params: {}, query: new URLSearchParams(), headers: {} }
}

export const CHAT = wireOf('/api/chat')
export const GENERATE = wireOf('/api/generate')

export const REPLY: ReplyContext = {
  id: 'x1',
  createdAt: 1_700_000_000,
  askedModel: 'asked',
  servedModel: 'some/model',
  streamUsage: true,
  estimatedInputTokens: 7,
  wire: CHAT,
}

export const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
export const plain = (value: unknown): any => JSON.parse(JSON.stringify(value))

const HELLO = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] }

/** Decodes a small request to chat with these members beside or instead of its own. */
export function decodeWith(members: object): ChatRequest {
  return ollama.request.decode(CHAT, { ...HELLO, ...members }).value
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
  const { body, losses } = ollama.request.encode(freeze(whole), facts)
  return { body: plain(body), losses }
}

/** What a client of this protocol sent, as it goes up to a back end of the same. */
export function sendOn(wire: WireRequest, body: object, facts: ModelFacts = {}): Sent {
  const decoded = ollama.request.decode(wire, body)
  const { body: sent, losses } = ollama.request.encode(freeze(decoded.value), facts)
  return { body: plain(sent), losses: [...decoded.losses, ...losses] }
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

/** An answer of chat whose message has these members. */
export function answerOf(message: object, others: object = {}): any {
  return {
    model: 'served',
    created_at: '2024-07-22T20:33:28.123648Z',
    message: { role: 'assistant', content: '', ...message },
    done_reason: 'stop',
    done: true,
    ...others,
  }
}

export function decodeAnswer(body: unknown): ChatResponse {
  return ollama.response.decode(body, { facts: {} }).value
}

export function encodeAnswer(response: Partial<ChatResponse>, context: Partial<ReplyContext> = {}): Sent {
  const whole: ChatResponse = { id: '', model: 'served', choices: [], ...response }
  const { body, losses } = ollama.response.encode(freeze(whole), { ...REPLY, ...context })
  return { body: plain(body), losses }
}

/** An answer of one choice, as it comes from a back end of another protocol. */
export function encodeParts(
  parts: ChatResponse['choices'][number]['parts'],
  finish: ChatResponse['choices'][number]['finish'] = { reason: 'stop' },
  context: Partial<ReplyContext> = {},
): Sent & { readonly message: any } {
  const sent = encodeAnswer({ choices: [{ index: 0, parts, finish }] }, context)
  return { ...sent, message: sent.body.message }
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
  const decoder = ollama.stream.decoder({ facts }, (event) => {
    raw.push(event)
    grammar.push(event)
  })
  for (const chunk of chunks) decoder.push(chunk)
  decoder.end()
  grammar.end()
  return { raw, events, decoder }
}

/** A stream of these lines, as a back end writes it; a string is written as it is. */
export function streamOf(...lines: readonly (object | string)[]): Uint8Array {
  const written = lines.map((line) => (typeof line === 'string' ? line : `${JSON.stringify(line)}\n`))
  return new TextEncoder().encode(written.join(''))
}

/** A line of chat whose message has these members. */
export function lineOf(message: object, others: object = {}): object {
  return {
    model: 'served',
    created_at: '2024-07-22T20:33:28.123648Z',
    message: { role: 'assistant', content: '', ...message },
    done: false,
    ...others,
  }
}

export const DONE = lineOf({}, { done: true, done_reason: 'stop', prompt_eval_count: 3, eval_count: 4 })

export function encodeStream(events: readonly StreamEvent[], context: Partial<ReplyContext> = {}) {
  const encoder = ollama.stream.encoder({ ...REPLY, ...context })
  const frames = events.map((event) => encoder.encode(freeze(event)))
  const text = frames.join('')
  return { text, frames, losses: encoder.losses, lines: parseLines(text) }
}

export function parseLines(text: string): any[] {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line does not end')
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}
