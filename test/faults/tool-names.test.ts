import { expect } from 'chai'
import { BACK_ENDS, configFor } from '../clients/back-ends.ts'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { post } from './clients.ts'

const NAME = `mcp.server/${'a_rather_long_name_'.repeat(4)}read`
const TWIN = `${NAME}2`
const USER = { role: 'user', content: 'Hi' }

/** Names of tools as they were declared to a back end, in whatever protocol. */
function declaredNames(json: any): string[] {
  const tools = JSON.stringify(json.tools)
  return [...tools.matchAll(/"name":"([^"]+)"/g)].flatMap(([, name]) => name ?? [])
}

describe('names of tools that a back end does not take', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  for (const backEnd of BACK_ENDS.filter(({ protocol }) => protocol !== 'anthropic')) {
    for (const stream of [false, true]) {
      it(`trap 51, trap 52: ${backEnd.protocol} calls them otherwise, and nobody notices, ${stream ? 'streamed' : 'plain'}`, async () => {
        const provider = closing.add(
          await startFakeProvider((request) => {
            // The chosen one, which some are offered alone.
            const chosen = declaredNames(request.json).at(-1) ?? ''
            return backEnd.answer({ calls: [{ id: 'c1', name: chosen, input: { a: 1 } }] })(request)
          }),
          (fake) => fake.close(),
        )
        const gateway = await startGateway(closing, configFor(backEnd.protocol, provider.url))
        const answer = await post(`${gateway.url}/team/v1/messages`, {
          model: 'my-model',
          max_tokens: 100,
          stream,
          tools: [NAME, TWIN].map((name) => ({ name, input_schema: { type: 'object' } })),
          tool_choice: { type: 'tool', name: TWIN },
          messages: [
            USER,
            { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: NAME, input: {} }] },
            { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'ok' }] },
          ],
        })
        expect(answer.status, answer.text).to.equal(200)
        expect(answer.text).to.contain(`"name":"${TWIN}"`)
        const sent = provider.requests[0]
        const names = declaredNames(sent?.json)
        // Ollama takes any name.
        if (backEnd.protocol === 'ollama') return
        expect(new Set(names)).to.have.length(2)
        for (const name of names) expect(name).to.match(/^[a-zA-Z0-9_.:-]{1,64}$/)
        expect(sent?.body.toString(), 'in the history and in the choice as well').to.not.contain(NAME)
      })
    }
  }
})
