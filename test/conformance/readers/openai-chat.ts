/** @see https://platform.openai.com/docs/api-reference/chat/create */
import type { AskedTool, Choice, Turn } from '../ask.ts'
import { readDataUrl } from './data-url.ts'
import { namesOf, type Reader } from './reader.ts'

export const openaiChatReader: Reader = {
  protocol: 'openai-chat',
  names: namesOf(`
    model messages role content name refusal audio tool_calls tool_call_id id type function arguments text image_url url
    detail input_audio data format file file_data filename file_id
    tools description parameters strict tool_choice parallel_tool_calls
    stream stream_options include_usage include_obfuscation
    max_completion_tokens max_tokens temperature top_p stop seed presence_penalty frequency_penalty logit_bias logprobs
    top_logprobs n response_format json_schema schema reasoning_effort verbosity user safety_identifier metadata store
    service_tier prompt_cache_key
    reasoning_content`),
  open: namesOf('parameters schema metadata'),
  read({ json }) {
    const system = json.messages.filter(isSystem).map((message: any) => textOf(message.content))
    return {
      model: json.model,
      system: system.length === 0 ? undefined : system.join('\n\n'),
      turns: json.messages.filter((message: any) => !isSystem(message)).map(turnOf),
      tools: json.tools?.map(toolOf),
      choice: choiceOf(json.tool_choice),
      parallel: json.parallel_tool_calls,
      maxTokens: json.max_completion_tokens ?? json.max_tokens,
      temperature: json.temperature,
      topP: json.top_p,
      topK: json.top_k,
      seed: json.seed,
      stop: typeof json.stop === 'string' ? [json.stop] : json.stop,
      format: formatOf(json.response_format),
      effort: json.reasoning_effort,
      stream: json.stream === true,
    } as ReturnType<Reader['read']>
  },
}

function isSystem({ role }: any): boolean {
  return role === 'system' || role === 'developer'
}

function textOf(content: any): string | undefined {
  if (!Array.isArray(content)) return content ?? undefined
  const texts = content.filter(({ type }) => type === 'text').map(({ text }) => text)
  return texts.length === 0 ? undefined : texts.join('')
}

function turnOf({ role, content, tool_calls, tool_call_id }: any): Turn {
  const text = textOf(content)
  for (const id of [tool_call_id, ...(tool_calls ?? []).map((call: any) => call.id)]) checkLength(id)
  if (role === 'tool') return { role, results: [{ id: tool_call_id, name: '', text: text ?? '' }] }
  if (role === 'assistant') {
    const calls = tool_calls?.map(({ id, function: called }: any) => ({
      id,
      name: called.name,
      input: JSON.parse(called.arguments),
    }))
    return { role, text, calls } as Turn
  }
  const parts = Array.isArray(content) ? content : []
  const images = parts.filter(({ type }) => type === 'image_url').map(({ image_url }) => readDataUrl(image_url.url))
  return { role, text, images } as Turn
}

/** The API: expected a string with maximum length 40. */
function checkLength(id: string | undefined): void {
  if (id !== undefined && id.length > 40) throw new Error(`an id that is refused: ${id}`)
}

function toolOf({ function: { name, description, parameters } }: any): AskedTool {
  return { name, description, schema: parameters }
}

function choiceOf(choice: any): Choice | undefined {
  return typeof choice === 'object' && choice !== null ? { name: choice.function.name } : choice
}

function formatOf(format: any): unknown {
  if (format === undefined || format.type === 'text') return undefined
  return format.type === 'json_object' ? 'json' : { schema: format.json_schema.schema }
}
