import { expect } from 'chai'
import fc from 'fast-check'
import { indexResources } from '../../../../src/mcp/naming/resource-owner.ts'
import { matchesTemplate } from '../../../../src/mcp/naming/uri-template.ts'

describe('indexResources', () => {
  const findOwner = indexResources([
    { server: 'first', resources: ['file:///shared'], templates: ['file:///{name}'] },
    { server: 'second', resources: ['file:///shared', 'file:///own'], templates: ['db://{table}/{id}'] },
    { server: 'third', resources: [], templates: ['db://{table}/{id}', 'any:{+rest}'] },
  ])

  const ROWS = [
    ['the first that lists it', 'file:///shared', 'first'],
    ['the one that lists it, before a template of an earlier one', 'file:///own', 'second'],
    ['the one with a template', 'file:///else', 'first'],
    ['the first with a template', 'db://users/7', 'second'],
    ['a later one', 'any:a/b/c', 'third'],
    ['nobody', 'http://nobody.example/', undefined],
  ] as const
  for (const [title, uri, owner] of ROWS) {
    it(`M67 a resource belongs to ${title}`, () => expect(findOwner(uri)).to.equal(owner))
  }
})

describe('matchesTemplate', () => {
  const ROWS = [
    ['test://template/{id}/data', 'test://template/123/data', true],
    ['test://template/{id}/data', 'test://template/123/other', false],
    ['test://template/{id}/data', 'test://template/1/2/data', false],
    ['test://template/{+path}/data', 'test://template/1/2/data', true],
    ['test://{a}{b}', 'test://xy', true],
    ['test://{a}', 'test://', true],
    ['search{?q,page}', 'search?q=x/y&page=2', true],
    ['search{?q,page}', 'search', true],
    ['files{/path*}', 'files/a/b', true],
    ['test://fixed', 'test://fixed', true],
    ['test://fixed', 'test://fixed/more', false],
    ['test://{broken', 'test://x', false],
    ['{x}aa{y}', 'aaaa', true],
  ] as const
  for (const [template, uri, expected] of ROWS) {
    it(`M67 ${template} ${expected ? 'may make' : 'cannot make'} ${uri}`, () => {
      expect(matchesTemplate(template, uri)).to.equal(expected)
    })
  }

  it('a template matches what it was filled in with', () => {
    const value = fc.string({ maxLength: 12, unit: fc.constantFrom(...'ab1-') })
    const literal = fc.string({ maxLength: 6, unit: fc.constantFrom(...'ab/:1') })
    fc.assert(
      fc.property(literal, fc.array(fc.tuple(value, literal), { maxLength: 5 }), (first, pieces) => {
        const template = first + pieces.map(([, text]) => `{v}${text}`).join('')
        const uri = first + pieces.map(([filled, text]) => filled + text).join('')
        expect(matchesTemplate(template, uri)).to.equal(true)
      }),
    )
  })

  it('a hostile template costs no more than both lengths', () => {
    const started = process.cpuUsage()
    expect(matchesTemplate('{a}a'.repeat(500), `${'a'.repeat(2000)}b`)).to.equal(false)
    expect(process.cpuUsage(started).user).to.be.lessThan(2_000_000)
  })
})
