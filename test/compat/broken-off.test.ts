/** Answers that break off in the middle of a call that is written as text: half a command is no command. */
import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import { expect } from 'chai'
import { Ollama } from 'ollama'
import OpenAI from 'openai'
import { createClosing } from '../support/close-all.ts'
import { type Step, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { openaiAnswer, openaiFrames, openaiStream } from '../support/openai-fake.ts'

const model = 'my-model'
const schema = { type: 'object' as const, properties: { path: { type: 'string' }, content: { type: 'string' } } }
const tool = { name: 'write', description: 'Writes a file.', parameters: schema }
const messages = [{ role: 'user' as const, content: 'Write it.' }]

/** What a client saw: why it ended, and of each call its arguments as JSON text. */
interface Seen {
  readonly finish: string | null | undefined
  readonly calls: readonly string[]
}

const ASK: Readonly<Record<string, (url: string, stream: boolean) => Promise<Seen>>> = {
  async 'openai-chat'(url, stream) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'k', maxRetries: 0 })
    const request = { model, messages, tools: [{ type: 'function' as const, function: tool }] }
    const said = stream
      ? await client.chat.completions.stream(request).finalChatCompletion()
      : await client.chat.completions.create(request)
    const [choice] = said.choices
    const calls = choice?.message.tool_calls ?? []
    return {
      finish: choice?.finish_reason,
      calls: calls.map((call) => (call.type === 'function' ? call.function.arguments : '')),
    }
  },
  async 'openai-responses'(url, stream) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'k', maxRetries: 0 })
    const request = {
      model,
      store: false,
      input: messages,
      tools: [{ type: 'function' as const, strict: false, ...tool }],
    }
    const said = stream
      ? await client.responses.stream(request).finalResponse()
      : await client.responses.create(request)
    if (said.status === 'failed') throw new Error(said.error?.message)
    return {
      finish: said.incomplete_details?.reason,
      calls: said.output.flatMap((item) => (item.type === 'function_call' ? [item.arguments] : [])),
    }
  },
  async anthropic(url, stream) {
    const client = new Anthropic({ baseURL: url, apiKey: 'k', maxRetries: 0 })
    const request = { model, max_tokens: 9, messages, tools: [{ name: tool.name, input_schema: schema }] }
    if (!stream) {
      const { content, stop_reason } = await client.messages.create(request)
      return {
        finish: stop_reason,
        calls: content.flatMap((one) => (one.type === 'tool_use' ? [JSON.stringify(one.input)] : [])),
      }
    }
    const said = client.messages.stream(request)
    let args = ''
    said.on('streamEvent', (event) => {
      if (event.type === 'content_block_delta' && event.delta.type === 'input_json_delta')
        args += event.delta.partial_json
    })
    const { stop_reason } = await said.finalMessage()
    return { finish: stop_reason, calls: args === '' ? [] : [args] }
  },
  async gemini(url, stream) {
    const { models } = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: url, apiVersion: 'v1beta' } })
    const functionDeclarations = [{ name: tool.name, parametersJsonSchema: schema }]
    const request = { model, contents: 'Write it.', config: { tools: [{ functionDeclarations }] } }
    const chunks = []
    if (stream) for await (const chunk of await models.generateContentStream(request)) chunks.push(chunk)
    else chunks.push(await models.generateContent(request))
    return {
      finish: chunks.at(-1)?.candidates?.[0]?.finishReason,
      calls: chunks.flatMap((chunk) => (chunk.functionCalls ?? []).map(({ args }) => JSON.stringify(args))),
    }
  },
  async ollama(url, stream) {
    const client = new Ollama({ host: url })
    const request = { model, messages, tools: [{ type: 'function', function: tool }] }
    const lines = []
    if (stream) for await (const line of await client.chat({ ...request, stream: true })) lines.push(line)
    else lines.push(await client.chat(request))
    return {
      finish: lines.at(-1)?.done_reason,
      calls: lines.flatMap(({ message }) =>
        (message.tool_calls ?? []).map((call) => JSON.stringify(call.function.arguments)),
      ),
    }
  },
}

const CUT_SHORT: Readonly<Record<string, string>> = {
  'openai-chat': 'length',
  'openai-responses': 'max_output_tokens',
  anthropic: 'max_tokens',
  gemini: 'MAX_TOKENS',
  ollama: 'length',
}

const HALVES = [
  '<tool_call>\n{"name": "write", "arguments": {"path": "a", "content": "rm -rf /tmp',
  '<tool_call>\n<function=write>\n<parameter=path>\na\n</parameter>\n<parameter=content>\nrm -rf /tmp',
]

describe('compat mode: calls that break off', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function start(text: string, cut: 'length' | undefined, behind?: readonly Step[]) {
    const said = { text: [...text], ...(cut === undefined ? {} : { cut }) }
    // All that is said, without the end and what follows it.
    const begun = openaiFrames(said).slice(0, -3)
    const headers = { 'content-type': 'text/event-stream' }
    const provider = closing.add(
      await startFakeProvider(({ json }) =>
        behind !== undefined
          ? { kind: 'stream', headers, steps: [...begun, ...behind] }
          : json.stream === true
            ? openaiStream(said)
            : openaiAnswer(said),
      ),
      (fake) => fake.close(),
    )
    const gateway = await startGateway(closing, {
      providers: [{ name: 'acme', protocol: 'openai-chat', api_base_url: provider.url, models: [model] }],
    })
    return { provider, gateway, url: `${gateway.url}/compat_mode` }
  }

  for (const [client, ask] of Object.entries(ASK)) {
    for (const stream of [false, true]) {
      const how = `${client}, ${stream ? 'streamed' : 'plain'}`
      for (const half of HALVES) {
        const form = half.includes('{') ? 'JSON' : 'tags'
        it(`trap 143: a call that is cut by the length limit is told as cut, and is no failure (${form}, ${how})`, async () => {
          const { gateway, url } = await start(`Now.\n${half}`, 'length')
          const { finish, calls } = await ask(url, stream)
          expect(finish).to.equal(CUT_SHORT[client])
          for (const args of calls) expect(() => JSON.parse(args), 'half a call').to.throw(SyntaxError)
          expect(await gateway.exchange(0)).to.include({ status: 200, error: undefined })
        })
      }
    }

    const ENDS: readonly (readonly [title: string, behind: readonly Step[], says: RegExp])[] = [
      ['with nothing behind it', [], /broke off in the middle/],
      ['with an end mark and no reason', ['data: [DONE]\n\n'], /broke off in the middle/],
      ['with an error', ['data: {"error":{"message":"out of memory"}}\n\n'], /out of memory/],
      ['with its connection', [{ do: 'reset' }], /closed the connection/],
    ]
    for (const [title, behind, says] of ENDS) {
      it(`a call that ends ${title} is an error and not half a command (${client})`, async () => {
        const { url } = await start(`Now.\n${HALVES[0]}`, undefined, behind)
        const failure = await ask(url, true).then(
          ({ calls }) => `${calls}`,
          (error: Error) => error.message,
        )
        expect(failure).to.match(says)
      })
    }
  }
})
