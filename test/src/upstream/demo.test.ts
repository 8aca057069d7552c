import { expect } from 'chai'
import type { Codec } from '../../../protocols/codec.ts'
import { codecs, findCodec } from '../../../protocols/index.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import { createDemoUpstream } from '../../../src/upstream/demo.ts'
import { createUpstream } from '../../../src/upstream/index.ts'
import type { Upstream, UpstreamCall } from '../../../src/upstream/upstream.ts'
import { defer } from '../../support/deferred.ts'
import { collect, exchange, failureOf, makeCall, makeTarget } from '../../support/upstream-call.ts'

const upstream = createDemoUpstream({ codecNamed: findCodec, now: () => new Date('2026-01-02T03:04:05Z') })

function callFor(codec: Codec, text: string, stream: boolean, withTool = false): UpstreamCall {
  const body = codec.request.encode(
    {
      model: 'echo',
      messages: [{ role: 'user', parts: [{ type: 'text', text }] }],
      ...(withTool ? { tools: [{ type: 'function', name: 'clock', parameters: { type: 'object' } }] } : {}),
      settings: { maxOutputTokens: 1000 },
      stream,
      streamUsage: true,
    },
    {},
  ).body
  const address = codec.request.address({ model: 'echo', stream, operation: 'chat' })
  const target = { ...makeTarget('', { name: 'demo', protocol: codec.name, transport: 'demo' }), model: 'echo' }
  return makeCall(target, { address, body: JSON.stringify(body), stream })
}

describe('upstream/demo', () => {
  for (const codec of codecs) {
    describe(`over ${codec.title}`, () => {
      it('answers in the wire of the protocol, as its own decoder reads it', async () => {
        const answer = await exchange(upstream, callFor(codec, 'Hello there!', false))
        expect(answer.status).to.equal(200)
        const { value, losses } = codec.response.decode(JSON.parse(answer.text), { facts: {} })
        expect(losses).to.deep.equal([])
        expect(value.model).to.equal('echo')
        expect(value.choices[0]?.finish.reason).to.equal('stop')
        const [part] = value.choices[0]!.parts
        expect(part?.type === 'text' && part.text).to.include('You said: Hello there!')
        expect(value.usage?.outputTokens).to.be.greaterThan(10)
      })

      it('streams word by word, each a piece of its own, and says the same as the whole answer', async () => {
        const whole = JSON.parse((await exchange(upstream, callFor(codec, 'Hello there, world!', false))).text)
        const answer = await exchange(upstream, callFor(codec, 'Hello there, world!', true))
        expect(answer.headers['content-type']).to.equal(codec.stream.contentType)
        const events: StreamEvent[] = []
        const decoder = codec.stream.decoder({ facts: {} }, (event) => events.push(event))
        for (const piece of answer.pieces) decoder.push(Buffer.from(piece))
        decoder.end()
        const words = events.flatMap((event) => (event.type === 'part-delta' ? [event.delta.text] : []))
        expect(words.slice(0, 5)).to.deep.equal(['You ', 'said: ', 'Hello ', 'there, ', 'world!\n\n'])
        expect(answer.pieces.length).to.be.at.least(words.length)
        const [part] = codec.response.decode(whole, { facts: {} }).value.choices[0]!.parts
        expect(part?.type === 'text' && part.text).to.equal(words.join(''))
      })

      it('calls a tool, in one piece and as a stream', async () => {
        const plain = await exchange(upstream, callFor(codec, 'call clock {"zone":"Europe/Berlin"}', false, true))
        const choice = codec.response.decode(JSON.parse(plain.text), { facts: {} }).value.choices[0]
        expect(choice?.finish.reason).to.equal('tool-calls')
        expect(choice?.parts[0]).to.deep.include({ type: 'tool-call', name: 'clock' })
        const answer = await exchange(upstream, callFor(codec, 'call clock {"zone":"Europe/Berlin"}', true, true))
        let written = ''
        const decoder = codec.stream.decoder({ facts: {} }, (event) => {
          if (event.type === 'part-delta') written += event.delta.arguments ?? ''
        })
        decoder.push(answer.bytes)
        decoder.end()
        expect(JSON.parse(written)).to.deep.equal({ zone: 'Europe/Berlin' })
      })

      it('answers a request that it cannot read with an error of the protocol', async () => {
        for (const body of ['{"model":', '{}', '[]']) {
          const answer = await exchange(upstream, { ...callFor(codec, '', false), body })
          expect(answer.status, body).to.equal(400)
          expect(codec.error.decode(answer.status, answer.headers, answer.text).kind).to.equal('bad-request')
        }
      })
    })
  }

  const [codec] = codecs
  const call = callFor(codec!, 'Hello', true)

  it('waits while it is paused, and loses nothing', async () => {
    const whole = await exchange(upstream, call)
    const answer = await upstream.send(call, new AbortController().signal)
    const done = defer()
    let text = ''
    let resumed = true
    answer.body.pipe({
      data(chunk) {
        expect(resumed).to.equal(true)
        resumed = false
        text += Buffer.from(chunk).toString()
        setTimeout(() => {
          resumed = true
          answer.body.resume()
        }, 1)
        return false
      },
      end: () => done.resolve(),
      fail: done.reject,
    })
    await done.promise
    const words = (stream: string) => stream.match(/"(?:text|content)":"[^"]*"/g)
    expect(words(text)).to.deep.equal(words(whole.text))
  })

  it('trap 20: ends at once when the client leaves, before and in the stream', async () => {
    expect((await failureOf(upstream.send(call, AbortSignal.abort()))).error.kind).to.equal('cancelled')
    const abort = new AbortController()
    const pieces: string[] = []
    const answer = await upstream.send(call, abort.signal)
    const collected = await collect(answer, (piece) => {
      pieces.push(piece)
      if (pieces.length === 3) abort.abort()
    })
    expect(collected.failure?.error.kind).to.equal('cancelled')
    expect(pieces).to.have.length(3)
    const left = new AbortController()
    const unread = await upstream.send(call, left.signal)
    left.abort()
    expect((await collect(unread)).failure?.error.kind).to.equal('cancelled')
  })

  it('says nothing more when it is destroyed', async () => {
    const answer = await upstream.send(call, new AbortController().signal)
    const heard: string[] = []
    answer.body.pipe({
      data: () => {
        heard.push('data')
        answer.body.destroy()
        return true
      },
      end: () => heard.push('end'),
      fail: () => heard.push('fail'),
    })
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(heard).to.deep.equal(['data'])
  })

  it('each answer has an id of its own', async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => JSON.parse((await exchange(upstream, { ...call, ...plain })).text).id),
    )
    expect(ids[0]).to.be.a('string').and.not.equal(ids[1])
  })
  const plain = callFor(codec!, 'Hello', false)
})

describe('upstream/index', () => {
  it('chooses by the transport of the provider, and closes all', async () => {
    const log: string[] = []
    const fake = (name: string): Upstream => ({
      send: () => {
        log.push(name)
        return Promise.reject(new Error(name))
      },
      close: async () => {
        log.push(`close ${name}`)
      },
    })
    const both = createUpstream({ http: fake('http'), bedrock: fake('bedrock'), demo: fake('demo') })
    for (const transport of ['demo', 'http', 'bedrock'] as const) {
      await both.send(makeCall(makeTarget('', { transport })), new AbortController().signal).catch(() => {})
    }
    await both.close()
    expect(log).to.deep.equal(['demo', 'http', 'bedrock', 'close http', 'close bedrock', 'close demo'])
  })
})
