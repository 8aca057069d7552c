import { Ajv } from 'ajv'
import { expect } from 'chai'
import { sampleSchema } from '../../../src/upstream/sample-schema.ts'

describe('upstream/sample-schema', () => {
  const SCHEMAS = [
    ['an empty schema', {}],
    ['a string', { type: 'string' }],
    ['a whole number with a least value', { type: 'integer', minimum: 2.5 }],
    ['a number', { type: 'number', minimum: 7 }],
    ['a switch', { type: 'boolean' }],
    ['nothing', { type: 'null' }],
    ['one of several types', { type: ['integer', 'null'] }],
    ['one of several values', { enum: ['b', 'a'] }],
    ['one value', { const: { x: 1 } }],
    ['a list with a least length', { type: 'array', items: { type: 'integer' }, minItems: 2 }],
    ['any of', { anyOf: [{ type: 'integer' }, { type: 'null' }] }],
    ['one of', { oneOf: [{ type: 'boolean' }] }],
    ['all of one', { allOf: [{ type: 'string' }] }],
    ['properties without a type', { properties: { a: { type: 'integer' } }, required: ['a'] }],
    [
      'nested objects',
      {
        type: 'object',
        properties: { a: { type: 'object', properties: { b: { type: 'array' } }, required: ['b'] }, c: {} },
        required: ['a'],
        additionalProperties: false,
      },
    ],
    [
      'definitions',
      {
        type: 'object',
        properties: { a: { $ref: '#/$defs/x~1y' } },
        required: ['a'],
        $defs: { 'x/y': { type: 'integer' } },
      },
    ],
  ] as const
  for (const [title, schema] of SCHEMAS) {
    it(`a value for ${title} fits by the judgement of ajv`, () => {
      const validate = new Ajv({ strict: false }).compile(schema)
      const value = sampleSchema(schema, 'text')
      expect(validate(value), JSON.stringify([value, validate.errors])).to.equal(true)
    })
  }

  it('a default is taken, and a string says the text', () => {
    const schema = { type: 'object', properties: { a: { default: 5 }, b: { type: 'string' } }, required: ['a', 'b'] }
    expect(sampleSchema(schema, 'text')).to.deep.equal({ a: 5, b: 'text' })
  })

  it('types in capitals are understood', () => {
    expect(sampleSchema({ type: 'OBJECT', properties: { a: { type: 'INTEGER' } }, required: ['a'] }, '')).to.deep.equal(
      {
        a: 1,
      },
    )
  })

  it('a schema that refers to itself comes to an end', () => {
    const schema = { type: 'object', properties: { again: { $ref: '#' } }, required: ['again'] }
    expect(JSON.stringify(sampleSchema(schema, '')).length).to.be.below(200)
    expect(sampleSchema({ $ref: '#' }, '')).to.equal(null)
  })

  it('what is no schema is nothing', () => {
    for (const schema of [{ $ref: '#/nowhere' }, { $ref: 'https://x.example' }, { anyOf: [5] }, { allOf: [null] }]) {
      expect(sampleSchema(schema, '')).to.equal(null)
    }
  })

  it('S8: names of the prototype are nothing special', () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"integer"}},"required":["__proto__"]}',
    )
    expect(JSON.stringify(sampleSchema(schema, ''))).to.equal('{"__proto__":1}')
    expect(sampleSchema({ $ref: '#/constructor' }, '')).to.equal(null)
    expect(sampleSchema({ type: 'toString' }, 'x')).to.equal('x')
  })
})
