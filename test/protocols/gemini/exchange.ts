/** The two sides of an exchange as the tests of this codec need them. */
import type { ReplyContext, StreamDecoder, WireRequest } from '../../../protocols/codec.ts'
import { gemini } from '../../../protocols/gemini/index.ts'
import type { CalledTools } from '../../../protocols/ir/called-tools.ts'
import { type ApiError, ApiFailure } from '../../../protocols/ir/error.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import type { ModelFacts } from '../../../protocols/ir/facts.ts'
import { createGrammar } from '../../../protocols/ir/grammar.ts'
import type { Loss } from '../../../protocols/ir/loss.ts'
import type { Message } from '../../../protocols/ir/message.ts'
import type { ChatRequest } from '../../../protocols/ir/request.ts'

/** The request line of a call: `/v1beta/models/NAME:generateContent?alt=sse`, as Vertex writes it too. */
export function wireFor(line = '/v1beta/models/m:generateContent'): WireRequest {
  const [path = '', query = ''] = line.split('?')
  const colon = path.lastIndexOf(':')
  const action = path.slice(colon + 1)
  const endpoint = gemini.endpoints.find((one) => one.path === `/v1beta/models/{model}:${action}`)
  if (endpoint === undefined) throw new Error(line)
  const model = decodeURIComponent(path.slice(path.indexOf('models/') + 'models/'.length, colon))
  return { endpoint, params: { model }, query: new URLSearchParams(query), headers: {} }
}

export const EVENTS_WIRE = wireFor('/v1beta/models/m:streamGenerateContent?alt=sse')
export const ARRAY_WIRE = wireFor('/v1beta/models/m:streamGenerateContent')

export const REPLY: ReplyContext = {
  id: 'x1',
  createdAt: 1_700_000_000,
  askedModel: 'asked',
  servedModel: 'groq/llama-3.1-70b-versatile',
  streamUsage: true,
  estimatedInputTokens: 7,
  wire: EVENTS_WIRE,
}

const HELLO = { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] }

/** Decodes a small request with these members beside or instead of its own. */
export function decodeWith(members: object, line?: string): ChatRequest {
  return gemini.request.decode(wireFor(line), { ...HELLO, ...members }).value
}

interface Sent {
  readonly body: any
  readonly losses: readonly Loss[]
  readonly called?: CalledTools
}

/** Encodes a small request that came from a client of another protocol. */
export function encodeWith(request: Partial<ChatRequest>, facts: ModelFacts = {}): Sent {
  const whole: ChatRequest = {
    model: 'gemini-2.5-flash',
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
    settings: {},
    stream: false,
    ...request,
  }
  const { body, ...rest } = gemini.request.encode(freeze(whole), facts)
  return { body: JSON.parse(JSON.stringify(body)), ...rest }
}

export function encodeMessages(messages: readonly Message[], model = 'gemini-2.5-flash', facts: ModelFacts = {}) {
  const { body, losses } = encodeWith({ messages, model }, facts)
  return { system: body.systemInstruction, contents: body.contents, losses: sketchLosses(losses) }
}

/** What a client of this protocol sent, as it goes up to a back end of the same. */
export function sendOn(members: object, facts: ModelFacts = {}): Sent {
  const { body, losses } = gemini.request.encode(freeze(decodeWith(members)), facts)
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
  const decoder = gemini.stream.decoder({ facts }, (event) => {
    raw.push(event)
    grammar.push(event)
  })
  for (const chunk of chunks) decoder.push(chunk)
  decoder.end()
  grammar.end()
  return { raw, events, decoder }
}

/** A stream of these chunks, as Google writes it. */
export function streamOf(chunks: readonly object[]): Uint8Array {
  return new TextEncoder().encode(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join(''))
}

/** A chunk with these parts of the first candidate. */
export function chunkOf(parts: readonly object[], more: object = {}, beside: object = {}): object {
  return { candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }], ...beside }
}

export function encodeAll(events: readonly StreamEvent[], reply = REPLY): { text: string; losses: readonly Loss[] } {
  const encoder = gemini.stream.encoder(reply)
  const text = events.map((event) => encoder.encode(event)).join('')
  return { text, losses: encoder.losses }
}

/** The chunks of a stream of server-sent events. */
export function payloads(text: string): any[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)))
}

/** So that an encoder that touches its source fails (trap 85). */
export function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const member of Object.values(value)) freeze(member)
  }
  return value
}
