import { expect } from 'chai'
import fc from 'fast-check'
import { findNearest } from '../../../src/config/nearest.ts'

const KEYS = ['host', 'port', 'providers', 'routes', 'request_timeout', 'performance']

describe('findNearest', () => {
  const ROWS = [
    ['prot', ['port']],
    ['provider', ['providers']],
    ['Providers', ['providers']],
    ['reqeust_timeout', ['request_timeout']],
    ['requesttimeout', ['request_timeout']],
    ['rout', []],
    ['something-else', []],
    ['', []],
  ] as const
  for (const [name, expected] of ROWS) {
    it(`${JSON.stringify(name)} is near to ${JSON.stringify(expected)}`, () => {
      expect(findNearest(name, KEYS)).to.deep.equal(expected)
    })
  }

  it('names the nearest first, and three at most', () => {
    const known = ['gpt-4x', 'gpt-4o', 'gpt-4o-mini', 'gpt-5o', 'gpt-3o', 'gpt-4']
    expect(findNearest('gpt-4o', known)).to.have.lengthOf(3)
    expect(findNearest('gpt-4o', known)[0]).to.equal('gpt-4o')
  })

  it('finds every name again after one letter was dropped, doubled or swapped with its neighbour', () => {
    const edit = fc.constantFrom(
      (name: string, at: number) => name.slice(0, at) + name.slice(at + 1),
      (name: string, at: number) => name.slice(0, at) + name.charAt(at) + name.slice(at),
      (name: string, at: number) => name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2),
    )
    fc.assert(
      fc.property(fc.constantFrom(...KEYS), edit, fc.nat(2), (name, change, at) => {
        expect(findNearest(change(name, at), KEYS)).to.include(name)
      }),
    )
  })

  it('leaves out no name that measuring all of them whole would have found', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(word, fc.uniqueArray(word, { maxLength: 30 }), (name, known) => {
        const allowed = Math.max(1, Math.floor(name.length / 3))
        const measured = known.map((other) => ({ other, far: distance(name, other) }))
        const near = measured.filter(({ far }) => far <= allowed)
        near.sort((one, two) => one.far - two.far || (one.other < two.other ? -1 : 1))
        expect(findNearest(name, known)).to.deep.equal(near.slice(0, 3).map(({ other }) => other))
      }),
      { numRuns: 500 },
    )
  })

  it('S14: thousands of long names that all look like the one asked for are not all measured, and the nearest is found', () => {
    const name = (index: number, length: number) => `${'abcdefghij'.repeat(length)}-${index}`
    const known = (length: number) => Array.from({ length: 5000 }, (_, index) => name(index, length))
    const before = process.threadCpuUsage()
    expect(findNearest('jihgfedcba'.repeat(15), known(15))).to.deep.equal([])
    expect(findNearest('acbdefghijabcdefghij-4711', known(2))[0]).to.equal(name(4711, 2))
    const { user, system } = process.threadCpuUsage(before)
    // To measure each takes a second, and this some ten milliseconds.
    expect((user + system) / 1000).to.be.lessThan(200)
  })

  it('S14: does not compare names of absurd length', () => {
    const startedAt = performance.now()
    expect(findNearest('x'.repeat(1_000_000), ['x'.repeat(1_000_000)])).to.deep.equal([])
    expect(performance.now() - startedAt).to.be.lessThan(200)
  })
})

/** Optimal string alignment as its definition has it. */
function distance(one: string, other: string): number {
  if (one === '' || other === '') return one.length + other.length
  const [head, tail] = [one.slice(0, -1), other.slice(0, -1)]
  const same = one.at(-1) === other.at(-1)
  if (same) return distance(head, tail)
  const swapped = one.length > 1 && other.length > 1 && one.at(-1) === other.at(-2) && one.at(-2) === other.at(-1)
  return (
    1 +
    Math.min(
      distance(head, other),
      distance(one, tail),
      distance(head, tail),
      swapped ? distance(one.slice(0, -2), other.slice(0, -2)) : Number.POSITIVE_INFINITY,
    )
  )
}
