import { expect } from 'chai'
import fc from 'fast-check'
import { createArgumentsTracker } from '../../../protocols/ir/arguments.ts'

function track(text: string, cuts: readonly number[] = []) {
  const tracker = createArgumentsTracker()
  const marks = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length]
  for (const [index, end] of marks.slice(1).entries()) tracker.push(text.slice(marks[index], end))
  return tracker
}

const anyObject = fc.dictionary(fc.string(), fc.jsonValue())

describe('arguments of a tool call in pieces', () => {
  it('are complete exactly when the whole JSON of an object has come, however it is cut', () => {
    fc.assert(
      fc.property(anyObject, fc.array(fc.nat()), (value, cuts) => {
        const text = JSON.stringify(value)
        expect(track(text, cuts).complete).to.equal(true)
        expect(track(text, cuts).truncated).to.equal(false)
        for (let end = 0; end < text.length; end++) expect(track(text.slice(0, end)).complete, text).to.equal(false)
      }),
      { numRuns: 200 },
    )
  })

  it('are empty until more than white space has come', () => {
    expect(track('').empty).to.equal(true)
    expect(track(' \n\t').empty).to.equal(true)
    expect(track(' {').empty).to.equal(false)
  })

  it('are cut off when something is open, but not when the model only misplaced a quote', () => {
    expect(track('{"path": "/etc').truncated).to.equal(true)
    expect(track('{"a": [1, 2').truncated).to.equal(true)
    expect(track('{"a": "say "hi"}').truncated).to.equal(false)
    expect(track('"text"').truncated).to.equal(false)
  })
})
