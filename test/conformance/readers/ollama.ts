/** @see https://docs.ollama.com/api/chat */
import type { AskedTool, Turn } from '../ask.ts'
import { namesOf, type Reader } from './reader.ts'

export const ollamaReader: Reader = {
  protocol: 'ollama',
  names: namesOf(`
    model messages role content thinking images tool_calls id function index name arguments tool_name tool_call_id
    tools type description parameters format options stream think keep_alive logprobs top_logprobs
    num_predict temperature top_p top_k min_p stop seed presence_penalty frequency_penalty repeat_penalty num_ctx`),
  open: namesOf('parameters arguments format'),
  read({ json }) {
    const { options = {} } = json
    const system = json.messages.filter(isSystem).map(({ content }: any) => content)
    return {
      model: json.model,
      system: system.length === 0 ? undefined : system.join('\n\n'),
      turns: json.messages.filter((message: any) => !isSystem(message)).map(turnOf),
      tools: json.tools?.map(toolOf),
      maxTokens: options.num_predict,
      temperature: options.temperature,
      topP: options.top_p,
      topK: options.top_k,
      seed: options.seed,
      stop: options.stop,
      format: typeof json.format === 'object' ? { schema: json.format } : json.format,
      effort: json.think,
      stream: json.stream !== false,
    } as ReturnType<Reader['read']>
  },
}

function isSystem({ role }: any): boolean {
  return role === 'system'
}

function turnOf({ role, content, tool_calls, tool_name, tool_call_id, images }: any): Turn {
  if (role === 'tool') return { role, results: [{ id: tool_call_id, name: tool_name, text: content }] }
  if (role === 'assistant') {
    const calls = tool_calls?.map(({ id, function: called }: any) => ({
      id,
      name: called.name,
      input: called.arguments,
    }))
    return { role, text: content, calls } as Turn
  }
  return { role, text: content, images: images?.map((base64: string) => ({ mediaType: '', base64 })) } as Turn
}

function toolOf({ function: { name, description, parameters } }: any): AskedTool {
  return { name, description, schema: parameters }
}
