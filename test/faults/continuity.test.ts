import { expect } from 'chai'
import { configFor } from '../clients/back-ends.ts'
import { anthropicAnswer, anthropicStream } from '../support/anthropic-fake.ts'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { ONE_CALL } from '../support/said.ts'
import { OPENAI, post } from './clients.ts'

describe('continuity of reasoning', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  for (const stream of [false, true]) {
    it(`trap 86: a client that drops thoughts does not break a signed turn (${stream ? 'stream' : 'plain'})`, async () => {
      const thinking = { ...ONE_CALL, reasoning: 'I should look.' }
      const provider = closing.add(
        await startFakeProvider((request) =>
          request.json.stream ? anthropicStream(thinking) : anthropicAnswer(thinking),
        ),
        (fake) => fake.close(),
      )
      const gateway = await startGateway(closing, configFor('anthropic', provider.url))
      const tools = [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }]
      const request = { ...OPENAI.body, tools, reasoning_effort: 'high' }
      await post(`${gateway.url}/v1/chat/completions`, { ...request, stream })
      // What many clients keep of a turn: the calls, and nothing of the thought behind them.
      const turn = {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id: 'call_weather_1',
            type: 'function',
            function: { name: 'get_weather', arguments: '{ "city":"Lisbon" }' },
          },
        ],
      }
      const result = { role: 'tool', tool_call_id: 'call_weather_1', content: '21 degrees' }
      const messages = [...(OPENAI.body['messages'] as object[]), turn, result]
      await post(`${gateway.url}/v1/chat/completions`, { ...request, messages, stream })
      const sent = (await provider.request(1)).json.messages[1]
      expect(sent.content.map((block: any) => block.type)).to.deep.equal(['thinking', 'tool_use'])
      expect(sent.content[0]).to.include({ thinking: 'I should look.', signature: 'EqQBCgIYAhIM1gbcDa9GJwZA2b3h' })

      // The same call with the same id in another conversation is another call.
      const elsewhere = [{ role: 'user', content: 'Something else' }, turn, result]
      await post(`${gateway.url}/v1/chat/completions`, { ...request, messages: elsewhere, stream })
      expect(JSON.stringify((await provider.request(2)).json), 'S19').to.not.contain('I should look.')
    })
  }
})
