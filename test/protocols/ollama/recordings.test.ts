/** The codec on what real servers and clients of this protocol sent. */
import { expect } from 'chai'
import fc from 'fast-check'
import { createCollector } from '../../../protocols/ir/collect.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import { ollama } from '../../../protocols/ollama/index.ts'
import { checkLegal } from '../../support/check-legal.ts'
import { cutAt, cutEvery } from '../framing/cut.ts'
import {
  bytesOf,
  decodeAnswer,
  decodeStream,
  encodeAnswer,
  encodeStream,
  parseLines,
  sendOn,
  wireOf,
} from './exchange.ts'
import { hasRecordings, loadSchema, type Recording, readCaptures, readRecordings } from './recordings.ts'

const ALL = readRecordings()
const CHATS = ALL.filter(({ request }) => !request.path.includes('embed'))
const ANSWERS = CHATS.filter(({ response }) => response.body !== undefined)
const STREAMS = CHATS.filter(({ response }) => response.stream !== undefined)
const bytesOfStream = ({ response }: Recording) => new TextEncoder().encode(response.stream)

function skipWithout(this: Mocha.Context): void {
  if (hasRecordings) return
  console.log('    skipped: the recordings are not at hand')
  this.skip()
}

/** What a reader reads who knows the API's page and nothing of this codec. */
function readNaively(answers: readonly any[]) {
  const join = (name: string) => answers.map((one) => (one.message ?? one)[name] ?? '').join('')
  return {
    text: join('content') + join('response'),
    thoughts: join('thinking'),
    calls: answers.flatMap((one) => one.message?.tool_calls ?? []).map(({ function: called }) => called),
  }
}

function sayParts(parts: readonly Part[]) {
  const join = (type: 'text' | 'reasoning') => parts.map((part) => (part.type === type ? part.text : '')).join('')
  return {
    text: join('text'),
    thoughts: join('reasoning'),
    calls: parts.flatMap((part) =>
      part.type === 'tool-call' ? [{ name: part.name, arguments: JSON.parse(part.arguments) }] : [],
    ),
  }
}

function collect(events: readonly StreamEvent[]) {
  const collector = createCollector()
  for (const event of events) collector.push(event)
  const { result } = collector
  if (result === undefined || 'error' in result) throw new Error('no answer was collected')
  return result.response
}

/** What the interlingua says in whole seconds. */
function roundTime(body: any): any {
  return { ...body, created_at: new Date(Math.floor(Date.parse(body.created_at) / 1000) * 1000).toISOString() }
}

/** Null says nothing. */
function dropNull(value: any): any {
  return JSON.parse(JSON.stringify(value), (_key, member) => (member === null ? undefined : member))
}

describe('recorded requests to Ollama', () => {
  before(skipWithout)

  const bodies = [
    ...CHATS.map(({ id, request }) => ({ title: id, ...request })),
    ...readCaptures().filter(({ path }) => !path.includes('embed')),
  ]

  it('are those of four clients and of many servers', () => {
    expect(bodies.length).to.be.greaterThan(30)
  })

  for (const { title, path, body } of bodies) {
    it(`${title}: goes up as the same JSON, without a loss`, () => {
      const sent = sendOn(wireOf(path), body)
      expect(sent.body).to.deep.equal(body)
      expect(sent.losses).to.deep.equal([])
    })
  }

  it('are glanced at as they are decoded', () => {
    for (const { title, path, body } of bodies) {
      const glance = ollama.request.glance(wireOf(path), bytesOf(body))
      const { value } = ollama.request.decode(wireOf(path), body)
      const parts = value.messages.flatMap((message) => message.parts)
      expect(glance.model, title).to.equal(value.model)
      expect(glance.stream, title).to.equal(value.stream)
      expect(glance.needs.tools, title).to.equal((value.tools?.length ?? 0) > 0)
      expect(glance.needs.images, title).to.equal(parts.some(({ type }) => type === 'image'))
      expect(glance.idle !== undefined, title).to.equal(value.messages.length === 0)
    }
  })

  it('Q80: have nothing to report elsewhere for what is null or empty', () => {
    const recording = ALL.find(({ id }) => id === 'ollama-context-array-plain-0120cf09')!
    const { value } = ollama.request.decode(wireOf('/api/generate'), recording.request.body)
    expect(value).to.not.have.property('extra')
    expect(value.settings).to.deep.equal({})
  })

  it('Q77: pair an answer that names nobody with its call', () => {
    const recording = ALL.find(({ id }) => id === 'ollama-tool-result-plain-21c131cb')!
    const { value } = ollama.request.decode(wireOf('/api/chat'), recording.request.body)
    const [call, result] = value.messages.flatMap(({ parts }) => parts) as any[]
    expect(call).to.include({ type: 'tool-call', name: 'get_current_weather' })
    expect(result).to.include({ type: 'tool-result', callId: call.id, name: 'get_current_weather' })
  })
})

describe('recorded answers of Ollama', () => {
  before(skipWithout)

  for (const { id, request, response } of ANSWERS) {
    it(`${id}: says what a naive reader reads`, () => {
      expect(sayParts(decodeAnswer(response.body).choices[0]!.parts)).to.deep.equal(readNaively([response.body]))
    })

    it(`${id}: comes back as the same JSON`, () => {
      const answer = decodeAnswer(response.body)
      const context = { askedModel: response.body.model, wire: wireOf(request.path) }
      const { body, losses } = encodeAnswer(answer, context)
      expect(losses).to.deep.equal([])
      // What the server left out is told all the same: why it ended, counters, ids of calls.
      const expected = dropNull(roundTime(response.body))
      const calls = expected.message?.tool_calls?.map((call: any, index: number) => ({
        id: body.message.tool_calls[index].id,
        function: { index, ...call.function },
      }))
      const isIdle = /load/.test(expected.done_reason ?? '')
      const counters = [
        'total_duration',
        'load_duration',
        'prompt_eval_count',
        'prompt_eval_duration',
        'eval_count',
        'eval_duration',
      ]
      const defaults = isIdle ? {} : Object.fromEntries(counters.map((name) => [name, body[name]]))
      expect(body).to.deep.equal({
        done_reason: 'stop',
        ...defaults,
        ...expected,
        ...(calls === undefined ? {} : { message: { ...expected.message, tool_calls: calls } }),
      })
    })

    it(`${id}: is written by the schema, also with nothing in it of this wire`, () => {
      const isGenerate = request.path === '/api/generate'
      const answer = decodeAnswer(response.body)
      const foreign = JSON.parse(JSON.stringify(answer), (key, value) => (key === 'extra' ? undefined : value))
      const { body } = encodeAnswer(foreign, { wire: wireOf(request.path) })
      expect(loadSchema(isGenerate ? 'generate-response.closed' : 'response.closed')(body)).to.equal(undefined)
    })
  }

  it('tell the counters that a relay reads from their bytes', () => {
    for (const { id, response } of ANSWERS) {
      const { usage } = decodeAnswer(response.body)
      expect(usage?.inputTokens, id).to.equal(response.body.prompt_eval_count)
      expect(usage?.outputTokens, id).to.equal(response.body.eval_count)
      expect(ollama.response.usage(bytesOf(response.body)), id).to.deep.equal(usage)
    }
  })
})

describe('recorded streams of Ollama', () => {
  before(skipWithout)

  for (const recording of STREAMS) {
    it(`${recording.id}: says what a naive reader reads, legally`, () => {
      const { events, decoder } = decodeStream([bytesOfStream(recording)])
      checkLegal(events)
      const response = collect(events)
      const lines = parseLines(recording.response.stream!)
      expect(sayParts(response.choices[0]!.parts)).to.deep.equal(readNaively(lines))
      expect(response.usage?.inputTokens).to.equal(lines.at(-1).prompt_eval_count)
      expect(decoder.losses).to.deep.equal([])
      expect(decoder.done).to.equal(true)
    })

    it(`${recording.id}: comes back line by line as it was said`, () => {
      const { events } = decodeStream([bytesOfStream(recording)])
      const wire = wireOf(recording.request.path)
      const original = parseLines(recording.response.stream!)
      const { lines, losses } = encodeStream(events, { wire, askedModel: original[0].model })
      expect(losses).to.deep.equal([])
      const meaning = (all: readonly any[]) =>
        all
          .map(({ created_at: _at, done_reason: reason = 'stop', ...line }) =>
            dropNull(line.done ? { ...line, done_reason: reason } : line),
          )
          .filter((line) => line.done || Object.values(readNaively([line])).some(({ length }) => length > 0))
      // Counters and durations that the server left out are told all the same.
      const { created_at: _at, ...last } = lines.at(-1)
      const expected = meaning(original)
      expect(meaning(lines)).to.deep.equal([...expected.slice(0, -1), { ...last, ...expected.at(-1) }])
    })

    it(`${recording.id}: is written by the schema`, () => {
      const { events } = decodeStream([bytesOfStream(recording)])
      const isGenerate = recording.request.path === '/api/generate'
      const isLine = loadSchema(isGenerate ? 'generate-stream-event.closed' : 'stream-event.closed')
      for (const line of encodeStream(events, { wire: wireOf(recording.request.path) }).lines) {
        expect(isLine(line)).to.equal(undefined)
      }
    })

    it(`${recording.id}: says the same however its bytes are cut`, () => {
      const bytes = bytesOfStream(recording)
      const whole = decodeStream([bytes]).raw
      for (const size of [1, 7, 100]) expect(decodeStream(cutEvery(bytes, size)).raw).to.deep.equal(whole)
      fc.assert(
        fc.property(fc.array(fc.nat(bytes.length), { maxLength: 5 }), (places) => {
          expect(decodeStream(cutAt(bytes, places)).raw).to.deep.equal(whole)
        }),
        { numRuns: 20 },
      )
    })

    it(`${recording.id}: is an error wherever it breaks off`, () => {
      const bytes = bytesOfStream(recording)
      const last = bytes.lastIndexOf(0x0a, bytes.length - 2) + 1
      for (const end of [0, 1, Math.floor(last / 2), last, bytes.length - 2]) {
        const { events } = decodeStream([bytes.subarray(0, end)])
        checkLegal(events)
        expect(events.at(-1)?.type, `after ${end} bytes`).to.equal('error')
      }
      // All but the line end at its very end is a whole stream.
      expect(decodeStream([bytes.subarray(0, bytes.length - 1)]).events.at(-1)?.type).to.equal('finish')
    })

    it(`${recording.id}: is tapped for the same counters while it is relayed`, () => {
      const tap = ollama.stream.tap()
      const bytes = bytesOfStream(recording)
      for (const piece of cutEvery(bytes.subarray(0, -1), 50)) tap.push(piece)
      expect(tap.betweenEvents).to.equal(false)
      tap.push(bytes.subarray(-1))
      const { usage } = collect(decodeStream([bytes]).events)
      expect(tap.usage()).to.deep.equal(usage)
      expect(tap.finished).to.equal(true)
      expect(tap.betweenEvents).to.equal(true)
    })
  }
})
