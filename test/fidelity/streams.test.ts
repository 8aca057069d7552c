/** Recorded streams, told to all clients: legal by the schema of each, however the bytes were cut and the frames merged. */
import { expect } from 'chai'
import { codecs } from '../../protocols/index.ts'
import { checkLegal } from '../support/check-legal.ts'
import { mergeDeltas } from './merge-deltas.ts'
import { type Recording, readRecordings, skipWithoutRecordings } from './recordings.ts'
import { strictCheck } from './schema.ts'
import { bytesOf, collect, payloadsOf, readStream, writeStream } from './translate.ts'

type Stream = Recording & { readonly stream: string }

/** Beyond this size a stream is cut at some of its bytes only. */
const SMALL_BYTES = 4_000

/** Pieces of one byte for a small stream; for a large one each end of a frame, and the bytes around it. */
function cutEverywhere(bytes: Uint8Array): Uint8Array[] {
  const offsets =
    bytes.length <= SMALL_BYTES
      ? Array.from(bytes.keys())
      : [...bytes.entries()].flatMap(([at, byte]) => (byte === 10 ? [at - 1, at, at + 1, at + 2, at + 9] : []))
  const ordered = [...new Set([0, ...offsets, bytes.length])].filter((at) => at >= 0 && at <= bytes.length)
  ordered.sort((one, other) => one - other)
  return ordered.slice(1).map((end, index) => bytes.slice(ordered[index], end))
}

/** Several frames in each piece, the last of them open. */
function mergeFrames(bytes: Uint8Array): Uint8Array[] {
  const size = Math.ceil(bytes.length / 3) + 1
  return [0, 1, 2].map((index) => bytes.slice(index * size, (index + 1) * size))
}

describe('recorded streams', function () {
  // Some of them are of half a megabyte, and each is told to five clients.
  this.timeout(60_000)
  before(skipWithoutRecordings)
  const streams = readRecordings().filter((one): one is Stream => one.stream !== undefined)

  for (const codec of codecs) {
    const own = streams.filter((one) => one.codec === codec)

    it(`of ${codec.name} back ends are told the same to every client, wherever the bytes are cut`, () => {
      for (const { id, stream } of own) {
        const bytes = bytesOf(stream)
        const whole = readStream(codec, [bytes])
        checkLegal(whole.value)
        const told = codecs.map((client) => writeStream(client, whole.value).value)
        for (const pieces of [cutEverywhere(bytes), mergeFrames(bytes)]) {
          const cut = readStream(codec, pieces)
          expect(cut.losses, id).to.deep.equal(whole.losses)
          for (const [index, client] of codecs.entries())
            expect(writeStream(client, cut.value).value === told[index], `${id} to ${client.name}`).to.equal(true)
        }
      }
    })

    it(`of ${codec.name} back ends say the same when deltas come several in one`, () => {
      let saved = 0
      for (const { id, stream } of own) {
        const merged = mergeDeltas(codec.name, stream)
        saved += stream.length - merged.length
        const one = collect(readStream(codec, [bytesOf(stream)]).value)
        const other = collect(readStream(codec, [bytesOf(merged)]).value)
        expect(other, id).to.deep.equal(one)
      }
      // Gemini sends whole sentences: there is nothing to merge.
      if (codec.name !== 'gemini') expect(saved).to.be.greaterThan(0)
    })

    for (const client of codecs.filter((one) => one !== codec)) {
      it(`of ${codec.name} back ends are streams by the closed schema of ${client.name}`, () => {
        const isEvent = strictCheck(client.name, 'stream-event')
        const isError = strictCheck(client.name, 'error')
        for (const { id, stream } of own) {
          const { value } = readStream(codec, [bytesOf(stream)])
          for (const payload of sample(payloadsOf(writeStream(client, value).value))) {
            const problem = 'error' in payload && payload.type === undefined ? isError(payload) : isEvent(payload)
            expect(problem, id).to.equal(undefined)
          }
        }
      })

      it(`of ${codec.name} back ends, told to ${client.name} clients, read the same wherever they are cut`, () => {
        for (const { id, stream } of own) {
          const { value: text } = writeStream(client, readStream(codec, [bytesOf(stream)]).value)
          const bytes = bytesOf(text)
          const whole = readStream(client, [bytes])
          checkLegal(whole.value)
          expect(readStream(client, cutEverywhere(bytes)).value, id).to.deep.equal(whole.value)
        }
      })
    }
  }
})

/** Of thousands of events that are alike the first and the last. */
function sample(payloads: readonly any[]): readonly any[] {
  return payloads.length <= 120 ? payloads : [...payloads.slice(0, 60), ...payloads.slice(-60)]
}
