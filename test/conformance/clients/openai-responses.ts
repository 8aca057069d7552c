/** The `openai` package, speaking Responses. */
import OpenAI from 'openai'
import { type Ask, type Choice, type Turn, UNKNOWN } from '../ask.ts'
import type { Client, Report } from './client.ts'

type Request = OpenAI.Responses.ResponseCreateParamsNonStreaming
type Streamed = Parameters<OpenAI['responses']['stream']>[0]
type Item = OpenAI.Responses.ResponseInputItem

export const openaiResponses: Client = {
  protocol: 'openai-responses',
  sdk: 'openai, responses',
  finishes: { stop: 'completed', length: 'max_output_tokens', calls: 'completed', filter: 'content_filter' },
  connect(url, key) {
    const sdk = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 })
    return {
      plain: async (ask) => report(await sdk.responses.create(requestOf(ask))),
      stream: async (ask) => report(await sdk.responses.stream(requestOf(ask) as object as Streamed).finalResponse()),
      models: async () => (await sdk.models.list()).data.map(({ id }) => id),
    }
  },
  failureOf: (error) =>
    error instanceof OpenAI.APIError
      ? { status: error.status, message: error.message }
      : { status: undefined, message: String(error) },
}

function requestOf(ask: Ask): Request {
  return {
    model: ask.model,
    instructions: ask.system,
    input: ask.turns.flatMap(itemsOf),
    tools: ask.tools?.map(({ name, description, schema }) => ({
      type: 'function',
      name,
      description,
      parameters: schema,
      strict: false,
    })),
    tool_choice: choiceOf(ask.choice),
    parallel_tool_calls: ask.parallel,
    max_output_tokens: ask.maxTokens,
    temperature: ask.temperature,
    top_p: ask.topP,
    text: formatOf(ask.format),
    reasoning: ask.effort === undefined ? undefined : { effort: ask.effort, summary: 'auto' },
    [UNKNOWN]: ask.unknown,
  } as Request
}

function itemsOf(turn: Turn): Item[] {
  if (turn.role === 'tool')
    return turn.results.map(({ id, text }) => ({ type: 'function_call_output', call_id: id, output: text }))
  if (turn.role === 'assistant') {
    const text: Item[] = turn.text === undefined ? [] : [{ role: 'assistant', content: turn.text }]
    const calls = (turn.calls ?? []).map(({ id, name, input }) => ({
      type: 'function_call' as const,
      call_id: id,
      name,
      arguments: JSON.stringify(input),
    }))
    return [...text, ...calls]
  }
  if (turn.images === undefined) return [{ role: 'user', content: turn.text ?? '' }]
  const text = turn.text === undefined ? [] : [{ type: 'input_text' as const, text: turn.text }]
  const images = turn.images.map(({ mediaType, base64 }) => ({
    type: 'input_image' as const,
    image_url: `data:${mediaType};base64,${base64}`,
    detail: 'auto' as const,
  }))
  return [{ role: 'user', content: [...text, ...images] }]
}

function choiceOf(choice: Choice | undefined): object | string | undefined {
  return typeof choice === 'object' ? { type: 'function', name: choice.name } : choice
}

function formatOf(format: Ask['format']): object | undefined {
  if (format === undefined) return undefined
  if (format === 'json') return { format: { type: 'json_object' } }
  return { format: { type: 'json_schema', name: 'answer', schema: format.schema, strict: true } }
}

function report(response: OpenAI.Responses.Response): Report {
  const { output, usage, error } = response
  // A stream that fails ends with a response that says so, and the helper hands it out like any other.
  if (error !== null) throw new Error(`${error.code}: ${error.message}`)
  return {
    text: response.output_text,
    reasoning: output
      .flatMap((item) => (item.type === 'reasoning' ? item.summary.map(({ text }) => text) : []))
      .join(''),
    calls: output.flatMap((item) =>
      item.type === 'function_call' ? [{ id: item.call_id, name: item.name, input: JSON.parse(item.arguments) }] : [],
    ),
    finish: response.incomplete_details?.reason ?? response.status,
    input: usage?.input_tokens,
    output: usage?.output_tokens,
    cached: usage?.input_tokens_details.cached_tokens,
  }
}
