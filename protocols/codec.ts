/** The contract of a protocol: four nouns, each decoded from the wire and encoded to it, and what must be known without decoding. */
import type { CalledTools } from './ir/called-tools.ts'
import type { EmbeddingRequest, EmbeddingResponse } from './ir/embedding.ts'
import type { ApiError } from './ir/error.ts'
import type { StreamEvent } from './ir/event.ts'
import type { JsonObject, ProtocolName, Spelling } from './ir/extra.ts'
import type { Capabilities, ModelFacts } from './ir/facts.ts'
import type { Finish } from './ir/finish.ts'
import type { Loss } from './ir/loss.ts'
import type { Message } from './ir/message.ts'
import type { ChatRequest } from './ir/request.ts'
import type { ChatResponse } from './ir/response.ts'
import type { Usage } from './ir/usage.ts'

/** What an endpoint is for; the gateway knows one way of serving each. */
export type Operation =
  | 'chat'
  | 'embed'
  | 'count-tokens'
  | 'list-models'
  | 'get-model'
  /** Models that are loaded just now, for protocols of local servers. */
  | 'list-running'
  /** The version of the server, for protocols whose clients ask for it. */
  | 'get-version'
  /** A path of the protocol that makes no sense for a gateway; it is refused in words. */
  | 'unsupported'
  /** Answers that were kept for later requests: one of them, its end, what it answered, and the wish to stop it. */
  | 'get-answer'
  | 'delete-answer'
  | 'list-input'
  | 'cancel-answer'

/** What a back end is called for. */
export type CalledOperation = 'chat' | 'embed' | 'count-tokens'

/** A path that clients of this protocol call, below group and compat mode. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /**
   * `/v1/models/{model}`: a name in braces takes one segment, at the end of the path all that is left.
   * `/v1beta/models/{model}:generateContent`: what is left, without this ending; it may be parted by a slash as well.
   */
  readonly path: string
  readonly operation: Operation
  /** Where protocols share a path: this one is meant when the client sends this header (lower case). */
  readonly header?: string
}

/** Request headers by lower-case name. */
export type HeaderMap = Readonly<Record<string, string | undefined>>

/** A client's request as it lies on the wire. */
export interface WireRequest {
  readonly endpoint: Endpoint
  /** Values of the names in braces, percent-decoded once. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: HeaderMap
}

/** What routing must know of a request, read from the bytes without decoding them. */
export interface Glance {
  readonly model: string
  readonly stream: boolean
  /** The client asks for visible or extended thinking. */
  readonly thinking: boolean
  readonly needs: {
    readonly tools: boolean
    readonly images: boolean
    readonly audio: boolean
    readonly files: boolean
  }
  /** The request means what the protocol has, but is not written as a back end of the protocol takes it: it cannot be relayed as it is. */
  readonly irregular?: boolean
  /** Id of the stored answer that the request goes on from. */
  readonly previous?: string
  /** Bytes of JSON that the model will read as text: the body without base64 payloads, roughly. */
  readonly textBytes: number
  /** The request asks the model nothing (to be loaded, say): so ends its empty answer, unless the back end has the same protocol. */
  readonly idle?: Finish
}

/** What came of writing something to a wire. */
export interface Encoded<Body = JsonObject> {
  /** Ready for `JSON.stringify`. */
  readonly body: Body
  readonly losses: readonly Loss[]
}

/** A request as it goes up. */
export interface EncodedRequest extends Encoded {
  /** Tools that the back end knows by another name or form: to be given to whoever reads its answer. Absent: there are none. */
  readonly called?: CalledTools
}

/** What came of reading a wire; the losses are what the interlingua could not take. */
export interface Decoded<Value> {
  readonly value: Value
  readonly losses: readonly Loss[]
}

/** Where a call goes at a back end of this protocol. */
export interface Address {
  readonly method: 'GET' | 'POST'
  /** Absolute path with the protocol's version segment, such as `/v1/messages`, percent-encoded; the base URL is joined to it without doubling the version. */
  readonly path: string
  /** Without the question mark; empty for none. */
  readonly query: string
  /** Headers that every call of this protocol has (content type, accept, version), lower case. No credentials. */
  readonly headers: Readonly<Record<string, string>>
}

/** What an encoder of embeddings must know of the exchange. */
export interface EmbeddingReplyContext {
  readonly askedModel: string
  readonly wire: WireRequest
  readonly request: EmbeddingRequest
}

/** What a decoder of answers may know. */
export interface AnswerContext {
  readonly facts: ModelFacts
}

/** What an encoder of answers must know of the exchange. */
export interface ReplyContext {
  /** Unique for this exchange: letters, digits, `-` and `_`. Stands in where the back end gave no usable id. */
  readonly id: string
  /** Unix time in seconds, used where the back end gave none. */
  readonly createdAt: number
  /** The model as the client asked for it. */
  readonly askedModel: string
  /** `provider/model` that serves it. */
  readonly servedModel: string
  /** The client asked for usage inside the stream (or its protocol always tells it). */
  readonly streamUsage: boolean
  /** Tokens of the input, counted by the gateway, for protocols that tell them before the back end does. */
  readonly estimatedInputTokens: number
  /** The request as the client wrote it, for protocols whose answers repeat it. */
  readonly request?: ChatRequest
  /** How the client spelled its request: one that declared its tools in an old form wants to be answered in it. */
  readonly spelling?: Spelling
  /** The answer is kept, and may be named in a later request. */
  readonly kept?: boolean
  /** Id of the stored answer that the request went on from. */
  readonly previous?: string
  /** The request as it lay on the wire, for protocols whose answers depend on path or query. */
  readonly wire?: WireRequest
  /** Time since the request came, for protocols whose answers tell how long they took; absent: nobody has a clock. */
  elapsedMs?(): number
}

/** Bytes of one stream in, events out, as they become complete. Emits freely; `ir/grammar.ts` makes it legal. */
export interface StreamDecoder {
  /** Takes bytes cut anywhere. */
  push(chunk: Uint8Array): void
  /** The bytes are over: flushes what is held back. Not an error by itself. */
  end(): void
  /** The protocol's own end mark was read: nothing that follows counts. */
  readonly done: boolean
  /** What could not be understood so far. */
  readonly losses: readonly Loss[]
}

/** Legal events in, text of the wire out. */
export interface StreamEncoder {
  /** The frames for this event, complete with their line ends; an empty string for none. */
  encode(event: StreamEvent): string
  readonly losses: readonly Loss[]
}

/** Reads along a stream that is relayed as it is. Never throws. */
export interface StreamTap {
  push(chunk: Uint8Array): void
  /** Counters seen so far. */
  usage(): Usage | undefined
  /** The protocol's terminal event went by. */
  readonly finished: boolean
  /** The bytes so far end between two events, so that one of ours may follow. */
  readonly betweenEvents: boolean
}

/** A model as a list of models tells it. */
export interface ModelEntry {
  readonly id: string
  readonly displayName?: string
  readonly ownedBy: string
  /** Unix time in seconds. */
  readonly createdAt: number
  readonly contextTokens?: number
  readonly maxOutputTokens?: number
  readonly capabilities?: Capabilities
}

/** One protocol, for clients and for back ends. All functions are pure; text from outside that is wrong throws `ApiFailure` with kind `bad-request`. */
export interface Codec {
  readonly name: ProtocolName
  /** What to call it to people: `Anthropic Messages`. */
  readonly title: string
  readonly endpoints: readonly Endpoint[]
  /** Its wire holds URLs of images and files, which back ends fetch; false: bytes only. Absent: it does. */
  readonly takesUrls?: boolean
  /** What a client of this protocol is told to use as base URL below the group: `/v1` or empty. */
  readonly basePath: string
  /** Request headers that a back end of the same protocol is to see as the client sent them; lower case, `*` at the end for a prefix. No credentials. */
  readonly forwardedHeaders: readonly string[]
  /** Answer headers of a back end that a client of the same protocol is to see; lower case, `*` at the end for a prefix. */
  readonly returnedHeaders: readonly string[]

  readonly request: {
    /** @throws ApiFailure `bad-request` for bytes that are no JSON object or lack what every request has. */
    glance(wire: WireRequest, body: Uint8Array): Glance
    /**
     * The same bytes with another model, replaced in place. Returns `body` itself when the model is the same.
     *
     * @param members new names of outermost members that this model takes under no other (`ModelFacts.insistsOn`).
     */
    rename(body: Uint8Array, model: string, members?: Readonly<Record<string, string>>): Uint8Array
    /** @param body the parsed JSON. @throws ApiFailure `bad-request` naming the field. */
    decode(wire: WireRequest, body: unknown): Decoded<ChatRequest>
    /** Writes for this model; `request.model` is already the back end's name. Never changes `request`. */
    encode(request: ChatRequest, facts: ModelFacts): EncodedRequest
    /**
     * @param call.many an `embed` of several inputs, for protocols that have a path of their own for it.
     * @param call.wire the client's request, when it has the same protocol: where that has several endpoints for one
     *   operation, a body that is relayed or written anew goes to the one for which it was made.
     */
    address(call: {
      readonly model: string
      readonly stream: boolean
      readonly operation: CalledOperation
      readonly many?: boolean
      readonly wire?: WireRequest
    }): Address
  }
  readonly response: {
    /** @param body the parsed JSON. @throws ApiFailure `upstream-failed` when it is no answer of this protocol. */
    decode(body: unknown, context: AnswerContext): Decoded<ChatResponse>
    encode(response: ChatResponse, context: ReplyContext): Encoded
    /** Counters of a relayed answer, read from its bytes. Never throws. */
    usage(body: Uint8Array): Usage | undefined
  }
  readonly stream: {
    /** Content type of the stream that the encoder writes. */
    readonly contentType: string
    /** Bytes that tell a client that we are still there; may stand between any two events. Empty where the protocol has none. */
    readonly keepAlive: string
    /** For protocols in which the client chooses the form of its stream: what takes the place of the two above. */
    form?(wire: WireRequest): { readonly contentType: string; readonly keepAlive: string }
    decoder(context: AnswerContext, emit: (event: StreamEvent) => void): StreamDecoder
    encoder(context: ReplyContext): StreamEncoder
    tap(): StreamTap
  }
  readonly error: {
    /** @param body text of the answer, possibly no JSON at all. @param headers lower case. */
    decode(status: number, headers: HeaderMap, body: string): ApiError
    /** The answer before a stream has begun. */
    encode(
      error: ApiError,
      requestId: string,
    ): { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: JsonObject }
  }
  readonly models?: {
    list(models: readonly ModelEntry[]): JsonObject
    one(model: ModelEntry): JsonObject
    /** The model that a `get-model` asks for in its body; absent where it stands in the path. @throws ApiFailure `bad-request` */
    wanted?(body: unknown): string
    running?(models: readonly ModelEntry[]): JsonObject
  }
  /** For protocols in which a request may name an earlier answer (`ChatRequest.previous`). The id of an answer is `id` of its encoded body. */
  readonly stored?: {
    /** What stands before the conversation in each request anew, and what this request adds to it. */
    divide(request: ChatRequest): { readonly instructions: readonly Message[]; readonly input: readonly Message[] }
    /** The list of what an answer answered. @throws ApiFailure `bad-request` naming the query's field. */
    list(input: readonly Message[], query: URLSearchParams): JsonObject
    deleted(id: string): JsonObject
  }
  readonly version?: {
    encode(version: string): JsonObject
  }
  /** The model of an `embed` request is told by `request.glance`, and replaced for a relay by `request.rename`. */
  readonly embeddings?: {
    readonly request: {
      /** @throws ApiFailure `bad-request` naming the field. */
      decode(wire: WireRequest, body: unknown): Decoded<EmbeddingRequest>
      encode(request: EmbeddingRequest, facts: ModelFacts): Encoded
    }
    readonly response: {
      /** @throws ApiFailure `upstream-failed` when it is no answer of this protocol. */
      decode(body: unknown, context: AnswerContext): Decoded<EmbeddingResponse>
      encode(response: EmbeddingResponse, context: EmbeddingReplyContext): Encoded
    }
  }
  readonly tokens?: {
    /** The answer to a question how many tokens a request has. */
    encode(inputTokens: number): JsonObject
  }
}
