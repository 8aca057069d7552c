import { expect } from 'chai'
import { BACK_ENDS, configFor } from '../clients/back-ends.ts'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { CLIENTS } from './clients.ts'
import { readRest, readUntil, scriptOf, splitAfterFirstWord } from './frames.ts'

const NEVER = new Promise(() => {})

describe('a gateway that stops', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  for (const client of CLIENTS) {
    for (const backEnd of BACK_ENDS.slice(0, 2)) {
      it(`F76: tells ${client.protocol} inside the stream of ${backEnd.protocol} that it breaks off`, async () => {
        const [before] = splitAfterFirstWord(backEnd)
        const script = scriptOf(backEnd, [...before, NEVER])
        const provider = closing.add(await startFakeProvider(() => script), (fake) => fake.close())
        const gateway = await startGateway(closing, configFor(backEnd.protocol, provider.url))
        const response = await fetch(`${gateway.url}${client.path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ ...client.body, stream: true }),
        })
        const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
        if (reader === undefined) throw new Error('no body')
        const text = await readUntil(reader, 'Hello')
        const closed = gateway.app.close(0)
        const all = text + (await readRest(reader))
        expect(client.streamError(all)).to.contain('stopping')
        expect(client.isComplete(all)).to.equal(false)
        await closed
        await (await provider.request(0)).abandoned
        expect((await gateway.exchange(0)).error.kind).to.equal('unavailable')
      })
    }
  }
})

describe('what the log tells', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  it('what a client does wrong, and a provider that is gone, are no faults of the gateway', async () => {
    const gateway = await startGateway(closing, configFor('openai-chat', 'http://127.0.0.1:1'))
    for (const body of ['{oops', '', '[]', JSON.stringify(CLIENTS[0]?.body)]) {
      const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body })
      expect(response.status).to.be.within(400, 599)
      await response.text()
    }
    expect(gateway.lines.filter((line) => line.level === 'error')).to.deep.equal([])
  })

  it('a target that failed is told by name and reason, though the next one has served', async () => {
    const good = closing.add(await startFakeProvider(BACK_ENDS[0]?.answer({ text: ['fine'] })), (fake) => fake.close())
    const alias = [
      { provider: 'gone', model: 'a' },
      { provider: 'good', model: 'b', priority: 1 },
    ]
    const gateway = await startGateway(closing, {
      providers: [
        { name: 'gone', protocol: 'openai-chat', api_base_url: 'http://127.0.0.1:1', api_key: 'k' },
        { name: 'good', protocol: 'openai-chat', api_base_url: good.url, api_key: 'k' },
      ],
      groups: { default: { aliases: { 'my-model': alias } } },
    })
    const body = JSON.stringify(CLIENTS[0]?.body)
    const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', body })
    expect(response.status).to.equal(200)
    await response.text()
    const line = await gateway.exchange(0)
    expect(line.failures).to.have.length(1)
    const warning = gateway.lines.find((one) => one.level === 'warn')
    expect(warning?.fields).to.include({ provider: 'gone', model: 'a', kind: 'upstream-failed' })
  })
})
