/**
 * Chat Completions as this codec writes it; what it reads is `unknown` until a decoder has looked at it.
 *
 * @see https://platform.openai.com/docs/api-reference/chat
 */

/** Words as the wire spells them, with room for those that are carried verbatim. */
interface Open {
  [member: string]: unknown
}

/** A piece of a message's content; `type` tells which. */
export interface ContentPart extends Open {
  type: string
  /** Of copies of the API that cache where they are told to. */
  cache_control?: { type: 'ephemeral'; ttl?: string }
}

export interface ToolCall extends Open {
  id?: string
  type?: 'function' | 'custom'
  function?: FunctionCall
  custom?: { name: string; input: string }
}

export interface FunctionCall extends Open {
  name: string
  arguments: string
}

/** A thought with what its issuer needs to know it again; an extension that OpenRouter made and others read. */
export interface ReasoningDetail extends Open {
  type: string
  text?: string
  summary?: string
  data?: string
  signature?: string
  format?: string | null
  id?: string
}

export interface RequestMessage extends Open {
  role: 'system' | 'developer' | 'user' | 'assistant' | 'tool' | 'function'
  content?: string | ContentPart[] | null
  name?: string
  refusal?: string
  audio?: { id: string }
  tool_calls?: ToolCall[]
  tool_call_id?: string
  function_call?: FunctionCall
  reasoning_content?: string
  reasoning?: string
  reasoning_details?: unknown[]
}

export interface ToolDefinition extends Open {
  type?: string
  function?: FunctionDefinition
  custom?: { name: string; description?: string; format?: unknown }
}

export interface FunctionDefinition extends Open {
  name: string
  description?: string
  parameters?: unknown
  strict?: boolean
}

export interface ChatCompletionRequest extends Open {
  model: string
  messages: RequestMessage[]
  stream?: boolean
  stream_options?: { include_usage?: boolean }
  tools?: ToolDefinition[]
  functions?: FunctionDefinition[]
  tool_choice?: unknown
  function_call?: unknown
  parallel_tool_calls?: boolean
  max_completion_tokens?: number
  max_tokens?: number
  temperature?: number
  top_p?: number
  top_k?: number
  stop?: string | readonly string[]
  seed?: number
  presence_penalty?: number
  frequency_penalty?: number
  logit_bias?: Readonly<Record<string, number>>
  logprobs?: boolean
  top_logprobs?: number
  n?: number
  response_format?: Open
  reasoning_effort?: string
  reasoning?: Open
  thinking?: Open
  enable_thinking?: boolean
  thinking_budget?: number
  chat_template_kwargs?: Open
  verbosity?: string
  user?: string
  safety_identifier?: string
  metadata?: unknown
  store?: boolean
  service_tier?: string
  prompt_cache_key?: string
}

export interface CompletionUsage extends Open {
  prompt_tokens: number
  completion_tokens: number
  total_tokens: number
  prompt_tokens_details: { cached_tokens: number; cache_write_tokens?: number }
  completion_tokens_details: { reasoning_tokens: number }
}

/** Members that a whole message and a delta have in common. */
export interface AnswerPieces extends Open {
  role?: 'assistant'
  content?: string | null
  refusal?: string | null
  reasoning_content?: string
  reasoning_details?: ReasoningDetail[]
  annotations?: unknown[]
  audio?: Open
  images?: ContentPart[]
  function_call?: { name?: string; arguments?: string }
}

export interface AnswerMessage extends AnswerPieces {
  tool_calls?: ToolCall[]
}

export interface Delta extends AnswerPieces {
  tool_calls?: ToolCallDelta[]
}

export interface ToolCallDelta extends Open {
  /** Counts the calls of the choice. */
  index: number
  id?: string
  type?: 'function' | 'custom'
  function?: { name?: string; arguments?: string }
  custom?: { name?: string; input?: string }
}

export interface ChatCompletion extends Open {
  id: string
  object: 'chat.completion'
  /** Unix time in seconds. */
  created: number
  model: string
  choices: CompletionChoice[]
  usage?: CompletionUsage
  service_tier?: string
}

export interface CompletionChoice extends Open {
  index: number
  message: AnswerMessage
  logprobs: unknown
  finish_reason: string
}

export interface CreateEmbeddings extends Open {
  model: string
  input: string | readonly string[] | readonly number[] | readonly (readonly number[])[]
  encoding_format?: string
  dimensions?: number
  user?: string
}

export interface EmbeddingList extends Open {
  object: 'list'
  data: { object: 'embedding'; index: number; embedding: readonly number[] | string }[]
  model: string
  usage: { prompt_tokens: number; total_tokens: number }
}

export interface ChunkChoice extends Open {
  index: number
  delta: Delta
  logprobs?: unknown
  finish_reason: string | null
}
