import { expect } from 'chai'
import type { JsonObject } from '../../../../protocols/ir/extra.ts'
import { createArgumentChecker } from '../../../../src/compat/tools/argument-checker.ts'

const SCHEMA: JsonObject = { type: 'object', properties: { n: { type: 'integer', maximum: 3 } }, required: ['n'] }

const ROWS: readonly (readonly [title: string, schema: JsonObject, value: unknown, problem: string | undefined])[] = [
  ['right arguments have no problem', SCHEMA, { n: 3 }, undefined],
  ['the place of a wrong value is told', SCHEMA, { n: 'x' }, '/n must be integer'],
  ['a missing one is told', SCHEMA, {}, "must have required property 'n'"],
  ['a schema that ajv refuses checks nothing', { type: 'nonsense' }, 1, undefined],
  ['a reference to nowhere checks nothing', { $ref: 'https://example.com/x' }, 1, undefined],
  [
    'a newer dialect of JSON Schema is read all the same',
    { ...SCHEMA, $schema: 'https://json-schema.org/draft/2020-12/schema' },
    { n: 9 },
    '/n must be <= 3',
  ],
  [
    'patterns are not looked at, so that none can hold up the process',
    { properties: { s: { pattern: '^(a+)+$' } } },
    { s: `${'a'.repeat(50)}b` },
    undefined,
  ],
]

describe('the checker of arguments', () => {
  const check = createArgumentChecker()
  for (const [title, schema, value, problem] of ROWS) it(title, () => expect(check(schema, value)).to.equal(problem))

  it('takes schemas of one identity in one process', () => {
    expect(check({ ...SCHEMA, $id: 'same' }, { n: 1 })).to.equal(undefined)
    expect(check({ type: 'array', $id: 'same' }, {})).to.equal('must be array')
  })

  it('compiles a schema once, though each request brings it anew', () => {
    const started = performance.now()
    for (let turn = 0; turn < 2000; turn++) check(structuredClone(SCHEMA), { n: 1 })
    expect(performance.now() - started).to.be.lessThan(1500)
  })
})
