import { expect } from 'chai'
import fc from 'fast-check'
import { isMask, maskSecret } from '../../../src/admin/mask-secret.ts'

describe('maskSecret', () => {
  const ROWS = [
    ['', '…'],
    ['12345678', '…'],
    ['123456789', '…'],
    ['sk-45678901234', '…'],
    ['sk-4567890123456', 'sk-…3456'],
    ['AIzaSyA-0123456789', '…6789'],
  ] as const
  for (const [secret, mask] of ROWS) {
    it(`shows ${JSON.stringify(secret)} as ${mask}`, () => expect(maskSecret(secret)).to.equal(mask))
  }

  it('S10, defect 7: never throws, never shows more than a known prefix and four characters, and is known for a mask', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (secret) => {
        const mask = maskSecret(secret)
        expect([...mask.replace(/^sk-/, '')].length).to.be.lessThan(6)
        expect(isMask(mask)).to.equal(true)
      }),
    )
  })
})
