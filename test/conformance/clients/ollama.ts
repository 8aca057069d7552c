/** The `ollama` package. */
import { type ChatRequest, type ChatResponse, type Message, Ollama } from 'ollama'
import { type Ask, type Turn, UNKNOWN } from '../ask.ts'
import type { Client, Report } from './client.ts'

type Request = ChatRequest & { stream?: false }

export const ollama: Client = {
  protocol: 'ollama',
  sdk: 'ollama',
  finishes: { stop: 'stop', length: 'length', calls: 'stop', filter: undefined },
  connect(url, key) {
    const sdk = new Ollama({ host: url, headers: { authorization: `Bearer ${key}` } })
    return {
      plain: async (ask) => report([await sdk.chat(requestOf(ask))]),
      stream: async (ask) => {
        const chunks: ChatResponse[] = []
        for await (const chunk of await sdk.chat({ ...requestOf(ask), stream: true })) chunks.push(chunk)
        return report(chunks)
      },
      models: async () => (await sdk.list()).models.map(({ name }) => name),
    }
  },
  failureOf(error) {
    const failure = error as { status_code?: number; message?: string }
    return { status: failure.status_code, message: failure.message ?? String(error) }
  },
}

function requestOf(ask: Ask): Request {
  const system = ask.system === undefined ? [] : [{ role: 'system', content: ask.system }]
  return {
    model: ask.model,
    messages: [...system, ...ask.turns.flatMap(messagesOf)],
    tools: ask.tools?.map(({ name, description, schema }) => ({
      type: 'function',
      function: { name, description, parameters: schema },
    })),
    format: typeof ask.format === 'object' ? ask.format.schema : ask.format,
    think: ask.effort,
    options: {
      num_predict: ask.maxTokens,
      temperature: ask.temperature,
      top_p: ask.topP,
      top_k: ask.topK,
      seed: ask.seed,
      stop: ask.stop,
    },
    [UNKNOWN]: ask.unknown,
  } as unknown as Request
}

/** The package's types know of no ids: a call is paired with its result by the tool's name and by order. */
function messagesOf(turn: Turn): Message[] {
  if (turn.role === 'tool')
    return turn.results.map(({ name, text }) => ({ role: 'tool', tool_name: name, content: text }))
  if (turn.role === 'assistant') {
    const calls = turn.calls?.map(({ name, input }) => ({ function: { name, arguments: { ...input } } }))
    return [{ role: 'assistant', content: turn.text ?? '', ...(calls === undefined ? {} : { tool_calls: calls }) }]
  }
  const images = turn.images?.map(({ base64 }) => base64)
  return [{ role: 'user', content: turn.text ?? '', ...(images === undefined ? {} : { images }) }]
}

function report(chunks: readonly ChatResponse[]): Report {
  const last = chunks.at(-1)
  const messages = chunks.map(({ message }) => message)
  const calls = messages.flatMap(({ tool_calls }) => tool_calls ?? [])
  return {
    text: messages.map(({ content }) => content).join(''),
    reasoning: messages.map(({ thinking }) => thinking ?? '').join(''),
    // The ids are on the wire, though the package's types do not tell.
    calls: calls.map((call) => ({
      id: (call as { id?: string }).id ?? '',
      name: call.function.name,
      input: call.function.arguments,
    })),
    finish: last?.done_reason,
    input: last?.prompt_eval_count,
    output: last?.eval_count,
  }
}
