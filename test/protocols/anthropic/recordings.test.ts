import Anthropic from '@anthropic-ai/sdk'
import { BetaMessageStream } from '@anthropic-ai/sdk/lib/BetaMessageStream.mjs'
import { expect } from 'chai'
import { anthropic } from '../../../protocols/anthropic/index.ts'
import { createCollector } from '../../../protocols/ir/collect.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import { createGrammar } from '../../../protocols/ir/grammar.ts'
import { playResponse } from '../../../protocols/ir/play.ts'
import type { ChatResponse } from '../../../protocols/ir/response.ts'
import { checkLegal } from '../../support/check-legal.ts'
import { decodeStream, REPLY, wireFor } from './exchange.ts'
import { hasRecordings, loadSchema, readCapturedBodies, readRecordings } from './recordings.ts'

/** The answer as the vendor's own client puts it together from a stream. */
async function accumulate(text: string): Promise<any> {
  const events = text
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => JSON.parse(line.slice(5)))
    .filter((event) => event.type !== 'ping')
  const lines = `${events.map((event) => JSON.stringify(event)).join('\n')}\n`
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(lines))
      controller.close()
    },
  })
  const message = await BetaMessageStream.fromReadableStream(stream).finalMessage()
  return JSON.parse(JSON.stringify(message))
}

/** What we may write and the recorded answer lacks. */
function withZeroes(usage: any): any {
  return { cache_creation_input_tokens: 0, cache_read_input_tokens: 0, ...usage }
}

function encodeAll(events: readonly StreamEvent[], reply = REPLY): { text: string; losses: readonly unknown[] } {
  const encoder = anthropic.stream.encoder(reply)
  const text = events.map((event) => encoder.encode(event)).join('')
  return { text, losses: encoder.losses }
}

function payloads(text: string): any[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)))
}

describe('anthropic: recordings', () => {
  const recordings = hasRecordings ? readRecordings() : []
  before(function () {
    if (!hasRecordings) {
      console.log('      skipped: no recordings here')
      this.skip()
    }
  })

  describe('requests', () => {
    for (const { id, request } of recordings) {
      const body = request?.body
      if (!Array.isArray(body?.messages) || body.model === undefined) continue
      it(`the request of ${id} comes back as the same JSON`, () => {
        const { value } = anthropic.request.decode(wireFor(request?.path ?? ''), structuredClone(body))
        const { body: written, losses } = anthropic.request.encode(value, {})
        expect(JSON.parse(JSON.stringify(written))).to.deep.equal(body)
        expect(losses).to.deep.equal([])
      })
    }
  })

  describe('captured requests of clients', () => {
    for (const { title, path, body } of hasRecordings ? readCapturedBodies('') : []) {
      it(`${title} comes back as the same JSON`, () => {
        const { value } = anthropic.request.decode(wireFor(path), structuredClone(body))
        const { body: written } = anthropic.request.encode(value, {})
        const expected = structuredClone(body)
        // K56: the budget may not be as large as the limit, whatever the client says.
        if (expected.thinking?.budget_tokens >= expected.max_tokens) expected.thinking.budget_tokens -= 1
        expect(JSON.parse(JSON.stringify(written))).to.deep.equal(expected)
      })
      it(`${title} is seen at a glance as it is decoded`, () => {
        const wire = wireFor(path)
        const glance = anthropic.request.glance(wire, Buffer.from(JSON.stringify(body)))
        const { value } = anthropic.request.decode(wire, body)
        expect(glance.model).to.equal(value.model)
        expect(glance.stream).to.equal(value.stream)
        expect(glance.needs.tools).to.equal((value.tools ?? []).length > 0)
        expect(glance.thinking).to.equal(['on', 'adaptive'].includes(value.settings.reasoning?.mode ?? ''))
        expect(glance.textBytes).to.be.greaterThan(0)
      })
    }
  })

  describe('answers', () => {
    const check = hasRecordings ? loadSchema('response') : undefined
    for (const { id, response } of recordings) {
      const body = response.body
      if (!Array.isArray(body?.content)) continue
      it(`the answer of ${id} comes back with the same content`, () => {
        const { value } = anthropic.response.decode(structuredClone(body), { facts: {} })
        const { body: written, losses } = anthropic.response.encode(value, { ...REPLY, servedModel: body.model })
        expect(JSON.parse(JSON.stringify(written))).to.deep.equal({ ...body, usage: withZeroes(body.usage) })
        expect(losses).to.deep.equal([])
        expect(check?.(JSON.parse(JSON.stringify(written)))).to.equal(undefined)
      })
      it(`the answer of ${id}, played as a stream, is the same answer`, async () => {
        const { value } = anthropic.response.decode(structuredClone(body), { facts: {} })
        const events: StreamEvent[] = []
        playResponse(value, (event) => events.push(event))
        const { text } = encodeAll(events, { ...REPLY, servedModel: body.model })
        const told = await accumulate(text)
        expect(told.content).to.deep.equal(withoutEmptyCitations(body.content))
        expect(told.stop_reason).to.equal(body.stop_reason)
        expect(told.stop_sequence).to.equal(body.stop_sequence)
        expect(told.usage).to.deep.include({ output_tokens: body.usage.output_tokens })
      })
    }
  })

  describe('streams', () => {
    const check = hasRecordings ? loadSchema('stream-event') : undefined
    for (const { id, response } of recordings) {
      const stream = response.stream
      if (stream === undefined) continue
      const bytes = new TextEncoder().encode(stream)
      it(`the stream of ${id} is told again so that the official client reads the same answer`, async () => {
        const { events, decoder } = decodeStream([bytes])
        expect(decoder.done).to.equal(true)
        checkLegal(events)
        const { text, losses } = encodeAll(events)
        expect(losses).to.deep.equal([])
        for (const event of payloads(text)) expect(check?.(event), JSON.stringify(event)).to.equal(undefined)
        const before = await accumulate(stream)
        const after = await accumulate(text)
        expect(after).to.deep.equal({ ...before, model: REPLY.servedModel, usage: withZeroes(before.usage) })
      })

      it(`the stream of ${id} is the same cut after each byte`, () => {
        const whole = decodeStream([bytes]).raw
        const single = decodeStream(Array.from(bytes, (byte) => Uint8Array.of(byte))).raw
        expect(single).to.deep.equal(whole)
      })

      it(`the tap reads from the stream of ${id} the counters that the decoder tells`, () => {
        const tap = anthropic.stream.tap()
        for (let at = 0; at < bytes.length; at += 97) tap.push(bytes.subarray(at, at + 97))
        tap.push(new TextEncoder().encode('\n\n'))
        const told = decodeStream([bytes]).events.find((event) => event.type === 'usage')
        expect(tap.usage()).to.deep.equal(told?.usage)
        expect(tap.finished).to.equal(true)
      })

      it(`the stream of ${id} collected is an answer that can be given whole`, () => {
        const collector = createCollector()
        for (const event of decodeStream([bytes]).events) collector.push(event)
        const result = collector.result as { response: ChatResponse }
        const { body } = anthropic.response.encode(result.response, REPLY)
        expect(loadSchema('response')(JSON.parse(JSON.stringify(body)))).to.equal(undefined)
      })
    }
  })

  describe('errors', () => {
    const check = hasRecordings ? loadSchema('error') : undefined
    for (const { id, response } of recordings) {
      if (response.status < 400) continue
      it(`Q38 the error of ${id} is told again as it was`, () => {
        const error = anthropic.error.decode(response.status, response.headers, JSON.stringify(response.body))
        const { status, body } = anthropic.error.encode(error, response.body.request_id)
        expect(status).to.equal(response.status)
        const { details: _details, ...plain } = body.error as any
        expect({ ...body, error: plain }).to.deep.equal(response.body)
        expect(check?.({ ...body, error: plain })).to.equal(undefined)
      })
    }
  })

  it('the official client reads a stream over its own transport, pings included', async () => {
    const stream = recordings.find(({ id }) => id.startsWith('anthropic-tool-call-stream-fcda4ed9'))?.response.stream
    const { events } = decodeStream([new TextEncoder().encode(stream)])
    const { text } = encodeAll(events)
    const client = new Anthropic({
      apiKey: 'none',
      fetch: async () =>
        new Response(anthropic.stream.keepAlive + text, { headers: { 'content-type': anthropic.stream.contentType } }),
    })
    const message = await client.messages
      .stream({ model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'x' }] })
      .finalMessage()
    expect(message.content.map((block) => block.type)).to.include('tool_use')
    expect(message.stop_reason).to.equal('tool_use')
  })

  it('grammar and collector hold the stream of every recording to one answer', () => {
    for (const { response } of recordings) {
      if (response.stream === undefined) continue
      const seen: StreamEvent[] = []
      const grammar = createGrammar({ id: 'again' }, (event) => seen.push(event))
      for (const event of decodeStream([new TextEncoder().encode(response.stream)]).events) grammar.push(event)
      grammar.end()
      checkLegal(seen)
    }
  })
})

/** A stream starts a text without citations and adds them one by one: an empty list is never told. */
function withoutEmptyCitations(content: any[]): any[] {
  return content.map((block) => {
    if (block.type !== 'text' || block.citations?.length !== 0) return block
    const { citations: _citations, ...rest } = block
    return rest
  })
}
