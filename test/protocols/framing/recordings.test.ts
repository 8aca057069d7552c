/** The decoders on what real back ends sent, with the line ends, comments and names that they really use. */
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'chai'
import fc from 'fast-check'
import { _iterSSEMessages } from 'openai/core/streaming'
import type { FrameDecoder } from '../../../protocols/framing/frame-decoder.ts'
import { createNdjsonDecoder } from '../../../protocols/framing/ndjson.ts'
import { createSseDecoder } from '../../../protocols/framing/sse.ts'
import { createSseBoundary } from '../../../protocols/framing/sse-boundary.ts'
import { cutAt, cutEvery } from './cut.ts'
import { type RecordedStream, readRecordedStreams } from './recorded-streams.ts'

const STREAMS = readRecordedStreams()
const isSse = ({ contentType }: RecordedStream) => contentType.startsWith('text/event-stream')

function decode(stream: RecordedStream, chunks: readonly Uint8Array[]): unknown[] {
  const frames: unknown[] = []
  const take = (frame: unknown) => frames.push(frame)
  const decoder: FrameDecoder = isSse(stream) ? createSseDecoder(take) : createNdjsonDecoder(take)
  for (const chunk of chunks) decoder.push(chunk)
  decoder.end()
  return frames
}

describe('recorded streams', () => {
  before(function () {
    if (STREAMS.length > 0) return
    console.log('    skipped: the recordings are not at hand')
    this.skip()
  })

  it('are of both framings, and many', () => {
    expect(STREAMS.filter(isSse).length).to.be.greaterThan(100)
    expect(STREAMS.filter((stream) => !isSse(stream)).length).to.be.greaterThan(0)
    const frames = STREAMS.flatMap((stream) => decode(stream, [stream.bytes]))
    expect(frames.length).to.be.greaterThan(5000)
  })

  it('F68 give the same frames byte by byte', function () {
    this.timeout(30_000)
    for (const stream of STREAMS) {
      const cut = decode(stream, cutEvery(stream.bytes, 1))
      expect(isDeepStrictEqual(cut, decode(stream, [stream.bytes])), stream.id).to.equal(true)
    }
  })

  it('trap 1, trap 2, F68: give the same frames cut anywhere', function () {
    this.timeout(30_000)
    for (const stream of STREAMS) {
      const uncut = decode(stream, [stream.bytes])
      const property = fc.property(
        fc.array(fc.nat(stream.bytes.length), { minLength: 1, maxLength: 50 }),
        (offsets) => {
          expect(isDeepStrictEqual(decode(stream, cutAt(stream.bytes, offsets)), uncut), stream.id).to.equal(true)
        },
      )
      fc.assert(property, { numRuns: 5 })
    }
  })

  it('trap 4, Q1, Q2: give the events that the OpenAI SDK reads from them', async () => {
    for (const stream of STREAMS.filter(isSse)) {
      const read: unknown[] = []
      for await (const { event, data } of _iterSSEMessages(new Response(stream.bytes), new AbortController())) {
        if (data !== '') read.push({ event: event ?? '', data })
      }
      // Q40: the one line that the standard, and so the SDK, does not know.
      const ours = decode(stream, [stream.bytes]).filter(
        (event) => !(stream.id.startsWith('gpustack') && (event as { event: string }).event === 'error'),
      )
      expect(ours, stream.id).to.deep.equal(read)
    }
  })

  it('Q40 give the failure that gpustack writes as a line "error:"', function () {
    const stream = STREAMS.find(({ id }) => id === 'gpustack-reasoning-content-stream-61394a44')
    if (stream === undefined) return this.skip()
    const last = decode(stream, [stream.bytes]).at(-1) as { event: string; data: string }
    expect(last.event).to.equal('error')
    expect(JSON.parse(last.data).error.message).to.match(/^failed to decode/)
  })

  it('give one JSON value per line where they are NDJSON', () => {
    for (const stream of STREAMS.filter((one) => !isSse(one))) {
      const values = decode(stream, [stream.bytes]).map((line) => JSON.parse(line as string))
      expect(values.at(-1), stream.id).to.have.property('done', true)
    }
  })

  it('end between two events, unless the last blank line is missing', () => {
    for (const stream of STREAMS.filter(isSse)) {
      const boundary = createSseBoundary()
      for (const chunk of cutEvery(stream.bytes, 100)) boundary.push(chunk)
      const endsBlank = /(\r\n|\n|\r)(\r\n|\n|\r)$/.test(new TextDecoder().decode(stream.bytes))
      expect(boundary.between, stream.id).to.equal(endsBlank)
    }
  })
})
