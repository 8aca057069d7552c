/** One message from one protocol into another, as the gateway translates it, with all that got lost on the way. */
import type { Codec, ReplyContext, WireRequest } from '../../protocols/codec.ts'
import { createCollector } from '../../protocols/ir/collect.ts'
import type { StreamEvent } from '../../protocols/ir/event.ts'
import { createGrammar } from '../../protocols/ir/grammar.ts'
import type { Loss } from '../../protocols/ir/loss.ts'
import type { ChatRequest } from '../../protocols/ir/request.ts'
import type { ChatResponse } from '../../protocols/ir/response.ts'

/** The request line of a client of this protocol that asks for a stream of events. */
export function chatWire(codec: Codec): WireRequest {
  const chats = codec.endpoints.filter((one) => one.operation === 'chat')
  const endpoint = chats.find((one) => one.path.includes('v1beta') && one.path.includes('stream')) ?? chats[0]
  if (endpoint === undefined) throw new Error(`${codec.name} has no conversations`)
  return { endpoint, params: { model: 'asked' }, query: new URLSearchParams('alt=sse'), headers: {} }
}

export function replyFor(codec: Codec): ReplyContext {
  return {
    id: 'x1',
    createdAt: 1_700_000_000,
    askedModel: 'asked',
    servedModel: 'some/model',
    streamUsage: true,
    estimatedInputTokens: 7,
    wire: chatWire(codec),
  }
}

export interface Told<Value> {
  readonly value: Value
  readonly losses: readonly Loss[]
}

/** What an encoder made of it, as it would be read from the wire. */
export interface Written {
  readonly body: any
  readonly losses: readonly Loss[]
}

/** Plain JSON, as it lies on the wire. */
export function onWire(value: unknown): any {
  return JSON.parse(JSON.stringify(value))
}

export function writeRequest(codec: Codec, request: ChatRequest): Written {
  const { body, losses } = codec.request.encode(request, {})
  return { body: onWire(body), losses }
}

export function writeAnswer(codec: Codec, response: ChatResponse, reply = replyFor(codec)): Written {
  const { body, losses } = codec.response.encode(response, reply)
  return { body: onWire(body), losses }
}

/** Legal events of a stream whose bytes come in these pieces. */
export function readStream(codec: Codec, pieces: readonly Uint8Array[]): Told<readonly StreamEvent[]> {
  const events: StreamEvent[] = []
  const grammar = createGrammar({ id: 'x1' }, (event) => events.push(event))
  const decoder = codec.stream.decoder({ facts: {} }, (event) => grammar.push(event))
  for (const piece of pieces) if (!decoder.done) decoder.push(piece)
  decoder.end()
  grammar.end()
  return { value: events, losses: [...decoder.losses, ...grammar.losses] }
}

/** @returns the text that a client reads. */
export function writeStream(codec: Codec, events: readonly StreamEvent[], reply = replyFor(codec)): Told<string> {
  const encoder = codec.stream.encoder(reply)
  const value = events.map((event) => encoder.encode(event)).join('')
  return { value, losses: encoder.losses }
}

/** The payloads of a stream, whatever its framing; an end mark that is no JSON is left out. */
export function payloadsOf(text: string): any[] {
  if (text.startsWith('[')) return JSON.parse(text)
  return text
    .split('\n')
    .map((line) => line.replace(/^data: ?/, ''))
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}

/** The answer that these events tell; nothing when they end in an error. */
export function collect(events: readonly StreamEvent[]): ChatResponse | undefined {
  const collector = createCollector()
  for (const event of events) collector.push(event)
  return collector.result !== undefined && 'response' in collector.result ? collector.result.response : undefined
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
