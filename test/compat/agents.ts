/** The official clients as agents: each asks, runs what is called, and brings back the results in its own protocol's way. */
import Anthropic from '@anthropic-ai/sdk'
import { type Content, GoogleGenAI, type Part } from '@google/genai'
import { type Message, Ollama } from 'ollama'
import OpenAI from 'openai'

export interface AgentCall {
  readonly id: string | undefined
  readonly name: string
  readonly args: Readonly<Record<string, unknown>>
}

export interface Turn {
  readonly text: string
  readonly calls: readonly AgentCall[]
  readonly finish: string | null | undefined
  readonly tokens: readonly [input: number | undefined, output: number | undefined]
  /** Kinds of what came, in order. */
  readonly kinds: readonly string[]
}

export interface AgentTool {
  readonly name: string
  readonly description: string
  readonly parameters: Readonly<Record<string, unknown>> & { readonly type: 'object' }
}

export interface Conversation {
  ask(): Promise<Turn>
  /** Texts of results, in the order of the calls. */
  answer(calls: readonly AgentCall[], results: readonly string[]): void
}

/** What each turn ends with: after calls, and at the end. */
export interface Agent {
  readonly finishes: readonly [calls: string, end: string]
  /** @param more members of each request. */
  start(url: string, tools: readonly AgentTool[], stream: boolean, more?: object, question?: string): Conversation
}

const model = 'my-model'
const QUESTION = 'Follow the trail from "start".'
const apiKey = 'sk-client'

function openaiChat(
  url: string,
  tools: readonly AgentTool[],
  stream: boolean,
  more: object = {},
  question = QUESTION,
): Conversation {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 })
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: question }]
  return {
    async ask() {
      const request = {
        model,
        messages,
        tools: tools.map((tool) => ({ type: 'function' as const, function: tool })),
        ...more,
      }
      const said = stream
        ? await client.chat.completions
            .stream({ ...request, stream_options: { include_usage: true } })
            .finalChatCompletion()
        : await client.chat.completions.create(request)
      const [choice] = said.choices
      if (choice === undefined) throw new Error('no choice')
      const { message } = choice
      const functions = (message.tool_calls ?? []).flatMap((call) => (call.type === 'function' ? [call] : []))
      messages.push({
        role: 'assistant',
        content: message.content,
        ...(functions.length === 0
          ? {}
          : {
              tool_calls: functions.map(({ id, type, function: { name, arguments: args } }) => ({
                id,
                type,
                function: { name, arguments: args },
              })),
            }),
      })
      return {
        text: message.content ?? '',
        calls: functions.map(({ id, function: called }) => ({
          id,
          name: called.name,
          args: JSON.parse(called.arguments),
        })),
        finish: choice.finish_reason,
        tokens: [said.usage?.prompt_tokens, said.usage?.completion_tokens],
        kinds: ['text', ...functions.map(() => 'call')],
      }
    },
    answer(calls, results) {
      for (const [index, { id = '' }] of calls.entries()) {
        messages.push({ role: 'tool', tool_call_id: id, content: results[index] ?? '' })
      }
    },
  }
}

function openaiResponses(
  url: string,
  tools: readonly AgentTool[],
  stream: boolean,
  more: object = {},
  question = QUESTION,
): Conversation {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 })
  const input: OpenAI.Responses.ResponseInputItem[] = [{ role: 'user', content: question }]
  return {
    async ask() {
      const request = {
        model,
        input,
        store: false,
        tools: tools.map((tool) => ({ type: 'function' as const, strict: false, ...tool })),
        ...more,
      }
      const said = stream
        ? await client.responses.stream(request).finalResponse()
        : await client.responses.create(request)
      // The accumulator adds what it has parsed: a client sends back what it was told.
      const told = JSON.parse(JSON.stringify(said.output), (key, value) =>
        key.startsWith('parsed') ? undefined : value,
      )
      input.push(...told)
      const calls = said.output.flatMap((item) => (item.type === 'function_call' ? [item] : []))
      return {
        text: said.output_text,
        calls: calls.map((call) => ({ id: call.call_id, name: call.name, args: JSON.parse(call.arguments) })),
        finish: said.status,
        tokens: [said.usage?.input_tokens, said.usage?.output_tokens],
        kinds: said.output.map(({ type }) => (type === 'function_call' ? 'call' : type === 'message' ? 'text' : type)),
      }
    },
    answer(calls, results) {
      for (const [index, { id = '' }] of calls.entries()) {
        input.push({ type: 'function_call_output', call_id: id, output: results[index] ?? '' })
      }
    },
  }
}

function anthropic(
  url: string,
  tools: readonly AgentTool[],
  stream: boolean,
  more: object = {},
  question = QUESTION,
): Conversation {
  const client = new Anthropic({ baseURL: url, apiKey, maxRetries: 0 })
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: question }]
  return {
    async ask() {
      const request = {
        model,
        max_tokens: 1000,
        messages,
        tools: tools.map(({ name, description, parameters }) => ({ name, description, input_schema: parameters })),
        ...more,
      }
      const said = stream ? await client.messages.stream(request).finalMessage() : await client.messages.create(request)
      messages.push({ role: 'assistant', content: said.content })
      return {
        text: said.content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
        calls: said.content.flatMap((block) =>
          block.type === 'tool_use' ? [{ id: block.id, name: block.name, args: block.input as AgentCall['args'] }] : [],
        ),
        finish: said.stop_reason,
        tokens: [said.usage.input_tokens, said.usage.output_tokens],
        kinds: said.content.map(({ type }) => (type === 'tool_use' ? 'call' : type)),
      }
    },
    answer(calls, results) {
      messages.push({
        role: 'user',
        content: calls.map(({ id = '' }, index) => ({
          type: 'tool_result',
          tool_use_id: id,
          content: results[index] ?? '',
        })),
      })
    },
  }
}

function gemini(
  url: string,
  tools: readonly AgentTool[],
  stream: boolean,
  more: object = {},
  question = QUESTION,
): Conversation {
  const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url, apiVersion: 'v1beta' } })
  const contents: Content[] = [{ role: 'user', parts: [{ text: question }] }]
  return {
    async ask() {
      const functionDeclarations = tools.map(({ parameters: parametersJsonSchema, ...tool }) => ({
        ...tool,
        parametersJsonSchema,
      }))
      const request = { model, contents, config: { tools: [{ functionDeclarations }], ...more } }
      const chunks = stream
        ? await gather(await client.models.generateContentStream(request))
        : [await client.models.generateContent(request)]
      const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? [])
      contents.push({ role: 'model', parts })
      const last = chunks.at(-1)
      const calls = parts.flatMap(({ functionCall }) => functionCall ?? [])
      return {
        text: parts.map(({ text }) => text ?? '').join(''),
        calls: calls.map(({ id, name = '', args = {} }) => ({ id, name, args })),
        finish: last?.candidates?.[0]?.finishReason,
        tokens: [last?.usageMetadata?.promptTokenCount, last?.usageMetadata?.candidatesTokenCount],
        kinds: kindsOf(parts),
      }
    },
    answer(calls, results) {
      contents.push({
        role: 'user',
        parts: calls.map(({ id, name }, index) => ({
          functionResponse: { ...(id === undefined ? {} : { id }), name, response: { output: results[index] } },
        })),
      })
    },
  }
}

async function gather<Chunk>(stream: AsyncIterable<Chunk>): Promise<readonly Chunk[]> {
  const chunks: Chunk[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return chunks
}

/** Pieces of one text are one, and a last chunk may be empty. */
function kindsOf(parts: readonly Part[]): readonly string[] {
  const kinds = parts.flatMap(({ functionCall, text }) =>
    functionCall !== undefined ? ['call'] : text === '' ? [] : ['text'],
  )
  return kinds.filter((kind, index) => kind === 'call' || kinds[index - 1] !== kind)
}

function ollama(
  url: string,
  tools: readonly AgentTool[],
  stream: boolean,
  more: object = {},
  question = QUESTION,
): Conversation {
  const client = new Ollama({ host: url })
  const messages: Message[] = [{ role: 'user', content: question }]
  return {
    async ask() {
      const request = {
        model,
        messages,
        tools: tools.map((tool) => ({ type: 'function', function: tool })) as any,
        ...more,
      }
      const chunks = stream
        ? await gather(await client.chat({ ...request, stream: true }))
        : [await client.chat(request)]
      const content = chunks.map(({ message }) => message.content).join('')
      const calls = chunks.flatMap(({ message }) => message.tool_calls ?? [])
      messages.push({ role: 'assistant', content, ...(calls.length === 0 ? {} : { tool_calls: calls }) })
      const last = chunks.at(-1)
      return {
        text: content,
        calls: calls.map((call) => ({
          id: (call as { readonly id?: string }).id,
          name: call.function.name,
          args: call.function.arguments,
        })),
        finish: last?.done_reason,
        tokens: [last?.prompt_eval_count, last?.eval_count],
        kinds: ['text', ...calls.map(() => 'call')],
      }
    },
    answer(calls, results) {
      for (const [index, { name }] of calls.entries()) {
        messages.push({ role: 'tool', tool_name: name, content: results[index] ?? '' })
      }
    },
  }
}

export const AGENTS: Readonly<Record<string, Agent>> = {
  'openai-chat': { finishes: ['tool_calls', 'stop'], start: openaiChat },
  'openai-responses': { finishes: ['completed', 'completed'], start: openaiResponses },
  anthropic: { finishes: ['tool_use', 'end_turn'], start: anthropic },
  gemini: { finishes: ['STOP', 'STOP'], start: gemini },
  ollama: { finishes: ['stop', 'stop'], start: ollama },
}
