import { expect } from 'chai'
import fc from 'fast-check'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { createTokenizerLoader } from '../../../src/gateway/tokenizer.ts'

describe('tokenizer', () => {
  const load = createTokenizerLoader()

  it('counts ordinary text as the vocabulary does', async () => {
    const count = await load()
    for (const text of ['', 'Hello, world!', 'def f(x):\n    return x + 1\n', '日本語のテキスト', '😀 emoji']) {
      expect(count(text), text).to.equal(countTokens(text))
    }
  })

  it('F94: takes control tokens for the text that they are, and never throws', async () => {
    const count = await load()
    expect(count('<|endoftext|>')).to.be.greaterThan(1)
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => count(text) >= 0))
  })

  it('F94: a long run of one letter, of blanks or of CJK is cut into pieces that are counted fast', async () => {
    const count = await load()
    for (const run of ['a', ' ', '字', 'ab']) {
      const tokens = count(run.repeat(50_000))
      expect(tokens, run).to.be.within(300, 150_000)
    }
  })

  it('estimates what is too long to be counted while others wait', async () => {
    const count = await load()
    expect(count('word '.repeat(100_000))).to.equal(125_000)
  })
})
