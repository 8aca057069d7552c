/** The `@anthropic-ai/sdk` package. */
import Anthropic from '@anthropic-ai/sdk'
import { type Ask, type Choice, type Turn, UNKNOWN } from '../ask.ts'
import type { Client, Report } from './client.ts'

type Request = Anthropic.MessageCreateParamsNonStreaming

/** The API demands a limit. */
const LIMIT = 1024

export const anthropic: Client = {
  protocol: 'anthropic',
  sdk: '@anthropic-ai/sdk',
  finishes: { stop: 'end_turn', length: 'max_tokens', calls: 'tool_use', filter: 'refusal' },
  connect(url, key) {
    const sdk = new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0 })
    return {
      plain: async (ask) => report(await sdk.messages.create(requestOf(ask))),
      stream: async (ask) => report(await sdk.messages.stream(requestOf(ask)).finalMessage()),
      models: async () => (await sdk.models.list()).data.map(({ id }) => id),
    }
  },
  failureOf: (error) =>
    error instanceof Anthropic.APIError
      ? { status: error.status, message: error.message }
      : { status: undefined, message: String(error) },
}

function requestOf(ask: Ask): Request {
  const thinks = ask.effort !== undefined
  const config = { ...(thinks ? { effort: ask.effort } : {}), ...formatOf(ask.format) }
  return {
    model: ask.model,
    max_tokens: ask.maxTokens ?? LIMIT,
    system: ask.system,
    messages: ask.turns.map(messageOf),
    tools: ask.tools?.map(({ name, description, schema }) => ({ name, description, input_schema: schema })),
    tool_choice: choiceOf(ask.choice, ask.parallel),
    temperature: ask.temperature,
    top_p: ask.topP,
    top_k: ask.topK,
    stop_sequences: ask.stop,
    thinking: thinks ? { type: 'adaptive' } : undefined,
    output_config: Object.keys(config).length === 0 ? undefined : config,
    [UNKNOWN]: ask.unknown,
  } as unknown as Request
}

function messageOf(turn: Turn): Anthropic.MessageParam {
  if (turn.role === 'tool') {
    const content = turn.results.map(({ id, text, isError }) => ({
      type: 'tool_result' as const,
      tool_use_id: id,
      content: text,
      ...(isError === undefined ? {} : { is_error: isError }),
    }))
    return { role: 'user', content }
  }
  const text = turn.text === undefined ? [] : [{ type: 'text' as const, text: turn.text }]
  if (turn.role === 'assistant') {
    const calls = (turn.calls ?? []).map(({ id, name, input }) => ({ type: 'tool_use' as const, id, name, input }))
    return { role: 'assistant', content: [...text, ...calls] }
  }
  const images = (turn.images ?? []).map(({ mediaType, base64 }) => ({
    type: 'image' as const,
    source: { type: 'base64' as const, media_type: mediaType as 'image/png', data: base64 },
  }))
  return { role: 'user', content: [...text, ...images] }
}

function choiceOf(choice: Choice | undefined, parallel: boolean | undefined): object | undefined {
  if (choice === undefined && parallel === undefined) return undefined
  const one = parallel === undefined ? {} : { disable_parallel_tool_use: !parallel }
  if (typeof choice === 'object') return { type: 'tool', name: choice.name, ...one }
  const type = { auto: 'auto', none: 'none', required: 'any' }[choice ?? 'auto']
  return { type, ...one }
}

function formatOf(format: Ask['format']): object {
  return typeof format === 'object' ? { format: { type: 'json_schema', schema: format.schema } } : {}
}

function report({ content, stop_reason, usage }: Anthropic.Message): Report {
  const cached = usage.cache_read_input_tokens ?? 0
  return {
    text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    reasoning: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    calls: content.flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input as object }] : [],
    ),
    finish: stop_reason ?? undefined,
    input: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
    output: usage.output_tokens,
    cached,
  }
}
