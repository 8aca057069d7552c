/** Final answers as the official packages put them together, from bytes that a server on this machine sends. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import { Ollama } from 'ollama'
import OpenAI from 'openai'

export interface StreamServer {
  readonly url: string
  /** What every request is answered with from now on. */
  serve(contentType: string, text: string): void
  readonly server: Server
}

export async function startStreamServer(): Promise<StreamServer> {
  let next = { contentType: '', text: '' }
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': next.contentType }).end(next.text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    serve(contentType, text) {
      next = { contentType, text }
    },
    server,
  }
}

/** What an answer says: everything that a client of the package can see and that must be the same streamed and whole. */
export interface Final {
  readonly text: string
  readonly thoughts: string
  readonly calls: readonly unknown[]
  readonly others: readonly unknown[]
  readonly finish: unknown
  readonly output: unknown
}

export interface Accumulator {
  /** Asks for a stream and reads it to its end. */
  accumulate(url: string): Promise<Final>
  /** The same of a whole answer, as it lies on the wire. */
  read(body: any): Final
}

const ASKED = [{ role: 'user' as const, content: 'Hi' }]
const join = (pieces: readonly unknown[]): string => pieces.map((piece) => piece ?? '').join('')

function readChat({ choices: [choice], usage }: any): Final {
  const { content, refusal, tool_calls = [], function_call } = choice?.message ?? {}
  return {
    text: join([content, refusal]),
    // The package joins the members that it knows, and only those.
    thoughts: '',
    calls: [
      ...tool_calls.map(({ id, function: called, custom }: any) => ({ id, ...(called ?? custom) })),
      ...(function_call === undefined ? [] : [function_call]),
    ].map(({ parsed_arguments: _parsed, ...call }: any) => call),
    others: [],
    finish: choice?.finish_reason,
    output: usage?.completion_tokens,
  }
}

function readResponse({ output, status, usage, incomplete_details }: any): Final {
  const told = output.map(({ parsed_arguments: _parsed, ...item }: any) => item)
  return {
    text: join(told.flatMap(({ content = [] }: any) => content.map(({ text }: any) => text))),
    thoughts: '',
    calls: told.filter(({ type }: any) => /_call$/.test(type)),
    others: told.map(({ type, id, summary, encrypted_content }: any) => ({ type, id, summary, encrypted_content })),
    finish: [status, incomplete_details?.reason],
    output: usage?.output_tokens,
  }
}

function readMessage({ content, stop_reason, usage }: any): Final {
  const ofType = (type: string) => content.filter((block: any) => block.type === type)
  return {
    text: join(ofType('text').map(({ text }: any) => text)),
    thoughts: join(ofType('thinking').map(({ thinking }: any) => thinking)),
    calls: ofType('tool_use'),
    others: content.map(({ type, signature, data }: any) => ({ type, signature, data })),
    finish: stop_reason,
    output: usage.output_tokens,
  }
}

function readChunks(chunks: readonly any[]): Final {
  // Of several candidates each chunk bears one.
  const first = chunks.flatMap(({ candidates = [] }) => candidates.filter(({ index = 0 }: any) => index === 0))
  const parts = first.flatMap(({ content }) => content?.parts ?? [])
  const texts = (isThought: boolean) =>
    parts.filter(({ text, thought }) => text !== undefined && (thought === true) === isThought)
  return {
    text: join(texts(false).map(({ text }) => text)),
    thoughts: join(texts(true).map(({ text }) => text)),
    calls: parts.flatMap(({ functionCall }) => functionCall ?? []),
    others: parts.flatMap(({ inlineData, thoughtSignature, executableCode, codeExecutionResult }) =>
      [inlineData, thoughtSignature, executableCode, codeExecutionResult].filter((one) => one !== undefined),
    ),
    finish: first.flatMap(({ finishReason }) => finishReason ?? []).at(-1),
    output: chunks.at(-1)?.usageMetadata?.candidatesTokenCount,
  }
}

function readLines(lines: readonly any[]): Final {
  const messages = lines.map(({ message }) => message)
  return {
    text: join(messages.map(({ content }) => content)),
    thoughts: join(messages.map(({ thinking }) => thinking)),
    calls: messages.flatMap(({ tool_calls = [] }) => tool_calls),
    others: messages.flatMap(({ images }) => images ?? []),
    finish: lines.at(-1)?.done_reason,
    output: lines.at(-1)?.eval_count,
  }
}

export const ACCUMULATORS: { readonly [Protocol in string]?: Accumulator } = {
  'openai-chat': {
    accumulate: async (url) => {
      const sdk = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 })
      const options = { include_usage: true }
      return readChat(
        await sdk.chat.completions
          .stream({ model: 'm', messages: ASKED, stream_options: options })
          .finalChatCompletion(),
      )
    },
    read: readChat,
  },
  'openai-responses': {
    accumulate: async (url) => {
      const sdk = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 })
      return readResponse(await sdk.responses.stream({ model: 'm', input: 'Hi' }).finalResponse())
    },
    read: readResponse,
  },
  anthropic: {
    accumulate: async (url) => {
      const sdk = new Anthropic({ baseURL: url, apiKey: 'none', maxRetries: 0 })
      return readMessage(await sdk.messages.stream({ model: 'm', max_tokens: 9, messages: ASKED }).finalMessage())
    },
    read: readMessage,
  },
  gemini: {
    accumulate: async (url) => {
      const sdk = new GoogleGenAI({ apiKey: 'none', httpOptions: { baseUrl: url } })
      const chunks: unknown[] = []
      for await (const chunk of await sdk.models.generateContentStream({ model: 'm', contents: 'Hi' }))
        chunks.push(chunk)
      return readChunks(chunks)
    },
    read: (body) => readChunks([body]),
  },
  ollama: {
    accumulate: async (url) => {
      const sdk = new Ollama({ host: url })
      const lines: unknown[] = []
      for await (const line of await sdk.chat({ model: 'm', messages: ASKED, stream: true })) lines.push(line)
      return readLines(lines)
    },
    read: (body) => readLines([body]),
  },
}
