import { expect } from 'chai'

describe('prototypes', () => {
  it('S8: the suite runs as the program does, without the setter by which JSON could change a prototype', () => {
    expect(Object.hasOwn(Object.prototype, '__proto__')).to.equal(false)
    const target: Record<string, unknown> = {}
    Object.assign(target, JSON.parse('{"__proto__": {"admin": true}}'))
    expect(target['admin']).to.equal(undefined)
  })
})

// At the root of the suite: when all tests have run, whatever they were fed.
after(() => {
  expect(Object.keys(Object.prototype), 'S8: nothing was added to the prototype of all objects').to.deep.equal([])
})
