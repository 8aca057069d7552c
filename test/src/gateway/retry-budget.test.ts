import { expect } from 'chai'
import { pause } from '../../../src/gateway/pause.ts'
import { createRetryBudget } from '../../../src/gateway/retry-budget.ts'

describe('gateway/retry-budget', () => {
  it('F52: of many requests a fifth may be repeated, beyond what a quiet gateway has saved', () => {
    const budget = createRetryBudget()
    let repeated = 0
    for (let request = 0; request < 500; request++) {
      budget.earn()
      if (budget.spend()) repeated += 1
    }
    expect(repeated).to.be.within(100, 110)
  })

  it('saves no more than ten', () => {
    const budget = createRetryBudget()
    for (let request = 0; request < 1000; request++) budget.earn()
    let spent = 0
    while (budget.spend()) spent += 1
    expect(spent).to.equal(10)
  })
})

describe('gateway/pause', () => {
  it('passes', async () => {
    expect(await pause(1, new AbortController().signal)).to.equal(true)
  })

  it('F24: ends at once when the client leaves, before and meanwhile', async () => {
    const abort = new AbortController()
    const long = pause(1_000_000, abort.signal)
    abort.abort()
    expect(await long).to.equal(false)
    expect(await pause(1_000_000, abort.signal)).to.equal(false)
  })
})
