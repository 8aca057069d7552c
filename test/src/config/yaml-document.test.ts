import { expect } from 'chai'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { ConfigFault } from '../../../src/config/config-fault.ts'
import { readYaml } from '../../../src/config/yaml-document.ts'

const same = (text: string): string => text

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

function problemOf(text: string, expand = same): string {
  try {
    readYaml('f.yaml', text, expand)
  } catch (error) {
    if (error instanceof ConfigFault) return error.message
    throw error
  }
  return expect.fail('expected a ConfigFault')
}

describe('readYaml', () => {
  const object = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 4 }), { minKeys: 1 })

  it('reads every JSON text as JSON.parse does, as YAML 1.2 promises', () => {
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        expect(plain(readYaml('f', text, same).value)).to.deep.equal(JSON.parse(text))
      }),
    )
  })

  it('reads back what a writer of YAML writes, in whichever style', () => {
    const style = fc.record({
      defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const),
      indent: fc.integer({ min: 1, max: 6 }),
      collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
    })
    fc.assert(
      fc.property(object, style, (value, options) => {
        expect(plain(readYaml('f', stringify(value, options), same).value)).to.deep.equal(plain(value))
      }),
    )
  })

  it('an alias stands for what it points to, and is told at that place', () => {
    const { value, locate } = readYaml('f', 'a: &x\n  b: 1\nc: *x\n', same)
    expect(plain(value)).to.deep.equal({ a: { b: 1 }, c: { b: 1 } })
    expect(locate(['c', 'b'], 'p')).to.deep.include({ line: 2, column: 6, path: 'c.b' })
  })

  it('tells where a value stands, and of one that is absent where its holder does', () => {
    const { locate } = readYaml('f', '# first\nproviders:\n  - name: a\n    api_key: b\n  - {}\n', same)
    expect(locate(['providers', 0, 'api_key'], 'p')).to.include({ line: 4, column: 14 })
    expect(locate(['providers', 1, 'name'], 'p')).to.include({ line: 5, column: 5 })
    expect(locate(['nothing'], 'p')).to.include({ line: 2, column: 1 })
  })

  it('names that are numbers are texts, and words are not truth values', () => {
    expect(plain(readYaml('f', '1: yes\n0x10: 0x10\n', same).value)).to.deep.equal({ 1: 'yes', '0x10': 16 })
  })

  it('S8: __proto__ is a name like any other', () => {
    const { value } = readYaml('f', '__proto__: { log: true }', same)
    expect(Object.getPrototypeOf(value)).to.equal(null)
    expect(Object.keys(Object(value))).to.deep.equal(['__proto__'])
  })

  const BROKEN = [
    ['a key that stands twice', 'a: 1\na: 2', /^f\.yaml:2:1: the file is no YAML here: map keys must be unique/],
    ['a list that does not end', 'a: [1,\nb: 2', /^f\.yaml:\d:\d: the file is no YAML here/],
    ['a tab at the begin of a line', 'a:\n\tb: 1', /^f\.yaml:2:1: the file is no YAML here: tabs/],
    ['nothing at all', '', /^f\.yaml:1:1: the file is empty/],
    ['only a comment', '# a\n', /^f\.yaml:1:1: the file is empty/],
    ['a second document', 'a: 1\n---\nb: 2', /^f\.yaml:2:1: the file holds a second document here/],
    ['an alias of nothing', 'a: 1\nb: *x', /^f\.yaml:2:4: the file /],
    ['a key that is a list', 'a: 1\n? [b]\n: c', /^f\.yaml:2:3: the file has a key here that is no text/],
    ['a value that JSON has not', 'a: !!binary aGk=', /^f\.yaml:1:\d+: the file has a value here that JSON has not/],
    ['a tag that nobody knows', 'a: !secret b', /^f\.yaml:1:4: the file is no YAML here: unresolved tag/],
    ['an alias of what holds it', 'a: &x\n  b: *x', /nested more than 64 levels/],
    ['nesting that would overflow what reads it', `a: ${'['.repeat(1500)}`, /nested too deep/],
    ['nesting deeper than any configuration', `a: ${'['.repeat(80)}${']'.repeat(80)}`, /nested more than 64 levels/],
  ] as const
  for (const [title, text, expected] of BROKEN) {
    it(`refuses ${title}, with line and column`, () => expect(problemOf(text)).to.match(expected))
  }

  it('S8: aliases of aliases are stopped before they fill the memory', () => {
    const lines = Array.from({ length: 12 }, (_, level) => {
      const members = Array.from({ length: 10 }, () => (level === 0 ? 'x' : `*n${level - 1}`))
      return `n${level}: &n${level} [${members.join(', ')}]`
    })
    expect(problemOf(lines.join('\n'))).to.match(/its aliases multiply/)
  })

  it('what cannot be expanded is told at its place, each', () => {
    const refuse = (text: string): string => {
      if (text.startsWith('!')) throw new Error(`is ${text}`)
      return text
    }
    expect(problemOf('a: "!1"\nb:\n  - fine\n  - "!2"', refuse)).to.equal(
      'f.yaml:1:4: a is !1.\nf.yaml:4:5: b.1 is !2.',
    )
  })
})
