/** A model that writes a call wrong, or none where one is demanded, is asked once more, and the client sees one answer. */
import { expect } from 'chai'
import { BACK_ENDS } from '../clients/back-ends.ts'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { AGENTS, type AgentTool } from './agents.ts'
import { wordsOf } from './text-only.ts'

const TOOLS: readonly AgentTool[] = ['lookup', 'other'].map((name) => ({
  name,
  description: `Does ${name}.`,
  parameters: {
    type: 'object',
    properties: { key: { type: 'string' }, limit: { type: 'integer' } },
    required: ['key'],
  },
}))
const call = (name: string, args: object): string =>
  `<tool_call>\n${JSON.stringify({ name, arguments: args })}\n</tool_call>`
const WRONG = `Let me look.\n${call('lookup', { limit: 3 })}`
const BUSY = 'busy'
const RIGHT = call('lookup', { key: 'a', limit: 3 })

/** How each client demands a call of any tool, and of one. Ollama's protocol cannot. */
const DEMANDS: Readonly<Record<string, readonly [any: object, one: object]>> = {
  'openai-chat': [{ tool_choice: 'required' }, { tool_choice: { type: 'function', function: { name: 'lookup' } } }],
  'openai-responses': [{ tool_choice: 'required' }, { tool_choice: { type: 'function', name: 'lookup' } }],
  anthropic: [{ tool_choice: { type: 'any' } }, { tool_choice: { type: 'tool', name: 'lookup' } }],
  gemini: [
    { toolConfig: { functionCallingConfig: { mode: 'ANY' } } },
    { toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['lookup'] } } },
  ],
}

describe('compat mode: a call that stays wrong', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  /** The back end says one text after the other. */
  async function start(client: string, stream: boolean, texts: readonly string[], policy: object, more: object = {}) {
    const backEnd = BACK_ENDS[client === 'anthropic' ? 2 : 0]
    const agent = AGENTS[client]
    if (backEnd === undefined || agent === undefined) throw new Error(client)
    let said = 0
    const provider = closing.add(
      await startFakeProvider((request) => {
        const text = texts[said++] ?? ''
        if (text === BUSY) return backEnd.fail(429, 'Too many requests.')
        return backEnd.answer({ text: [...text], usage: { input: 30, output: 19 } })(request)
      }),
      (fake) => fake.close(),
    )
    const gateway = await startGateway(closing, {
      providers: [
        { name: 'acme', protocol: backEnd.protocol, api_base_url: provider.url, api_key: 'k', models: ['qwen2.5:7b'] },
      ],
      groups: { default: { aliases: { 'my-model': { provider: 'acme', model: 'qwen2.5:7b' } }, ...policy } },
    })
    const turn = await agent.start(`${gateway.url}/compat_mode`, TOOLS, stream, more).ask()
    const losses: readonly { readonly reason: string }[] = (await gateway.exchange(0)).losses
    return { turn, provider, agent, reasons: losses.map(({ reason }) => reason) }
  }
  const callsOf = ({ calls }: { readonly calls: readonly { readonly name: string; readonly args: object }[] }) =>
    calls.map(({ name, args }) => [name, args])

  for (const client of Object.keys(AGENTS)) {
    for (const stream of [false, true]) {
      const how = `${client}, ${stream ? 'streamed' : 'plain'}`

      it(`lesson 81, CS42: is made again unseen, what was said stays, and what both cost is told (${how})`, async () => {
        const { turn, provider, agent, reasons } = await start(client, stream, [WRONG, RIGHT], {
          invalid_tool_calls: 'retry',
        })
        expect(callsOf(turn)).to.deep.equal([['lookup', { key: 'a', limit: 3 }]])
        expect(turn.text.trim()).to.equal('Let me look.')
        expect(turn.finish).to.equal(agent.finishes[0])
        expect(turn.tokens).to.deep.equal([60, 38])
        const [first, second] = provider.requests.map(({ json }) => json)
        expect(second.messages.slice(0, first.messages.length), 'the prompt stays').to.deep.equal(first.messages)
        const told = wordsOf(second.messages.slice(first.messages.length))
        expect(told).to.contain('{"limit": 3}').and.to.contain("must have required property 'key'")
        expect(told).to.match(/<tool_response id="\w+" name="lookup" status="error">/)
        expect(reasons.join()).to.contain('asked again: lookup')
      })

      it(`is passed as it is when it is wrong again (${how})`, async () => {
        const { turn, provider, reasons } = await start(client, stream, [WRONG, WRONG], { invalid_tool_calls: 'retry' })
        expect(callsOf(turn)).to.deep.equal([['lookup', { limit: 3 }]])
        expect(provider.requests).to.have.length(2)
        expect(reasons.join()).to.contain('do not fit its schema')
      })

      it(`is passed as it is where the group says so, and where another call fits (${how})`, async () => {
        for (const [texts, policy] of [
          [[WRONG], { invalid_tool_calls: 'pass' }],
          [[WRONG], {}],
          [[`${WRONG}\n${call('other', { key: 'b' })}`], { invalid_tool_calls: 'retry' }],
        ] as const) {
          const { turn, provider, reasons } = await start(client, stream, texts, policy)
          expect(callsOf(turn)[0]).to.deep.equal(['lookup', { limit: 3 }])
          expect(provider.requests).to.have.length(1)
          expect(reasons.join()).to.contain('do not fit its schema')
        }
      })

      for (const [index, demand] of (DEMANDS[client] ?? []).entries()) {
        const what = index === 0 ? 'any tool' : 'one tool'
        it(`CS34: is asked for again where a call of ${what} was demanded and none came (${how})`, async () => {
          const texts = ['I would rather not.', RIGHT]
          const { turn, provider, agent, reasons } = await start(
            client,
            stream,
            texts,
            { invalid_tool_calls: 'retry' },
            demand,
          )
          expect(callsOf(turn)).to.deep.equal([['lookup', { key: 'a', limit: 3 }]])
          expect(turn.text.trim()).to.equal('I would rather not.')
          expect(turn.finish).to.equal(agent.finishes[0])
          const words = wordsOf(provider.requests[0]?.json)
          expect(words).to.contain(index === 0 ? 'contain a call of one of these' : 'contain a call of lookup')
          expect(words.includes('### other')).to.equal(index === 0)
          expect(wordsOf(provider.requests[1]?.json)).to.contain('Your reply held no call.')
          expect(reasons.join()).to.contain('asked again: it made no call')
        })
      }
    }
  }

  it('is passed as it is where the model cannot be asked again', async () => {
    for (const client of Object.keys(AGENTS)) {
      for (const stream of [false, true]) {
        const { turn, provider, agent, reasons } = await start(client, stream, [WRONG, BUSY], {
          invalid_tool_calls: 'retry',
        })
        expect(callsOf(turn), client).to.deep.equal([['lookup', { limit: 3 }]])
        expect(turn.text.trim()).to.equal('Let me look.')
        expect(turn.finish).to.equal(agent.finishes[0])
        expect(provider.requests).to.have.length(2)
        expect(reasons.join()).to.contain('do not fit its schema')
      }
    }
  })

  it('CS34: says so where no call came in the end, and asks nobody where the group does not want it', async () => {
    const demand = DEMANDS['openai-chat']?.[0] ?? {}
    for (const [policy, asked] of [
      [{ invalid_tool_calls: 'retry' }, 2],
      [{}, 1],
    ] as const) {
      const { turn, provider, reasons } = await start('openai-chat', false, ['No.', 'No!'], policy, demand)
      expect(turn.text).to.equal(asked === 2 ? 'No.\n\nNo!' : 'No.')
      expect(turn.finish).to.equal('stop')
      expect(provider.requests).to.have.length(asked)
      expect(reasons.join()).to.contain('no tool was called')
    }
  })
})
