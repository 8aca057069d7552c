/** Rows about Responses that only the way through the whole gateway can hold. */
import { expect } from 'chai'
import { BACK_ENDS, type BackEnd, configFor } from '../clients/back-ends.ts'
import { post } from '../faults/clients.ts'
import { createClosing } from '../support/close-all.ts'
import { type Script, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { responsesFrames } from '../support/responses-fake.ts'
import { HELLO, ONE_CALL, TWO_CALLS } from '../support/said.ts'

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const PICTURE = `data:image/png;base64,${PIXEL}`
const ASK = { role: 'user', content: 'Hi' }
const CALL = { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{}' }

function backEndOf(protocol: string): BackEnd {
  const found = BACK_ENDS.find((one) => one.protocol === protocol)
  if (found === undefined) throw new Error(protocol)
  return found
}

function eventsOf(text: string): any[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice('data: '.length)))
}

describe('rows of Responses, through the gateway', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function start(protocol: string, answer: BackEnd['answer'] | Script, said = HELLO) {
    const answerer = typeof answer === 'function' ? answer(said) : () => answer
    const provider = closing.add(await startFakeProvider(answerer), (fake) => fake.close())
    const gateway = await startGateway(closing, configFor(protocol, provider.url))
    const ask = (members: object) => post(`${gateway.url}/v1/responses`, { model: 'my-model', input: 'Hi', ...members })
    return { provider, ask, url: gateway.url }
  }

  it('lesson 49: relayed, items and members of tomorrow go up as they came and are read by nobody', async () => {
    const { provider, ask } = await start('openai-responses', backEndOf('openai-responses').answer)
    const members = {
      input: [ASK, { type: 'tomorrow_item', payload: { deep: [1, null, { x: 'é' }] } }, { type: 'dream_call', id: 7 }],
      tools: [{ type: 'tomorrow_tool', of: [] }],
      future_setting: { on: true },
    }
    const answer = await ask(members)
    expect(answer.status, answer.text).to.equal(200)
    const sent = await provider.request(0)
    const written = JSON.stringify({ model: 'my-model', ...members })
    expect(sent.body.toString()).to.equal(written.replace('my-model', 'acme-large'))
  })

  for (const protocol of ['openai-chat', 'anthropic', 'gemini', 'ollama']) {
    it(`lesson 56: members that nobody knows do not keep ${protocol} from answering, and are told as lost`, async () => {
      const { ask } = await start(protocol, backEndOf(protocol).answer)
      const answer = await ask({ future_setting: { on: true }, input: [ASK, { type: 'tomorrow_item', x: 1 }] })
      expect(answer.status, answer.text).to.equal(200)
      expect(answer.json.output[0].content[0].text).to.equal('Hello from the model')
      expect(answer.headers.get('x-interlingua-loss')).to.contain('future_setting=dropped')
    })

    it(`lesson 53: ids of calls reach the client from ${protocol} as they are, in a stream and plain`, async () => {
      const { ask } = await start(protocol, backEndOf(protocol).answer, TWO_CALLS)
      const plain = (await ask({})).json.output
      const done = eventsOf((await ask({ stream: true })).text).filter(({ type }) => type.endsWith('output_item.done'))
      for (const items of [plain, done.map(({ item }) => item)]) {
        const ids = items.flatMap((item: any) => (item.type === 'function_call' ? [item.call_id] : []))
        expect(ids).to.deep.equal(['call_weather_1', 'call_time_2'])
      }
    })

    it(`trap 140: items of an answer of ${protocol} are numbered by one counter, whatever they are`, async () => {
      const { ask } = await start(protocol, backEndOf(protocol).answer, { ...TWO_CALLS, reasoning: 'hm' })
      const events = eventsOf((await ask({ stream: true })).text)
      const added = events.filter(({ type }) => type === 'response.output_item.added')
      expect(added.map(({ output_index: index }) => index)).to.deep.equal([0, 1, 2, 3])
      expect(added.map(({ item }) => item.type)).to.deep.equal([
        'reasoning',
        'message',
        'function_call',
        'function_call',
      ])
      const indexOfItem = new Map(added.map(({ output_index: index, item }) => [item.id, index]))
      expect(indexOfItem.size).to.equal(4)
      const about = events.filter((event) => event.output_index !== undefined)
      for (const event of about) {
        expect(event.output_index, event.type).to.equal(indexOfItem.get(event.item_id ?? event.item.id))
      }
      const { output } = events.at(-1).response
      expect(output.map(({ id }: any) => indexOfItem.get(id))).to.deep.equal([0, 1, 2, 3])
    })
  }

  for (const [title, untold] of [
    ['is closed by the end of the answer', /response\.(output_item|function_call_arguments)\.done/],
    [
      'and says nothing of is told as the answer at the end has it',
      /response\.(output_item\.done|function_call_arguments)/,
    ],
  ] as const) {
    it(`lesson 54: a call that its stream leaves open ${title}`, async () => {
      const steps = responsesFrames(ONE_CALL).filter((frame) => !untold.test(frame.split('\n')[0] ?? ''))
      const script: Script = { kind: 'stream', headers: { 'content-type': 'text/event-stream' }, steps }
      const { url } = await start('openai-responses', script)
      const body = { model: 'my-model', max_tokens: 9, stream: true, messages: [ASK] }
      const answer = await post(`${url}/v1/messages`, body)
      const events = eventsOf(answer.text)
      const json = events.map((event) => event.delta?.partial_json ?? '').join('')
      expect(JSON.parse(json), answer.text).to.deep.equal({ city: 'Lisbon' })
      expect(events.filter(({ type }) => type === 'content_block_stop')).to.have.length(1)
      expect(events.find(({ type }) => type === 'message_delta').delta.stop_reason).to.equal('tool_use')
    })
  }

  describe('what a back end is sent', () => {
    async function sentTo(protocol: string, members: object): Promise<any> {
      const { provider, ask } = await start(protocol, backEndOf(protocol).answer)
      const answer = await ask(members)
      expect(answer.status, answer.text).to.equal(200)
      return (await provider.request(0)).json
    }
    const OUTPUT = {
      type: 'function_call_output',
      call_id: 'call_1',
      output: [
        { type: 'input_text', text: 'a picture' },
        { type: 'input_image', image_url: PICTURE },
      ],
    }

    it('lesson 50: the output of a tool may be a list of texts and pictures', async () => {
      const members = { input: [ASK, CALL, OUTPUT] }
      const chat = await sentTo('openai-chat', members)
      const result = chat.messages.find(({ role }: any) => role === 'tool')
      expect(result.tool_call_id).to.equal('call_1')
      expect(JSON.stringify(result.content)).to.contain('a picture')
      expect(JSON.stringify(chat.messages.at(-1).content)).to.contain(PICTURE)
      const { messages } = await sentTo('anthropic', members)
      expect(messages.at(-1).content[0]).to.deep.include({ type: 'tool_result', tool_use_id: 'call_1' })
      expect(messages.at(-1).content[0].content.map(({ type }: any) => type)).to.deep.equal(['text', 'image'])
      expect(messages.at(-1).content[0].content[1].source.data).to.equal(PIXEL)
    })

    it('lesson 52: tools that are declared inside the input can be called', async () => {
      const look = { type: 'function', name: 'look', description: 'd', parameters: { type: 'object', properties: {} } }
      const group = { type: 'namespace', name: 'eyes', description: '', tools: [look] }
      const input = [{ type: 'additional_tools', role: 'developer', tools: [group] }, ASK]
      for (const protocol of ['openai-chat', 'anthropic']) {
        const { tools } = await sentTo(protocol, { input })
        expect(tools, protocol).to.have.length(1)
        expect(JSON.stringify(tools[0])).to.match(/"name":"(eyes__)?look"/)
      }
    })

    it('lesson 55: a picture is an address or an object that holds it, for either API', async () => {
      for (const image_url of [PICTURE, { url: PICTURE }]) {
        const told = await sentTo('anthropic', {
          input: [{ role: 'user', content: [{ type: 'input_image', image_url }] }],
        })
        expect(told.messages[0].content[0].source, JSON.stringify(image_url).slice(0, 9)).to.deep.equal({
          type: 'base64',
          media_type: 'image/png',
          data: PIXEL,
        })
        const { provider, url } = await start('anthropic', backEndOf('anthropic').answer)
        const content = [{ type: 'image_url', image_url }]
        const answer = await post(`${url}/v1/chat/completions`, {
          model: 'my-model',
          messages: [{ role: 'user', content }],
        })
        expect(answer.status, answer.text).to.equal(200)
        expect((await provider.request(0)).json.messages[0].content[0].source.data).to.equal(PIXEL)
      }
    })

    it('trap 149: the key of a cache is the client’s, the same each time, and none is made up', async () => {
      const key = 'session-7'
      for (const protocol of ['openai-chat', 'openai-responses']) {
        const { provider, ask } = await start(protocol, backEndOf(protocol).answer)
        for (const members of [{ prompt_cache_key: key }, { prompt_cache_key: key }, {}]) await ask(members)
        expect(provider.requests.map(({ json }) => json.prompt_cache_key)).to.deep.equal([key, key, undefined])
        const [first, second] = provider.requests
        expect(first?.body.equals(second?.body ?? Buffer.of()), 'a prefix that a cache finds again').to.equal(true)
      }
      const { provider, ask } = await start('anthropic', backEndOf('anthropic').answer)
      for (const members of [{ user: 'ann' }, { user: 'ann' }, {}]) await ask(members)
      expect(provider.requests.map(({ json }) => json.metadata?.user_id)).to.deep.equal(['ann', 'ann', undefined])
    })
  })
})
