import { expect } from 'chai'
import { readRetryAfter } from '../../../protocols/ir/retry-after.ts'

const DATE = 'Sat, 21 Nov 2026 10:00:00 GMT'

const ROWS: readonly (readonly [title: string, headers: Record<string, string>, expected: number | undefined])[] = [
  ['seconds', { 'retry-after': '2' }, 2000],
  ['a part of a second', { 'retry-after': '0.5' }, 500],
  ['milliseconds, which are more exact', { 'retry-after-ms': '1200', 'retry-after': '2' }, 1200],
  ['a date, from the date of the answer', { 'retry-after': 'Sat, 21 Nov 2026 10:00:30 GMT', date: DATE }, 30_000],
  ['a date without one to count from', { 'retry-after': DATE }, undefined],
  ['a date that is over', { 'retry-after': 'Sat, 21 Nov 2026 09:00:00 GMT', date: DATE }, undefined],
  ['a negative number', { 'retry-after': '-5' }, undefined],
  ['no number', { 'retry-after': 'NaN' }, undefined],
  ['nothing', {}, undefined],
]

describe('retry-after', () => {
  for (const [title, headers, expected] of ROWS) {
    it(`F51: ${title} ${expected === undefined ? 'tells nothing' : `is ${expected} ms`}`, () => {
      expect(readRetryAfter(headers)).to.equal(expected)
    })
  }
})
