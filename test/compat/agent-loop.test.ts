/** An agent goes five turns with two calls each over models that only write text, by the official client of every protocol. */
import { expect } from 'chai'
import { BACK_ENDS } from '../clients/back-ends.ts'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { AGENTS, type AgentCall, type AgentTool } from './agents.ts'
import { followTrail, MODELS, NOTE, TRAIL } from './text-only.ts'

const TOOLS: readonly AgentTool[] = [
  {
    name: 'lookup',
    description: 'Finds what a key leads to.',
    parameters: { type: 'object', properties: { key: { type: 'string' } }, required: ['key'] },
  },
  {
    name: 'write_note',
    description: 'Writes a note.',
    parameters: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  },
]

function runTool({ name, args }: AgentCall): string {
  if (name === 'lookup') return `${args['key']} leads to ${TRAIL[TRAIL.indexOf(String(args['key'])) + 1]}.`
  expect(args).to.deep.equal({ text: NOTE })
  return `noted ${NOTE.length}`
}

/** What a back end reads, in the order in which it caches it. */
function promptOf({ system, systemInstruction, instructions, messages, contents, input }: any): string {
  return JSON.stringify([system ?? systemInstruction ?? instructions ?? '', messages ?? contents ?? input]).slice(0, -2)
}

const ROWS = Object.keys(AGENTS).flatMap((client, row) =>
  BACK_ENDS.flatMap((backEnd, column) =>
    // Every client over three kinds of back end, every back end with three clients, and every dialect more than once.
    [0, 2, 3].includes((row + column) % 5) ? [{ client, backEnd, at: row * 3 + column }] : [],
  ),
)

describe('compat mode: an agent over models that only write text', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())
  const names = Object.keys(MODELS)

  for (const { client, backEnd, at } of ROWS) {
    for (const stream of [false, true]) {
      const model = names[(at * 2 + (stream ? 1 : 0)) % names.length] ?? ''
      it(`lesson 79, CS41: ${client} over ${backEnd.protocol}, ${model}, ${stream ? 'streamed' : 'plain'}`, async () => {
        const faults: string[] = []
        const provider = closing.add(await startFakeProvider(followTrail(backEnd, faults)), (fake) => fake.close())
        const gateway = await startGateway(closing, {
          providers: [
            { name: 'acme', protocol: backEnd.protocol, api_base_url: provider.url, api_key: 'k', models: [model] },
          ],
          groups: { default: { aliases: { 'my-model': { provider: 'acme', model } } } },
        })
        const agent = AGENTS[client]
        if (agent === undefined) throw new Error(client)
        const conversation = agent.start(`${gateway.url}/compat_mode`, TOOLS, stream)
        const ids: (string | undefined)[] = []
        for (const [index, key] of TRAIL.slice(0, -1).entries()) {
          const turn = await conversation.ask()
          expect(turn.calls.map(({ name, args }) => [name, args])).to.deep.equal([
            ['lookup', { key }],
            ['write_note', { text: NOTE }],
          ])
          expect(turn.text.trim()).to.equal(`Step ${index + 1}: a < b.`)
          expect(turn.kinds).to.deep.equal(['text', 'call', 'call'])
          expect(turn.finish, 'F13').to.equal(agent.finishes[0])
          expect(turn.tokens).to.deep.equal([30, 19])
          ids.push(...turn.calls.map(({ id }) => id))
          conversation.answer(turn.calls, turn.calls.map(runTool))
        }
        const end = await conversation.ask()
        expect(end.text).to.equal('The trail ends at treasure-7319.')
        expect(end.calls).to.deep.equal([])
        expect(end.finish).to.equal(agent.finishes[1])
        expect(faults).to.deep.equal([])
        for (const [index, { json }] of provider.requests.entries()) {
          const next = provider.requests[index + 1]?.json ?? json
          expect(promptOf(next).startsWith(promptOf(json)), 'the prompt keeps its beginning').to.equal(true)
        }
        expect(new Set(ids), 'ids are unique').to.have.lengthOf(ids.length)
        expect(ids).to.satisfy((all: typeof ids) => all.every((id) => id !== undefined && /^[\w-]{1,64}$/.test(id)))
      })
    }
  }
})
