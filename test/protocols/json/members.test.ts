import { expect } from 'chai'
import fc from 'fast-check'
import { addMembers } from '../../../protocols/json/add-members.ts'
import { removeMembers } from '../../../protocols/json/remove-members.ts'
import { renameMembers } from '../../../protocols/json/rename-members.ts'

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

describe('members changed in the bytes of an object', () => {
  const members = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', '"', '}'), fc.jsonValue({ maxDepth: 2 }), {
    noNullPrototype: true,
  })
  const spaced = fc.tuple(members, fc.constantFrom(0, 1, 3)).map(([value, space]) => ({
    value,
    bytes: Buffer.from(JSON.stringify(value, null, space)),
  }))
  /** As it is written: what JSON makes of `-0` is no matter of ours. */
  const parsed = (value: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(value))

  it('taken out: what is left is the object without them', () => {
    fc.assert(
      fc.property(spaced, fc.subarray(['a', 'b', 'c', '"']), ({ value, bytes }, names) => {
        const rest = Object.fromEntries(Object.entries(parsed(value)).filter(([name]) => !names.includes(name)))
        expect(JSON.parse(text(removeMembers(bytes, names)))).to.deep.equal(rest)
      }),
    )
  })

  it('put in front: those that are there stay as they are', () => {
    fc.assert(
      fc.property(spaced, members, ({ value, bytes }, more) => {
        expect(JSON.parse(text(addMembers(bytes, more)))).to.deep.equal({ ...parsed(more), ...parsed(value) })
      }),
    )
  })

  const RENAMED = [
    ['{"max":1}', '{"most":1}'],
    ['{ "a": {"max": 1}, "max" : 2 }', '{ "a": {"max": 1}, "most" : 2 }'],
    ['{"m\\u0061x":1}', '{"most":1}'],
    ['{"max":1,"most":2}', '{"most":2,"most":2}'],
    ['{"most":2,"max":1}', '{"most":2,"most":2}'],
    ['{"other":1}', '{"other":1}'],
  ] as const
  for (const [before, after] of RENAMED) {
    it(`called otherwise: ${before} is ${after}`, () => {
      expect(text(renameMembers(Buffer.from(before), { max: 'most' }))).to.equal(after)
    })
  }

  it('nothing to do gives the same bytes back', () => {
    const bytes = Buffer.from('{"a":1}')
    expect(removeMembers(bytes, ['b'])).to.equal(bytes)
    expect(addMembers(bytes, { a: 2 })).to.equal(bytes)
    expect(renameMembers(bytes, { b: 'c' })).to.equal(bytes)
  })

  it('a member that stands twice goes twice', () => {
    expect(text(removeMembers(Buffer.from('{"a":1,"b":2,"a":3}'), ['a']))).to.equal('{"b":2}')
  })
})
