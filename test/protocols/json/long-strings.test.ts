import { expect } from 'chai'
import { JsonError } from '../../../protocols/json/json-error.ts'
import { longStringBytes } from '../../../protocols/json/long-strings.ts'
import { scanObject } from '../../../protocols/json/scan.ts'

const THRESHOLD = 1000
const base64 = Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 7) % 256)).toString('base64')
const base64url = Buffer.from(base64, 'base64').toString('base64url')
const dataUrl = `data:image/png;base64,${base64}`

const ROWS: readonly (readonly [title: string, value: string, counted: boolean])[] = [
  ['base64', base64, true],
  ['base64 in the alphabet of URLs', base64url, true],
  ['a base64 data URL', dataUrl, true],
  ['a base64 data URL with a parameter', `data:text/plain;charset=utf-8;base64,${base64}`, true],
  ['base64 in lines', base64.replaceAll(/.{76}/g, '$&\r\n'), true],
  ['prose', 'It was the best of times, it was the worst of times. '.repeat(40), false],
  ['prose without spaces', '漢字仮名交じり文'.repeat(200), false],
  ['a list of numbers', '1,2,3,4,'.repeat(200), false],
  ['a data URL in plain text', `data:text/plain,${'some words '.repeat(200)}`, false],
  ['prose that begins like a data URL', `data:image/png;base64, ${'is how it begins '.repeat(100)}`, false],
  ['base64 below the threshold', base64.slice(0, THRESHOLD), false],
]

describe('longStringBytes', () => {
  for (const [title, value, counted] of ROWS) {
    it(`counts ${counted ? '' : 'no '}${title}`, () => {
      const text = Buffer.from(JSON.stringify({ a: 'x', b: [{ url: value }] }))
      const written = Buffer.byteLength(JSON.stringify(value)) - 2
      expect(longStringBytes(text, THRESHOLD)).to.equal(counted ? written : 0)
    })
  }

  it('counts base64 whose slashes are escaped', () => {
    const escaped = base64.replaceAll('/', '\\/')
    expect(longStringBytes(Buffer.from(`["${escaped}"]`), THRESHOLD)).to.equal(escaped.length)
  })

  it('judges a short string by itself and not by what follows', () => {
    expect(longStringBytes(Buffer.from('["iVBORw0KGgo=", "some words"]'), 10)).to.equal(12)
  })

  it('adds up what it finds, and takes a quote inside a string for no end', () => {
    const text = Buffer.from(JSON.stringify([base64, `say "${base64}"`, dataUrl, '"', '\\', base64]))
    expect(longStringBytes(text, THRESHOLD)).to.equal(2 * base64.length + dataUrl.length)
  })

  it('looks into one value only when it is told to', () => {
    const text = Buffer.from(JSON.stringify({ a: base64, b: dataUrl, c: 1 }))
    const members = scanObject(text)
    expect(longStringBytes(text, THRESHOLD, members.last('b'))).to.equal(dataUrl.length)
    expect(longStringBytes(text, THRESHOLD, members.last('c'))).to.equal(0)
  })

  it('refuses a text with an open string', () => {
    expect(() => longStringBytes(Buffer.from('["abc'), THRESHOLD)).to.throw(JsonError, 'not closed')
  })
})
