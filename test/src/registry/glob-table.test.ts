import { expect } from 'chai'
import fc from 'fast-check'
import { createGlobTable } from '../../../src/registry/glob-table.ts'
import { compareGlobs, compileGlob } from '../../../src/registry/globs.ts'

describe('a table of patterns', () => {
  const sign = fc.constantFrom('a', 'b', 'ä', '😀', '*', '?', '-')
  const pattern = fc.array(sign, { minLength: 1, maxLength: 6 }).map((signs) => signs.join(''))
  const text = fc.array(fc.constantFrom('a', 'b', 'ä', '😀', '-'), { maxLength: 7 }).map((signs) => signs.join(''))

  it('lesson 20: finds what looking through all of them, the most specific first, would find', () => {
    fc.assert(
      fc.property(fc.uniqueArray(pattern, { maxLength: 12 }), fc.array(text, { maxLength: 8 }), (patterns, texts) => {
        const table = createGlobTable(patterns.map((one): [string, string] => [one, one]))
        const sorted = patterns.toSorted(compareGlobs).map(compileGlob)
        for (const one of texts) {
          expect(table.find(one), one).to.equal(sorted.find((glob) => glob.matches(one))?.pattern)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('of the same pattern twice the first counts', () => {
    const table = createGlobTable([
      ['a*', 1],
      ['a*', 2],
    ])
    expect(table.find('ab')).to.equal(1)
  })
})
