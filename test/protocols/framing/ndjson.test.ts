import { expect } from 'chai'
import fc from 'fast-check'
import { FrameTooLong } from '../../../protocols/framing/frame-too-long.ts'
import { createNdjsonDecoder, encodeNdjson } from '../../../protocols/framing/ndjson.ts'
import { cutAt, cutEvery } from './cut.ts'

function decode(...chunks: Uint8Array[]): string[] {
  const lines: string[] = []
  const decoder = createNdjsonDecoder((line) => lines.push(line))
  for (const chunk of chunks) decoder.push(chunk)
  decoder.end()
  return lines
}

const ROWS: readonly (readonly [title: string, stream: string, lines: readonly string[]])[] = [
  ['an empty stream has no lines', '', []],
  ['LF ends lines', '{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
  ['trap 2: CRLF ends lines', '{"a":1}\r\n{"b":2}\r\n', ['{"a":1}', '{"b":2}']],
  ['trap 2: CR ends lines', '{"a":1}\r{"b":2}\r', ['{"a":1}', '{"b":2}']],
  ['trap 19: the last line counts without its end', '{"a":1}\n{"b":2}', ['{"a":1}', '{"b":2}']],
  ['blank lines are skipped', '\n\r\n{"a":1}\n\n \t\n{"b":2}\n\n', ['{"a":1}', '{"b":2}']],
  ['a byte order mark at the start is ignored', '\ufeff{"a":1}\n', ['{"a":1}']],
  ['spaces around a value are kept', ' {"a":1} \n', [' {"a":1} ']],
  ['trap 1: no character is split', '{"a":"é漢😀"}\n"\u2028"\n', ['{"a":"é漢😀"}', '"\u2028"']],
]

describe('NDJSON decoder', () => {
  for (const [title, stream, lines] of ROWS) {
    it(title, () => {
      const bytes = new TextEncoder().encode(stream)
      expect(decode(bytes)).to.deep.equal(lines)
      expect(decode(...cutEvery(bytes, 1)), 'byte by byte').to.deep.equal(lines)
      for (let at = 0; at <= bytes.length; at++) expect(decode(...cutAt(bytes, [at])), `${at}`).to.deep.equal(lines)
    })
  }

  it('traps 1, 2, F68: gives back every value that was written, however the bytes are cut', () => {
    const values = fc.array(
      fc.tuple(fc.jsonValue({ stringUnit: 'grapheme' }), fc.constantFrom('\n', '\r\n', '\r', '\n\n')),
    )
    const property = fc.property(values, fc.array(fc.nat()), (written, offsets) => {
      const bytes = new TextEncoder().encode(written.map(([value, end]) => JSON.stringify(value) + end).join(''))
      const expected = written.map(([value]) => JSON.stringify(value))
      expect(decode(...cutAt(bytes, offsets))).to.deep.equal(expected)
      expect(decode(...cutEvery(bytes, 1)), 'byte by byte').to.deep.equal(expected)
    })
    fc.assert(property, { numRuns: 300 })
  })

  it('trap 17, F66: passes a line of 20 MB in chunks of 4 KB, in linear time', () => {
    const line = `"${'漢'.repeat(7_000_000)}"`
    const lines = decode(...cutEvery(new TextEncoder().encode(`${line}\n1\n`), 4096))
    expect(lines.length).to.equal(2)
    expect(lines[0] === line).to.equal(true)
  })

  it('F66 stops a line that outgrows the limit', () => {
    const decoder = createNdjsonDecoder(() => {}, 10)
    decoder.push(Buffer.from('"12345678"\n"1234567'))
    expect(() => decoder.push(Buffer.from('890'))).to.throw(FrameTooLong)
  })
})

describe('NDJSON encoder', () => {
  it('writes one line per value, which the decoder reads back', () => {
    const written = [JSON.stringify({ a: 'x\ny\r' }), '2'].map(encodeNdjson).join('')
    expect(written).to.equal('{"a":"x\\ny\\r"}\n2\n')
    expect(decode(Buffer.from(written))).to.deep.equal(['{"a":"x\\ny\\r"}', '2'])
  })
})
