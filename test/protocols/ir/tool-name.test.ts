import { expect } from 'chai'
import fc from 'fast-check'
import { escapeToolName, unescapeToolName } from '../../../protocols/ir/tool-name.ts'

describe('names of tools in a narrow alphabet', () => {
  const NAMES: readonly (readonly [name: string, escaped: string])[] = [
    ['get_weather', 'get_weather'],
    ['files.read', 'files_u2e_read'],
    ['a/b:c', 'a_u2f_b_u3a_c'],
    ['süß', 's_ufc__udf_'],
    ['🔧', '_u1f527_'],
    ['', ''],
  ]
  for (const [name, escaped] of NAMES) {
    it(`trap 51: ${JSON.stringify(name)} is ${JSON.stringify(escaped)}`, () => {
      expect(escapeToolName(name)).to.equal(escaped)
      expect(unescapeToolName(escaped)).to.equal(name)
    })
  }

  it('trap 51, trap 52: any name is in the alphabet and comes back, but one that looks escaped itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const escaped = escapeToolName(name)
        expect(escaped).to.match(/^[a-zA-Z0-9_-]*$/)
        if (!/_u[0-9a-f]{2,6}_/.test(name)) expect(unescapeToolName(escaped)).to.equal(name)
      }),
      { numRuns: 500 },
    )
  })

  it('a name that only looks escaped stays', () => {
    for (const name of ['_u61_', 'a_uzz_b', '_uffffff_', '_u2E_', 'x_u', '_u002e_']) {
      expect(unescapeToolName(name)).to.equal(name)
    }
  })
})
