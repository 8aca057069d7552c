/** The codec on what some twenty vendors of this API really sent. */
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'chai'
import fc from 'fast-check'
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream'
import { createCollector } from '../../../protocols/ir/collect.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import type { ChatResponse } from '../../../protocols/ir/response.ts'
import { openaiChat } from '../../../protocols/openai-chat/index.ts'
import { checkLegal } from '../../support/check-legal.ts'
import { cutAt, cutEvery } from '../framing/cut.ts'
import { bytesOf, decodeAnswer, decodeStream, encodeAnswer, encodeStream, WIRE } from './exchange.ts'
import { type ReadAnswer, readMessage, readStream } from './naive-reader.ts'
import { hasRecordings, loadSchema, type Recording, readCaptures, readRecordings } from './recordings.ts'

const ALL = readRecordings()
const ANSWERS = ALL.filter(({ response }) => response.status === 200 && response.body !== undefined)
const STREAMS = ALL.filter(({ response }) => response.stream !== undefined)
const bytesOfStream = ({ response }: Recording) => new TextEncoder().encode(response.stream)

function skipWithout(this: Mocha.Context): void {
  if (hasRecordings) return
  console.log('    skipped: the recordings are not at hand')
  this.skip()
}

/** What was said, in the words of the naive reader. */
function sayParts(parts: readonly Part[]): ReadAnswer {
  const join = (type: 'text' | 'reasoning' | 'refusal') =>
    parts.map((part) => (part.type === type ? part.text : '')).join('')
  return {
    text: join('text'),
    thoughts: join('reasoning'),
    refusal: join('refusal'),
    calls: parts.flatMap((part) => (part.type === 'tool-call' ? [{ name: part.name, args: part.arguments }] : [])),
  }
}

/** An answer as a back end of another protocol would have given it: nothing in it is of this wire. */
function estrange(response: ChatResponse): ChatResponse {
  return JSON.parse(JSON.stringify(response), (key, value) =>
    key === 'extra' || key === 'spelling' ? undefined : key === 'original' ? { protocol: 'other', value: 'x' } : value,
  )
}

describe('recorded requests', () => {
  before(skipWithout)

  const bodies = [
    ...ALL.flatMap(({ id, request }) =>
      request?.body?.messages === undefined ? [] : [{ title: id, body: request.body }],
    ),
    ...readCaptures(),
  ]

  it('are many, of back ends and of clients', () => {
    expect(bodies.length).to.be.greaterThan(270)
  })

  // What the encoder adds by intent: counters are always asked for in a stream (trap 105).
  for (const { title, body } of bodies) {
    it(`${title}: goes up as the same JSON, without a loss`, () => {
      const { value, losses } = openaiChat.request.decode(WIRE, body)
      const sent = openaiChat.request.encode(value, {})
      const expected = body.stream === true ? { ...body, stream_options: { include_usage: true } } : body
      expect(JSON.parse(JSON.stringify(sent.body))).to.deep.equal(expected)
      expect([...losses, ...sent.losses]).to.deep.equal([])
    })
  }

  it('are glanced at as they are decoded', () => {
    for (const { title, body } of bodies) {
      const glance = openaiChat.request.glance(WIRE, bytesOf(body))
      const { value } = openaiChat.request.decode(WIRE, body)
      const parts = value.messages.flatMap((message) => [
        ...message.parts,
        ...message.parts.flatMap((part) => (part.type === 'tool-result' ? part.content : [])),
      ])
      const has = (type: Part['type']) => parts.some((part) => part.type === type)
      expect(glance.model, title).to.equal(value.model)
      expect(glance.stream, title).to.equal(value.stream)
      expect(glance.needs.tools, title).to.equal((value.tools?.length ?? 0) > 0)
      expect(glance.needs.images, title).to.equal(has('image'))
      expect(glance.needs.audio, title).to.equal(has('audio'))
      if (has('file')) expect(glance.needs.files, title).to.equal(true)
    }
  })
})

describe('recorded answers', () => {
  let isAnswer: (value: unknown) => string | undefined
  before(function () {
    skipWithout.call(this)
    isAnswer = loadSchema('response.closed')
  })

  for (const recording of ANSWERS) {
    it(`${recording.id}: says what a naive reader reads`, () => {
      const { choices } = decodeAnswer(recording.response.body)
      for (const [place, choice] of choices.entries()) {
        expect(sayParts(choice.parts)).to.deep.equal(readMessage(recording.response.body.choices[place].message))
      }
    })
  }

  it('are written as OpenAI would have written them, whoever gave them', () => {
    for (const { id, response } of ANSWERS) {
      const { body } = encodeAnswer(estrange(decodeAnswer(response.body)))
      expect(isAnswer(body), id).to.equal(undefined)
    }
  })

  it('come back from OpenAI as the same JSON, but for members that are null or empty, and the end of forced calls', () => {
    const openai = ANSWERS.filter(({ provider }) => provider === 'openai')
    expect(openai.length).to.be.greaterThan(35)
    for (const { id, response } of openai) {
      const { body, losses } = encodeAnswer(decodeAnswer(response.body), { askedModel: response.body.model })
      expect(dropEmpty(body), id).to.deep.equal(dropEmpty(nameCalls(response.body)))
      expect(losses, id).to.deep.equal([])
    }
  })

  it('keep what only their vendor tells', () => {
    for (const { id, response } of ANSWERS) {
      const { body } = encodeAnswer(decodeAnswer(response.body))
      for (const [name, value] of Object.entries(response.body)) {
        // A tier that OpenAI does not have is reported, as a client of OpenAI's would not know it.
        if (value === null || name === 'choices' || name === 'usage' || name === 'service_tier') continue
        expect(body, id).to.have.property(name)
      }
    }
  })

  it('tell counters whose sum is the total', () => {
    for (const { id, response } of ANSWERS) {
      const usage = decodeAnswer(response.body).usage!
      const isSum = usage.inputTokens! + usage.outputTokens! === response.body.usage.total_tokens
      const keepsTotal = usage.extra?.fields.total_tokens === response.body.usage.total_tokens
      expect(isSum || keepsTotal, id).to.equal(true)
      expect(openaiChat.response.usage(bytesOf(response.body)), id).to.deep.equal(usage)
    }
  })
})

/** A call that was forced by name ends with `stop` at OpenAI itself; clients wait for `tool_calls` (trap 39). */
function nameCalls(body: any): any {
  const choices = body.choices.map((choice: any) =>
    choice.message.tool_calls === undefined ? choice : { ...choice, finish_reason: 'tool_calls' },
  )
  return { ...body, choices }
}

/** Among what says nothing is a detail of the counters that is 0: nobody counted it (trap 111). */
function dropEmpty(value: any, isDetails = false): any {
  if (Array.isArray(value)) return value.map((one) => dropEmpty(one))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).map(([name, member]) => [name, dropEmpty(member, name.endsWith('_details'))])
  return Object.fromEntries(kept.filter(([, member]) => !isEmpty(member) && !(isDetails && member === 0)))
}

function isEmpty(value: any): boolean {
  return value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
}

describe('recorded streams', () => {
  let isChunk: (value: unknown) => string | undefined
  before(function () {
    skipWithout.call(this)
    isChunk = loadSchema('stream-event.closed')
  })

  for (const recording of STREAMS) {
    it(`${recording.id}: says what a naive reader reads, legally`, () => {
      const naive = readStream(recording.response.stream!)
      const { raw, events } = decodeStream([bytesOfStream(recording)])
      checkLegal(events)
      const { usage: _usage, failed, ...said } = naive
      expect(events.at(-1)?.type).to.equal(failed ? 'error' : 'finish')
      expect(raw.filter(({ type }) => type === 'error')).to.have.length(failed ? 1 : 0)
      expect(sayEvents(events)).to.deep.equal(said)
    })
  }

  it('tell the last counters that came', () => {
    for (const recording of STREAMS) {
      const { usage } = readStream(recording.response.stream!)
      const { events } = decodeStream([bytesOfStream(recording)])
      const told = events.find((event) => event.type === 'usage')
      expect(told?.usage.inputTokens, recording.id).to.equal(usage?.prompt_tokens)
      if (usage !== undefined) {
        const sum = usage.prompt_tokens + told!.usage.outputTokens!
        expect(sum, recording.id).to.equal(usage.total_tokens)
      }
    }
  })

  it('trap 1, F68: give the same events byte by byte', function () {
    this.timeout(60_000)
    for (const recording of STREAMS) {
      const bytes = bytesOfStream(recording)
      if (bytes.length > 100_000) continue
      const cut = decodeStream(cutEvery(bytes, 1))
      expect(isDeepStrictEqual(cut.raw, decodeStream([bytes]).raw), recording.id).to.equal(true)
    }
  })

  it('trap 1, F68: give the same events cut anywhere', function () {
    this.timeout(60_000)
    for (const recording of STREAMS) {
      const bytes = bytesOfStream(recording)
      const whole = decodeStream([bytes]).raw
      const property = fc.property(fc.array(fc.nat(bytes.length), { minLength: 1, maxLength: 20 }), (cuts) =>
        isDeepStrictEqual(decodeStream(cutAt(bytes, cuts)).raw, whole),
      )
      fc.assert(property, { numRuns: 2 })
    }
  })

  it('are written as OpenAI would have written them, whoever gave them', function () {
    this.timeout(60_000)
    for (const recording of STREAMS) {
      const { events } = decodeStream([bytesOfStream(recording)])
      const { chunks } = encodeStream(events.map(estrangeEvent))
      const last = chunks.at(-1)
      if (events.at(-1)?.type === 'error') expect(last, recording.id).to.have.property('error')
      else expect(last, recording.id).to.equal('[DONE]')
      const wrong = chunks
        .slice(0, -1)
        .map(isChunk)
        .find((problem) => problem !== undefined)
      expect(wrong, recording.id).to.equal(undefined)
    }
  })

  it('say the same to OpenAI’s own client as the whole answer says', async function () {
    this.timeout(60_000)
    for (const recording of STREAMS) {
      const { events } = decodeStream([bytesOfStream(recording)])
      if (events.at(-1)?.type === 'error' || recording.response.stream!.length > 200_000) continue
      const { chunks } = encodeStream(events, { askedModel: 'gpt-4o' })
      const lines = chunks.filter((chunk) => chunk !== '[DONE]').map((chunk) => `${JSON.stringify(chunk)}\n`)
      const source = new ReadableStream({
        start(controller) {
          for (const line of lines) controller.enqueue(new TextEncoder().encode(line))
          controller.close()
        },
      })
      const final = await ChatCompletionStream.fromReadableStream(source).finalChatCompletion()
      const collector = createCollector()
      for (const event of events) collector.push(event)
      const result = collector.result
      if (result === undefined || 'error' in result) throw new Error('no answer')
      const { body } = encodeAnswer(result.response)
      expect(final.usage, recording.id).to.deep.equal(body.usage)
      for (const [place, choice] of final.choices.entries()) {
        const whole = body.choices[place]
        expect(choice.finish_reason, recording.id).to.equal(whole.finish_reason)
        expect(choice.message.content ?? '', recording.id).to.equal(whole.message.content ?? '')
        const calls = choice.message.tool_calls?.map((call: any) => [
          call.id,
          call.function.name,
          call.function.arguments,
        ])
        const told = whole.message.tool_calls?.map((call: any) => [
          call.id,
          call.function.name,
          call.function.arguments,
        ])
        expect(calls, recording.id).to.deep.equal(told)
      }
    }
  })

  it('are tapped for the same counters while they are relayed', () => {
    for (const recording of STREAMS) {
      const tap = openaiChat.stream.tap()
      for (const piece of cutEvery(bytesOfStream(recording), 1000)) tap.push(piece)
      const { raw, events } = decodeStream([bytesOfStream(recording)])
      const last = raw.findLast((event) => event.type === 'usage')
      expect(tap.usage()?.outputTokens, recording.id).to.equal(last?.usage.outputTokens)
      expect(tap.usage()?.cacheReadTokens, recording.id).to.equal(last?.usage.cacheReadTokens)
      const isFinished = events.at(-1)?.type === 'finish' || raw.some(({ type }) => type === 'finish')
      expect(tap.finished, recording.id).to.equal(isFinished)
      const isClosed = /(?:\n\n|\r\n\r\n)$/.test(recording.response.stream!)
      expect(tap.betweenEvents, recording.id).to.equal(isClosed)
    }
  })
})

function sayEvents(events: readonly StreamEvent[]): ReadAnswer {
  const parts: Part[] = []
  for (const event of events) {
    if (!('choice' in event) || event.choice !== 0) continue
    if (event.type === 'part-start') {
      const { head } = event
      if (head.type === 'tool-call') parts.push({ ...head, arguments: '' })
      else if (head.type !== 'whole') parts.push({ ...head, text: '' })
    } else if (event.type === 'part-delta') {
      const part: any = parts.at(-1)
      if (event.delta.text !== undefined) part.text += event.delta.text
      if (event.delta.arguments !== undefined) part.arguments += event.delta.arguments
    }
  }
  return sayParts(parts)
}

function estrangeEvent(event: StreamEvent): StreamEvent {
  return JSON.parse(JSON.stringify(event), (key, value) =>
    key === 'extra' || key === 'spelling'
      ? undefined
      : key === 'original'
        ? { protocol: 'other', value: 'x' }
        : key === 'logprobs'
          ? undefined
          : value,
  )
}

describe('recorded errors', () => {
  before(skipWithout)

  const KINDS: Readonly<Record<string, string>> = {
    'deepseek-error-401-plain-07bb81ef': 'unauthorized',
    'groq-error-400-plain-b18ff3ba': 'bad-request',
    'ollama-error-401-plain-dad92722': 'unauthorized',
    'openai-error-400-plain-6dd96fb5': 'bad-request',
    'openai-error-404-plain-30f7a92b': 'model-not-found',
    'openai-error-404-plain-fa1dc385': 'model-not-found',
    'openrouter-error-401-plain-66106823': 'unauthorized',
    'openrouter-error-429-plain-97aaf16f': 'rate-limited',
  }

  for (const [id, kind] of Object.entries(KINDS)) {
    it(`Q36 Q37 ${id} is ${kind}, and is told in OpenAI's envelope`, () => {
      const recording = ALL.find((one) => one.id === id)!
      const { status, headers, body } = recording.response
      const error = openaiChat.error.decode(status, headers, JSON.stringify(body))
      expect(error).to.include({ kind, status, source: 'provider' })
      expect(error.message).to.include(body.error.message)
      const told = openaiChat.error.encode(error, 'req-1')
      expect(loadSchema('error')(told.body)).to.equal(undefined)
      expect(told.status).to.equal(status)
    })
  }

  it('are all in the table', () => {
    const failed = ALL.filter(({ response }) => response.status >= 400).map(({ id }) => id)
    expect(failed.sort()).to.deep.equal(Object.keys(KINDS).sort())
  })
})
