import { expect } from 'chai'
import fc from 'fast-check'
import { createSseDecoder, encodeSse, type SseEvent } from '../../../protocols/framing/sse.ts'
import { createSseBoundary } from '../../../protocols/framing/sse-boundary.ts'
import { cutAt, cutEvery } from './cut.ts'

function isBetween(...chunks: Uint8Array[]): boolean {
  const boundary = createSseBoundary()
  for (const chunk of chunks) boundary.push(chunk)
  return boundary.between
}

function decode(bytes: Uint8Array): SseEvent[] {
  const events: SseEvent[] = []
  const decoder = createSseDecoder((event) => events.push(event))
  decoder.push(bytes)
  decoder.end()
  return events
}

const ROWS: readonly (readonly [title: string, bytes: string, between: boolean])[] = [
  ['the start of a stream', '', true],
  ['after a blank line of LF', 'data: 1\n\n', true],
  ['trap 2: after a blank line of CRLF', 'data: 1\r\n\r\n', true],
  ['trap 2: after a blank line of CR', 'data: 1\r\r', true],
  ['after a blank line of mixed ends', 'data: 1\r\n\n', true],
  ['after LF and CR', 'data: 1\n\r', true],
  ['after CR and CRLF', 'data: 1\r\r\n', true],
  ['after the CR of a blank line whose LF is still to come', 'data: 1\r\n\r', true],
  ['Q1 after a comment and a blank line', ': ping\n\n', true],
  ['after a blank line at the start', '\r\n', true],
  ['inside a line', 'data: 1', false],
  ['after one LF', 'data: 1\n', false],
  ['after one CRLF', 'data: 1\r\n', false],
  ['after one CR', 'data: 1\r', false],
  ['after the first byte of the next event', 'data: 1\n\nd', false],
]

describe('SSE boundary', () => {
  for (const [title, text, between] of ROWS) {
    it(`${title}: ${between ? 'between events' : 'inside an event'}`, () => {
      const bytes = Buffer.from(text)
      expect(isBetween(bytes)).to.equal(between)
      expect(isBetween(...cutEvery(bytes, 1)), 'byte by byte').to.equal(between)
      expect(isBetween(bytes, new Uint8Array(0)), 'with an empty chunk').to.equal(between)
    })
  }

  const stream = fc
    .array(fc.constantFrom('data: 1', 'event: a', ': c', 'x', '\n', '\r', '\r\n', '\n\n', '\r\n\r\n'))
    .map((parts) => Buffer.from(parts.join('')))

  it('is where the lines so far end with a blank one, however the bytes are cut', () => {
    const property = fc.property(stream, fc.array(fc.nat()), (bytes, offsets) => {
      const lastLines = bytes
        .toString()
        .split(/\r\n|\r|\n/)
        .slice(-2)
      expect(isBetween(...cutAt(bytes, offsets))).to.equal(lastLines.every((line) => line === ''))
    })
    fc.assert(property, { numRuns: 1000 })
  })

  it('trap 5: is a place where an event of ours changes none of theirs', () => {
    const property = fc.property(stream, fc.nat(), (bytes, offset) => {
      const [before = bytes, after = bytes] = cutAt(bytes, [offset])
      if (!isBetween(before)) return
      const mixed = decode(Buffer.concat([before, Buffer.from(encodeSse('ours', 'ping')), after]))
      expect(mixed).to.deep.equal([...decode(before), { event: 'ping', data: 'ours' }, ...decode(after)])
      expect(mixed.filter(({ data }) => data !== 'ours')).to.deep.equal(decode(bytes))
    })
    fc.assert(property, { numRuns: 1000 })
  })
})
