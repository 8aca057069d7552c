/** Back ends that say with a status of success that a model takes no tools: in the answer, or at the beginning of its stream. */
import { expect } from 'chai'
import { BACK_ENDS } from '../clients/back-ends.ts'
import { createClosing } from '../support/close-all.ts'
import { type Script, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { AGENTS, type AgentTool } from './agents.ts'

const TOOLS: readonly AgentTool[] = [
  {
    name: 'lookup',
    description: 'Finds what a key leads to.',
    parameters: { type: 'object', properties: { key: { type: 'string' } }, required: ['key'] },
  },
]
const CALL = 'Let me look.\n\n<tool_call>\n{"name": "lookup", "arguments": {"key": "a"}}\n</tool_call>'
const REFUSAL = 'acme/mixtral does not support tools'

const chunk = (more: object) =>
  `data: ${JSON.stringify({ id: 'gen-1', object: 'chat.completion.chunk', created: 1, model: 'mixtral', provider: 'X', ...more })}\n\n`
const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`
const stream = (...steps: string[]): Script => ({
  kind: 'stream',
  headers: { 'content-type': 'text/event-stream' },
  steps,
})
const lines = (...steps: string[]): Script => ({
  kind: 'stream',
  headers: { 'content-type': 'application/x-ndjson' },
  steps,
})
const whole = (body: unknown): Script => ({ kind: 'answer', body })

const RAW = { code: 400, message: 'Provider returned error', metadata: { raw: `{"error":"${REFUSAL}"}` } }
const EMPTY = { index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }
const DONE = 'data: [DONE]\n\n'
const MESSAGE = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null }
const FAILED = {
  id: 'resp_1',
  object: 'response',
  status: 'failed',
  output: [],
  error: { code: 'server_error', message: REFUSAL },
}

/** As servers have been seen to do it. */
const STREAMED: readonly (readonly [protocol: string, how: string, script: Script])[] = [
  [
    'openai-chat',
    'OpenRouter, behind its comments',
    stream(
      ': OPENROUTER PROCESSING\n\n',
      ': OPENROUTER PROCESSING\n\n',
      chunk({ error: RAW, choices: [{ ...EMPTY, finish_reason: 'error' }] }),
      DONE,
    ),
  ],
  [
    'openai-chat',
    'OpenRouter, in the choice',
    stream(chunk({ choices: [EMPTY] }), chunk({ choices: [{ ...EMPTY, finish_reason: 'error', error: RAW }] }), DONE),
  ],
  [
    'openai-chat',
    'NIM',
    stream(
      `data: ${JSON.stringify({ error: { object: 'error', message: 'Tool calling is not supported in streaming mode!', type: 'BadRequestError', code: 400 } })}\n\n`,
      DONE,
    ),
  ],
  ['openai-chat', 'cut off behind it', stream(`data: {"error":{"message":"${REFUSAL}"}}`)],
  ['openai-chat', 'in one piece', whole({ error: { message: REFUSAL, code: 400 } })],
  ['anthropic', 'at once', stream(event('error', { error: { type: 'invalid_request_error', message: REFUSAL } }))],
  [
    'anthropic',
    'after its start',
    stream(
      event('message_start', { message: { ...MESSAGE, usage: { input_tokens: 1, output_tokens: 1 } } }),
      event('ping', {}),
      event('error', { error: { type: 'api_error', message: REFUSAL } }),
    ),
  ],
  ['ollama', 'as its first line', lines(`{"error":"${REFUSAL}"}\n`)],
  ['openai-responses', 'as an event', stream(event('error', { code: null, message: REFUSAL, param: null }))],
  [
    'openai-responses',
    'after its start',
    stream(
      event('response.created', { response: { ...FAILED, status: 'in_progress', error: null } }),
      event('response.failed', { response: FAILED }),
    ),
  ],
  [
    'gemini',
    'as its first chunk',
    stream(
      `data: ${JSON.stringify({ error: { code: 400, message: 'Function calling is not enabled for models/gemma-3', status: 'INVALID_ARGUMENT' } })}\n\n`,
    ),
  ],
]

const PLAIN: typeof STREAMED = [
  ['openai-chat', 'OpenRouter', whole({ error: RAW, user_id: 'user_1' })],
  [
    'openai-chat',
    'OpenRouter, in the choice',
    whole({
      id: 'gen-1',
      choices: [{ index: 0, message: { role: 'assistant', content: '' }, finish_reason: 'error', error: RAW }],
    }),
  ],
  ['anthropic', 'as an error', whole({ type: 'error', error: { type: 'invalid_request_error', message: REFUSAL } })],
  ['ollama', 'as an error', whole({ error: REFUSAL })],
  ['openai-responses', 'as a failed answer', whole(FAILED)],
  ['gemini', 'as an error', whole({ error: { code: 400, message: REFUSAL, status: 'INVALID_ARGUMENT' } })],
]

describe('compat mode: tools refused in an answer', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function start(protocol: string, group: object = {}) {
    const backEnd = BACK_ENDS.find((one) => one.protocol === protocol)
    const provider = closing.add(await startFakeProvider(backEnd?.answer({ text: [...CALL] })), (fake) => fake.close())
    const gateway = await startGateway(closing, {
      providers: [{ name: 'acme', protocol, api_base_url: provider.url, api_key: 'k', models: ['mixtral'] }],
      groups: { default: { aliases: { 'my-model': { provider: 'acme', model: 'mixtral' } }, ...group } },
    })
    const ask = (client: string, isStreamed: boolean) =>
      AGENTS[client]?.start(gateway.url, TOOLS, isStreamed, protocol === 'ollama' ? {} : {}).ask()
    return { provider, gateway, ask }
  }

  for (const [isStreamed, rows] of [
    [true, STREAMED],
    [false, PLAIN],
  ] as const) {
    for (const [protocol, how, script] of rows) {
      for (const client of [protocol, protocol === 'anthropic' ? 'openai-chat' : 'anthropic']) {
        it(`${protocol}, ${how}: asked again by prompt, at once and from then on (${client}, ${isStreamed ? 'streamed' : 'plain'})`, async () => {
          const { provider, gateway, ask } = await start(protocol)
          provider.queue(script)
          for (let round = 0; round < 2; round++) {
            const turn = await ask(client, isStreamed)
            expect(turn?.calls.map(({ name, args }) => [name, args])).to.deep.equal([['lookup', { key: 'a' }]])
            expect(turn?.text.trim()).to.equal('Let me look.')
            expect(turn?.finish, 'F13').to.equal(AGENTS[client]?.finishes[0])
          }
          expect(provider.requests.map(({ json }) => json.tools === undefined)).to.deep.equal([false, true, true])
          expect(await gateway.exchange(0), 'nothing failed').to.include({
            status: 200,
            attempts: 1,
            failures: undefined,
          })
          const status = (await (await fetch(`${gateway.url}/status`)).json()) as any
          expect(JSON.stringify(status)).to.contain('"models_without_tools":["acme/mixtral"]')
        })
      }
    }
  }

  async function post(url: string, body: object): Promise<string> {
    const tools = TOOLS.map((tool) => ({ type: 'function', function: tool }))
    const messages = [{ role: 'user', content: 'Hi' }]
    const answer = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'my-model', stream: true, messages, tools, ...body }),
    })
    return await answer.text()
  }

  const WORD = chunk({ choices: [{ ...EMPTY, delta: { content: 'Well' } }] })
  const ERROR = chunk({ error: RAW, choices: [] })
  const RELAYED: readonly (readonly [title: string, steps: readonly string[], body: object, group: object])[] = [
    ['a refusal behind the first word', [': wait\n\n', chunk({ choices: [EMPTY] }), WORD, ERROR], {}, {}],
    ['another error', [': wait\n\n', chunk({ error: { code: 502, message: 'Bad gateway' } }), DONE], {}, {}],
    ['a refusal where the group wants what is native', [ERROR, DONE], {}, { tool_mode: 'native' }],
    ['a refusal of tools that nobody offered', [ERROR, DONE], { tools: undefined }, {}],
    ['what is no answer at all', [': nothing\n\n'], {}, {}],
    ['more than an error has before the first word', [`: ${'x'.repeat(70_000)}\n\n`, ERROR, DONE], {}, {}],
  ]
  for (const [title, steps, body, group] of RELAYED) {
    it(`${title} is relayed byte for byte`, async () => {
      const { provider, gateway } = await start('openai-chat', group)
      provider.queue(stream(...steps))
      expect(await post(gateway.url, body)).to.equal(steps.join(''))
      expect(provider.requests).to.have.length(1)
    })
  }

  it('what a model says before it thinks is not held back until it has thought', async () => {
    const { provider, gateway } = await start('openai-chat')
    const head = chunk({ choices: [EMPTY] })
    let think = (): void => {}
    const thought = new Promise<void>((resolve) => {
      think = resolve
    })
    provider.queue({
      kind: 'stream',
      headers: { 'content-type': 'text/event-stream' },
      steps: [head, thought, WORD, DONE],
    })
    const tools = TOOLS.map((tool) => ({ type: 'function', function: tool }))
    const answer = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'my-model', stream: true, messages: [{ role: 'user', content: 'Hi' }], tools }),
    })
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).to.equal(head)
    think()
    expect((await reader?.read())?.value).to.contain('Well')
  })
})
