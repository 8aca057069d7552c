import { expect } from 'chai'
import type { JsonObject } from '../../../../protocols/ir/extra.ts'
import { writeLiteral } from '../../../../src/compat/reading/literal.ts'
import { parseLiteral } from '../../../../src/compat/reading/parse-literal.ts'
import { coerce, coerceText } from '../../../../src/compat/tools/coerce.ts'
import { createToolBook } from '../../../../src/compat/tools/tool-book.ts'

function schemaOf(property: JsonObject) {
  const parameters = { type: 'object', properties: { x: property }, $defs: { Year: { type: 'integer' } } }
  return createToolBook([{ type: 'function', name: 't', parameters }])
    .find('t')
    ?.property('x')
}

/** [what is written as text, schema, what it becomes as JSON] */
const TEXTS: readonly (readonly [text: string, schema: JsonObject, json: string])[] = [
  ['42', { type: 'string' }, '"42"'],
  ['42', { type: 'integer' }, '42'],
  [' 007 ', { type: 'integer' }, '7'],
  ['5.0', { type: 'integer' }, '5'],
  ['1.23e5', { type: 'number' }, '1.23e5'],
  ['soon', { type: 'number' }, '"soon"'],
  ['TRUE', { type: 'boolean' }, 'true'],
  ['yes', { type: 'boolean' }, '"yes"'],
  ['None', { type: ['string', 'null'] }, 'null'],
  ['null', { type: 'string' }, '"null"'],
  ['null', { type: 'string', nullable: true }, 'null'],
  ['42', { type: ['string', 'integer'] }, '42'],
  ['x', { anyOf: [{ type: 'integer' }, { type: 'string' }] }, '"x"'],
  ["['a', True]", { type: 'array' }, '["a",true]'],
  ['{"a": "1"}', { type: 'object', properties: { a: { type: 'integer' } } }, '{"a":1}'],
  ['[1', { type: 'array' }, '[1]'],
  ['[1, two', { type: 'array' }, '"[1, two"'],
  ['{"a": one}', { type: 'object' }, '"{\\"a\\": one}"'],
  ['("a", 2)', { type: 'array' }, '["a",2]'],
  [' "10" ', { type: 'integer' }, '10'],
  ["'true'", { type: 'boolean' }, 'true'],
  ['"[\\"a\\"]"', { type: 'array' }, '["a"]'],
  ['[\\"a\\", {\\"b\\": \\"c\\\\\\\\d\\"}]', { type: 'array' }, '["a",{"b":"c\\\\d"}]'],
  ['[\\"a\\", "b"]', { type: 'array' }, '"[\\\\\\"a\\\\\\", \\"b\\"]"'],
  ['"10"', { type: ['integer', 'string'] }, '"\\"10\\""'],
  ['\\"10\\"', { type: 'integer' }, '10'],
  ['7', { enum: ['7', 8] }, '"7"'],
  ['8', { enum: ['7', 8] }, '8'],
  ['"soon"', { type: 'integer' }, '"\\"soon\\""'],
  ['2.5', { type: 'float' }, '2.5'],
  ['7', { type: 'INTEGER' }, '7'],
  ['[1]', { type: 'list' }, '[1]'],
  ['7', { $ref: '#/$defs/Year' }, '7'],
  ['7', { enum: [1, 7] }, '7'],
  ['7', {}, '"7"'],
  ['12345678901234567890', { type: 'integer' }, '12345678901234567890'],
]

/** [what is written as JSON or Python, schema, what it becomes] */
const VALUES: readonly (readonly [value: string, schema: JsonObject, json: string])[] = [
  ['"10"', { type: 'integer' }, '10'],
  ['"[1]"', { type: 'array' }, '[1]'],
  ['12345', { type: 'string' }, '"12345"'],
  ['{"a": 1}', { type: 'string' }, '"{\\"a\\":1}"'],
  ['null', { type: 'string' }, 'null'],
  ['"x"', { type: 'integer' }, '"x"'],
  ['["1", 2]', { type: 'array', items: { type: 'integer' } }, '[1,2]'],
  ['[{"d": "true"}]', { type: 'array', items: { properties: { d: { type: 'boolean' } } } }, '[{"d":true}]'],
  [
    '{"k": "3"}',
    { oneOf: [{ type: 'string' }, { type: 'object', additionalProperties: { type: 'number' } }] },
    '{"k":3}',
  ],
  ['7', {}, '7'],
]

describe('values and the schema of their tool', () => {
  for (const [text, schema, json] of TEXTS) {
    it(`F7: the text ${text} for ${JSON.stringify(schema)} is ${json}`, () => {
      expect(writeLiteral(coerceText(text, schemaOf(schema)))).to.equal(json)
    })
  }
  for (const [written, schema, json] of VALUES) {
    it(`F7: the value ${written} for ${JSON.stringify(schema)} is ${json}`, () => {
      const value = parseLiteral(written)
      expect(value && writeLiteral(coerce(value, schemaOf(schema)))).to.equal(json)
    })
  }
})
