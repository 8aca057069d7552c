/** @see https://platform.openai.com/docs/api-reference/responses/create */
import type { AskedTool, Choice, Turn } from '../ask.ts'
import { readDataUrl } from './data-url.ts'
import { namesOf, type Reader } from './reader.ts'

export const openaiResponsesReader: Reader = {
  protocol: 'openai-responses',
  names: namesOf(`
    model input instructions role content type text image_url detail file_data filename file_id id status annotations logprobs
    call_id name arguments output summary encrypted_content phase
    tools description parameters strict tool_choice mode parallel_tool_calls include
    stream stream_options include_obfuscation
    max_output_tokens temperature top_p top_logprobs format schema verbosity reasoning effort user safety_identifier metadata
    store service_tier prompt_cache_key truncation`),
  open: namesOf('parameters schema metadata'),
  read({ json }) {
    const items = typeof json.input === 'string' ? [{ role: 'user', content: json.input }] : json.input
    const system = [json.instructions, ...items.filter(isSystem).map(({ content }: any) => textOf(content))].filter(
      (text) => typeof text === 'string',
    )
    return {
      model: json.model,
      system: system.length === 0 ? undefined : system.join('\n\n'),
      turns: items.filter((item: any) => !isSystem(item)).map(turnOf),
      tools: json.tools?.map(toolOf),
      choice: choiceOf(json.tool_choice),
      parallel: json.parallel_tool_calls,
      maxTokens: json.max_output_tokens,
      temperature: json.temperature,
      topP: json.top_p,
      format: formatOf(json.text?.format),
      effort: json.reasoning?.effort,
      stream: json.stream === true,
    } as ReturnType<Reader['read']>
  },
}

function isSystem({ role }: any): boolean {
  return role === 'system' || role === 'developer'
}

function textOf(content: any): string | undefined {
  if (!Array.isArray(content)) return content
  const texts = content.filter(({ type }) => /^(in|out)put_text$/.test(type)).map(({ text }) => text)
  return texts.length === 0 ? undefined : texts.join('')
}

function turnOf(item: any): Turn {
  const { type = 'message', role, content } = item
  // The API: expected a string with maximum length 64.
  if (item.call_id?.length > 64) throw new Error(`an id that is refused: ${item.call_id}`)
  if (type === 'function_call') {
    const call = { id: item.call_id, name: item.name, input: JSON.parse(item.arguments) }
    return { role: 'assistant', calls: [call] }
  }
  if (type === 'function_call_output') {
    return { role: 'tool', results: [{ id: item.call_id, name: '', text: textOf(item.output) ?? '' }] }
  }
  if (type !== 'message') throw new Error(`an item that nobody asked for: ${JSON.stringify(item)}`)
  if (role === 'assistant') return { role, text: textOf(content) } as Turn
  const parts = Array.isArray(content) ? content : []
  const images = parts.filter((part) => part.type === 'input_image').map(({ image_url }) => readDataUrl(image_url))
  return { role, text: textOf(content), images } as Turn
}

function toolOf({ name, description, parameters }: any): AskedTool {
  return { name, description, schema: parameters }
}

function choiceOf(choice: any): Choice | undefined {
  return typeof choice === 'object' && choice !== null ? { name: choice.name } : choice
}

function formatOf(format: any): unknown {
  if (format === undefined || format.type === 'text') return undefined
  return format.type === 'json_object' ? 'json' : { schema: format.schema }
}
