/** @see https://docs.claude.com/en/api/messages */
import type { AskedTool, Turn } from '../ask.ts'
import { namesOf, type Reader } from './reader.ts'

/** Ids of calls that have other characters are refused with 400. */
const ID = /^[a-zA-Z0-9_-]+$/

export const anthropicReader: Reader = {
  protocol: 'anthropic',
  names: namesOf(`
    model max_tokens system messages role content type text source media_type data url title context citations enabled
    id name input tool_use_id is_error thinking signature cache_control ttl
    tools description input_schema strict tool_choice disable_parallel_tool_use
    stream temperature top_p top_k stop_sequences budget_tokens display output_config effort format schema metadata user_id
    service_tier`),
  open: namesOf('input_schema input schema'),
  read({ json }) {
    const wanted = json.output_config?.format
    return {
      model: json.model,
      system: textOf(json.system),
      turns: json.messages.flatMap(turnsOf),
      tools: json.tools?.map(toolOf),
      choice: choiceOf(json.tool_choice),
      parallel:
        json.tool_choice?.disable_parallel_tool_use === undefined
          ? undefined
          : !json.tool_choice.disable_parallel_tool_use,
      maxTokens: json.max_tokens,
      temperature: json.temperature,
      topP: json.top_p,
      topK: json.top_k,
      stop: json.stop_sequences,
      format: wanted === undefined ? undefined : { schema: wanted.schema },
      effort: json.output_config?.effort ?? json.thinking?.budget_tokens,
      stream: json.stream === true,
    } as ReturnType<Reader['read']>
  },
}

function textOf(content: any): string | undefined {
  if (!Array.isArray(content)) return content
  const texts = content.filter(({ type }) => type === 'text').map(({ text }) => text)
  return texts.length === 0 ? undefined : texts.join('')
}

/** A user's message may hold results of tools, which then must stand first, and words. */
function turnsOf({ role, content }: any): Turn[] {
  const blocks: any[] = Array.isArray(content) ? content : []
  const text = textOf(content)
  if (role === 'assistant') {
    const calls = blocks.filter(({ type }) => type === 'tool_use').map(({ id, name, input }) => ({ id, name, input }))
    return [{ role, text, calls } as Turn]
  }
  const results = blocks.filter(({ type }) => type === 'tool_result')
  for (const { tool_use_id: id } of results) if (!ID.test(id)) throw new Error(`an id that is refused: ${id}`)
  if (results.some((result) => blocks.indexOf(result) >= results.length)) throw new Error('results must stand first')
  const tool = {
    role: 'tool',
    results: results.map((result) => ({
      id: result.tool_use_id,
      name: '',
      text: textOf(result.content) ?? '',
      isError: result.is_error,
    })),
  }
  const images = blocks
    .filter(({ type }) => type === 'image')
    .map(({ source }) => ({ mediaType: source.media_type, base64: source.data }))
  const user = { role, text, images }
  const hasWords = text !== undefined || images.length > 0
  return [...(results.length > 0 ? [tool] : []), ...(hasWords || results.length === 0 ? [user] : [])] as Turn[]
}

function toolOf({ name, description, input_schema }: any): AskedTool {
  return { name, description, schema: input_schema }
}

function choiceOf(choice: any): unknown {
  if (choice === undefined) return undefined
  return choice.type === 'tool' ? { name: choice.name } : choice.type === 'any' ? 'required' : choice.type
}
