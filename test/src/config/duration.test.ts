import { expect } from 'chai'
import fc from 'fast-check'
import { parseDuration } from '../../../src/config/duration.ts'

describe('parseDuration', () => {
  const ROWS = [
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['100ms', 100],
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['.5s', 500],
    ['2.s', 2000],
    ['2us', 0.002],
    ['2\u00b5s', 0.002],
    ['2\u03bcs', 0.002],
    ['1000000ns', 1],
    ['1h2m3s4ms', 3_723_004],
    ['1m1m', 120_000],
    ['0', 0],
    ['0s', 0],
    ['596h', 2_145_600_000],
  ] as const
  for (const [text, ms] of ROWS) {
    it(`A198: ${text} is ${ms} ms`, () => expect(parseDuration(text)).to.be.closeTo(ms, 1e-9))
  }

  const REFUSED = [
    '',
    ' ',
    '30',
    '30 s',
    's',
    '-5s',
    '+5s',
    '5S',
    '1d',
    '1s ',
    '1h30',
    'abc',
    '1e3s',
    '.s',
    'Infinity',
    '1,5s',
    '5ss',
  ]
  for (const text of REFUSED) {
    it(`A198: refuses ${JSON.stringify(text)}`, () => expect(() => parseDuration(text)).to.throw(/such as "30s"/))
  }

  it('refuses what is longer than a timer can wait, which would fire at once', () => {
    expect(() => parseDuration('597h')).to.throw(/24 days/)
    expect(() => parseDuration(`${'9'.repeat(400)}h`)).to.throw(/24 days/)
  })

  it('is the sum of its pieces', () => {
    const piece = fc.tuple(
      // Three times so many hours are still less than a timer can wait.
      fc.integer({ min: 0, max: 190 }),
      fc.constantFrom(['ms', 1], ['s', 1000], ['m', 60_000], ['h', 3_600_000]),
    )
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 3 }), (pieces) => {
        const text = pieces.map(([count, [unit]]) => `${count}${unit}`).join('')
        const sum = pieces.reduce((total, [count, [, ms]]) => total + count * Number(ms), 0)
        expect(parseDuration(text)).to.equal(sum)
      }),
    )
  })
})
