import { expect } from 'chai'
import fc from 'fast-check'
import { JsonError } from '../../../protocols/json/json-error.ts'
import type { JsonLimits } from '../../../protocols/json/json-limits.ts'
import { parseJson } from '../../../protocols/json/parse.ts'
import { damagedText, jsonText, parsed } from './json-text.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

function errorOf(bytes: Uint8Array, limits?: JsonLimits): JsonError {
  try {
    parseJson(bytes, limits)
  } catch (error) {
    if (error instanceof JsonError) return error
    throw error
  }
  throw new Error('was accepted')
}

const REFUSED: readonly (readonly [title: string, text: string | Uint8Array, message: string])[] = [
  ['F8 an empty text', '', 'line 1, column 1: the text is empty'],
  ['F8 nothing but white space', ' \n ', 'line 2, column 2: the text is empty'],
  ['F8 nothing but a byte order mark', '\ufeff', 'line 1, column 1: the text is empty'],
  ['F8 a trailing comma in an object', '{\n  "a": 1,\n}', 'line 3, column 1: expected a name in double quotes'],
  ['F8 a trailing comma in an array', '[1,]', 'line 1, column 4: expected a value'],
  ['F8 a missing comma', '{"a": 1\n "b": 2}', "line 2, column 2: expected ',' or '}'"],
  ['F8 a missing comma in an array', '[1 2]', "line 1, column 4: expected ',' or ']'"],
  ['F8 a missing colon', '{"a" 1}', "line 1, column 6: expected ':'"],
  ['F8 the wrong bracket', '{"a": [1}', "line 1, column 9: expected ',' or ']'"],
  ['F8 a text that ends in an object', '{"a": 1', "line 1, column 8: expected ',' or '}', but the text ends"],
  ['F8 a text that ends before a value', '{"a": ', 'line 1, column 7: expected a value, but the text ends'],
  ['F8 a second value', '{} {}', 'line 1, column 4: expected nothing after the value'],
  ['F8 a bare word', '{"a": yes}', 'line 1, column 7: expected a value'],
  ['F8 a name without quotes', '{a: 1}', 'line 1, column 2: expected a name in double quotes'],
  ['F8 single quotes', "['a']", 'line 1, column 2: expected a value'],
  ['F8 a comment', '[1, // one\n 2]', 'line 1, column 5: expected a value'],
  ['F8 a leading zero', '[01]', "line 1, column 3: expected ',' or ']'"],
  ['F8 a plus sign', '[+1]', 'line 1, column 2: expected a value'],
  ['F8 a sign alone', '[-]', 'line 1, column 3: expected a digit'],
  ['F8 a point at the end of a number', '[1.]', 'line 1, column 4: expected a digit'],
  ['F8 an exponent without digits', '[1e+]', 'line 1, column 5: expected a digit'],
  ['F8 NaN', '[NaN]', 'line 1, column 2: expected a value'],
  ['F8 half a literal', '[tru]', 'line 1, column 2: expected a value'],
  ['F8 an open string', '["a\\"]', 'line 1, column 2: this string is not closed'],
  ['F8 an open long string', `["${'a'.repeat(100)}\\"]`, 'line 1, column 2: this string is not closed'],
  ['F8 a text that ends in a backslash', '"\\', 'line 1, column 1: this string is not closed'],
  [
    'F8 a line end in a string',
    '{"a": "b\nc"}',
    'line 1, column 9: expected control characters in strings to be escaped',
  ],
  ['F11 NUL in a string', '["\0"]', 'line 1, column 3: expected control characters in strings to be escaped'],
  ['F8 an escape that JSON has not', '["\\"", "a\\x41"]', 'line 1, column 10: expected an escape that JSON has'],
  ['F8 half an escape', '["\\u12"]', 'line 1, column 3: expected an escape that JSON has'],
  ['F8 CRLF counts as one line end', '{\r\n"a": 1,\r\n}', 'line 3, column 1: expected a name in double quotes'],
  ['F8 CR counts as a line end', '{\r"a": 1,\r}', 'line 3, column 1: expected a name in double quotes'],
  ['columns count characters', '{"é漢😀": 1 1}', "line 1, column 11: expected ',' or '}'"],
  ['a byte order mark is no column', '\ufeff{a}', 'line 1, column 2: expected a name in double quotes'],
  ['F8 a byte that is no UTF-8', Buffer.from('7b0a2261ff223a317d', 'hex'), 'line 2, column 3: expected UTF-8'],
  ['F8 half a character', Buffer.from('22c3a9e6bc22', 'hex'), 'line 1, column 3: expected UTF-8'],
  ['F8 half a character at the end', Buffer.from('22e6bc', 'hex'), 'line 1, column 2: expected UTF-8'],
  ['F8 an overlong sequence', Buffer.from('22c0af22', 'hex'), 'line 1, column 2: expected UTF-8'],
  ['F11 a surrogate in UTF-8', Buffer.from('22eda08022', 'hex'), 'line 1, column 2: expected UTF-8'],
  ['F8 UTF-16 with its mark', Buffer.from('\ufeff{"a":1}', 'utf16le'), 'line 1, column 1: expected UTF-8'],
  ['F8 UTF-16 without mark', Buffer.from('{"a":1}', 'utf16le'), 'line 1, column 2: expected a name in double quotes'],
]

describe('parseJson', () => {
  for (const [title, text, message] of REFUSED) {
    it(`${title} is refused with its place`, () => {
      const error = errorOf(typeof text === 'string' ? bytesOf(text) : text)
      expect(error.message).to.equal(message)
      expect(`line ${error.line}, column ${error.column}`).to.equal(message.split(':')[0])
    })
  }

  it('F8 accepts a byte order mark', () => {
    expect(parseJson(bytesOf('\ufeff {"a":1}'))).to.deep.equal({ a: 1 })
  })

  it('F8 accepts values that are no object', () => {
    expect(['null', '5', '[]', '"x"', ' true '].map((text) => parseJson(bytesOf(text)))).to.deep.equal([
      null,
      5,
      [],
      'x',
      true,
    ])
  })

  it('F8 accepts numbers in every spelling that JSON has', () => {
    const text = '[0,-0,10,1.50,0.5E+10,1E5,-1e-5,1E400]'
    expect(parseJson(bytesOf(text))).to.deep.equal(JSON.parse(text))
  })

  it('F11 makes own members of names that mean something to JavaScript', () => {
    const value = parseJson(bytesOf('{"__proto__":{"admin":true},"constructor":1}')) as Record<string, unknown>
    expect(Object.keys(value)).to.deep.equal(['__proto__', 'constructor'])
    expect(value.admin).to.equal(undefined)
    expect(Object.keys(Object.prototype)).to.deep.equal([])
  })

  it('F11 keeps the last of equal names, lone surrogates, -0 and numbers out of range as JSON.parse does', () => {
    const text = '{"a":1,"a":2,"s":"\\ud800","z":-0,"big":9007199254740993,"huge":1e999}'
    expect(parseJson(bytesOf(text))).to.deep.equal(JSON.parse(text))
    expect(Object.is((parseJson(bytesOf('[-0]')) as number[])[0], -0)).to.equal(true)
  })

  it('reads the part of a larger buffer that it is given', () => {
    const whole = bytesOf('xx[1,2]yy')
    expect(parseJson(whole.subarray(2, 7))).to.deep.equal([1, 2])
  })

  it('gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(parseJson(bytesOf(text))).to.deep.equal(JSON.parse(text))
      }),
      { numRuns: 500 },
    )
  })

  it('F8 refuses what JSON.parse refuses, and nothing else', () => {
    const texts = damagedText(jsonText, '{}[],:"\\u/0129.eE+-tfn \n\0é\u2028')
    let refused = 0
    const property = fc.property(texts, (text) => {
      const wellFormed = text.toWellFormed()
      const expected = parsed(wellFormed)
      if (expected === undefined) {
        refused++
        expect(() => parseJson(bytesOf(wellFormed))).to.throw(JsonError)
      } else {
        expect(parseJson(bytesOf(wellFormed))).to.deep.equal(expected.value)
      }
    })
    fc.assert(property, { numRuns: 3000 })
    expect(refused).to.be.greaterThan(300)
  })

  it('F8 refuses bytes that are no UTF-8, and nothing else, at the first broken sequence', () => {
    const bytes = fc.array(fc.oneof(fc.uint8Array({ maxLength: 4 }), fc.string({ unit: 'grapheme' }).map(bytesOf)))
    const property = fc.property(bytes, (parts) => {
      const inside = Buffer.concat(parts).filter((byte) => byte >= 0x20 && byte !== 0x22 && byte !== 0x5c)
      const text = Buffer.concat([Buffer.from('"'), inside, Buffer.from('"')])
      const replaced = new TextDecoder('utf-8', { ignoreBOM: true }).decode(text)
      if (Buffer.from(replaced).equals(text)) {
        expect(parseJson(text)).to.equal(replaced.slice(1, -1))
      } else {
        const { column } = errorOf(text)
        const before = [...replaced].slice(0, column - 1).join('')
        expect(text.subarray(0, Buffer.byteLength(before)).toString()).to.equal(before)
        expect([...replaced][column - 1]).to.equal('\ufffd')
      }
    })
    fc.assert(property, { numRuns: 1000 })
  })
})

describe('parseJson limits', () => {
  const nested = (depth: number) => bytesOf(`${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`)
  const listOf = (count: number) => bytesOf(`[${Array(count).fill('{}').join(',')}]`)

  it('F9 allows 128 levels and refuses one more', () => {
    expect(() => parseJson(nested(128))).not.to.throw()
    expect(errorOf(bytesOf(`[${Buffer.from(nested(128))}]`)).message).to.equal(
      'line 1, column 381: more than 128 levels deep',
    )
  })

  it('F9 counts levels and not brackets', () => {
    expect(() => parseJson(bytesOf(`[${'[[]],'.repeat(1000)}[]]`), { depth: 3, nodes: 10_000 })).not.to.throw()
    expect(errorOf(bytesOf('[[[]]]'), { depth: 2, nodes: 10 }).message).to.equal(
      'line 1, column 3: more than 2 levels deep',
    )
  })

  it('F10 allows 500000 values and refuses one more', () => {
    expect(() => parseJson(listOf(499_999))).not.to.throw()
    expect(errorOf(listOf(500_000)).message).to.match(/: more than 500000 values$/)
  })

  it('F10 counts values of every kind', () => {
    const text = bytesOf('{"a":[1,"b",null,true,{}]}')
    expect(() => parseJson(text, { depth: 9, nodes: 7 })).not.to.throw()
    expect(errorOf(text, { depth: 9, nodes: 6 }).message).to.equal('line 1, column 23: more than 6 values')
  })

  // JSON.parse alone takes more than a second for each of these; the bound is ten times what was measured here.
  for (const [title, bytes] of [
    ['F9: 5 million open brackets', Buffer.alloc(5_000_000, '[')],
    ['F9: 5 million open objects', Buffer.alloc(25_000_000, '{"a":')],
    ['F10: 10 MB of empty objects', Buffer.alloc(10_000_000, '[{},').fill('{},', 1)],
  ] as const) {
    it(`${title} are refused before anything is built`, () => {
      const { parse } = JSON
      // Time of the processor and not of the clock: other programs do not count.
      const before = process.cpuUsage()
      try {
        JSON.parse = () => {
          throw new Error('something was built')
        }
        expect(errorOf(bytes).message).to.match(/more than/)
      } finally {
        JSON.parse = parse
      }
      const { user, system } = process.cpuUsage(before)
      expect((user + system) / 1000).to.be.lessThan(300)
    })
  }

  it('a string of 20 MB is found by its end, full of escaped quotes or of backslashes too', () => {
    for (const unit of ['a', '\\"', '\\\\', `${'a'.repeat(40)}\\\\\\"`]) {
      const text = `["${unit.repeat(20_000_000 / unit.length)}"]`
      expect((parseJson(Buffer.from(text)) as string[]).length).to.equal(1)
    }
  })
})
