import { expect } from 'chai'
import fc from 'fast-check'
import { fitToolName, NARROW_NAMES } from '../../../protocols/ir/tool-name.ts'

const free = () => false
const fitName = (name: string, isTaken: (name: string) => boolean = free) => fitToolName(name, NARROW_NAMES, isTaken)

describe('names of tools in a narrow alphabet', () => {
  const NAMES: readonly (readonly [name: string, written: string])[] = [
    ['get_weather', 'get_weather'],
    ['files.read', 'files_u2e_read'],
    ['a/b:c', 'a_u2f_b_u3a_c'],
    ['süß', 's_ufc__udf_'],
    ['🔧', '_u1f527_'],
    ['', ''],
    ['x'.repeat(64), 'x'.repeat(64)],
  ]
  for (const [name, written] of NAMES) {
    it(`trap 51: ${JSON.stringify(name)} is ${JSON.stringify(written)}`, () => expect(fitName(name)).to.equal(written))
  }

  it('trap 51: a name of any length and script fits, and the same one each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (name) => {
        expect(fitName(name)).to.match(/^[a-zA-Z0-9_-]{0,64}$/)
        expect(fitName(name)).to.equal(fitName(name))
      }),
      { numRuns: 500 },
    )
  })

  it('trap 51: long names that begin alike stay apart, and show how they begin', () => {
    const names = [0, 1, 2].map((index) => `mcp__a_very_long_server_name__${'and_a_long_tool_name_'.repeat(4)}${index}`)
    const written = names.map((name) => fitName(name))
    expect(new Set(written)).to.have.length(3)
    for (const one of written)
      expect(one)
        .to.have.length(64)
        .and.match(/^mcp__a_very_long_server_name__and_a_long/)
  })

  it('a name that is taken by another is marked, as often as it must be', () => {
    const taken = new Set<string>()
    for (let count = 0; count < 4; count++) taken.add(fitName('a.b', (one) => taken.has(one)))
    expect(taken).to.have.length(4)
    for (const one of taken) expect(one).to.match(/^a_u2e_b(_[0-9a-f]{8})?$/)
  })
})
