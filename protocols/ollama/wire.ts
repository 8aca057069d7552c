/**
 * The native API as this codec writes it; what it reads is `unknown` until a decoder has looked at it.
 *
 * @see https://github.com/ollama/ollama/blob/main/docs/api.md
 */
import type { JsonObject } from '../ir/extra.ts'

/** Words as the wire spells them, with room for those that are carried verbatim. */
interface Open {
  [member: string]: unknown
}

/** What is said in a message, or by generate beside everything else. */
export interface Said extends Open {
  content?: string
  thinking?: string
  /** Base64 without a media type. */
  images?: string[]
  tool_calls?: ToolCall[]
}

export interface CallMessage extends Said {
  role: string
  /** Of a tool's answer. */
  tool_name?: string
  tool_call_id?: string
}

export interface ToolCall extends Open {
  /** Older servers have none and take no notice of it. */
  id?: string
  function: CalledFunction
}

export interface CalledFunction extends Open {
  name: string
  arguments?: JsonObject
}

export interface ToolDefinition extends Open {
  type?: string
  function: FunctionDefinition
}

export interface FunctionDefinition extends Open {
  name: string
  description?: string
  parameters?: JsonObject
}

export interface Options extends Open {
  num_predict?: number
  num_ctx?: number
  temperature?: number
  top_p?: number
  top_k?: number
  seed?: number
  stop?: string | readonly string[]
  presence_penalty?: number
  frequency_penalty?: number
}

/** A request to `/api/chat` or `/api/generate`: the one has messages, the other a prompt. */
export interface Call extends Open {
  model: string
  messages?: CallMessage[]
  prompt?: string
  system?: string
  images?: string[]
  tools?: ToolDefinition[]
  stream?: boolean
  format?: string | JsonObject
  think?: boolean | string
  logprobs?: boolean
  top_logprobs?: number
  options?: Options
}

/** An answer, or the last line of a stream: of chat with a message, of generate with a response. */
export interface Answer extends Open {
  model: string
  /** RFC 3339. */
  created_at: string
  message?: CallMessage
  response?: string
  thinking?: string
  done: boolean
  done_reason: string
  /** Nanoseconds, as are all durations. */
  total_duration?: number
  load_duration?: number
  prompt_eval_count?: number
  prompt_eval_duration?: number
  eval_count?: number
  eval_duration?: number
  logprobs?: unknown
}

export interface EmbedCall extends Open {
  model: string
  input: string | readonly string[]
  truncate?: boolean
  dimensions?: number
}
