import { expect } from 'chai'
import { BACK_ENDS, configFor } from '../clients/back-ends.ts'
import { anthropicFrames } from '../support/anthropic-fake.ts'
import { createClosing } from '../support/close-all.ts'
import { type Script, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { openaiFrames } from '../support/openai-fake.ts'
import { HELLO, TWO_CALLS } from '../support/said.ts'
import { CLIENTS, post } from './clients.ts'

/** Oddly written on purpose: blanks, escapes, numbers and names that a parser would not give back. */
const ODD_REQUEST = (messages: string, stream: boolean): string =>
  `{ "temperature" : 1.0,"new_vendor_field": {"a":1e2, "b":"\\u00e9\\/"}, "model" :  "my-model"  ,\n"stream":${stream},"messages":${messages}, "max_tokens": 10, "metadata":{"model":"my-model"} }`
const MESSAGES = '[{"role":"user","content":"say \\"model\\": \\"my-model\\" \\ud83d\\ude00"}]'

describe('same protocol, same bytes', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  for (const client of CLIENTS) {
    const backEnd = BACK_ENDS.find((one) => one.protocol === client.protocol)
    if (backEnd === undefined) throw new Error('no back end of this protocol')

    it(`${client.protocol}: the request differs in the value of its model alone`, async () => {
      const provider = closing.add(await startFakeProvider(backEnd.answer(HELLO)), (fake) => fake.close())
      const gateway = await startGateway(closing, configFor(client.protocol, provider.url))
      for (const [index, stream] of [false, true].entries()) {
        const odd = ODD_REQUEST(MESSAGES, stream)
        await post(`${gateway.url}/team${client.path}`, odd)
        const sent = (await provider.request(index)).body.toString()
        expect(sent).to.equal(odd.replace('"model" :  "my-model"', '"model" :  "acme-large"'))
      }
    })

    it(`${client.protocol}: a plain answer comes down byte for byte, with its rate limits`, async () => {
      const bytes = `{ "id":"x",  "new_field": 1.50, "text":"\\u00e9", "choices":[], "content":[] }\n`
      const header =
        client.protocol === 'anthropic' ? 'anthropic-ratelimit-requests-remaining' : 'x-ratelimit-remaining-requests'
      const script: Script = {
        kind: 'answer',
        headers: { 'content-type': 'application/json; charset=utf-8', [header]: '41', 'set-cookie': 'a=b' },
        body: bytes,
      }
      const provider = closing.add(await startFakeProvider(() => script), (fake) => fake.close())
      const gateway = await startGateway(closing, configFor(client.protocol, provider.url))
      const answer = await post(`${gateway.url}${client.path}`, client.body)
      expect(answer.text).to.equal(bytes)
      expect(answer.headers.get(header)).to.equal('41')
      expect(answer.headers.get('set-cookie'), 'F75').to.equal(null)
    })

    it(`${client.protocol}: a stream comes down byte for byte, comments, blanks and unknown events included`, async () => {
      const frames = client.protocol === 'anthropic' ? anthropicFrames(TWO_CALLS) : openaiFrames(TWO_CALLS)
      const text = [
        ': a comment\r\n\r\n',
        ...frames.slice(0, 3),
        'event: tomorrow\ndata:{"new":  1}\n\n',
        ...frames.slice(3),
      ].join('')
      const script: Script = {
        kind: 'stream',
        headers: { 'content-type': 'text/event-stream' },
        steps: [text.slice(0, 100), text.slice(100, 117), text.slice(117)],
      }
      const provider = closing.add(await startFakeProvider(() => script), (fake) => fake.close())
      const gateway = await startGateway(closing, configFor(client.protocol, provider.url))
      const answer = await post(`${gateway.url}${client.path}`, { ...client.body, stream: true })
      expect(answer.text).to.equal(text)
      const line = await gateway.exchange(0)
      expect(line.road).to.equal('relay')
      expect([line.input_tokens, line.output_tokens], 'the tap has read the usage').to.deep.equal([30, 19])
    })

    it(`F5, trap 24, trap 25: ${client.protocol}: a compressed answer comes down plain and with its true length`, async () => {
      const script = { ...backEnd.answer(HELLO)({ json: { stream: false } }), encoding: 'gzip' } as Script
      const provider = closing.add(await startFakeProvider(() => script), (fake) => fake.close())
      const gateway = await startGateway(closing, configFor(client.protocol, provider.url))
      const answer = await post(`${gateway.url}${client.path}`, client.body)
      expect(answer.headers.get('content-encoding')).to.equal(null)
      expect(answer.text).to.contain('Hello from the model')
      expect(Number(answer.headers.get('content-length'))).to.equal(Buffer.byteLength(answer.text))
    })
  }

  it('trap 26, B014, B082: only what the protocol lets through goes up; credentials, cookies and the rest stay', async () => {
    const provider = closing.add(await startFakeProvider(BACK_ENDS[1]?.answer(HELLO)), (fake) => fake.close())
    const gateway = await startGateway(closing, configFor('anthropic', provider.url))
    await post(
      `${gateway.url}/v1/messages?beta=true`,
      { model: 'my-model', max_tokens: 5, messages: [{ role: 'user', content: 'Hi' }] },
      {
        authorization: 'Bearer client-secret-1',
        'x-api-key': 'client-secret-2',
        'x-goog-api-key': 'client-secret-3',
        cookie: 'session=client-secret-4',
        'x-foo': '1',
        te: 'trailers',
        'anthropic-beta': 'context-1m-2025-08-07,tomorrow-2027-01-01',
        'anthropic-version': '2023-06-01',
      },
    )
    const sent = await provider.request(0)
    expect(JSON.stringify(sent.rawHeaders)).to.not.contain('client-secret')
    expect(sent.headers).to.not.have.any.keys('cookie', 'x-foo', 'te', 'authorization', 'x-goog-api-key')
    expect(sent.headers['x-api-key']).to.equal('sk-provider-secret-0001')
    expect(sent.headers['anthropic-beta']).to.equal('context-1m-2025-08-07,tomorrow-2027-01-01')
    expect(sent.headers['host']).to.equal(`127.0.0.1:${provider.port}`)
  })

  it('compat mode changes nothing of a request without tools', async () => {
    const provider = closing.add(await startFakeProvider(BACK_ENDS[0]?.answer(HELLO)), (fake) => fake.close())
    const gateway = await startGateway(closing, configFor('openai-chat', provider.url))
    const answer = await post(`${gateway.url}/team/compat_mode/v1/chat/completions`, CLIENTS[0]?.body)
    expect(answer.headers.get('x-interlingua-loss')).to.equal(null)
    expect((await gateway.exchange(0)).road).to.equal('relay')
  })
})

describe('same protocol, but not as it is written', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  it('A157, A208, A220: what Anthropic would refuse is put right on the way', async () => {
    const provider = closing.add(await startFakeProvider(BACK_ENDS[1]?.answer(HELLO)), (fake) => fake.close())
    const gateway = await startGateway(closing, configFor('anthropic', provider.url))
    const answer = await post(`${gateway.url}/v1/messages`, {
      model: 'my-model',
      messages: [{ role: 'user', content: 'Hi' }],
      tools: [{ type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' } } }],
      frequency_penalty: 0.5,
    })
    expect(answer.status).to.equal(200)
    const sent = (await provider.request(0)).json
    expect(sent.tools).to.deep.equal([{ name: 'f', description: 'd', input_schema: { type: 'object' } }])
    expect(sent.max_tokens).to.be.a('number')
    expect(sent.frequency_penalty).to.equal(undefined)
    expect(answer.headers.get('x-interlingua-loss')).to.contain('frequencyPenalty=dropped')
  })
})
