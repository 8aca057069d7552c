/**
 * The Responses API as this codec writes it; what it reads is `unknown` until a decoder has looked at it.
 *
 * @see https://platform.openai.com/docs/api-reference/responses
 */

/** Words as the wire spells them, with room for those that are carried verbatim. */
interface Open {
  [member: string]: unknown
}

/** A piece of a message's content, or of what a tool answers; `type` tells which. */
export interface ContentPart extends Open {
  type: string
}

/** One entry of `input` or `output`. */
export interface Item extends Open {
  type?: string
  id?: string
  status?: string
  content?: unknown
}

export interface ToolDefinition extends Open {
  type: string
  name?: string
  tools?: ToolDefinition[]
}

export interface ResponsesRequest extends Open {
  model: string
  input?: string | Item[]
  instructions?: string
  stream?: boolean
  tools?: ToolDefinition[]
  tool_choice?: unknown
  parallel_tool_calls?: boolean
  include?: string[]
  max_output_tokens?: number
  temperature?: number
  top_p?: number
  top_logprobs?: number
  text?: { format?: Open; verbosity?: string }
  reasoning?: { effort?: string; summary?: string }
  user?: string
  safety_identifier?: string
  metadata?: unknown
  store?: boolean
  service_tier?: string
  prompt_cache_key?: string
}

export interface ResponseUsage extends Open {
  input_tokens: number
  input_tokens_details: { cached_tokens: number; cache_write_tokens?: number }
  output_tokens: number
  output_tokens_details: { reasoning_tokens: number }
  total_tokens: number
}

export type ResponseStatus = 'completed' | 'failed' | 'in_progress' | 'cancelled' | 'queued' | 'incomplete'

export interface ResponseObject extends Open {
  id: string
  object: 'response'
  /** Unix time in seconds. */
  created_at: number
  status: ResponseStatus
  error: { code: string; message: string } | null
  incomplete_details: { reason?: string } | null
  model: string
  output: Item[]
  usage: ResponseUsage | null
}
