/** What happens when the first target fails, and the next. */
import { expect } from 'chai'
import { createClosing } from '../support/close-all.ts'
import { type FakeProvider, type Script, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { openaiAnswer, openaiError, openaiStream } from '../support/openai-fake.ts'
import { HELLO } from '../support/said.ts'

const RESET: Script = { kind: 'raw', steps: [{ do: 'reset' }] }

describe('failover', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  const fake = async (): Promise<FakeProvider> =>
    closing.add(
      await startFakeProvider(({ json }) => (json.stream === true ? openaiStream(HELLO) : openaiAnswer(HELLO))),
      (provider) => provider.close(),
    )

  async function start(options: object = {}, keys: readonly string[] = ['sk-one-0001']) {
    const [one, two] = [await fake(), await fake()]
    const config = {
      providers: [
        { name: 'one', protocol: 'openai-chat', api_base_url: one.url, api_keys: keys },
        { name: 'two', protocol: 'openai-chat', api_base_url: two.url, api_key: 'sk-two-0002' },
      ],
      groups: {
        default: {
          aliases: {
            both: [
              { provider: 'one', model: 'm1' },
              { provider: 'two', model: 'm2', priority: 1 },
            ],
            only: { provider: 'one', model: 'm1' },
          },
        },
      },
    }
    const gateway = await startGateway(closing, config, options)
    const ask = (model: string, stream = false, signal?: AbortSignal) =>
      fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'hi' }] }),
        ...(signal === undefined ? {} : { signal }),
      })
    return { one, two, gateway, ask }
  }

  const FAILURES: readonly (readonly [string, Script])[] = [
    ['F38 a reset before the headers', RESET],
    ...[401, 403, 408, 409, 429, 500, 502, 503, 504, 529].map((status): readonly [string, Script] => [
      `F53 CS43 lesson 23: ${status}`,
      openaiError(status, 'no'),
    ]),
  ]
  for (const [title, script] of FAILURES) {
    for (const stream of [false, true]) {
      it(`${title}: the next target answers, and the answer says so (${stream ? 'stream' : 'plain'})`, async () => {
        const { one, ask } = await start()
        // A reset of a fresh connection may be repeated on another one.
        one.queue(script, script)
        const answer = await ask('both', stream)
        expect(answer.status).to.equal(200)
        expect(answer.headers.get('x-provider')).to.equal('two')
        expect(answer.headers.get('x-model')).to.equal('m2')
        expect(await answer.text()).to.contain(stream ? '[DONE]' : 'Hello from the model')
      })
    }
  }

  it('F49: what the client did wrong is told by the first target, and no other is asked', async () => {
    for (const status of [400, 413, 422]) {
      const { one, two, ask } = await start()
      one.queue(openaiError(status, 'not so'))
      const answer = await ask('both')
      expect(answer.status).to.be.within(400, 499)
      expect(((await answer.json()) as any).error.message).to.contain('not so')
      expect(two.requests).to.have.length(0)
    }
  })

  it('CS43 F50: another key of the same provider is asked before another provider', async () => {
    const { one, two, ask } = await start({}, ['sk-a-0001', 'sk-b-0002'])
    one.queue(openaiError(429, 'slow down'))
    const answer = await ask('both')
    expect(answer.headers.get('x-provider')).to.equal('one')
    const used = one.requests.map((request) => request.headers.authorization)
    expect(used).to.have.length(2)
    expect(new Set(used)).to.have.length(2)
    expect(two.requests).to.have.length(0)
  })

  it('a target alone is tried again after a while, as often as is configured', async () => {
    const { one, ask } = await start({ retry: { attempts: 3, backoffMs: 1 } })
    one.queue(openaiError(503, 'a'), openaiError(500, 'b'))
    const answer = await ask('only')
    expect(answer.status).to.equal(200)
    expect(one.requests).to.have.length(3)
    one.queue(openaiError(503, 'a'), openaiError(503, 'b'), openaiError(503, 'last words'))
    const failed = await ask('only')
    expect(failed.status).to.be.at.least(500)
    expect(((await failed.json()) as any).error.message).to.contain('last words')
    expect(one.requests).to.have.length(6)
  })

  it('F51: who asks for a longer wait than is configured is not waited for, and the client is told how long', async () => {
    const { one, ask } = await start({ retry: { attempts: 3, backoffMs: 1, maxWaitMs: 1000 } })
    one.queue(openaiError(429, 'slow down', {}, { 'retry-after': '7' }))
    const answer = await ask('only')
    expect(answer.status).to.equal(429)
    expect(answer.headers.get('retry-after')).to.equal('7')
    expect(one.requests).to.have.length(1)
  })

  it('F52: of several that ask to wait, the soonest is told', async () => {
    const { one, two, ask } = await start({ retry: { attempts: 2, backoffMs: 1, maxWaitMs: 0 } })
    one.queue(openaiError(429, 'slow', {}, { 'retry-after': '3' }))
    two.queue(openaiError(429, 'slower', {}, { 'retry-after': '90' }))
    const answer = await ask('both')
    expect(answer.status).to.equal(429)
    expect(answer.headers.get('retry-after')).to.equal('3')
  })

  it('when all have failed the client is told in one line what became of each, and no more than that', async () => {
    const { one, two, gateway, ask } = await start({ retry: { attempts: 3, backoffMs: 1 } }, ['sk-a-0001', 'sk-b-0002'])
    one.queue(openaiError(503, 'secret words'), openaiError(401, 'the key sk-b-0002 is wrong'))
    two.queue(openaiError(429, 'slow down'))
    const answer = await ask('both')
    expect(answer.status, 'of the last one').to.equal(429)
    const { error }: any = await answer.json()
    expect(error.message).to.equal('slow down (tried one/m1: 503, 401; two/m2: 429)')
    expect((await gateway.exchange(0)).failures).to.have.length(3)
  })

  it('F49: what the client did wrong is told as the target tells it, also after another has failed', async () => {
    const { one, two, ask } = await start()
    one.queue(openaiError(503, 'down'))
    two.queue(openaiError(400, 'prompt is too long: 2 tokens > 1 maximum'))
    const answer = await ask('both')
    expect(answer.status).to.equal(400)
    expect(((await answer.json()) as any).error.message).to.equal('prompt is too long: 2 tokens > 1 maximum')
  })

  it('F24: a client that leaves while a target is waited for ends the waiting', async () => {
    const { one, gateway, ask } = await start({ retry: { attempts: 3, backoffMs: 10_000 } })
    one.queue(openaiError(503, 'a'))
    const abort = new AbortController()
    const answer = ask('only', false, abort.signal).catch(() => 'left')
    await one.request(0)
    abort.abort()
    expect(await answer).to.equal('left')
    expect((await gateway.exchange(0)).error.kind).to.equal('cancelled')
    expect(one.requests).to.have.length(1)
  })

  it('A130, A183, F56: a target that failed five times is left alone, and the client told for how long', async () => {
    const { one, ask } = await start()
    one.queue(...Array.from({ length: 5 }, () => openaiError(500, 'down')))
    for (let call = 0; call < 5; call++) expect((await ask('only')).status).to.be.at.least(500)
    const answer = await ask('only')
    expect(answer.status).to.equal(503)
    expect(Number(answer.headers.get('retry-after'))).to.be.within(1, 60)
    expect(one.requests).to.have.length(5)
  })

  it('A021: circuit_breaker_enabled turns it off, however often a target fails', async () => {
    const breaker = { enabled: false, threshold: 2, timeoutMs: 60_000 }
    const { one, ask } = await start({ routing: { breaker } })
    one.queue(...Array.from({ length: 6 }, () => openaiError(500, 'down')))
    for (let call = 0; call < 6; call++) expect((await ask('only')).status).to.equal(502)
    expect((await ask('only')).status).to.equal(200)
    expect(one.requests).to.have.length(7)
  })

  it('A110, A130: after its timeout one call tries it; success closes it, failure opens it again', async () => {
    const breaker = { enabled: true, threshold: 2, timeoutMs: 800 }
    const { one, gateway, ask } = await start({ routing: { breaker } })
    const down = (calls: number) => one.queue(...Array.from({ length: calls }, () => openaiError(500, 'down')))
    /** Until the gateway lets a call through again. */
    const askUntilTried = async () => {
      for (;;) {
        const answer = await ask('only')
        if (answer.status !== 503) return answer.status
      }
    }
    down(2)
    for (let call = 0; call < 2; call++) expect((await ask('only')).status).to.equal(502)
    expect((await ask('only')).status, 'open').to.equal(503)
    expect(one.requests, 'nobody is asked').to.have.length(2)
    down(1)
    expect(await askUntilTried(), 'half-open').to.equal(502)
    expect(one.requests).to.have.length(3)
    expect(await askUntilTried(), 'closed').to.equal(200)
    down(1)
    expect((await ask('only')).status, 'one failure is not enough again').to.equal(502)
    expect((await ask('only')).status).to.equal(200)
    expect(gateway.lines.some((line) => line.level === 'error')).to.equal(false)
  })

  it('A130: faults of clients never open the breaker', async () => {
    const { one, ask } = await start()
    one.queue(...Array.from({ length: 8 }, () => openaiError(400, 'your fault')))
    for (let call = 0; call < 8; call++) expect((await ask('only')).status).to.equal(400)
    expect((await ask('only')).status).to.equal(200)
  })
})
