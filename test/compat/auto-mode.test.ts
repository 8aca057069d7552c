/** What the gateway finds out by itself: models that refuse tools, and models that are given tools and write calls as text. */
import { expect } from 'chai'
import { BACK_ENDS } from '../clients/back-ends.ts'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { AGENTS, type AgentTool, type Turn } from './agents.ts'
import { wordsOf } from './text-only.ts'

const TOOLS: readonly AgentTool[] = [
  {
    name: 'lookup',
    description: 'Finds what a key leads to.',
    parameters: { type: 'object', properties: { key: { type: 'string' } }, required: ['key'] },
  },
]
const CALL = '<tool_call>\n{"name": "lookup", "arguments": {"key": "a"}}\n</tool_call>'

describe('compat mode by itself', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  /** A back end of another protocol than the client's. */
  async function start(client: string, stream: boolean, group: object = {}) {
    const backEnd = BACK_ENDS.find(({ protocol }) => protocol === (client === 'openai-chat' ? 'ollama' : 'openai-chat'))
    const agent = AGENTS[client]
    if (backEnd === undefined || agent === undefined) throw new Error(client)
    const said = { text: [...`Let me look.\n\n${CALL}`], usage: { input: 30, output: 19 } }
    const provider = closing.add(await startFakeProvider(backEnd.answer(said)), (fake) => fake.close())
    const model = 'mixtral'
    const gateway = await startGateway(closing, {
      providers: [
        { name: 'acme', protocol: backEnd.protocol, api_base_url: provider.url, api_key: 'k', models: [model] },
      ],
      groups: { default: { aliases: { 'my-model': { provider: 'acme', model } }, ...group } },
    })
    return { backEnd, agent, provider, gateway, ask: () => agent.start(gateway.url, TOOLS, stream).ask() }
  }

  function expectCall({ calls, text, finish, kinds }: Turn, after: string): void {
    expect(calls.map(({ name, args }) => [name, args])).to.deep.equal([['lookup', { key: 'a' }]])
    expect(calls[0]?.id).to.match(/^[\w-]{1,64}$/)
    expect(text.trim()).to.equal('Let me look.')
    expect(kinds).to.deep.equal(['text', 'call'])
    expect(finish, 'F13').to.equal(after)
  }

  for (const client of Object.keys(AGENTS)) {
    for (const stream of [false, true]) {
      const how = `${client}, ${stream ? 'streamed' : 'plain'}`

      it(`trap 53: a call that leaks into the text of a model with tools is a call (${how})`, async () => {
        const { agent, provider, ask } = await start(client, stream)
        expectCall(await ask(), agent.finishes[0])
        expect(provider.requests[0]?.json.tools, 'its tools were native').to.have.length(1)
      })

      it(`stays text where the group wants what is native only (${how})`, async () => {
        const { ask } = await start(client, stream, { tool_mode: 'native' })
        const { text, calls } = await ask()
        expect(text).to.contain(CALL)
        expect(calls).to.deep.equal([])
      })

      it(`a model that refuses tools is asked by prompt, at once and from then on (${how})`, async () => {
        const { agent, backEnd, provider, gateway, ask } = await start(client, stream)
        provider.queue(backEnd.fail(500, 'tools param requires --jinja flag'))
        for (let round = 0; round < 2; round++) expectCall(await ask(), agent.finishes[0])
        expect(provider.requests.map(({ json }) => json.tools === undefined)).to.deep.equal([false, true, true])
        expect(wordsOf(provider.requests[1]?.json)).to.contain('### lookup')
        expect(await gateway.exchange(0), 'nothing failed').to.include({
          status: 200,
          attempts: 1,
          failures: undefined,
        })
        const status = await fetch(`${gateway.url}/status`)
        expect(status.status).to.equal(200)
        expect(JSON.stringify(await status.json())).to.contain('"acme/mixtral"')
      })
    }
  }
})
