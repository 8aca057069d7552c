/** A provider inside this process: speaks the wire of any codec by that codec's own means. */
import type { Codec, ReplyContext, WireRequest } from '../../protocols/codec.ts'
import { type ApiError, ApiFailure } from '../../protocols/ir/error.ts'
import type { StreamEvent } from '../../protocols/ir/event.ts'
import { playResponse } from '../../protocols/ir/play.ts'
import type { ChatResponse } from '../../protocols/ir/response.ts'
import { answerAsDemo } from './demo-model.ts'
import { createPieceBody } from './piece-body.ts'
import type { Upstream, UpstreamAnswer, UpstreamCall } from './upstream.ts'

export interface DemoUpstreamOptions {
  /** The codec of this name; throws for a name that no codec bears. */
  readonly codecNamed: (name: string) => Codec
  readonly now: () => Date
}

/** Arguments of a call come in pieces of this size, as real models send them. */
const ARGUMENT_PIECE_CHARACTERS = 12

/**
 * The upstream of the demo. It goes the whole way of a real one, bytes up and bytes down in the provider's protocol, so
 * that everything before it is really used; a request that it cannot read is answered with an error of that protocol.
 */
export function createDemoUpstream({ codecNamed, now }: DemoUpstreamOptions): Upstream {
  let count = 0
  return {
    async send(call, signal) {
      if (signal.aborted) throw new ApiFailure({ kind: 'cancelled', message: 'The client left.', source: 'proxy' })
      const codec = codecNamed(call.target.provider.protocol)
      count += 1
      const id = `demo-${count}`
      try {
        return answerCall(codec, call, id, now(), signal)
      } catch (error) {
        if (!(error instanceof ApiFailure)) throw error
        return answerError(codec, error.error, id, signal)
      }
    },
    close: () => Promise.resolve(),
  }
}

const NO_EMBEDDINGS: ApiError = {
  kind: 'not-implemented',
  message: 'The built-in demo has no embeddings.',
  source: 'provider',
}

function answerCall(codec: Codec, call: UpstreamCall, id: string, now: Date, signal: AbortSignal): UpstreamAnswer {
  if (isEmbedding(codec, call)) throw new ApiFailure(NO_EMBEDDINGS)
  const wire = readWire(codec, call)
  const request = codec.request.decode(wire, parseJson(call.body)).value
  const { parts, finish, usage } = answerAsDemo(request)
  const createdAt = Math.floor(now.getTime() / 1000)
  const response: ChatResponse = {
    id,
    model: call.target.model,
    createdAt,
    choices: [{ index: 0, parts, finish }],
    usage,
  }
  const context: ReplyContext = {
    id,
    createdAt,
    askedModel: request.model,
    servedModel: call.target.model,
    streamUsage: request.streamUsage ?? true,
    estimatedInputTokens: usage.inputTokens ?? 0,
    ...(request.spelling === undefined ? {} : { spelling: request.spelling }),
    wire,
  }
  if (request.stream) {
    const headers = { 'content-type': codec.stream.contentType }
    return { status: 200, headers, body: createPieceBody(writeStream(codec, response, context), signal) }
  }
  const { body } = codec.response.encode(response, context)
  return answerJson(200, {}, body, signal)
}

function isEmbedding(codec: Codec, { address }: UpstreamCall): boolean {
  return codec.endpoints.some(({ operation, path }) => operation === 'embed' && address.path.endsWith(path))
}

function readWire(codec: Codec, call: UpstreamCall): WireRequest {
  const chats = codec.endpoints.filter((one) => one.operation === 'chat')
  // Where the model stands in the path, what follows it says what is wanted.
  const endpoint =
    chats.find(({ path }) => call.address.path.endsWith(path.slice(path.lastIndexOf('}') + 1))) ?? chats[0]
  if (endpoint === undefined) throw new Error(`${codec.name} has no endpoint for chats`)
  return {
    endpoint,
    params: { model: call.target.model },
    query: new URLSearchParams(call.address.query),
    headers: { ...call.address.headers, ...call.headers },
  }
}

/** @throws ApiFailure `bad-request`: a relayed body was read by nobody before. */
function parseJson(body: UpstreamCall['body']): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body))
  } catch (cause) {
    throw new ApiFailure({ kind: 'bad-request', message: 'The body is no JSON.' }, { cause })
  }
}

/** Each event with something to say is a piece of its own; text comes word by word. */
function writeStream(codec: Codec, response: ChatResponse, context: ReplyContext): string[] {
  const encoder = codec.stream.encoder(context)
  const pieces: string[] = []
  playResponse(response, (event) => {
    for (const small of splitEvent(event)) {
      const frames = encoder.encode(small)
      if (frames !== '') pieces.push(frames)
    }
  })
  return pieces
}

function splitEvent(event: StreamEvent): readonly StreamEvent[] {
  if (event.type !== 'part-delta') return [event]
  const { text, arguments: written } = event.delta
  if (text !== undefined) return cutWords(text).map((word) => ({ ...event, delta: { text: word } }))
  if (written === undefined) return [event]
  const pieces: StreamEvent[] = []
  for (let at = 0; at < written.length; at += ARGUMENT_PIECE_CHARACTERS) {
    pieces.push({ ...event, delta: { arguments: written.slice(at, at + ARGUMENT_PIECE_CHARACTERS) } })
  }
  return pieces
}

/** Words with the blanks behind them; together they are the text. */
function cutWords(text: string): string[] {
  return text.match(/\S+\s*|\s+/g) ?? []
}

function answerError(codec: Codec, error: ApiError, id: string, signal: AbortSignal): UpstreamAnswer {
  const encoded = codec.error.encode(error, id)
  return answerJson(encoded.status, encoded.headers, encoded.body, signal)
}

function answerJson(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: object,
  signal: AbortSignal,
): UpstreamAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: createPieceBody([JSON.stringify(body)], signal),
  }
}
