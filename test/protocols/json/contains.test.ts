import { expect } from 'chai'
import fc from 'fast-check'
import { containsStart, containsToken, containsType } from '../../../protocols/json/contains.ts'
import { scanObject } from '../../../protocols/json/scan.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
/** JSON text as a string inside other JSON. */
const quoted = (value: unknown) => JSON.stringify(JSON.stringify(value))

const TOKENS: readonly (readonly [title: string, text: string, found: boolean])[] = [
  ['a value', '{"type":"image_url"}', true],
  ['a name', '{"image_url":{"url":"x"}}', true],
  ['a value at the end of an array', '["a",["image_url"]]', true],
  ['a text that is the word and nothing else', '{"content":"image_url"}', true],
  ['a value behind a string that ends in a backslash', '["\\\\","image_url"]', true],
  ['nothing in an empty text', '', false],
  ['no part of a longer string', '["my image_url","image_urls","ximage_url"]', false],
  ['no word in quotes inside a text', '{"content":"say \\"image_url\\" please"}', false],
  ['no word in JSON inside a text', `{"arguments":${quoted({ type: 'image_url' })}}`, false],
  ['no word in JSON inside JSON inside a text', `{"arguments":${quoted(quoted({ type: 'image_url' }))}}`, false],
  ['no word after an escaped backslash and an escaped quote', '["\\\\\\"image_url\\\\\\""]', false],
]

const TYPES: readonly (readonly [title: string, text: string, found: boolean])[] = [
  ['a member without white space', '{"type":"image"}', true],
  ['a member with white space', '{"type" \r\n:\t "image"}', true],
  ['a member at any depth', '{"a":[{"b":1,"type":"image","c":2}]}', true],
  ['the second of two candidates', '{"kind":"image","type":"image"}', true],
  ['no other member', '{"kind":"image"}', false],
  ['no member whose name ends so', '{"media_type":"image","x\\"type":"image"}', false],
  ['no element of an array', '{"type":["image"]}', false],
  ['no name', '{"type":{"image":1}}', false],
  ['no longer value', '{"type":"image_url"}', false],
  ['no member in JSON inside a text', `{"arguments":${quoted({ type: 'image' })}}`, false],
  ['nothing at the very start', '"image"', false],
  ['nothing behind a bare colon', ':"image"', false],
]

describe('containsStart', () => {
  const STARTS: readonly (readonly [title: string, text: string, found: boolean])[] = [
    ['a value that begins so', '{"signature":"sealed:x"}', true],
    ['a name that begins so', '{"sealed:x":1}', true],
    ['nothing in the middle of a text', '{"text":"it was sealed: x"}', false],
    ['nothing in quotes inside a text', '{"text":"\\"sealed:x\\""}', false],
    ['what stands behind such quotes', '["\\"sealed:","sealed:"]', true],
  ]
  for (const [title, text, found] of STARTS) {
    it(`finds ${title}`, () => expect(containsStart(bytesOf(text), 'sealed:')).to.equal(found))
  }
})

describe('containsToken', () => {
  for (const [title, text, found] of TOKENS) {
    it(`finds ${title}`, () => expect(containsToken(bytesOf(text), 'image_url')).to.equal(found))
  }

  it('looks into one value only when it is told to', () => {
    const bytes = bytesOf('{"a":"image_url","b":["image_url"],"c":["x"]}')
    const members = scanObject(bytes)
    expect(containsToken(bytes, 'image_url', members.last('b'))).to.equal(true)
    expect(containsToken(bytes, 'image_url', members.last('c'))).to.equal(false)
    expect(containsToken(bytes, 'x', members.last('a'))).to.equal(false)
  })

  it('finds a word in any JSON exactly when a name or a string is that word', () => {
    const words = fc.constantFrom('file', '"file"', '\\"file\\"', 'x"file', 'file\\', '{"file":"file"}', 'type', 'a')
    const values = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        words,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(words, tie('value'), { maxKeys: 4 }),
      ),
    })).value
    const property = fc.property(values, fc.constantFrom(undefined, 2), (value, indent) => {
      const bytes = bytesOf(JSON.stringify(value, null, indent))
      let hasToken = false
      let hasType = false
      JSON.parse(Buffer.from(bytes).toString(), (name, member) => {
        if (name === 'file' || member === 'file') hasToken = true
        if (name === 'type' && member === 'file') hasType = true
        return member
      })
      expect(containsToken(bytes, 'file')).to.equal(hasToken)
      expect(containsType(bytes, 'file')).to.equal(hasType)
    })
    fc.assert(property, { numRuns: 2000 })
  })
})

describe('containsType', () => {
  for (const [title, text, found] of TYPES) {
    it(`finds ${title}`, () => expect(containsType(bytesOf(text), 'image')).to.equal(found))
  }

  it('looks into one value only when it is told to', () => {
    const bytes = bytesOf('{"type":"image","messages":[{"type":"text"}]}')
    expect(containsType(bytes, 'image', scanObject(bytes).last('messages'))).to.equal(false)
    expect(containsType(bytes, 'text', scanObject(bytes).last('messages'))).to.equal(true)
    expect(containsType(bytes, 'image', scanObject(bytes).last('type'))).to.equal(false)
  })
})
