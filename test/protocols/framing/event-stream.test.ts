import { expect } from 'chai'
import fc from 'fast-check'
import { BrokenFrame } from '../../../protocols/framing/broken-frame.ts'
import { createEventStreamDecoder } from '../../../protocols/framing/event-stream.ts'
import { FrameTooLong } from '../../../protocols/framing/frame-too-long.ts'
// Sums are made by zlib's own code: one that is wrong here is found out.
import { packMessage } from '../../support/bedrock-fake.ts'

type Told = readonly [headers: Readonly<Record<string, string>>, payload: string]

function decode(pieces: readonly Uint8Array[], limitBytes?: number): Told[] {
  const told: Told[] = []
  const decoder = createEventStreamDecoder(({ headers, payload }) => {
    told.push([Object.fromEntries(headers), payload.toString()])
  }, limitBytes)
  for (const piece of pieces) decoder.push(piece)
  decoder.end()
  return told
}

describe('the framing of Amazon’s streams', () => {
  const name = fc.stringMatching(/^:?[a-z-]{1,12}$/)
  const message = fc.tuple(
    fc.dictionary(name, fc.string(), { noNullPrototype: true, maxKeys: 4 }),
    fc.string({ unit: 'binary' }),
  )

  it('messages cut and merged anywhere are the same messages', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), fc.array(fc.nat(400)), (messages, cuts) => {
        const bytes = Buffer.concat(messages.map(([headers, payload]) => packMessage(headers, payload)))
        const edges = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]
        const pieces = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
        expect(decode(pieces)).to.deep.equal(messages)
      }),
    )
  })

  it('every flipped bit is found out', () => {
    const whole = packMessage({ ':event-type': 'chunk' }, '{"bytes":""}')
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole)
      damaged[at]! ^= 0x10
      expect(() => decode([damaged]), `byte ${at}`).to.throw(BrokenFrame)
    }
  })

  it('bytes that end within a message are damaged', () => {
    const whole = packMessage({}, 'text')
    for (let end = 1; end < whole.length; end++) expect(() => decode([whole.subarray(0, end)])).to.throw(BrokenFrame)
  })

  it('a message beyond the limit is refused before it is waited for', () => {
    const whole = packMessage({}, 'x'.repeat(100))
    expect(() => decode([whole.subarray(0, 12)], 64)).to.throw(FrameTooLong)
  })
})
