import { expect } from 'chai'
import { type ApiError, ApiFailure } from '../../../protocols/ir/error.ts'
import { joinFailures } from '../../../src/gateway/join-failures.ts'

const failure = (provider: string, error: Partial<ApiError> = {}, model = 'm') => ({
  provider,
  model,
  error: { kind: 'unavailable', message: `${provider} says why`, status: 503, ...error } as ApiError,
})
/** As a client hears of these, the last of which was the last. */
const tell = (...failures: ReturnType<typeof failure>[]): ApiError => {
  const last = failures.at(-1)
  if (last === undefined) throw new Error('nothing has failed')
  return joinFailures(new ApiFailure(last.error), failures).error
}
const { status: _untold, ...late } = failure('b', { kind: 'upstream-timeout' }).error

describe('joinFailures', () => {
  const ROWS = [
    ['one that failed is told in its own words', [failure('a')], 'a says why'],
    [
      'two targets, each with its status',
      [failure('a'), failure('b', { status: 529 })],
      'b says why (tried a/m: 503; b/m: 529)',
    ],
    [
      'one that never answered, with the kind of its failure',
      [failure('a'), { ...failure('b'), error: late }],
      'b says why (tried a/m: 503; b/m: upstream timeout)',
    ],
    [
      'one target that was tried again, with the number of times',
      [failure('a'), failure('a', { status: 500 }), failure('a')],
      'a says why (tried a/m: 503 (2 times), 500)',
    ],
    [
      'two models of one provider are two targets',
      [failure('a'), failure('a', {}, 'n')],
      'a says why (tried a/m: 503; a/n: 503)',
    ],
  ] as const
  for (const [title, failures, message] of ROWS) {
    it(title, () => expect(tell(...failures).message).to.equal(message))
  }

  it('S14: many targets and endless names make no endless message, and it stays one line', () => {
    const many = Array.from({ length: 500 }, (_, index) => failure(`p${index}`, {}, `${'x'.repeat(5000)}`))
    const { message } = tell(failure('a', {}, 'two\nlines'), ...many)
    expect(message).to.match(/^p499 says why \(tried a\/two\ufffdlines: 503; p0\/x+…: 503; .*; and 491 more\)$/)
    expect(message.length).to.be.lessThan(1500)
  })

  it('F52: status, kind and code are the last one’s, the time to come back the soonest of all', () => {
    const told = tell(
      failure('a', { retryAfterMs: 3000 }),
      failure('b', { kind: 'rate-limited', status: 429, code: 'slow', retryAfterMs: 90_000 }),
    )
    expect(told).to.include({ kind: 'rate-limited', status: 429, code: 'slow', retryAfterMs: 3000 })
    expect(tell(failure('a', { retryAfterMs: 3000 }), failure('b'))).to.not.have.property('retryAfterMs')
  })
})
