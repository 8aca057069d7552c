import { expect } from 'chai'
import fc from 'fast-check'
import { isGroupName, isReservedSegment } from '../../../src/http/reserved.ts'

describe('http/reserved', () => {
  for (const name of [
    'team',
    'Team',
    'a',
    'команда',
    'équipe',
    '小组',
    'हिन्दी',
    'a.b',
    '.a',
    'x_y-z',
    '42',
    'v1x',
    'x'.repeat(64),
  ]) {
    it(`"${name.slice(0, 12)}" may be a group`, () => expect(isGroupName(name)).to.equal(true))
  }

  const REFUSED = [
    ['nothing', ''],
    ['65 characters', 'x'.repeat(65)],
    ['a dot', '.'],
    ['two dots', '..'],
    ['three dots', '...'],
    ['a slash', 'a/b'],
    ['a blank', 'a b'],
    ['a percent sign', 'a%62'],
    ['a backslash', 'a\\b'],
    ['a control character', 'a\u0000'],
    ['a mark that turns text around', 'a\u202eb'],
    ['an invisible character', 'a\u200bb'],
    ['a letter that is not composed', 'e\u0301quipe'],
    ['half a character', 'a\ud800'],
    ['an emoji', '🦊'],
    ['a query', 'a?b'],
    ['an at-sign', 'a@b'],
  ] as const
  for (const [title, name] of REFUSED) {
    it(`${title} is no group`, () => expect(isGroupName(name)).to.equal(false))
  }

  const WORDS = [
    'v1',
    'v1beta',
    'v1beta1',
    'api',
    'compat',
    'compat_mode',
    'switch',
    'mcp',
    'sse',
    'openai',
    'cc',
    'sdk',
  ]
  const MORE = [
    'claude',
    'admin',
    'providers',
    'health',
    'status',
    'metrics',
    'ready',
    'version',
    'favicon.ico',
    'robots.txt',
  ]
  for (const word of [...WORDS, ...MORE]) {
    it(`lesson 1: ${word} is reserved in whatever case and no group`, () => {
      for (const written of [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)]) {
        expect(isReservedSegment(written)).to.equal(true)
        expect(isGroupName(written)).to.equal(false)
      }
    })
  }

  it('a name is never both', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (name) => !(isGroupName(name) && isReservedSegment(name))))
  })

  it('64 characters beyond the basic plane are 64 characters', () => {
    expect(isGroupName('𠀀'.repeat(64))).to.equal(true)
    expect(isGroupName('𠀀'.repeat(65))).to.equal(false)
  })
})
