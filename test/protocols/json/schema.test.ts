import { expect } from 'chai'
import { lowerSchema, type SchemaDialect } from '../../../protocols/json/schema.ts'
import { resolvePointer } from '../../../protocols/json/schema-pointer.ts'

const PLAIN: SchemaDialect = {
  plain: new Set(['type', 'description', 'enum']),
  holding: new Map([
    ['properties', 'map'],
    ['items', 'one'],
    ['anyOf', 'list'],
  ]),
  rewrite: () => {},
  complete: () => {},
  maxDepth: 6,
  maxSchemas: 200,
  cut: { type: 'cut' },
}

function lower(schema: unknown, dialect: Partial<SchemaDialect> = {}) {
  const changes: string[] = []
  const lowered = lowerSchema(schema, { ...PLAIN, ...dialect }, (path, change) => changes.push(`${path}: ${change}`))
  return { lowered, changes }
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze)
  return value
}

describe('json/schema', () => {
  it('trap 120: takes out keywords, at every depth, and says where', () => {
    const schema = {
      type: 'object',
      $id: 'x',
      properties: { a: { type: 'array', items: { type: 'string', default: 1 } } },
    }
    const { lowered, changes } = lower(schema)
    expect(lowered).to.deep.equal({ type: 'object', properties: { a: { type: 'array', items: { type: 'string' } } } })
    expect(changes).to.deep.equal(['$id: left out', 'properties.a.items.default: left out'])
  })

  it('trap 120: never a property that is called like a keyword', () => {
    const properties = JSON.parse(
      '{"default":{"type":"string"},"$ref":{"type":"string"},"const":{"type":"string"},"__proto__":{"type":"string"},"properties":{"type":"string"}}',
    )
    const { lowered, changes } = lower({ type: 'object', properties })
    expect(JSON.stringify(lowered.properties)).to.equal(JSON.stringify(properties))
    expect(changes).to.deep.equal([])
  })

  it('trap 85: the source is not touched', () => {
    const schema = freeze({
      properties: { a: { $ref: '#/$defs/a', description: 'here' } },
      $defs: { a: { type: 'object', properties: { b: { anyOf: [{ type: 'string' }] } } } },
    })
    const before = JSON.stringify(schema)
    lower(schema, {
      rewrite: (draft) => {
        draft.type = 'x'
      },
    })
    expect(JSON.stringify(schema)).to.equal(before)
  })

  describe('trap 122: references', () => {
    it('are replaced by what they mean; what stands beside them goes before', () => {
      const schema = {
        properties: { a: { $ref: '#/$defs/name', description: 'own' }, b: { $ref: '#/definitions/name' } },
        $defs: { name: { type: 'string', description: 'shared' } },
        definitions: { name: { $ref: '#/$defs/name' } },
      }
      const { lowered, changes } = lower(schema)
      expect(lowered).to.deep.equal({
        properties: { a: { type: 'string', description: 'own' }, b: { type: 'string', description: 'shared' } },
      })
      expect(changes).to.deep.equal([])
    })

    it('are cut where they recur', () => {
      const schema = {
        $ref: '#/$defs/node',
        $defs: { node: { type: 'node', properties: { next: { $ref: '#/$defs/node', description: 'more' } } } },
      }
      const { lowered, changes } = lower(schema)
      expect(lowered).to.deep.equal({ type: 'node', properties: { next: { type: 'cut', description: 'more' } } })
      expect(changes).to.deep.equal(['properties.next.$ref: recursion is cut'])
    })

    it('are cut where the whole schema contains itself', () => {
      const { lowered } = lower({ type: 'tree', properties: { left: { $ref: '#' } } })
      expect(lowered).to.deep.equal({
        type: 'tree',
        properties: { left: { type: 'tree', properties: { left: { type: 'cut' } } } },
      })
    })

    it('that lead nowhere are told', () => {
      for (const $ref of ['#/$defs/gone', 'other.json#/x', '#anchor', 'https://example.com/schema']) {
        const { lowered, changes } = lower({ items: { $ref } })
        expect(lowered).to.deep.equal({ items: { type: 'cut' } })
        expect(changes).to.deep.equal(['items.$ref: nothing lies there'])
      }
    })

    it('cannot multiply without end', () => {
      const defs: Record<string, unknown> = { d0: { type: 'leaf' } }
      for (let level = 1; level < 5; level++) {
        const $ref = `#/$defs/d${level - 1}`
        defs[`d${level}`] = { anyOf: Array.from({ length: 10 }, () => ({ $ref })) }
      }
      const { lowered, changes } = lower({ $ref: '#/$defs/d4', $defs: defs })
      expect(JSON.stringify(lowered).length).to.be.lessThan(100_000)
      expect(changes.some((change) => change.includes('too large'))).to.equal(true)
    })
  })

  it('what is too deep is cut and told', () => {
    let schema: object = { type: 'leaf' }
    for (let level = 0; level < 10; level++) schema = { items: schema }
    const { lowered, changes } = lower(schema)
    expect(JSON.stringify(lowered)).to.contain('"cut"').and.not.contain('"leaf"')
    expect(changes).to.have.length(1)
  })

  it('a boolean schema is one without keywords, for the dialect to complete', () => {
    const { lowered } = lower(
      { items: true, properties: { a: false }, anyOf: true },
      { complete: (draft) => Object.assign(draft, { done: true }) },
    )
    expect(lowered).to.deep.equal({
      items: { done: true },
      properties: { a: { done: true } },
      anyOf: [{ done: true }],
      done: true,
    })
  })

  it('RFC 6901: pointers escape slash and tilde, and fragments are percent-encoded', () => {
    const root = { 'a/b': { 'm~n': 1, 'c d': 2 }, list: [{ x: 3 }] }
    expect(resolvePointer(root, '#/a~1b/m~0n')).to.equal(1)
    expect(resolvePointer(root, '#/a~1b/c%20d')).to.equal(2)
    expect(resolvePointer(root, '#/list/0/x')).to.equal(3)
    expect(resolvePointer(root, '#')).to.equal(root)
    expect(resolvePointer(root, '#/constructor')).to.equal(undefined)
    expect(resolvePointer(root, '#/%E0%A4%A')).to.equal(undefined)
  })
})
