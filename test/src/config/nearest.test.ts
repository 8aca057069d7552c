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

  it('S14: does not compare names of absurd length', () => {
    const startedAt = performance.now()
    expect(findNearest('x'.repeat(1_000_000), ['x'.repeat(1_000_000)])).to.deep.equal([])
    expect(performance.now() - startedAt).to.be.lessThan(200)
  })
})
