/** The `openai` package, speaking Chat Completions. */
import OpenAI from 'openai'
import { type Ask, type Choice, type Turn, UNKNOWN } from '../ask.ts'
import type { Client, Report } from './client.ts'

type Request = OpenAI.ChatCompletionCreateParamsNonStreaming
type Streamed = Parameters<OpenAI['chat']['completions']['stream']>[0]

export const openaiChat: Client = {
  protocol: 'openai-chat',
  sdk: 'openai, chat.completions',
  finishes: { stop: 'stop', length: 'length', calls: 'tool_calls', filter: 'content_filter' },
  connect(url, key) {
    const sdk = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 })
    return {
      plain: async (ask) => {
        const answer = await sdk.chat.completions.create(requestOf(ask))
        return report(answer, thoughtOf(answer.choices[0]?.message))
      },
      stream: async (ask) => {
        const stream = sdk.chat.completions.stream({
          ...(requestOf(ask) as object as Streamed),
          stream_options: { include_usage: true },
        })
        let thought = ''
        // The helper knows nothing of thoughts: whoever wants them reads the chunks.
        stream.on('chunk', ({ choices }) => {
          thought += thoughtOf(choices[0]?.delta)
        })
        return report(await stream.finalChatCompletion(), thought)
      },
      models: async () => (await sdk.models.list()).data.map(({ id }) => id),
    }
  },
  failureOf: (error) =>
    error instanceof OpenAI.APIError
      ? { status: error.status, message: error.message }
      : { status: undefined, message: String(error) },
}

function requestOf(ask: Ask): Request {
  const system = ask.system === undefined ? [] : [{ role: 'system' as const, content: ask.system }]
  return {
    model: ask.model,
    messages: [...system, ...ask.turns.flatMap(messagesOf)],
    tools: ask.tools?.map(({ name, description, schema }) => ({
      type: 'function',
      function: { name, description, parameters: schema },
    })),
    tool_choice: choiceOf(ask.choice),
    parallel_tool_calls: ask.parallel,
    max_completion_tokens: ask.maxTokens,
    temperature: ask.temperature,
    top_p: ask.topP,
    seed: ask.seed,
    stop: ask.stop,
    response_format: formatOf(ask.format),
    reasoning_effort: ask.effort,
    [UNKNOWN]: ask.unknown,
  } as unknown as Request
}

function messagesOf(turn: Turn): OpenAI.ChatCompletionMessageParam[] {
  if (turn.role === 'tool')
    return turn.results.map(({ id, text }) => ({ role: 'tool', tool_call_id: id, content: text }))
  if (turn.role === 'assistant') {
    const calls = turn.calls?.map(({ id, name, input }) => ({
      id,
      type: 'function' as const,
      function: { name, arguments: JSON.stringify(input) },
    }))
    return [{ role: 'assistant', content: turn.text ?? null, ...(calls === undefined ? {} : { tool_calls: calls }) }]
  }
  if (turn.images === undefined) return [{ role: 'user', content: turn.text ?? '' }]
  const text = turn.text === undefined ? [] : [{ type: 'text' as const, text: turn.text }]
  const images = turn.images.map(({ mediaType, base64 }) => ({
    type: 'image_url' as const,
    image_url: { url: `data:${mediaType};base64,${base64}` },
  }))
  return [{ role: 'user', content: [...text, ...images] }]
}

function choiceOf(choice: Choice | undefined): OpenAI.ChatCompletionToolChoiceOption | undefined {
  return typeof choice === 'object' ? { type: 'function', function: { name: choice.name } } : choice
}

function formatOf(format: Ask['format']): object | undefined {
  if (format === undefined) return undefined
  if (format === 'json') return { type: 'json_object' }
  return { type: 'json_schema', json_schema: { name: 'answer', schema: format.schema, strict: true } }
}

/** A member that other makers added and the package's types do not know. */
function thoughtOf(holder: object | undefined): string {
  return (holder as { reasoning_content?: string } | undefined)?.reasoning_content ?? ''
}

function report({ choices, usage }: OpenAI.ChatCompletion, reasoning: string): Report {
  const [choice] = choices
  return {
    text: choice?.message.content ?? '',
    reasoning,
    calls: (choice?.message.tool_calls ?? []).flatMap((call) =>
      call.type === 'function'
        ? [{ id: call.id, name: call.function.name, input: JSON.parse(call.function.arguments) }]
        : [],
    ),
    finish: choice?.finish_reason,
    input: usage?.prompt_tokens,
    output: usage?.completion_tokens,
    cached: usage?.prompt_tokens_details?.cached_tokens,
  }
}
