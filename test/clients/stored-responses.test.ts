import { expect } from 'chai'
import OpenAI from 'openai'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { HELLO } from '../support/said.ts'
import { BACK_ENDS, type BackEnd, configFor } from './back-ends.ts'

const ELSEWHERE = BACK_ENDS.filter((backEnd) => backEnd.protocol !== 'openai-responses')

describe('answers that are kept, over any back end', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function connect(backEnd: BackEnd) {
    const provider = closing.add(await startFakeProvider(backEnd.answer(HELLO)), (fake) => fake.close())
    const gateway = await startGateway(closing, configFor(backEnd.protocol, provider.url))
    const clientOf = (group: string) =>
      new OpenAI({ baseURL: `${gateway.url}${group}/v1`, apiKey: 'any', maxRetries: 0 })
    return { provider, client: clientOf(''), clientOf }
  }

  for (const backEnd of ELSEWHERE) {
    for (const stream of [false, true]) {
      it(`trap 144: ${backEnd.protocol}, ${stream ? 'stream' : 'plain'}: the next request goes on where the answer ended`, async () => {
        const { client, provider } = await connect(backEnd)
        const ask = (body: OpenAI.Responses.ResponseCreateParamsNonStreaming) =>
          stream ? client.responses.stream(body as any).finalResponse() : client.responses.create(body)
        const first = await ask({ model: 'my-model', instructions: 'Speak Latin.', input: 'My name is Ada.' })
        expect((first as any).store).to.equal(true)
        const second = await ask({ model: 'my-model', input: 'And I am 36.', previous_response_id: first.id })
        expect(second.previous_response_id).to.equal(first.id)
        await ask({
          model: 'my-model',
          instructions: 'Speak Greek.',
          input: 'Who am I?',
          previous_response_id: second.id,
        })
        const sent = JSON.stringify((await provider.request(2)).json)
        const said = ['Speak Greek.', 'My name is Ada.', 'Hello from the model', 'And I am 36.', 'Who am I?']
        for (const text of said) expect(sent).to.contain(text)
        expect(said.slice(1).map((text) => sent.indexOf(text))).to.deep.equal(
          said
            .slice(1)
            .map((text) => sent.indexOf(text))
            .toSorted((one, other) => one - other),
        )
        expect(sent, 'instructions hold for one request').to.not.contain('Latin')
      })
    }
  }

  it('are shown again, listed with what they answered, and deleted', async () => {
    const { client } = await connect(ELSEWHERE[0] as BackEnd)
    const made = await client.responses.create({ model: 'my-model', input: [{ role: 'user', content: 'Hi' }] })
    const shown = await client.responses.retrieve(made.id)
    expect(shown.output).to.deep.equal(made.output)
    const items = await client.responses.inputItems.list(made.id)
    expect(items.data).to.have.length(1)
    expect(items.data[0]).to.deep.include({ type: 'message', role: 'user' })
    await client.responses.delete(made.id)
    const gone = await client.responses.retrieve(made.id).catch((error: unknown) => error)
    expect(gone).to.be.instanceOf(OpenAI.NotFoundError)
  })

  it('are not kept when the client says so, and S19: are found in their own group only', async () => {
    const { client, clientOf } = await connect(ELSEWHERE[0] as BackEnd)
    const unkept = await client.responses.create({ model: 'my-model', input: 'Hi', store: false })
    expect((unkept as any).store).to.equal(false)
    const kept = await client.responses.create({ model: 'my-model', input: 'Hi' })
    const rows: [OpenAI, string][] = [
      [client, unkept.id],
      [clientOf('/team'), kept.id],
    ]
    for (const [who, id] of rows) {
      expect(await who.responses.retrieve(id).catch((error: unknown) => error)).to.be.instanceOf(OpenAI.NotFoundError)
      const goesOn = who.responses.create({ model: 'my-model', input: 'Hi', previous_response_id: id })
      expect(await goesOn.catch((error: unknown) => error)).to.be.instanceOf(OpenAI.NotFoundError)
    }
  })

  it('cannot be cancelled, since they are complete', async () => {
    const { client } = await connect(ELSEWHERE[0] as BackEnd)
    const made = await client.responses.create({ model: 'my-model', input: 'Hi' })
    expect(await client.responses.cancel(made.id).catch((error: unknown) => error)).to.be.instanceOf(
      OpenAI.BadRequestError,
    )
  })
})
