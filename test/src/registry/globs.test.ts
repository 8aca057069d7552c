import { expect } from 'chai'
import fc from 'fast-check'
import { compareGlobs, compileGlob, isGlob } from '../../../src/registry/globs.ts'

/** The oracle: what the pattern means as a regular expression. */
function toRegExp(pattern: string): RegExp {
  const source = [...pattern].map((sign) => {
    if (sign === '*') return '[^]*'
    if (sign === '?') return '[^]'
    return sign.replace(/[\\^$.|+()[\]{}/]/, '\\$&')
  })
  return new RegExp(`^${source.join('')}$`, 'u')
}

const pattern = fc
  .array(fc.constantFrom('a', 'b', '-', '.', '*', '?', '+', '(', '\\', '$', '[', '😀'), { maxLength: 10 })
  .map((signs) => signs.join(''))
const text = fc
  .array(fc.constantFrom('a', 'b', '-', '.', '+', '(', '\\', '$', '[', '😀', '\n'), { maxLength: 12 })
  .map((signs) => signs.join(''))

/** Pieces of a pattern, each beside what it takes of a name. */
const wildcard = fc.oneof(
  text.map((taken): [string, string] => ['*', taken]),
  fc.constantFrom('a', '-', '😀').map((taken): [string, string] => ['?', taken]),
)
const piece = fc.oneof(
  wildcard,
  fc.constantFrom('a', 'b', '-', '[').map((sign): [string, string] => [sign, sign]),
)

describe('compileGlob', () => {
  const ROWS = [
    ['claude-*', 'claude-opus-4-1', true],
    ['claude-*', 'claude-', true],
    ['claude-*', 'claude', false],
    ['*', '', true],
    ['gpt-?', 'gpt-4', true],
    ['gpt-?', 'gpt-4o', false],
    ['gpt-?', 'gpt-', false],
    ['*-latest', 'claude-3-5-haiku-latest', true],
    ['claude-*-haiku-*', 'claude-3-5-haiku-20241022', true],
    ['claude-*-haiku-*', 'claude-3-5-sonnet-20241022', false],
    ['gpt-4.1', 'gpt-4x1', false],
    ['Claude-*', 'claude-3', false],
    ['a*a', 'a', false],
    ['', '', true],
    ['', 'a', false],
  ] as const
  for (const [glob, name, expected] of ROWS) {
    it(`${JSON.stringify(glob)} ${expected ? 'takes' : 'does not take'} ${JSON.stringify(name)}`, () => {
      expect(compileGlob(glob).matches(name)).to.equal(expected)
    })
  }

  it('means what the naive regular expression means', () => {
    fc.assert(
      fc.property(pattern, text, (glob, name) => {
        expect(compileGlob(glob).matches(name)).to.equal(toRegExp(glob).test(name))
      }),
      { numRuns: 2000 },
    )
  })

  it('takes every text that is made by filling its wildcards', () => {
    fc.assert(
      fc.property(pattern, fc.func(text), fc.func(fc.constantFrom('a', '😀')), (glob, many, one) => {
        const filled = [...glob]
          .map((sign, index) => (sign === '*' ? many(index) : sign === '?' ? one(index) : sign))
          .join('')
        expect(compileGlob(glob).matches(filled)).to.equal(true)
      }),
    )
  })

  it('S14: the pattern that breaks naive matchers costs next to nothing', () => {
    const glob = compileGlob(`${'*a'.repeat(50)}b`)
    const startedAt = performance.now()
    expect(glob.matches('a'.repeat(5000))).to.equal(false)
    expect(performance.now() - startedAt).to.be.lessThan(500)
  })

  it('tells a pattern from a name', () => {
    expect(['a*', '?', 'gpt-4o', ''].map(isGlob)).to.deep.equal([true, true, false, false])
  })
})

describe('compareGlobs', () => {
  it('lesson 20, defect 8: brings the more specific first, and the catch-all last', () => {
    const sorted = [
      'claude-sonnet-4',
      'claude-sonnet-*',
      'claude-*-4-5',
      'claude-*-4',
      'claude-?',
      'claude-*',
      'gpt-?o',
      'gpt-*o',
      'gpt-*',
      '*-latest',
      '?*',
      '*',
    ]
    expect([...sorted].reverse().sort(compareGlobs)).to.deep.equal(sorted)
    expect([...sorted].sort().sort(compareGlobs)).to.deep.equal(sorted)
  })

  it('is an order: of two different patterns one comes first, whichever way they are compared', () => {
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        expect(Math.sign(compareGlobs(one, other))).to.equal(-Math.sign(compareGlobs(other, one)) + 0)
        expect(compareGlobs(one, other) === 0).to.equal(one === other)
      }),
    )
  })

  it('no pattern stands before an exact name that it takes', () => {
    fc.assert(
      fc.property(fc.array(piece), wildcard, fc.array(piece), (before, sign, after) => {
        const pieces = [...before, sign, ...after]
        const glob = pieces.map(([written]) => written).join('')
        const name = pieces.map(([, taken]) => taken).join('')
        expect(compileGlob(glob).matches(name)).to.equal(true)
        expect(compareGlobs(name, glob)).to.be.lessThan(0)
      }),
    )
  })
})
