/** Quirks that real traffic shows, played to the whole gateway. */
import { expect } from 'chai'
import { configFor } from '../clients/back-ends.ts'
import { ANTHROPIC, OPENAI, post } from '../faults/clients.ts'
import { createClosing } from '../support/close-all.ts'
import { startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { type PlayableRecording, playRecording, readWireRecordings } from '../support/play-recording.ts'

const RESPONSES = { path: '/v1/responses', body: { model: 'my-model', input: 'Hi' } }

/** Read once per protocol: there are many. */
const read = new Map<string, readonly PlayableRecording[]>()
function find(protocol: string, id: string): PlayableRecording | undefined {
  const all = read.get(protocol) ?? readWireRecordings(protocol)
  read.set(protocol, all)
  return all.find((one) => one.id === id)
}

function eventsOf(text: string): any[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice('data: '.length)))
}

describe('quirks of recorded traffic, through the gateway', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  /** Skips the test where the recording is not there. */
  async function play(test: Mocha.Context, protocol: string, id: string) {
    const recording = find(protocol, id)
    if (recording === undefined) return test.skip()
    const provider = closing.add(await startFakeProvider(() => playRecording(recording)), (fake) => fake.close())
    const gateway = await startGateway(closing, configFor(protocol, provider.url))
    const ask = ({ path, body }: { path: string; body: object }, members: object = {}) =>
      post(`${gateway.url}${path}`, { ...body, ...members })
    return { recording, provider, gateway, ask }
  }

  for (const [id, calls] of [
    ['openai-parallel-tool-calls-stream-0945ba6e', 2],
    ['deepseek-tool-call-stream-5e81131d', 1],
  ] as const) {
    it(`Q19: ${id}: content that is null or empty before a call opens no block of text`, async function () {
      const { ask } = await play(this, 'openai-chat', id)
      const events = eventsOf((await ask(ANTHROPIC, { stream: true })).text)
      const opened = events.filter(({ type }) => type === 'content_block_start')
      expect(opened.map(({ content_block: block }) => block.type)).to.deep.equal(Array(calls).fill('tool_use'))
      const items = eventsOf((await ask(RESPONSES, { stream: true })).text)
      const added = items.filter(({ type }) => type === 'response.output_item.added')
      expect(added.map(({ item }) => item.type)).to.deep.equal(Array(calls).fill('function_call'))
    })
  }

  for (const [protocol, id, own, foreign] of [
    ['anthropic', 'anthropic-structured-output-plain-69865154', ANTHROPIC, OPENAI],
    ['openai-chat', 'huggingface-tool-choice-required-plain-95a40545', OPENAI, ANTHROPIC],
  ] as const) {
    it(`Q41: ${id}: an answer that says retry-after is served like any other, and nobody waits`, async function () {
      const { ask, provider, recording } = await play(this, protocol, id)
      const first = await ask(own)
      expect(first.status, first.text).to.equal(200)
      expect(first.headers.get('retry-after')).to.equal(recording.response.headers['retry-after'])
      const began = performance.now()
      const second = await ask(foreign)
      expect(second.status, second.text).to.equal(200)
      expect(performance.now() - began).to.be.lessThan(5000)
      expect(provider.requests, 'each was asked for once, of the same provider').to.have.length(2)
    })
  }

  for (const [protocol, id, client, name] of [
    ['openai-responses', 'openai-parallel-off-plain-049773a8', RESPONSES, 'x-ratelimit-reset-requests'],
    ['openai-responses', 'azure-store-false-plain-532ed131', RESPONSES, 'x-ratelimit-reset-tokens'],
    ['openai-chat', 'mistral-content-parts-out-plain-9bc87b6b', OPENAI, 'x-ratelimit-remaining-req-minute'],
    ['anthropic', 'anthropic-tool-result-plain-ccbc1dd5', ANTHROPIC, 'anthropic-ratelimit-requests-reset'],
  ] as const) {
    it(`Q43: ${id}: limits reach a client of the same protocol under the names and in the units of the vendor`, async function () {
      const { ask, recording } = await play(this, protocol, id)
      const answer = await ask(client)
      const limits = Object.entries(recording.response.headers).filter(([header]) => /ratelimit/.test(header))
      expect(limits.map(([header]) => header)).to.include(name)
      for (const [header, value] of limits) expect(answer.headers.get(header), header).to.equal(value)
    })
  }

  it('Q52: what a response repeats and adds of its own is relayed as it came; tools that it repeats are no loss to others', async function () {
    const { ask, recording } = await play(this, 'openai-responses', 'azure-store-false-plain-532ed131')
    const body: any = recording.response.body
    expect(body, 'the recording has what the row is about').to.include.keys('completed_at', 'content_filters')
    expect(body.tools[0]).to.include.keys('output_schema')
    expect((await ask(RESPONSES)).json).to.deep.equal(body)
    const told = await ask(ANTHROPIC)
    expect(told.status, told.text).to.equal(200)
    expect(told.json.content.map(({ type }: any) => type)).to.include('tool_use')
    expect(told.headers.get('x-interlingua-loss') ?? '').to.not.contain('output_schema')
  })

  it('Q54: a compaction comes after the message and goes back as it came, and the text reaches other clients', async function () {
    const { ask, provider } = await play(this, 'openai-responses', 'openai-compaction-stream-dacabe96')
    const answer = await ask(RESPONSES, { stream: true })
    const { output } = eventsOf(answer.text).at(-1).response
    const types = output.map(({ type }: any) => type)
    expect(types.slice(-2)).to.deep.equal(['message', 'compaction'])
    expect(output.at(-1).encrypted_content).to.be.a('string').and.not.equal('')
    provider.queue({ kind: 'answer', status: 400, body: { error: { message: 'enough' } } })
    await ask(RESPONSES, { input: [...output, { role: 'user', content: 'On.' }] })
    expect((await provider.request(1)).json.input.slice(0, -1)).to.deep.equal(output)
    const text = output
      .at(-2)
      .content.map((part: any) => part.text)
      .join('')
    const told = eventsOf((await ask(ANTHROPIC, { stream: true })).text)
    expect(told.map((event) => event.delta?.text ?? '').join('')).to.equal(text)
    expect(told.at(-1).type).to.equal('message_stop')
  })

  it('Q62: the failure of a server’s tool is part of an answer that succeeded, and its text reaches other clients', async function () {
    const { ask, recording } = await play(this, 'anthropic', 'anthropic-server-tool-error-plain-4c4c8abe')
    const body: any = recording.response.body
    const failed = body.content.filter((block: any) => /_error$/.test(block.content?.type ?? ''))
    expect(failed, 'the recording has what the row is about').to.not.have.length(0)
    const own = await ask(ANTHROPIC)
    expect([own.status, own.json]).to.deep.equal([200, body])
    const told = await ask(OPENAI)
    expect(told.status, told.text).to.equal(200)
    const texts = body.content.flatMap((block: any) => (block.type === 'text' ? [block.text] : []))
    for (const text of texts) expect(told.json.choices[0].message.content).to.contain(text)
    expect(told.json.choices[0].message, 'a tool of the server is no call for the client').to.not.have.property(
      'tool_calls',
    )
    expect(told.headers.get('x-interlingua-loss')).to.be.a('string')
  })
})
