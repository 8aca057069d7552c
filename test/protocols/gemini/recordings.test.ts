import { expect } from 'chai'
import { gemini } from '../../../protocols/gemini/index.ts'
import { createCollector } from '../../../protocols/ir/collect.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import { playResponse } from '../../../protocols/ir/play.ts'
import type { ChatResponse } from '../../../protocols/ir/response.ts'
import { checkLegal } from '../../support/check-legal.ts'
import { decodeStream, encodeAll, payloads, REPLY, wireFor } from './exchange.ts'
import { hasRecordings, loadSchema, readCapturedBodies, readRecordings } from './recordings.ts'

/** What an answer says, put together from chunks as its clients do: texts joined, everything else in order. */
function tell(chunks: readonly any[]) {
  const said = {
    text: '',
    thoughts: '',
    others: [] as any[],
    signatures: [] as string[],
    finish: [] as any[],
    usage: {},
  }
  for (const chunk of chunks) {
    for (const candidate of chunk.candidates ?? []) {
      for (const part of candidate.content?.parts ?? []) {
        const { text, thought, thoughtSignature, ...other } = part
        if (thoughtSignature !== undefined) said.signatures.push(thoughtSignature)
        if (text === undefined) said.others.push(other)
        else if (thought === true) said.thoughts += text
        else said.text += text
      }
      if (candidate.finishReason !== undefined) said.finish = [candidate.finishReason]
    }
    if (chunk.usageMetadata !== undefined) said.usage = chunk.usageMetadata
  }
  return said
}

const NUMBERED = ['', 'STOP', 'MAX_TOKENS']
const MODALITIES = ['', 'TEXT', 'IMAGE']

/** Q75: the same with words instead of numbers. */
function withWords(body: any): any {
  return JSON.parse(JSON.stringify(body), (name, value) => {
    if (typeof value !== 'number') return value
    if (name === 'finishReason') return NUMBERED[value]
    if (name === 'modality') return MODALITIES[value]
    return name === 'trafficType' ? 'ON_DEMAND' : value
  })
}

/** What we always write and the recorded answer may lack. */
function withDefaults(body: any): any {
  return {
    ...body,
    modelVersion: REPLY.askedModel,
    responseId: body.responseId ?? REPLY.id,
    candidates: body.candidates.map((candidate: any, index: number) => ({
      index,
      ...candidate,
      content: { role: 'model', parts: [], ...candidate.content },
    })),
    usageMetadata: { candidatesTokenCount: 0, ...body.usageMetadata },
  }
}

describe('gemini: recordings', () => {
  const recordings = hasRecordings ? readRecordings() : []
  before(function () {
    if (!hasRecordings) {
      console.log('      skipped: no recordings here')
      this.skip()
    }
  })

  describe('requests', () => {
    const check = hasRecordings ? loadSchema('request') : undefined
    for (const { id, request, response } of recordings) {
      const body = request?.body
      // What the API refused we refuse as well.
      if (response.status >= 400) continue
      if (body?.contents === undefined || !/[gG]enerateContent|countTokens/.test(request?.path ?? '')) continue
      it(`the request of ${id} comes back as the same JSON`, () => {
        const { value } = gemini.request.decode(wireFor(request?.path), structuredClone(body))
        const { body: written, losses } = gemini.request.encode(value, {})
        expect(JSON.parse(JSON.stringify(written))).to.deep.equal(body)
        expect(losses).to.deep.equal([])
      })
      it(`the request of ${id}, sent by a client of another protocol, is one that the API takes`, () => {
        const { value } = gemini.request.decode(wireFor(request?.path), structuredClone(body))
        const foreign = JSON.parse(
          JSON.stringify(value, (name, member) => (name === 'spelling' || name === 'extra' ? undefined : member)),
        )
        for (const facts of [{}, { refuses: ['parametersJsonSchema', 'responseJsonSchema'] }]) {
          const { body: written } = gemini.request.encode(foreign, facts)
          expect(check?.(JSON.parse(JSON.stringify(written)))).to.equal(undefined)
        }
      })
    }
  })

  describe('captured requests of clients', () => {
    for (const { title, line, body } of hasRecordings ? readCapturedBodies() : []) {
      it(`${title} comes back as the same JSON`, () => {
        const { value } = gemini.request.decode(wireFor(line), structuredClone(body))
        const { body: written, losses } = gemini.request.encode(value, {})
        expect(JSON.parse(JSON.stringify(written))).to.deep.equal(body)
        expect(losses).to.deep.equal([])
      })
      it(`${title} is seen at a glance as it is decoded`, () => {
        const wire = wireFor(line)
        const glance = gemini.request.glance(wire, Buffer.from(JSON.stringify(body)))
        const { value } = gemini.request.decode(wire, body)
        expect(glance.model).to.equal(value.model)
        expect(glance.stream).to.equal(value.stream)
        expect(glance.needs.tools).to.equal((value.tools ?? []).length > 0)
        const { mode, effort, display } = value.settings.reasoning ?? {}
        const asks = display === 'summarized' || mode === 'on' || (effort !== undefined && effort !== 'minimal')
        expect(glance.thinking).to.equal(asks)
      })
    }
  })

  describe('answers', () => {
    const check = hasRecordings ? loadSchema('response') : undefined
    for (const { id, response } of recordings) {
      const body = response.body
      if (body?.candidates === undefined) continue
      it(`the answer of ${id} comes back with the same content`, () => {
        const { value } = gemini.response.decode(structuredClone(body), { facts: {} })
        const { body: written, losses } = gemini.response.encode(value, REPLY)
        const told = JSON.parse(JSON.stringify(written))
        expect(told).to.deep.equal(withDefaults(withWords(body)))
        expect(losses).to.deep.equal([])
        expect(check?.(told)).to.equal(undefined)
      })
      it(`the answer of ${id}, played as a stream, says the same`, () => {
        const { value } = gemini.response.decode(structuredClone(body), { facts: {} })
        const events: StreamEvent[] = []
        playResponse(value, (event) => events.push(event))
        const { text } = encodeAll(events)
        const { usage: _usage, ...told } = tell(payloads(text))
        const { usage: _before, ...before } = tell([withWords(body)])
        expect(withoutIds(told)).to.deep.equal(before)
      })
    }
  })

  describe('streams', () => {
    const check = hasRecordings ? loadSchema('stream-event') : undefined
    const streams = recordings.flatMap(({ id, response }) => {
      const text = response.stream ?? (Array.isArray(response.body) ? JSON.stringify(response.body) : undefined)
      return text === undefined || response.status >= 400 ? [] : [{ id, text }]
    })
    for (const { id, text: stream } of streams) {
      const bytes = new TextEncoder().encode(stream)
      const chunks = stream.startsWith('[') ? JSON.parse(stream) : payloads(stream)
      it(`the stream of ${id} is told again as the same answer`, () => {
        const { events, decoder } = decodeStream([bytes])
        expect(decoder.losses).to.deep.equal([])
        checkLegal(events)
        const { text, losses } = encodeAll(events)
        expect(losses).to.deep.equal([])
        for (const event of payloads(text)) expect(check?.(event), JSON.stringify(event)).to.equal(undefined)
        const after = withoutIds(tell(payloads(text)))
        const before = tell(chunks)
        // Q69: arguments that came in pieces are told whole; `stream-decode.test.ts` holds what they say.
        if (!stream.includes('partialArgs')) expect(after).to.deep.equal(withZero(before))
      })

      it(`the stream of ${id} is the same cut after each byte`, () => {
        const whole = decodeStream([bytes]).raw
        const single = decodeStream(Array.from(bytes, (byte) => Uint8Array.of(byte))).raw
        expect(single).to.deep.equal(whole)
      })

      it(`Q71 the tap reads from the stream of ${id} the counters that the decoder tells`, () => {
        const tap = gemini.stream.tap()
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
        const { body } = gemini.response.encode(result.response, REPLY)
        expect(loadSchema('response')(JSON.parse(JSON.stringify(body)))).to.equal(undefined)
      })
    }
  })

  describe('errors', () => {
    const check = hasRecordings ? loadSchema('error') : undefined
    for (const { id, response } of recordings) {
      if (response.status < 400) continue
      it(`Q39 the error of ${id} is told again as it was`, () => {
        const text = response.stream ?? JSON.stringify(response.body)
        const error = gemini.error.decode(response.status, response.headers, text)
        const { body } = gemini.error.encode(error, 'r1')
        expect(check?.(body)).to.equal(undefined)
        const told = JSON.parse(text).error
        expect((body as any).error.message).to.equal(told.message)
        if (told.details?.length > 0) expect((body as any).error.details).to.deep.equal(told.details)
      })
    }
  })
})

/** What was written is always counted. */
function withZero(told: ReturnType<typeof tell>) {
  return { ...told, usage: { candidatesTokenCount: 0, ...told.usage } }
}

/** Calls that had no id have one now. */
function withoutIds(told: any): any {
  const others = told.others.map((part: any) => {
    const id: unknown = part.functionCall?.id
    if (typeof id !== 'string' || !id.startsWith('call_x1_')) return part
    const { id: _id, ...functionCall } = part.functionCall
    return { ...part, functionCall }
  })
  return { ...told, others }
}
