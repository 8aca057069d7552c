import { expect } from 'chai'
import { configFor } from '../clients/back-ends.ts'
import { createClosing } from '../support/close-all.ts'
import { type Script, type Step, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { openaiFrames } from '../support/openai-fake.ts'
import { HELLO, ONE_CALL } from '../support/said.ts'
import { ANTHROPIC, post } from './clients.ts'

const FRAMES = openaiFrames(HELLO)
const [USAGE = '', DONE = ''] = FRAMES.slice(-2)
const BEFORE_USAGE = FRAMES.slice(0, -2)
const NEVER = new Promise(() => {})
const GARBAGE = 'data: this is no JSON\n\n'

type Row = readonly [title: string, steps: readonly Step[], check: (text: string, line: any) => void]

const isWhole = (text: string): void => {
  expect(text.match(/message_stop/g) ?? [], 'one end').to.have.length(2)
  expect(text).to.contain('"stop_reason":"end_turn"')
  expect(text).to.contain(' model')
}

const ROWS: readonly Row[] = [
  ['trap 14: an end mark that never comes is not waited for', [...BEFORE_USAGE, USAGE, NEVER], isWhole],
  [
    'trap 16, F62: heartbeats after the finish do not keep a stream open',
    [...BEFORE_USAGE, ': ping\n\n', ': ping\n\n', NEVER],
    isWhole,
  ],
  ['trap 15, F62: what follows the end mark does not count', [...FRAMES, ...openaiFrames(ONE_CALL)], isWhole],
  [
    'trap 103: usage that comes after the finish is told',
    FRAMES,
    (text, line) => {
      isWhole(text)
      expect(text).to.contain('"output_tokens":4')
      expect(line.output_tokens).to.equal(4)
    },
  ],
  [
    'trap 13, F61: a stream that ends without finish and end mark is finished by what was said',
    FRAMES.slice(0, -3),
    isWhole,
  ],
  [
    'trap 18, F65: some events that are no JSON are passed over',
    [FRAMES[0] ?? '', GARBAGE, 'data:\n\n', GARBAGE, ...FRAMES.slice(1)],
    isWhole,
  ],
  [
    'F65: more than ten of them in a row end the stream with an error',
    [...FRAMES.slice(0, 3), ...Array.from({ length: 12 }, () => GARBAGE), ...FRAMES.slice(3)],
    (text) => {
      expect(ANTHROPIC.streamError(text)).to.be.a('string')
      expect(ANTHROPIC.isComplete(text)).to.equal(false)
    },
  ],
  ['trap 19: a last event without a blank line is heard', [...FRAMES.slice(0, -1), DONE.trimEnd()], isWhole],
  [
    'F73: arguments that break off are an error and not half a call',
    [...openaiFrames(ONE_CALL).slice(0, 3), 'data: [DONE]\n\n'],
    (text) => {
      expect(ANTHROPIC.streamError(text)).to.contain('get_weather')
      expect(ANTHROPIC.isComplete(text)).to.equal(false)
    },
  ],
  [
    'F64: an error event inside the stream is told once, in the protocol of the client',
    [...FRAMES.slice(0, 3), 'data: {"error":{"message":"it broke","type":"server_error","code":null}}\n\n', NEVER],
    (text) => {
      expect(ANTHROPIC.streamError(text)).to.contain('it broke')
      expect(text.match(/event: error/g)).to.have.length(1)
    },
  ],
]

describe('how streams end', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function start(script: Script) {
    const provider = closing.add(await startFakeProvider(() => script), (fake) => fake.close())
    const gateway = await startGateway(closing, configFor('openai-chat', provider.url), { graceMs: 30 })
    return { provider, gateway }
  }

  for (const [title, steps, check] of ROWS) {
    it(title, async () => {
      const { provider, gateway } = await start({
        kind: 'stream',
        headers: { 'content-type': 'text/event-stream' },
        steps,
      })
      const answer = await post(`${gateway.url}/v1/messages`, { ...ANTHROPIC.body, stream: true })
      expect(answer.status).to.equal(200)
      check(answer.text, await gateway.exchange(0))
      // Whatever the provider still meant to say: its connection is free or gone (trap 22).
      await gateway.app.close(0)
      await provider.idle()
    })
  }

  it('F64: an error event before the first word is an answer with a status of its own', async () => {
    const steps = ['data: {"error":{"message":"too many","type":"rate_limit_error","code":"rate_limit_exceeded"}}\n\n']
    const { gateway } = await start({ kind: 'stream', headers: { 'content-type': 'text/event-stream' }, steps })
    const answer = await post(`${gateway.url}/v1/messages`, { ...ANTHROPIC.body, stream: true })
    expect(answer.status).to.equal(429)
    expect(ANTHROPIC.checkError(answer.json).type).to.equal('rate_limit_error')
  })

  it('trap 12: a whole answer of nothing is a failure, as a stream of nothing is', async () => {
    const body = {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: null }, finish_reason: 'stop' }],
    }
    const { gateway } = await start({ kind: 'answer', body })
    for (const stream of [false, true]) {
      const answer = await post(`${gateway.url}/v1/messages`, { ...ANTHROPIC.body, stream })
      expect(answer.status).to.equal(502)
      expect(ANTHROPIC.checkError(answer.json).message).to.contain('nothing')
    }
  })

  it('F48: an error with status 200 is an error', async () => {
    const body = { error: { message: 'quota is used up', type: 'insufficient_quota', code: 'insufficient_quota' } }
    const { gateway } = await start({ kind: 'answer', body })
    const answer = await post(`${gateway.url}/v1/messages`, ANTHROPIC.body)
    expect(answer.status).to.be.within(400, 599)
    expect(ANTHROPIC.checkError(answer.json).message).to.contain('quota')
  })

  it('F68: a stream whose every byte is a packet of its own says the same', async () => {
    const bytes = Buffer.from(openaiFrames({ ...HELLO, text: ['grüße ', '日本 ', '😀'] }).join(''))
    const steps = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1))
    const { gateway } = await start({ kind: 'stream', headers: { 'content-type': 'text/event-stream' }, steps })
    const answer = await post(`${gateway.url}/v1/messages`, { ...ANTHROPIC.body, stream: true })
    const said = [...answer.text.matchAll(/"text_delta","text":"([^"]*)"/g)].map((match) => match[1]).join('')
    expect(said).to.equal('grüße 日本 😀')
  })
})
