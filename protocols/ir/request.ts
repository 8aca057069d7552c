/** What a client asks of a model, in no protocol's words. */
import type { Extra, JsonObject, Spelling } from './extra.ts'
import type { Message } from './message.ts'
import type { Tool, ToolChoice } from './tool.ts'

/** What form the answer must have. */
export type ResponseFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json' }
  | {
      readonly type: 'json-schema'
      readonly schema: JsonObject
      readonly name?: string
      readonly description?: string
      readonly strict?: boolean
    }

/** How much the model is to think. */
export interface ReasoningSettings {
  /** `off` and `on` switch it; `adaptive` leaves it to the model. */
  readonly mode?: 'on' | 'off' | 'adaptive'
  /** From little to much: `none`, `minimal`, `low`, `medium`, `high`, `xhigh`, `max`, or a word of tomorrow. */
  readonly effort?: string
  readonly budgetTokens?: number
  /** How the thoughts are to be shown, in the protocol's words: `auto`, `detailed`, `omitted`, ... */
  readonly display?: string
}

/** Everything that tunes an answer. Absent means that the client did not say. */
export interface ChatSettings {
  readonly maxOutputTokens?: number
  readonly temperature?: number
  readonly topP?: number
  readonly topK?: number
  readonly stop?: readonly string[]
  readonly seed?: number
  readonly presencePenalty?: number
  readonly frequencyPenalty?: number
  /** Token id (as text) to bias, -100 to 100. */
  readonly logitBias?: Readonly<Record<string, number>>
  readonly logprobs?: boolean
  readonly topLogprobs?: number
  /** How many answers are wanted. */
  readonly candidates?: number
  readonly responseFormat?: ResponseFormat
  readonly reasoning?: ReasoningSettings
  readonly verbosity?: string
  /** The end user, as an opaque id. */
  readonly userId?: string
  readonly metadata?: JsonObject
  readonly store?: boolean
  readonly serviceTier?: string
  readonly promptCacheKey?: string
}

/** A request in the interlingua. Never changed once made: whoever shapes it returns a new one. */
export interface ChatRequest {
  readonly model: string
  readonly messages: readonly Message[]
  readonly tools?: readonly Tool[]
  readonly toolChoice?: ToolChoice
  readonly parallelToolCalls?: boolean
  readonly settings: ChatSettings
  readonly stream: boolean
  /** Id of an answer whose conversation this request goes on with; its messages are not repeated here. */
  readonly previous?: string
  /** Whether the client wants usage told inside a stream; absent where its protocol always tells it. */
  readonly streamUsage?: boolean
  readonly extra?: Extra
  readonly spelling?: Spelling
}
