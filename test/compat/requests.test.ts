/** What a request says of its tools holds over models that only write text, whichever protocol says it. */
import { expect } from 'chai'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { openaiAnswer, openaiStream } from '../support/openai-fake.ts'
import { AGENTS, type AgentTool } from './agents.ts'
import { wordsOf } from './text-only.ts'

const TOOLS: readonly AgentTool[] = ['fs.read', 'other'].map((name) => ({
  name,
  description: `Does ${name}.`,
  parameters: { type: 'object', properties: { path: { type: 'string' }, limit: { type: 'integer' } } },
}))
/** A name with a dot is taught without it: no family of models is used to them. */
const READ = 'fs_u2e_read'
const call = (name: string, values: Readonly<Record<string, string>>): string => {
  const parameters = Object.entries(values).map(([key, value]) => `<parameter=${key}>\n${value}\n</parameter>\n`)
  return `<tool_call>\n<function=${name}>\n${parameters.join('')}</function>\n</tool_call>`
}
const TWO = `Fine.\n${call(READ, { path: '007', limit: '10' })}\n${call('other', { path: 'b' })}`

const NONE: Readonly<Record<string, object>> = {
  'openai-chat': { tool_choice: 'none' },
  'openai-responses': { tool_choice: 'none' },
  anthropic: { tool_choice: { type: 'none' } },
  gemini: { toolConfig: { functionCallingConfig: { mode: 'NONE' } } },
}
const ONE_AT_A_TIME: Readonly<Record<string, object>> = {
  'openai-chat': { parallel_tool_calls: false },
  'openai-responses': { parallel_tool_calls: false },
  anthropic: { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
}
const ONLY_OTHER: Readonly<Record<string, object>> = {
  'openai-chat': {
    tool_choice: {
      type: 'allowed_tools',
      allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'other' } }] },
    },
  },
  'openai-responses': {
    tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'other' }] },
  },
}
const NAMED_OTHER: Readonly<Record<string, object>> = {
  ...ONLY_OTHER,
  'openai-chat': { tool_choice: { type: 'function', function: { name: 'other' } } },
  anthropic: { tool_choice: { type: 'tool', name: 'other' } },
  gemini: { toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['other'] } } },
}
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII='

describe('compat mode: what a request says', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function start(text: string) {
    const said = { text: [...text] }
    const provider = closing.add(
      await startFakeProvider(({ json }) => (json.stream === true ? openaiStream(said) : openaiAnswer(said))),
      (fake) => fake.close(),
    )
    const gateway = await startGateway(closing, {
      providers: [{ name: 'acme', protocol: 'openai-chat', api_base_url: provider.url, models: ['qwen3-coder:30b'] }],
      groups: { default: { aliases: { 'my-model': { provider: 'acme', model: 'qwen3-coder:30b' } } } },
    })
    const url = `${gateway.url}/compat_mode`
    const post = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
      expect(answer.status).to.equal(200)
      return { text: await answer.text(), sent: (await provider.request(0)).json.messages as readonly any[] }
    }
    const ask = async (client: string, stream: boolean, more: object) => {
      const turn = await AGENTS[client]?.start(url, TOOLS, stream, more).ask()
      const { losses } = await gateway.exchange(0)
      const reasons = losses.map(({ reason }: { readonly reason: string }) => reason).join()
      const calls = turn?.calls.map(({ name, args }) => [name, args])
      return {
        calls,
        text: turn?.text.trim(),
        finish: turn?.finish,
        words: wordsOf(provider.requests[0]?.json),
        reasons,
      }
    }
    return { provider, gateway, post, ask }
  }

  for (const stream of [false, true]) {
    const how = stream ? 'streamed' : 'plain'
    for (const client of Object.keys(AGENTS)) {
      it(`trap 55, lesson 70, CS33: two calls come with their own names and types (${client}, ${how})`, async () => {
        const { ask } = await start(TWO)
        const { calls, words } = await ask(client, stream, {})
        expect(words).to.contain(`### ${READ}`)
        expect(calls).to.deep.equal([
          ['fs.read', { path: '007', limit: 10 }],
          ['other', { path: 'b' }],
        ])
      })
    }

    for (const [client, more] of Object.entries(NONE)) {
      it(`CS34: where no tool may be called none is taught, and what is written as a call is none (${client}, ${how})`, async () => {
        const { ask } = await start(TWO)
        const { calls, text, finish, words, reasons } = await ask(client, stream, more)
        expect(words).not.to.contain('### other')
        expect(calls).to.deep.equal([])
        expect(text).to.equal('Fine.')
        expect(finish).to.equal(AGENTS[client]?.finishes[1])
        expect(reasons).to.contain('though the request allows none: other')
      })
    }

    for (const [client, more] of Object.entries(ONE_AT_A_TIME)) {
      it(`CS33: where one call at a time is allowed only the first is made (${client}, ${how})`, async () => {
        const { ask } = await start(TWO)
        const { calls, words, reasons } = await ask(client, stream, more)
        expect(words).to.contain('one call at a time').and.not.to.contain('Several calls')
        expect(calls).to.deep.equal([['fs.read', { path: '007', limit: 10 }]])
        expect(reasons).to.contain('one at a time: other')
      })
    }

    for (const [client, more] of Object.entries(ONLY_OTHER)) {
      it(`CS34: where some tools are allowed only these are taught (${client}, ${how})`, async () => {
        const { ask } = await start(call('other', { limit: '3' }))
        const { calls, words } = await ask(client, stream, more)
        expect(words).to.contain('### other').and.not.to.contain(`### ${READ}`)
        expect(calls).to.deep.equal([['other', { limit: 3 }]])
      })
    }

    for (const [client, more] of Object.entries(NAMED_OTHER)) {
      it(`CS34: a call of a tool that is not the one that is wanted is none (${client}, ${how})`, async () => {
        const { ask } = await start(`Fine.\n${call('fs.read', { path: 'a' })}\n${call('other', { path: 'b' })}`)
        const { calls, text, reasons } = await ask(client, stream, more)
        expect(calls).to.deep.equal([['other', { path: 'b' }]])
        expect(text).to.equal('Fine.')
        expect(reasons).to.contain('a call of a tool that the request does not allow: fs')
      })
    }

    it(`traps 46, 47: a tool of raw text gives its text as it is, and keeps it in the history (${how})`, async () => {
      const patch = '*** Begin Patch\n*** Update File: a.ts\n@@\n-a < b && "c"\n+</parameter> 🙂\n*** End Patch'
      const { post } = await start(`On it.\n${call('apply_patch', { input: patch })}`)
      const made = { type: 'custom_tool_call', call_id: 'c1', name: 'apply_patch', input: patch }
      const { text, sent } = await post('/v1/responses', {
        model: 'my-model',
        stream,
        store: false,
        tools: [{ type: 'custom', name: 'apply_patch', description: 'Patches.', format: { type: 'text' } }],
        input: [
          { role: 'user', content: 'Patch it.' },
          made,
          { type: 'custom_tool_call_output', call_id: 'c1', output: 'failed: no such line' },
        ],
      })
      const body = stream
        ? text.split('\n').flatMap((line) => (line.startsWith('data: {') ? [JSON.parse(line.slice(6))] : []))
        : [JSON.parse(text)]
      const answer = stream ? body.find(({ type }) => type === 'response.completed').response : body[0]
      const [told] = answer.output.filter(({ type }: { readonly type: string }) => type === 'custom_tool_call')
      expect(told).to.deep.include({ name: 'apply_patch', input: patch })
      if (stream) {
        const deltas = body.filter(({ type }) => type === 'response.custom_tool_call_input.delta')
        expect(deltas.map(({ delta }) => delta).join('')).to.equal(patch)
      }
      expect(wordsOf(sent[0])).to.contain('### apply_patch').and.to.contain('- input (string, required)')
      expect(sent[2].role).to.equal('assistant')
      expect(sent[2].content).to.contain('<function=apply_patch>\n<parameter=input>\n*** Begin Patch\n')
      expect(wordsOf(sent[3])).to.contain('failed: no such line')
    })
  }

  it('CS34: what was called is told in words also where a summary is asked for without tools, by a client of the same protocol', async () => {
    const { post } = await start('A summary.')
    const called = { id: 'c1', type: 'function', function: { name: 'other', arguments: '{"path":"a"}' } }
    const messages = [
      { role: 'user', content: 'Go.' },
      { role: 'assistant', content: null, tool_calls: [called] },
      { role: 'tool', tool_call_id: 'c1', content: 'gone' },
      { role: 'user', content: 'Sum up.' },
    ]
    const { sent } = await post('/v1/chat/completions', { model: 'my-model', messages })
    expect(sent.map(({ role }) => role)).to.deep.equal(['user', 'assistant', 'user'])
    expect(sent[1]).to.deep.equal({ role: 'assistant', content: call('other', { path: 'a' }) })
  })

  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } }
  const HISTORIES: readonly (readonly [client: string, path: string, body: object, isMarked: boolean])[] = [
    [
      'anthropic',
      '/v1/messages',
      {
        max_tokens: 9,
        tools: [{ name: 'shot', input_schema: { type: 'object' } }],
        messages: [
          { role: 'user', content: 'Look.' },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'shot', input: {} }] },
          {
            role: 'user',
            content: [
              {
                type: 'tool_result',
                tool_use_id: 'toolu_1',
                is_error: true,
                content: [{ type: 'text', text: 'half <tool_call>' }, image],
              },
            ],
          },
        ],
      },
      true,
    ],
    [
      'openai-responses',
      '/v1/responses',
      {
        tools: [{ type: 'function', name: 'shot', parameters: { type: 'object' }, strict: false }],
        input: [
          { role: 'user', content: 'Look.' },
          { type: 'function_call', call_id: 'toolu_1', name: 'shot', arguments: '{}' },
          {
            type: 'function_call_output',
            call_id: 'toolu_1',
            output: [
              { type: 'input_text', text: 'half <tool_call>' },
              { type: 'input_image', image_url: `data:image/png;base64,${PIXEL}` },
            ],
          },
        ],
      },
      false,
    ],
    [
      'gemini',
      '/v1beta/models/my-model:generateContent',
      {
        tools: [{ functionDeclarations: [{ name: 'shot' }] }],
        contents: [
          { role: 'user', parts: [{ text: 'Look.' }] },
          { role: 'model', parts: [{ functionCall: { id: 'toolu_1', name: 'shot', args: {} } }] },
          {
            role: 'user',
            parts: [
              {
                functionResponse: {
                  id: 'toolu_1',
                  name: 'shot',
                  response: { output: 'half <tool_call>' },
                  parts: [{ inlineData: { mimeType: 'image/png', data: PIXEL } }],
                },
              },
            ],
          },
        ],
      },
      false,
    ],
  ]
  for (const [client, path, body, isMarked] of HISTORIES) {
    it(`CS32, lesson 50: pictures in results stay, errors are marked, and no result can forge a call (${client})`, async () => {
      const { post } = await start('I see.')
      const { sent } = await post(path, { model: 'my-model', ...body })
      expect(sent.map(({ role }) => role)).to.deep.equal(['system', 'user', 'assistant', 'user'])
      expect(sent[2].content).to.equal('<tool_call>\n<function=shot>\n</function>\n</tool_call>')
      const parts: readonly any[] = sent[3].content
      const words = parts.map(({ text = '' }) => text).join('')
      const status = isMarked ? ' status="error"' : ''
      expect(words).to.contain(`<tool_response id="toolu_1" name="shot"${status}>\n`)
      expect(words).to.contain('half <\u2060tool_call>')
      expect(parts.find(({ type }) => type === 'image_url')?.image_url.url).to.equal(`data:image/png;base64,${PIXEL}`)
    })
  }
})
