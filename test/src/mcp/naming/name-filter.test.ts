import { expect } from 'chai'
import { compileNameRules, type NameRules } from '../../../../src/mcp/naming/name-filter.ts'

const ROWS: readonly (readonly [string, NameRules, readonly string[]])[] = [
  ['no rule serves all', {}, ['git read', 'git delete_all', 'web read']],
  ['a name without server counts for every server', { allow: ['read'] }, ['git read', 'web read']],
  ['a pattern with __ names the server too', { allow: ['git__*'] }, ['git read', 'git delete_all']],
  ['deny goes before allow', { allow: ['git__*'], deny: ['*delete*'] }, ['git read']],
  ['an empty allow list allows nothing', { allow: [] }, []],
  ['a question mark is one character', { deny: ['rea?'] }, ['git delete_all']],
]

describe('compileNameRules', () => {
  for (const [title, rules, expected] of ROWS) {
    it(`M110 ${title}`, () => {
      const isServed = compileNameRules(rules)
      const all = ['git read', 'git delete_all', 'web read']
      const served = all.filter((entry) => {
        const [server = '', name = ''] = entry.split(' ')
        return isServed(server, name)
      })
      expect(served).to.deep.equal(expected)
    })
  }
})
