import { expect } from 'chai'
import { codecs } from '../../../protocols/index.ts'
import { type BannerFacts, formatBanner } from '../../../src/cli/banner.ts'

const FACTS: BannerFacts = {
  version: '1.2.3',
  url: 'http://127.0.0.1:3456',
  groups: ['default', 'my team'],
  defaultGroup: 'default',
  codecs,
  isOpen: false,
  asksForKey: false,
  notice: undefined,
}

describe('the banner', () => {
  it('tells the base URLs of every protocol and group, and where MCP is', () => {
    const lines = formatBanner(FACTS).split('\n')
    expect(lines[0]).to.equal('Interlingua 1.2.3')
    const [head = '', plain = '', team = ''] = lines.slice(3)
    for (const { title } of codecs) expect(head).to.contain(title)
    expect(plain.trim().split(/ {2,}/)).to.deep.equal(['default', 'http://127.0.0.1:3456/v1', 'http://127.0.0.1:3456'])
    expect(team).to.contain('http://127.0.0.1:3456/my%20team/v1')
    expect(lines.join('\n')).to.contain('http://127.0.0.1:3456/mcp').and.contain('http://127.0.0.1:3456/switch')
  })

  const KEYS = [
    ['no key, this machine', {}, /A key is not asked for/, /Without a key only/],
    ['no key, every address', { isOpen: true }, /Without a key only programs of this machine/, /A key is asked for/],
    ['keys', { asksForKey: true, isOpen: true }, /A key is asked for/, /not asked for|Without a key/],
  ] as const
  for (const [title, facts, said, unsaid] of KEYS) {
    it(`says whether a key is asked for: ${title}`, () => {
      const banner = formatBanner({ ...FACTS, ...facts })
      expect(banner).to.match(said)
      expect(banner).not.to.match(unsaid)
    })
  }
})
