import { expect } from 'chai'
import fc from 'fast-check'
import { lowerAll, lowerParameters } from '../../../protocols/gemini/schema-lower.ts'
import { raiseSchema } from '../../../protocols/gemini/schema-raise.ts'
import { listLosses } from '../../../protocols/ir/loss.ts'
import { freeze } from './exchange.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

function lower(schema: object) {
  const { losses, report } = listLosses()
  return { lowered: lowerAll(freeze(schema as Record<string, unknown>), 'tools.0.parameters', report), losses }
}

describe('gemini: JSON Schema, written in the dialect of `parameters`', () => {
  const SILENT = [
    [
      'trap 120: `$schema` and `$comment` say nothing',
      { $schema: 'x', $comment: 'y', type: 'string' },
      { type: 'string' },
    ],
    ['trap 120: `const` is a list of one', { const: 'a' }, { type: 'string', enum: ['a'] }],
    ['trap 121: `[T, "null"]` is nullable', { type: ['string', 'null'] }, { type: 'string', nullable: true }],
    [
      'trap 121: several types are any of them, each with what stood beside',
      { type: ['string', 'integer'], description: 'd' },
      {
        anyOf: [
          { type: 'string', description: 'd' },
          { type: 'integer', description: 'd' },
        ],
      },
    ],
    [
      'trap 121: any of one and null is the one, nullable',
      { anyOf: [{ type: 'object', properties: { a: { type: 'string' } } }, { type: 'null' }], description: 'd' },
      { type: 'object', properties: { a: { type: 'string' } }, nullable: true, description: 'd' },
    ],
    [
      'trap 121: nothing stands beside `anyOf`',
      { anyOf: [{ type: 'string' }, { type: 'integer' }], description: 'd' },
      {
        anyOf: [
          { type: 'string', description: 'd' },
          { type: 'integer', description: 'd' },
        ],
      },
    ],
    [
      'a list with null is nullable',
      { type: 'string', enum: ['a', null] },
      { type: 'string', enum: ['a'], nullable: true },
    ],
    [
      'an object without its type',
      { properties: { a: { type: 'string' } } },
      { type: 'object', properties: { a: { type: 'string' } } },
    ],
    [
      'a format that the API knows stays',
      { type: 'string', format: 'date-time' },
      { type: 'string', format: 'date-time' },
    ],
  ] as const
  for (const [title, schema, expected] of SILENT) {
    it(title, () => expect(lower(schema)).to.deep.equal({ lowered: expected, losses: [] }))
  }

  const TOLD = [
    ['additionalProperties', { type: 'object', additionalProperties: false }, { type: 'object' }],
    ['patternProperties', { type: 'object', patternProperties: { '^a': {} } }, { type: 'object' }],
    ['propertyNames', { type: 'object', propertyNames: { pattern: 'x' } }, { type: 'object' }],
    [
      'uniqueItems',
      { type: 'array', uniqueItems: true, items: { type: 'string' } },
      { type: 'array', items: { type: 'string' } },
    ],
    ['default', { type: 'string', default: 'x' }, { type: 'string' }],
    ['enumDescriptions', { type: 'string', enumDescriptions: ['x'] }, { type: 'string' }],
    ['exclusiveMinimum', { type: 'integer', exclusiveMinimum: 0 }, { type: 'integer', minimum: 1 }],
    ['exclusiveMinimum', { type: 'number', exclusiveMinimum: 0 }, { type: 'number', minimum: 0 }],
    ['exclusiveMaximum', { type: 'integer', exclusiveMaximum: 10 }, { type: 'integer', maximum: 9 }],
    ['format', { type: 'string', format: 'uri' }, { type: 'string' }],
    ['format', { type: 'integer', format: 'uint32', minimum: 0 }, { type: 'integer', minimum: 0 }],
    ['enum', { type: 'integer', enum: [1, 2] }, { type: 'integer' }],
    [
      'oneOf',
      { oneOf: [{ type: 'string' }, { type: 'integer' }] },
      { anyOf: [{ type: 'string' }, { type: 'integer' }] },
    ],
    [
      'allOf',
      { allOf: [{ type: 'object', required: ['a'] }, { properties: { a: { type: 'string' } } }] },
      { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
    ],
    ['type', {}, { type: 'string' }],
    ['items', { type: 'array' }, { type: 'array', items: { type: 'string' } }],
    [
      'items',
      { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }] },
      { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'integer' }] } },
    ],
    [
      'required',
      { type: 'object', properties: { a: { type: 'string' } }, required: ['a', 'b'] },
      { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
    ],
    ['not', { type: 'string', not: { const: 'x' } }, { type: 'string' }],
  ] as const
  for (const [keyword, schema, expected] of TOLD) {
    it(`trap 120, lesson 62: \`${keyword}\` of ${JSON.stringify(schema)} is told as changed`, () => {
      const { lowered, losses } = lower(schema)
      expect(lowered).to.deep.equal(expected)
      expect(losses).to.have.length(1)
      expect(losses[0]).to.include({ path: 'tools.0.parameters', effect: 'changed' })
      expect(losses[0]?.reason).to.match(new RegExp(`^(?:.*; )?${keyword}: `))
    })
  }

  it('trap 120: a property that is called like a keyword stays', () => {
    const properties = {
      const: { type: 'string' },
      default: { type: 'string' },
      $schema: { type: 'string' },
      additionalProperties: { type: 'boolean' },
    }
    expect(lower({ type: 'object', properties }).lowered).to.deep.equal({ type: 'object', properties })
  })

  it('trap 122: a reference inside of allOf is followed', () => {
    const { lowered } = lower({
      properties: { a: { allOf: [{ $ref: '#/$defs/a' }], description: 'd' } },
      $defs: { a: { type: 'string', enum: ['x'] } },
    })
    expect(lowered).to.deep.equal({
      type: 'object',
      properties: { a: { type: 'string', enum: ['x'], description: 'd' } },
    })
  })

  it('many changes are one loss, which tells how many', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`p${index}`, { type: 'string', default: '' }]),
    )
    const { losses } = lower({ type: 'object', properties })
    expect(losses).to.have.length(1)
    expect(losses[0]?.reason).to.contain('properties.p0.default: left out').and.contain('and 12 more')
  })

  it('trap 124: parameters are always an object', () => {
    const { report } = listLosses()
    expect(lowerParameters({}, 'x', report)).to.deep.equal({ type: 'object', properties: {} })
    expect(lowerParameters({ type: 'string' }, 'x', report)).to.deep.equal({ type: 'object', properties: {} })
    expect(lowerParameters({ properties: {} }, 'x', report)).to.deep.equal({ type: 'object', properties: {} })
  })

  it('lesson 62: whatever JSON Schema comes in, the API takes what goes out', function () {
    // What a chance schema is lowered to may be large.
    this.timeout(60_000)
    if (!hasRecordings) this.skip()
    const check = loadSchema('request')
    const leaf = fc.oneof(
      fc.record({ type: fc.constantFrom('string', 'integer', 'number', 'boolean', 'null') }),
      fc.record({ const: fc.oneof(fc.string(), fc.integer(), fc.constant(null)) }),
      fc.record({ enum: fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { minLength: 1 }) }),
      fc.record({ $ref: fc.constantFrom('#/$defs/a', '#/$defs/b', '#', '#/nowhere') }),
      fc.constant({}),
      fc.boolean(),
    )
    const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
      schema: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.record(
          {
            type: fc.constantFrom('object', ['object', 'null'], ['string', 'integer'], 'array'),
            properties: fc.dictionary(fc.constantFrom('a', 'const', '$ref', 'type', 'items'), tie('schema')),
            items: fc.oneof(tie('schema'), fc.array(tie('schema'), { maxLength: 3 })),
            required: fc.array(fc.constantFrom('a', 'type', 'gone')),
            additionalProperties: tie('schema'),
            anyOf: fc.array(tie('schema'), { maxLength: 3 }),
            oneOf: fc.array(tie('schema'), { maxLength: 3 }),
            allOf: fc.array(tie('schema'), { maxLength: 3 }),
            prefixItems: fc.array(tie('schema'), { maxLength: 3 }),
            exclusiveMinimum: fc.oneof(fc.integer(), fc.boolean()),
            format: fc.constantFrom('uri', 'date-time', 'int32'),
            description: fc.string(),
            default: fc.jsonValue(),
            nullable: fc.boolean(),
          },
          { requiredKeys: [] },
        ),
      ),
    }))
    fc.assert(
      fc.property(schema, schema, schema, (root, a, b) => {
        const whole = { ...(typeof root === 'object' ? root : {}), $defs: { a, b } }
        const parameters = lowerParameters(freeze(whole), 'x', () => {})
        const body = { contents: [], tools: [{ functionDeclarations: [{ name: 'f', parameters }] }] }
        expect(check(JSON.parse(JSON.stringify(body)))).to.equal(undefined)
      }),
      { numRuns: 100 },
    )
  })
})

describe('gemini: the dialect of `parameters`, written as JSON Schema', () => {
  const ROWS = [
    [
      'K58: types in capitals',
      { type: 'OBJECT', properties: { a: { type: 'STRING' } } },
      { type: 'object', properties: { a: { type: 'string' } } },
    ],
    [
      'Q75: types as numbers',
      { type: 6, properties: { a: { type: 1 } } },
      { type: 'object', properties: { a: { type: 'string' } } },
    ],
    ['nullable', { type: 'STRING', nullable: true }, { type: ['string', 'null'] }],
    [
      'a list that is nullable',
      { type: 'STRING', enum: ['a'], nullable: true },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [
      'any of some, nullable',
      { anyOf: [{ type: 'STRING' }], nullable: true },
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
    ],
    ['not nullable', { type: 'STRING', nullable: false }, { type: 'string' }],
    [
      'Q74: snake_case',
      { type: 'array', any_of: [{ type: 'x' }], min_items: '1', property_ordering: ['a'] },
      { type: 'array', anyOf: [{ type: 'x' }], minItems: 1 },
    ],
    ['counts as texts', { type: 'string', maxLength: '10' }, { type: 'string', maxLength: 10 }],
    ['a type that says nothing', { type: 'TYPE_UNSPECIFIED', description: 'd' }, { description: 'd' }],
    [
      'references',
      { defs: { a: { type: 'STRING' } }, ref: '#/defs/a' },
      { $defs: { a: { type: 'string' } }, $ref: '#/defs/a' },
    ],
  ] as const
  for (const [title, schema, expected] of ROWS) {
    it(title, () => expect(raiseSchema(freeze(schema))).to.deep.equal(expected))
  }

  it('a JSON Schema is the very same object', () => {
    const schema = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: { type: { type: ['string', 'null'] }, nullable: { type: 'boolean', default: false } },
      items: { anyOf: [{ const: 1 }, true] },
      additionalProperties: false,
    }
    expect(raiseSchema(freeze(schema))).to.equal(schema)
  })
})
