import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect } from 'chai'

const CORPUS = '../shared/toolcall/corpus-dev.json'

interface Score {
  readonly passed: number
  readonly failures: readonly { readonly id: string }[]
}

describe('the corpus of tool calls', function () {
  this.timeout(120_000)

  it('is read exactly right: whole, cut anywhere, and one character at a time', async function () {
    if (!existsSync(CORPUS)) {
      console.log(`      ${CORPUS} is not there`)
      this.skip()
    }
    const run = promisify(execFile)
    const flags = { maxBuffer: 1 << 26 }
    const output = await run(process.execPath, ['scripts/toolcall-score.js', '--json'], flags).then(
      ({ stdout }) => stdout,
      // A case that fails makes the scorer fail; its report says which.
      (failure: { stdout: string }) => failure.stdout,
    )
    const score: Score = JSON.parse(output)
    expect(score.failures.map(({ id }) => id)).to.deep.equal([])
    expect(score.passed).to.be.greaterThan(700)
  })
})
