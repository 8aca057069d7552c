/** What the official schemas allow and nobody has recorded: made from the schemas, held against the other schemas. */
import { expect } from 'chai'
import { codecs } from '../../protocols/index.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { ChatRequest } from '../../protocols/ir/request.ts'
import type { ChatResponse } from '../../protocols/ir/response.ts'
import { findDropped, type Translation } from './dropped.ts'
import { makeInstance } from './instances.ts'
import { ANSWERS, isNotMissed, REQUESTS } from './not-missed.ts'
import { hasRecordings, skipWithoutRecordings } from './recordings.ts'
import { strictCheck } from './schema.ts'
import { chatWire, onWire, type Told, writeAnswer, writeRequest } from './translate.ts'

type Codec = (typeof codecs)[number]

const COUNT = 150

/** A request may name what no other back end has, or lack what each API demands though its schema does not: that is refused. */
function decodeAll<Value>(codec: Codec, name: string, decode: (body: any) => Told<Value>) {
  return Array.from({ length: COUNT }, (_, seed) => seed).flatMap((seed) => {
    const wire = makeInstance(codec.name, name, seed)
    if (wire === undefined) return []
    try {
      return [{ seed, wire, value: decode(wire).value }]
    } catch (error) {
      expect(error, `${codec.name} ${name} ${seed}`).to.be.instanceOf(ApiFailure)
      return []
    }
  })
}

const requestDecoder = (codec: Codec) => (body: any) => {
  const wire = chatWire(codec)
  const named = codec.name === 'gemini' ? { ...wire, params: { model: body.model ?? 'asked' } } : wire
  return codec.request.decode(named, structuredClone(body))
}

const answerDecoder = (codec: Codec) => (body: any) => codec.response.decode(structuredClone(body), { facts: {} })

function listDropped<Value>(made: readonly { seed: number; wire: any }[], translation: Translation<Value>) {
  return made.flatMap(({ seed, wire }) => findDropped(wire, translation).map((dropped) => ({ seed, ...dropped })))
}

describe('requests made from the schemas', function () {
  // Thousands of translations, on machines that have other things to do.
  this.timeout(60_000)
  before(skipWithoutRecordings)
  if (!hasRecordings) return

  for (const codec of codecs) {
    const decode = requestDecoder(codec)

    it(`of ${codec.name} are the same JSON for a back end of the same protocol`, () => {
      const made = decodeAll(codec, 'request', decode)
      expect(made.length).to.be.greaterThan(COUNT / 3)
      for (const { seed, wire, value } of made) {
        const { body, losses } = writeRequest(codec, value)
        if (losses.length === 0) expect(body, `seed ${seed}`).to.deep.equal(wire)
        // The model, or the limit of tokens, cannot have what was asked for.
        expect(losses.length, `seed ${seed}: ${JSON.stringify(losses)}`).to.be.at.most(2)
      }
    })

    for (const target of codecs.filter((one) => one !== codec)) {
      it(`of ${codec.name} are what the schema of ${target.name} takes`, () => {
        const check = strictCheck(target.name, 'request')
        for (const { seed, value } of decodeAll(codec, 'request', decode)) {
          expect(check(writeRequest(target, value).body), `seed ${seed}`).to.equal(undefined)
        }
      })
    }

    it(`of ${codec.name} lose nothing that no loss names`, () => {
      const targets = new Map(codecs.map((target) => [target.name, (value: ChatRequest) => writeCall(target, value)]))
      const dropped = listDropped(decodeAll(codec, 'request', decode), { decode, targets })
        .filter(({ target, shape, leaf }) => !isNotMissed(REQUESTS[codec.name], target, shape, leaf.value))
        .map(({ seed, target, leaf }) => `seed ${seed} to ${target}: ${leaf.path.join('.')}`)
      expect(dropped).to.deep.equal([])
    })
  }
})

describe('answers made from the schemas', function () {
  // Thousands of translations, on machines that have other things to do.
  this.timeout(60_000)
  before(skipWithoutRecordings)
  if (!hasRecordings) return

  for (const codec of codecs) {
    const decode = answerDecoder(codec)

    for (const target of codecs) {
      it(`of ${codec.name} are by the closed schema of ${target.name} what its clients read`, () => {
        const check = strictCheck(target.name, 'response')
        for (const { seed, value } of decodeAll(codec, 'response', decode)) {
          expect(check(writeAnswer(target, value).body), `seed ${seed}`).to.equal(undefined)
        }
      })
    }

    it(`of ${codec.name} lose nothing that no loss names`, () => {
      const targets = new Map(
        codecs.map((target) => [target.name, (value: ChatResponse) => writeAnswer(target, value)]),
      )
      const dropped = listDropped(decodeAll(codec, 'response', decode), { decode, targets })
        .filter(({ places }) => places.length === 0 || !places.every((place) => place.startsWith('echo.')))
        .filter(({ target, shape, leaf }) => !isNotMissed(ANSWERS[codec.name], target, shape, leaf.value))
        .map(({ seed, target, leaf }) => `seed ${seed} to ${target}: ${leaf.path.join('.')}`)
      expect(dropped).to.deep.equal([])
    })
  }
})

/** The body, and the line above it: some protocols name the model there. */
function writeCall(target: Codec, request: ChatRequest) {
  const { body, losses } = writeRequest(target, request)
  const address = target.request.address({ model: request.model, stream: request.stream, operation: 'chat' })
  return { body: onWire({ address, body }), losses }
}
