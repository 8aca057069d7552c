import { expect } from 'chai'
import fc from 'fast-check'
import { replaceSpans } from '../../../protocols/json/replace.ts'
import { scanObject } from '../../../protocols/json/scan.ts'
import { jsonObjectText } from './json-text.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

function rename(bytes: Uint8Array, model: string): Uint8Array {
  return replaceSpans(bytes, scanObject(bytes).all('model'), JSON.stringify(model))
}

describe('replaceSpans', () => {
  it('changes the value and not one other byte', () => {
    const text = '\ufeff{ "a" : [1.0, 1e2,\t"\\u0041\\/"],\r\n "model" : "short" , "é漢😀": -0 }\n'
    const renamed = rename(bytesOf(text), 'a much longer "name"')
    expect(Buffer.from(renamed).toString()).to.equal(text.replace('"short"', '"a much longer \\"name\\""'))
  })

  it('F11 changes every value of a name that comes twice', () => {
    const renamed = rename(bytesOf('{"model":"a","x":{"model":"a"},"mod\\u0065l":"","model":null}'), 'b')
    expect(Buffer.from(renamed).toString()).to.equal('{"model":"b","x":{"model":"a"},"mod\\u0065l":"b","model":"b"}')
  })

  it('returns the very same array when the text stands there already', () => {
    const bytes = bytesOf('{"model":"a","model":"a"}')
    expect(rename(bytes, 'a')).to.equal(bytes)
  })

  it('returns the very same array when there is nothing to replace', () => {
    const bytes = bytesOf('{"stream":true}')
    expect(rename(bytes, 'a')).to.equal(bytes)
  })

  it('leaves the source as it was', () => {
    const bytes = bytesOf('{"model":"a"}')
    rename(bytes, 'b')
    expect(Buffer.from(bytes).toString()).to.equal('{"model":"a"}')
  })

  it('F11 changes what JSON.parse reads under this name, and nothing else', () => {
    const property = fc.property(jsonObjectText, fc.string({ unit: 'grapheme' }), ({ text }, model) => {
      const before = JSON.parse(text) as Record<string, unknown>
      const after = JSON.parse(Buffer.from(rename(bytesOf(text), model)).toString()) as Record<string, unknown>
      if (Object.hasOwn(before, 'model')) before.model = model
      expect(after).to.deep.equal(before)
    })
    fc.assert(property, { numRuns: 300 })
  })
})
