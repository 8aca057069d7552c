/** Rows about Gemini that only the way through the whole gateway can hold. */
import { expect } from 'chai'
import { BACK_ENDS, type BackEnd, configFor } from '../clients/back-ends.ts'
import { OPENAI, post } from '../faults/clients.ts'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { HELLO, type Said, TWO_CALLS } from '../support/said.ts'

function backEndOf(protocol: string): BackEnd {
  const found = BACK_ENDS.find((one) => one.protocol === protocol)
  if (found === undefined) throw new Error(protocol)
  return found
}

/** A history of two rounds of tools, as a Chat Completions client tells it; results in another order than their calls. */
const call = (id: string, name: string, args: object) => ({
  id,
  type: 'function',
  function: { name, arguments: JSON.stringify(args) },
})
const ROUNDS = [
  { role: 'user', content: 'Hi' },
  {
    role: 'assistant',
    content: 'Let me look.',
    tool_calls: [call('call_1', 'get_weather', { city: 'Lisbon' }), call('call_2', 'get_time', {})],
  },
  { role: 'tool', tool_call_id: 'call_2', content: 'noon' },
  { role: 'tool', tool_call_id: 'call_1', content: '{"sky":"blue"}' },
  { role: 'assistant', content: null, tool_calls: [call('call_3', 'get_weather', { city: 'Porto' })] },
  { role: 'tool', tool_call_id: 'call_3', content: 'rain' },
]

describe('rows of Gemini, through the gateway', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function start(protocol: string, said: Said = HELLO) {
    const provider = closing.add(await startFakeProvider(backEndOf(protocol).answer(said)), (fake) => fake.close())
    const gateway = await startGateway(closing, configFor(protocol, provider.url))
    return { provider, url: gateway.url }
  }

  it('lesson 64: parallel calls are parts of one turn, and so are their results, named after their functions (defect 11)', async () => {
    const { provider, url } = await start('gemini')
    const answer = await post(`${url}${OPENAI.path}`, { ...OPENAI.body, messages: ROUNDS })
    expect(answer.status, answer.text).to.equal(200)
    const { contents } = (await provider.request(0)).json
    expect(contents.map(({ role }: any) => role)).to.deep.equal(['user', 'model', 'user', 'model', 'user'])
    const named = contents.map(({ parts }: any) =>
      parts.flatMap((part: any) => (part.functionCall ?? part.functionResponse)?.name ?? []),
    )
    expect(named[1]).to.deep.equal(['get_weather', 'get_time'])
    expect(named[2]).to.have.members(['get_weather', 'get_time'])
    expect([named[3], named[4]]).to.deep.equal([['get_weather'], ['get_weather']])
    const byName = Object.fromEntries(
      contents[2].parts.map(({ functionResponse: { name, response } }: any) => [name, JSON.stringify(response)]),
    )
    expect(byName['get_time']).to.contain('noon')
    expect(byName['get_weather']).to.contain('blue')
    expect(
      contents[1].parts.find((part: any) => part.functionCall?.name === 'get_weather').functionCall.args,
    ).to.deep.equal({ city: 'Lisbon' })
  })

  it('lesson 64: a Gemini client is told parallel calls in one list of parts', async () => {
    for (const protocol of ['openai-chat', 'anthropic', 'openai-responses', 'ollama']) {
      const { url } = await start(protocol, TWO_CALLS)
      const answer = await post(`${url}/v1beta/models/my-model:generateContent`, {
        contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
      })
      expect(answer.json.candidates, protocol).to.have.length(1)
      const parts: any[] = answer.json.candidates[0].content.parts
      expect(parts.flatMap((part) => part.functionCall?.name ?? [])).to.deep.equal(['get_weather', 'get_time'])
    }
  })

  it('lesson 68, defect 11: a long history without ids is paired for Anthropic, with the same ids every time', async () => {
    const say = (role: string, ...parts: object[]) => ({ role, parts })
    const told = (name: string, args: object) => ({ functionCall: { name, args } })
    const done = (name: string, output: string) => ({ functionResponse: { name, response: { output } } })
    const contents = [
      say('user', { text: 'Hi' }),
      say('model', { text: 'Let me look.' }, told('look', { at: 1 }), told('look', { at: 2 }), told('hear', {})),
      say('user', done('hear', 'noise'), done('look', 'one'), done('look', 'two')),
      say('model', told('look', { at: 3 })),
      say('function', done('look', 'three')),
      say('model', { text: 'I see.' }),
      say('user', { text: 'And now?' }),
    ]
    const { provider, url } = await start('anthropic')
    for (let round = 0; round < 2; round += 1) {
      const answer = await post(`${url}/v1beta/models/my-model:generateContent`, { contents })
      expect(answer.status, answer.text).to.equal(200)
    }
    const [first, second] = provider.requests
    expect(first?.body.equals(second?.body ?? Buffer.of()), 'nothing is random').to.equal(true)
    const { messages } = first?.json ?? {}
    const blocks: any[] = messages.flatMap(({ content }: any) => (typeof content === 'string' ? [] : content))
    const calls = blocks.filter(({ type }) => type === 'tool_use')
    expect(new Set(calls.map(({ id }) => id)).size).to.equal(4)
    const results = blocks.filter(({ type }) => type === 'tool_result')
    const answered = results.map(({ tool_use_id: id, content }) => {
      const found = calls.find((one) => one.id === id)
      return [found?.name, found?.input.at, JSON.stringify(content).match(/noise|one|two|three/)?.[0]]
    })
    expect(answered).to.have.deep.members([
      ['hear', undefined, 'noise'],
      ['look', 1, 'one'],
      ['look', 2, 'two'],
      ['look', 3, 'three'],
    ])
    for (const [index, { role, content }] of messages.entries()) {
      const asked = Array.isArray(content) ? content.filter(({ type }: any) => type === 'tool_use') : []
      if (role !== 'assistant' || asked.length === 0) continue
      const next = messages[index + 1].content.flatMap(({ tool_use_id: id }: any) => id ?? [])
      expect(next, 'each turn of calls is answered by the next').to.have.members(asked.map(({ id }: any) => id))
    }
  })

  it('lesson 67: functions are declared once, in the spelling of the API', async () => {
    const { provider, url } = await start('gemini')
    const tools = ['f', 'g'].map((name) => ({
      type: 'function',
      function: { name, description: 'd', parameters: { type: 'object', properties: { a: { type: 'string' } } } },
    }))
    await post(`${url}${OPENAI.path}`, { ...OPENAI.body, tools, tool_choice: 'required' })
    const sent = (await provider.request(0)).json
    expect(sent.tools).to.have.length(1)
    expect(Object.keys(sent.tools[0])).to.deep.equal(['functionDeclarations'])
    expect(sent.tools[0].functionDeclarations.map(({ name }: any) => name)).to.deep.equal(['f', 'g'])
    for (const declared of sent.tools[0].functionDeclarations) {
      expect(Object.keys(declared)).to.have.members(['name', 'description', 'parametersJsonSchema'])
    }
    expect(sent.toolConfig).to.deep.equal({ functionCallingConfig: { mode: 'ANY' } })
    expect(JSON.stringify(sent)).to.not.match(/function_declarations|tool_config/)
  })
})
