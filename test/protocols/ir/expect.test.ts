import { expect } from 'chai'
import { ApiFailure } from '../../../protocols/ir/error.ts'
import {
  blameUpstream,
  expectArray,
  expectInteger,
  expectList,
  expectObject,
  expectPositiveInteger,
  expectRange,
  expectString,
  optional,
} from '../../../protocols/ir/expect.ts'

function failure(run: () => unknown): ApiFailure['error'] {
  try {
    run()
  } catch (error) {
    if (error instanceof ApiFailure) return error.error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('reading JSON from outside', () => {
  const ROWS: readonly (readonly [title: string, run: () => unknown, message: string])[] = [
    ['B063: a missing field is named', () => expectArray(undefined, 'messages'), 'Missing required field: messages'],
    ['null is told from absent', () => expectString(null, 'model'), 'model: expected a string, got null'],
    ['an array is no object', () => expectObject([], 'tools.0'), 'tools.0: expected an object, got an array'],
    [
      'F12: a number in words is no number',
      () => expectInteger('12', 'max_tokens'),
      'max_tokens: expected a whole number, got a string',
    ],
    ['a fraction is no whole number', () => expectInteger(1.5, 'n'), 'n: expected a whole number, got the number 1.5'],
    [
      'a limit of tokens is at least 1',
      () => expectPositiveInteger(0, 'max_tokens'),
      'max_tokens: expected at least 1, got 0',
    ],
    [
      'a range names its ends',
      () => expectRange(0, 2)(2.1, 'temperature'),
      'temperature: expected a number from 0 to 2, got 2.1',
    ],
    [
      'an entry of a list is named by its place',
      () => expectList(expectString)(['a', 1], 'stop'),
      'stop.1: expected a string, got the number 1',
    ],
  ]
  for (const [title, run, message] of ROWS) {
    it(title, () => {
      const error = failure(run)
      expect(error.kind).to.equal('bad-request')
      expect(error.message).to.equal(message)
      expect(error.param).to.be.a('string')
    })
  }

  it('null and absent are absent where a field is optional, zero and empty are values', () => {
    expect(optional(undefined, 'a', expectString)).to.equal(undefined)
    expect(optional(null, 'a', expectString)).to.equal(undefined)
    expect(optional('', 'a', expectString)).to.equal('')
    expect(optional(0, 'a', expectInteger)).to.equal(0)
  })

  it('what an answer does wrong is the fault of the back end', () => {
    const error = failure(() => blameUpstream(() => expectString(5, 'choices.0.message.content')))
    expect(error.kind).to.equal('upstream-failed')
    expect(error.source).to.equal('provider')
    expect(error.message).to.contain('choices.0.message.content')
  })
})
