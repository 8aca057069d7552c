import { expect } from 'chai'
import fc from 'fast-check'
import { JsonError } from '../../../protocols/json/json-error.ts'
import { scanObject } from '../../../protocols/json/scan.ts'
import { readValue, textOf } from '../../../protocols/json/span.ts'
import { damagedText, jsonObjectText, parsed } from './json-text.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

const REFUSED: readonly (readonly [title: string, text: string | Uint8Array, message: string])[] = [
  ['F8 an empty text', '', 'line 1, column 1: the text is empty'],
  ['F8 null', 'null', 'line 1, column 1: expected a JSON object'],
  ['F8 a number', '\n 5', 'line 2, column 2: expected a JSON object'],
  ['F8 an array', '[{}]', 'line 1, column 1: expected a JSON object'],
  ['F8 a trailing comma', '{"a":1,}', 'line 1, column 8: expected a name in double quotes'],
  ['F8 something after the object', '{"a":1} x', 'line 1, column 9: expected nothing after the value'],
  ['F8 bytes that are no UTF-8', Buffer.from('7b2261223a22ff227d', 'hex'), 'line 1, column 7: expected UTF-8'],
  ['F9 too deep an object', `{"a":${'['.repeat(128)}`, 'line 1, column 133: more than 128 levels deep'],
  ['a wrong escape in a name', '{"\\x":1}', 'line 1, column 3: expected an escape that JSON has'],
]

describe('scanObject', () => {
  for (const [title, text, message] of REFUSED) {
    it(`${title} is refused with its place`, () => {
      expect(() => scanObject(typeof text === 'string' ? bytesOf(text) : text)).to.throw(JsonError, message)
    })
  }

  it('F10 more values than allowed are refused', () => {
    expect(() => scanObject(bytesOf('{"a":[1,2]}'), { depth: 2, nodes: 3 })).to.throw(JsonError, 'more than 3 values')
  })

  it('finds the value of a member, without the white space around it', () => {
    const bytes = bytesOf('\ufeff { "stream" : true ,\n"model"\t:\r\n"gpt-é" , "n":-1.5e3}\n')
    const members = scanObject(bytes)
    const texts = ['stream', 'model', 'n'].map((name) => textOf(bytes, members.last(name) ?? { start: 0, end: 0 }))
    expect(texts).to.deep.equal(['true', '"gpt-é"', '-1.5e3'])
  })

  it('finds nothing for a name that is not there, or stands deeper, or is a value', () => {
    const members = scanObject(bytesOf('{"a":{"model":1},"b":"model","c":["model",{"model":2}]}'))
    expect(members.last('model')).to.equal(undefined)
    expect(members.all('model')).to.deep.equal([])
    expect(scanObject(bytesOf('{}')).all('model')).to.deep.equal([])
  })

  it('F11 finds all members of one name, and the last as the one that counts', () => {
    const bytes = bytesOf('{"model":"a","mod\\u0065l":"b","x":{"model":"no"},"model":"c"}')
    const members = scanObject(bytes)
    expect(members.all('model').map((span) => readValue(bytes, span))).to.deep.equal(['a', 'b', 'c'])
    expect(members.last('model')).to.deep.equal(members.all('model')[2])
  })

  it('F11 knows names that mean something to JavaScript only when they are there', () => {
    expect(scanObject(bytesOf('{}')).last('__proto__')).to.equal(undefined)
    expect(scanObject(bytesOf('{}')).last('constructor')).to.equal(undefined)
    const bytes = bytesOf('{"__proto__":{"a":1}}')
    expect(readValue(bytes, scanObject(bytes).last('__proto__') ?? { start: 0, end: 0 })).to.deep.equal({ a: 1 })
  })

  it('finds what JSON.parse finds, whatever the white space and the names', () => {
    const property = fc.property(jsonObjectText, ({ members, text }) => {
      const bytes = bytesOf(text)
      const found = scanObject(bytes)
      const value = JSON.parse(text) as Record<string, unknown>
      for (const [name] of members) {
        const written = members.filter(([other]) => other === name).map(([, one]) => JSON.parse(JSON.stringify(one)))
        expect(found.all(name).map((span) => readValue(bytes, span))).to.deep.equal(written)
        const last = found.last(name)
        expect(last && readValue(bytes, last)).to.deep.equal(Object.getOwnPropertyDescriptor(value, name)?.value)
      }
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('F8 accepts every object that JSON.parse accepts', () => {
    const texts = damagedText(
      jsonObjectText.map(({ text }) => text),
      '{}[],:"\\u/0129.eE+-tfn \n\0é\u2028',
    )
    const property = fc.property(texts, (damaged) => {
      const text = damaged.toWellFormed()
      const accepted = parsed(text)
      const isObject = typeof accepted?.value === 'object' && accepted.value !== null && !Array.isArray(accepted.value)
      if (isObject) expect(() => scanObject(bytesOf(text))).not.to.throw()
      else if (accepted !== undefined)
        expect(() => scanObject(bytesOf(text))).to.throw(JsonError, 'expected a JSON object')
    })
    fc.assert(property, { numRuns: 2000 })
  })

  it('F8 accepts nothing that JSON.parse refuses, where strings hold neither escapes nor control characters', () => {
    const plain = fc.string({ unit: fc.constantFrom(...'abé漢😀 {}[],:0') })
    const objects = fc.dictionary(
      plain,
      fc.letrec((tie) => ({
        value: fc.oneof(
          { depthSize: 'small' },
          plain,
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.constantFrom(true, false, null),
          fc.array(tie('value')),
          fc.dictionary(plain, tie('value')),
        ),
      })).value,
    )
    const texts = damagedText(
      fc
        .tuple(objects, fc.constantFrom(undefined, 1, '\t'))
        .map(([value, indent]) => JSON.stringify(value, null, indent)),
      '{}[],:"0129.eE+-truefalsn ',
    )
    let refused = 0
    const property = fc.property(texts, (damaged) => {
      const text = damaged.toWellFormed()
      // Where a quote was lost, white space between members may have become part of a string.
      const accepted = parsed(text) ?? parsed(text.replaceAll(/[\n\t]/g, ' '))
      if (accepted !== undefined) return
      refused++
      expect(() => scanObject(bytesOf(text))).to.throw(JsonError)
    })
    fc.assert(property, { numRuns: 3000 })
    expect(refused).to.be.greaterThan(300)
  })
})

describe('readValue', () => {
  it('F8 names the place of a wrong escape in the whole text', () => {
    const bytes = bytesOf('{\n"a":"fine \\n",\n"b":"not \\q"}')
    const members = scanObject(bytes)
    expect(readValue(bytes, members.last('a') ?? { start: 0, end: 0 })).to.equal('fine \n')
    expect(() => readValue(bytes, members.last('b') ?? { start: 0, end: 0 })).to.throw(
      JsonError,
      'line 3, column 10: expected an escape',
    )
  })
})
