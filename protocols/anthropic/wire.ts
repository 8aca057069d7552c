/** The Messages API as this codec writes it; what it reads is `unknown` until a decoder has looked at it. */

/** Words as the wire spells them, with room for those that are carried verbatim. */
interface Open {
  [member: string]: unknown
}

export interface CacheControl extends Open {
  type: 'ephemeral'
  ttl?: string
}

/** Any content block; `type` tells which. */
export interface Block extends Open {
  type: string
  cache_control?: CacheControl
}

export interface WireMessage extends Open {
  role: 'user' | 'assistant' | 'system'
  /** Absent in a system message that is there for its settings alone. */
  content?: string | Block[]
}

export interface Thinking extends Open {
  type: 'enabled' | 'disabled' | 'adaptive'
  budget_tokens?: number
  display?: string
}

export interface WireToolChoice extends Open {
  type: 'auto' | 'any' | 'tool' | 'none'
  name?: string
  disable_parallel_tool_use?: boolean
}

/** @see https://docs.anthropic.com/en/api/messages */
export interface MessagesRequest extends Open {
  model: string
  messages: WireMessage[]
  system?: string | Block[]
  max_tokens?: number
  tools?: Record<string, unknown>[]
  tool_choice?: WireToolChoice
  thinking?: Thinking
  output_config?: Open
  metadata?: Open
  temperature?: number
  top_p?: number
  top_k?: number
  stream?: boolean
}

/** `input_tokens` leaves out what was read from a cache or written to one. */
export interface WireUsage extends Open {
  input_tokens: number
  cache_creation_input_tokens: number
  cache_read_input_tokens: number
  output_tokens: number
}

/** A whole answer. */
export interface WireAnswer extends Open {
  id: string
  type: 'message'
  role: 'assistant'
  model: string
  content: Block[]
  stop_reason: string | null
  stop_sequence: string | null
  usage: WireUsage
}

/** What this codec writes into a stream. @see https://docs.anthropic.com/en/docs/build-with-claude/streaming */
export type WireEvent =
  | { type: 'message_start'; message: WireAnswer }
  | { type: 'content_block_start'; index: number; content_block: Block }
  | { type: 'content_block_delta'; index: number; delta: BlockDelta }
  | { type: 'content_block_stop'; index: number }
  | ({ type: 'message_delta'; delta: StopDelta; usage: WireUsage } & Open)
  | { type: 'message_stop' }
  | ({ type: 'error' } & Open)

export type BlockDelta =
  | { type: 'text_delta'; text: string }
  | { type: 'thinking_delta'; thinking: string }
  | { type: 'signature_delta'; signature: string }
  | { type: 'input_json_delta'; partial_json: string }
  | { type: 'citations_delta'; citation: unknown }

export interface StopDelta extends Open {
  stop_reason: string
  stop_sequence: string | null
}
