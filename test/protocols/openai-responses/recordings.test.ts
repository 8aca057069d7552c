/** The codec on what some ten vendors of this API, and its clients, really sent. */
import { expect } from 'chai'
import fc from 'fast-check'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import { playResponse } from '../../../protocols/ir/play.ts'
import type { ChatResponse } from '../../../protocols/ir/response.ts'
import { openaiResponses } from '../../../protocols/openai-responses/index.ts'
import { checkLegal } from '../../support/check-legal.ts'
import { cutAt, cutEvery } from '../framing/cut.ts'
import {
  bytesOf,
  collect,
  decodeAnswer,
  decodeStream,
  encodeAnswer,
  encodeStream,
  failureOf,
  freeze,
  REPLY,
  sketchParts,
  WIRE,
} from './exchange.ts'
import { asksForAnswer, loadSchema, type Recording, readCaptures, readRecordings, skipWithout } from './recordings.ts'

const ALL = readRecordings()
const ANSWERS = ALL.filter(({ response }) => response.status === 200 && response.body?.object === 'response')
const STREAMS = ALL.filter(({ response }) => response.stream !== undefined)
const bytesOfStream = ({ response }: Recording) => new TextEncoder().encode(response.stream)

/** The last event that bears the answer, as it stood on the wire. */
function lastResponse({ response }: Recording): any {
  const events = (response.stream ?? '')
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice('data: '.length)))
  return events.filter((event) => event.response !== undefined).at(-1)?.response
}

/** An answer as a back end of another protocol would have given it: nothing in it is of this wire. */
function estrange(response: ChatResponse): ChatResponse {
  return JSON.parse(JSON.stringify(response), (key, value) => {
    if (key === 'extra' || key === 'spelling' || key === 'echo') return undefined
    if (key === 'id' && String(value).startsWith('resp_')) return ''
    return key === 'original' ? { protocol: 'other', value: 'x' } : value
  })
}

describe('recorded requests of the Responses API', () => {
  before(skipWithout)

  const stored = (body: any) => (body.conversation ?? null) !== null
  const recorded = ALL.filter(asksForAnswer)
    .filter(({ request }) => request?.body !== undefined && request.body !== null)
    .map(({ id, request }) => ({ title: id, body: request?.body }))
  const bodies = [...recorded, ...readCaptures()].filter(({ body }) => !stored(body))

  it('are many, of back ends and of clients', () => {
    expect(bodies.length).to.be.greaterThan(130)
  })

  for (const { title, body } of bodies) {
    it(`${title}: goes up as the same JSON, without a loss`, () => {
      const { value, losses } = openaiResponses.request.decode(WIRE, freeze(body))
      const sent = openaiResponses.request.encode(freeze(value), {})
      expect(JSON.parse(JSON.stringify(sent.body))).to.deep.equal(body)
      expect([...losses, ...sent.losses]).to.deep.equal([])
    })
  }

  it('trap 144: name the answer that they go on from', () => {
    const leaning = recorded.filter(({ body }) => (body.previous_response_id ?? null) !== null)
    expect(leaning.length).to.be.greaterThan(1)
    for (const { body } of leaning) {
      expect(openaiResponses.request.decode(WIRE, body).value.previous).to.equal(body.previous_response_id)
      expect(openaiResponses.request.glance(WIRE, bytesOf(body)).previous).to.equal(body.previous_response_id)
    }
  })

  it('trap 144: a conversation that is kept elsewhere is refused by name', () => {
    const { kind, param } = failureOf(() =>
      openaiResponses.request.decode(WIRE, { model: 'm', input: 'Hi', conversation: 'conv_1' }),
    )
    expect([kind, param]).to.deep.equal(['bad-request', 'conversation'])
  })

  it('are glanced at as they are decoded', () => {
    for (const { title, body } of bodies) {
      const glance = openaiResponses.request.glance(WIRE, bytesOf(body))
      const { value } = openaiResponses.request.decode(WIRE, body)
      const parts = value.messages.flatMap((message) => [
        ...message.parts,
        ...message.parts.flatMap((part) => (part.type === 'tool-result' ? part.content : [])),
      ])
      const has = (type: Part['type']) => parts.some((part) => part.type === type)
      expect(glance.model, title).to.equal(value.model)
      expect(glance.stream, title).to.equal(value.stream)
      expect(glance.needs.tools, title).to.equal((value.tools?.length ?? 0) > 0)
      expect(glance.needs.images, title).to.equal(has('image'))
      expect(glance.needs.files, title).to.equal(has('file'))
    }
  })
})

describe('recorded answers of the Responses API', () => {
  let isAnswer: (value: unknown) => string | undefined
  before(function () {
    skipWithout.call(this)
    isAnswer = loadSchema('response.closed')
  })

  for (const { id, response } of ANSWERS) {
    if (response.body.status === 'failed') continue

    it(`${id}: comes back as the same JSON`, () => {
      const { body, losses } = encodeAnswer(decodeAnswer(response.body), { askedModel: response.body.model })
      const sameOutput = JSON.parse(JSON.stringify(response.body), completeLikeTheApi)
      expect(body).to.deep.equal({
        ...sameOutput,
        created_at: Math.floor(response.body.created_at),
        usage: sameOutput.usage ?? null,
      })
      expect(losses).to.deep.equal([])
    })

    it(`${id}: is written by the schema when another protocol gave it`, () => {
      const { body } = encodeAnswer(estrange(decodeAnswer(response.body)))
      // Items that only the API itself has are opaque: they are as their vendor wrote them.
      const own = body.output.filter((item: any) =>
        ['message', 'function_call', 'custom_tool_call', 'reasoning'].includes(item.type),
      )
      expect(isAnswer({ ...body, output: own }), JSON.stringify(body)).to.equal(undefined)
    })
  }

  it('tell their usage from bytes', () => {
    for (const { id, response } of ANSWERS) {
      const usage = openaiResponses.response.usage(bytesOf(response.body))
      expect(usage?.inputTokens, id).to.equal(response.body.usage?.input_tokens)
      expect(usage?.outputTokens, id).to.equal(response.body.usage?.output_tokens)
    }
  })
})

/** What strict clients need and some vendors leave out. */
function completeLikeTheApi(_key: string, value: any): unknown {
  if (value?.type === 'output_text') return { annotations: [], logprobs: [], ...value }
  if (value?.type === 'reasoning') return { summary: [], ...value }
  if (value?.type === 'function_call') return { id: `fc_x1_${value.output_index}`, ...value }
  return value
}

describe('recorded streams of the Responses API', () => {
  let isEvent: (value: unknown) => string | undefined
  before(function () {
    skipWithout.call(this)
    isEvent = loadSchema('stream-event.closed')
  })

  for (const recording of STREAMS) {
    const whole = lastResponse(recording)
    if (whole?.error !== null && whole?.error !== undefined) continue

    it(`${recording.id}: says what the whole answer at its end says`, () => {
      const { events, losses } = decodeStream([bytesOfStream(recording)])
      checkLegal(events)
      const told = collect(events)
      const expected = decodeAnswer(whole)
      const { parts, finish } = told.choices[0]!
      expect(sketchParts(parts)).to.deep.equal(sketchParts(expected.choices[0]!.parts))
      expect(finish).to.deep.equal(expected.choices[0]!.finish)
      expect(told.usage).to.deep.equal(expected.usage)
      expect(told.id).to.equal(whole.id)
      expect(losses).to.deep.equal([])
    })

    it(`${recording.id}: is written by the schema, numbered without a gap, and read again as the same (trap 139, Q44)`, () => {
      const { events } = decodeStream([bytesOfStream(recording)])
      for (const told of [events, playAgain(estrange(collect(events)))]) {
        const written = encodeStream(told)
        checkWritten(written.events, isEvent)
        const again = collect(decodeStream([new TextEncoder().encode(written.text)]).events)
        expect(textsOf(again)).to.deep.equal(textsOf(collect(told)))
        expect(again.choices[0]!.finish).to.deep.equal(collect(told).choices[0]!.finish)
      }
    })
  }

  it('Q40, Q48: an error is told once, with its own code', () => {
    const failed = STREAMS.filter((recording) => (lastResponse(recording)?.error ?? null) !== null)
    expect(failed).to.have.length(1)
    const { raw, events } = decodeStream([bytesOfStream(failed[0]!)])
    expect(raw.filter(({ type }) => type === 'error')).to.have.length(1)
    const last = events.at(-1)
    expect(last?.type === 'error' ? [last.error.kind, last.error.code] : last).to.deep.equal([
      'payment-required',
      'insufficient_quota',
    ])
  })

  it('trap 1: are read the same wherever their bytes are cut', () => {
    for (const recording of STREAMS.filter(({ response }) => (response.stream?.length ?? 0) < 60_000)) {
      const bytes = bytesOfStream(recording)
      const expected = decodeStream([bytes]).events
      fc.assert(
        fc.property(fc.array(fc.nat(bytes.length), { maxLength: 6 }), (positions) => {
          expect(decodeStream(cutAt(bytes, positions)).events).to.deep.equal(expected)
        }),
        { numRuns: 3 },
      )
      expect(decodeStream(cutEvery(bytes, 7)).events).to.deep.equal(expected)
    }
  })

  it('trap 13: say what they have said when they are cut off, and never that they are complete', () => {
    for (const recording of STREAMS.filter(({ response }) => (response.stream?.length ?? 0) < 60_000)) {
      const bytes = bytesOfStream(recording)
      for (const share of [0.2, 0.5, 0.8]) {
        const { events } = decodeStream([bytes.subarray(0, Math.floor(bytes.length * share))])
        checkLegal(events)
      }
    }
  })

  it('trap 107: are tapped for usage, and for their end', () => {
    for (const recording of STREAMS) {
      const tap = openaiResponses.stream.tap()
      tap.push(bytesOfStream(recording))
      const whole = lastResponse(recording)
      const isOver = ['completed', 'incomplete', 'failed'].includes(whole?.status)
      expect(tap.finished, recording.id).to.equal(isOver)
      expect(tap.usage()?.inputTokens, recording.id).to.equal(whole?.usage?.input_tokens)
    }
  })
})

function playAgain(response: ChatResponse): StreamEvent[] {
  const events: StreamEvent[] = []
  playResponse(response, (event) => events.push(event))
  return events
}

/** Everything that a client of any protocol would see; texts that stand side by side are one. */
function textsOf(response: ChatResponse): unknown {
  const parts = response.choices[0]?.parts ?? []
  const join = (type: 'text' | 'reasoning' | 'refusal') =>
    parts.map((part) => (part.type === type ? part.text : '')).join('')
  return {
    text: join('text'),
    thoughts: join('reasoning'),
    refusal: join('refusal'),
    calls: parts.flatMap((part) => (part.type === 'tool-call' ? [[part.id, part.name, part.arguments]] : [])),
    proofs: parts.flatMap((part) => (part.type === 'reasoning' ? [part.encrypted ?? part.signature ?? ''] : [])),
  }
}

const OWN_ITEMS = ['message', 'function_call', 'custom_tool_call', 'reasoning']

/** The grammar of the wire, written down a second time. */
function checkWritten(events: readonly any[], isEvent: (value: unknown) => string | undefined): void {
  expect(events.map((event) => event.sequence_number)).to.deep.equal(events.map((_, index) => index))
  expect(events.slice(0, 2).map(({ type }) => type)).to.deep.equal(['response.created', 'response.in_progress'])
  const last = events.at(-1)
  expect(last.type).to.be.oneOf(['response.completed', 'response.incomplete', 'response.failed'])
  const added = events.filter(({ type }) => type === 'response.output_item.added')
  const done = events.filter(({ type }) => type === 'response.output_item.done')
  expect(added.map((event) => event.output_index)).to.deep.equal(added.map((_, index) => index))
  expect(done.map((event) => event.item)).to.deep.equal(last.response.output)
  expect(done.map((event) => event.item.id)).to.deep.equal(added.map((event) => event.item.id))
  for (const event of events) {
    const items = event.response?.output ?? (event.item === undefined ? [] : [event.item])
    if (items.some((item: any) => !OWN_ITEMS.includes(item.type))) continue
    // What a vendor repeats of the request, or counts besides, is its own affair.
    const isVendors = event.response !== undefined && !event.response.id.startsWith(`resp_${REPLY.id}`)
    if (!isVendors) expect(isEvent(event), JSON.stringify(event)).to.equal(undefined)
  }
}
