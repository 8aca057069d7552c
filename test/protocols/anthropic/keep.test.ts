import { expect } from 'chai'
import { giveBack, isOwn, isSpelled, keepRest } from '../../../protocols/anthropic/keep.ts'
import { listLosses } from '../../../protocols/ir/loss.ts'
import { sealProof, unsealProof } from '../../../protocols/ir/seal.ts'

const KNOWN = new Set(['a', 'b', 'source'])

function roundTrip(
  fields: Record<string, unknown>,
  wire: Record<string, unknown>,
  inner: Parameters<typeof keepRest>[3] = [],
) {
  const { losses, report } = listLosses()
  giveBack(wire, keepRest(fields, KNOWN, [], inner), 'p', report)
  return { wire, losses }
}

describe('anthropic: what is kept for the way back', () => {
  it('nothing is kept of what is understood', () => {
    expect(keepRest({ a: 1, b: 'x' }, KNOWN)).to.deep.equal({})
  })
  it('unknown members go back as they were', () => {
    expect(roundTrip({ a: 1, c: [null] }, { a: 1 }).wire).to.deep.equal({ a: 1, c: [null] })
  })
  it('a known member that was null is null again, but never instead of a value', () => {
    expect(roundTrip({ a: null }, {}).wire).to.deep.equal({ a: null })
    expect(roundTrip({ a: null }, { a: 5 }).wire).to.deep.equal({ a: 5 })
  })
  it('members of an inner object go back into it, and it is copied before', () => {
    const source = Object.freeze({ type: 'url' })
    const wire: Record<string, unknown> = { source }
    const inner = [
      { name: 'source', fields: { type: 'url', x: 1, url: null }, known: new Set(['type', 'url']) },
    ] as const
    roundTrip({ source: {} }, wire, inner)
    expect(wire.source).to.deep.equal({ type: 'url', x: 1, url: null })
    expect(source).to.deep.equal({ type: 'url' })
  })
  it('they are gone with the object that held them', () => {
    const inner = [{ name: 'source', fields: { x: 1, url: null }, known: new Set(['url']) }] as const
    expect(roundTrip({ source: {} }, {}, inner).wire).to.deep.equal({})
  })
  it('a name with a dot in it is a name', () => {
    expect(roundTrip({ 'x.y': 1 }, {}).wire).to.deep.equal({ 'x.y': 1 })
  })
  it('F11: a member __proto__ is a member', () => {
    const { wire } = roundTrip(JSON.parse('{"__proto__":{"polluted":1}}'), {})
    expect(Object.hasOwn(wire, '__proto__')).to.equal(true)
    expect((wire as { polluted?: number }).polluted).to.equal(undefined)
  })
  it('what another protocol kept is reported, and its spelling is nothing', () => {
    const { losses, report } = listLosses()
    const wire = {}
    giveBack(
      wire,
      { extra: { protocol: 'x', fields: { y: 1 } }, spelling: { protocol: 'x', form: 'null:a' } },
      'p',
      report,
    )
    expect(wire).to.deep.equal({})
    expect(losses.map((loss) => loss.path)).to.deep.equal(['p.y'])
  })
  it('words of a spelling are found one by one, and only own ones', () => {
    const item = { spelling: { protocol: 'anthropic', form: 'list inline' } }
    expect(isSpelled(item, 'inline')).to.equal(true)
    expect(isSpelled(item, 'in')).to.equal(false)
    expect(isSpelled({ spelling: { protocol: 'x', form: 'inline' } }, 'inline')).to.equal(false)
    expect(isOwn(item)).to.equal(true)
    expect(isOwn({})).to.equal(false)
  })
})

describe('anthropic: seals', () => {
  it('an own signature is not sealed', () => {
    for (const signature of ['', 'EqQBCgIYAhIM+/==', 'sealed', 'sealed:signature:', 'sealed:other:x:y']) {
      expect(unsealProof(signature)).to.equal(undefined)
    }
  })
  it('what was sealed names its issuer', () => {
    expect(unsealProof(sealProof('signature', 'gemini', 'a:b'))).to.deep.equal({ issuer: 'gemini', signature: 'a:b' })
    expect(unsealProof(sealProof('encrypted', 'x:y z', 'p\nq'))).to.deep.equal({ issuer: 'x:y z', encrypted: 'p\nq' })
  })
  it('a seal that somebody broke is none', () => {
    expect(unsealProof('sealed:signature:%E0%A4%A:x')).to.equal(undefined)
  })
})
