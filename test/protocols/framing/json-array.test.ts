import { expect } from 'chai'
import fc from 'fast-check'
import { FrameTooLong } from '../../../protocols/framing/frame-too-long.ts'
import { createJsonArrayDecoder, createJsonArrayWriter } from '../../../protocols/framing/json-array.ts'

function decode(chunks: readonly Uint8Array[], limit?: number): string[] {
  const elements: string[] = []
  const decoder = createJsonArrayDecoder((json) => elements.push(json), limit)
  for (const chunk of chunks) decoder.push(chunk)
  decoder.end()
  return elements
}

const bytes = (text: string): Buffer => Buffer.from(text)

describe('framing/json-array', () => {
  const ROWS = [
    ['an empty array', '[]', []],
    [
      'as Google writes it: CRLF, blanks, a comma on a line of its own',
      '[{"a":1}\r\n,\r\n{"a":2}\r\n]',
      ['{"a":1}', '{"a":2}'],
    ],
    ['brackets and quotes inside of texts', '[{"a":"}]\\"[{"},{}]', ['{"a":"}]\\"[{"}', '{}']],
    ['a backslash at the end of a text', '[{"a":"\\\\"},{"b":1}]', ['{"a":"\\\\"}', '{"b":1}']],
    ['objects and arrays inside each other', '[{"a":[{"b":[[]]}]},{}]', ['{"a":[{"b":[[]]}]}', '{}']],
    ['Q7: an object that stands alone', '{\n  "error": {}\n}', ['{\n  "error": {}\n}']],
    ['what is no object says nothing', '[1, "a{b", null, {"c":1}]', ['{"c":1}']],
    ['one that is never closed is not handed out', '[{"a":1},{"b":', ['{"a":1}']],
    ['nothing follows the end but is read all the same', '[{"a":1}]  \n', ['{"a":1}']],
    ['characters of several bytes', '[{"a":"héllo 😀"}]', ['{"a":"héllo 😀"}']],
  ] as const
  for (const [title, text, elements] of ROWS) {
    it(title, () => {
      expect(decode([bytes(text)])).to.deep.equal(elements)
      for (let at = 1; at < bytes(text).length; at++)
        expect(decode([bytes(text).subarray(0, at), bytes(text).subarray(at)]), `cut at ${at}`).to.deep.equal(elements)
    })
  }

  it('gives back what was written, however it is cut', () => {
    const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue())
    fc.assert(
      fc.property(fc.array(object), fc.array(fc.nat(400)), (values, cuts) => {
        const writer = createJsonArrayWriter()
        const text = values.map((value) => writer.element(JSON.stringify(value))).join('') + writer.end()
        expect(JSON.parse(text)).to.deep.equal(JSON.parse(JSON.stringify(values)))
        const chunks = cutBytes(bytes(text), cuts)
        expect(decode(chunks)).to.deep.equal(values.map((value) => JSON.stringify(value)))
      }),
    )
  })

  it('keeps nothing of a chunk whose memory is used again', () => {
    const elements: string[] = []
    const decoder = createJsonArrayDecoder((json) => elements.push(json))
    const memory = bytes('[{"a":"one')
    decoder.push(memory)
    memory.fill(0x78)
    decoder.push(bytes('"}]'))
    expect(elements).to.deep.equal(['{"a":"one"}'])
  })

  it('S7: an object that outgrows the limit ends the reading', () => {
    const decoder = createJsonArrayDecoder(() => {}, 100)
    expect(() => {
      for (let count = 0; count < 20; count++) decoder.push(bytes(`${count === 0 ? '[{"a":"' : ''}${'x'.repeat(10)}`))
    }).to.throw(FrameTooLong)
  })

  it('what was written can be read while it grows: a comma comes with the next element only', () => {
    const writer = createJsonArrayWriter()
    expect(writer.element('{"a":1}')).to.equal('[{"a":1}')
    expect(writer.element('{"a":2}')).to.equal(',\n{"a":2}')
    expect(writer.end()).to.equal(']\n')
    expect(createJsonArrayWriter().end()).to.equal('[]\n')
  })
})

function cutBytes(text: Buffer, positions: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(positions.filter((at) => at > 0 && at < text.length))].sort((one, other) => one - other)
  return [0, ...sorted].map((start, index) => text.subarray(start, sorted[index] ?? text.length))
}
