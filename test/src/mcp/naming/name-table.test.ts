import { expect } from 'chai'
import fc from 'fast-check'
import { buildNameTable, type NamedItem, type NamingMode } from '../../../../src/mcp/naming/name-table.ts'

const LONG = 'a_tool_whose_name_goes_on_and_on_until_no_model_would_ever_take_it_as_a_name'

function items(...pairs: readonly (readonly [string, string])[]): readonly NamedItem[] {
  return pairs.map(([server, name]) => ({ server, name }))
}

function names(mode: NamingMode, ...pairs: readonly (readonly [string, string])[]): readonly string[] {
  return buildNameTable(mode, items(...pairs)).entries.map(({ exposed }) => exposed)
}

describe('buildNameTable', () => {
  it('M64 a name is server__tool', () => {
    expect(names('prefix', ['github', 'create-issue'], ['web', 'search'])).to.deep.equal([
      'github__create-issue',
      'web__search',
    ])
  })

  it('M64 what model APIs refuse becomes an underscore, and no server name puts a second separator in', () => {
    expect(names('prefix', ['my server', 'get.weather/now'], ['a__b', 'x'])).to.deep.equal([
      'my_server__get_weather_now',
      'a_b__x',
    ])
  })

  it('M64 a long name is cut and gets eight digits of the hash of server and tool', () => {
    const [one, other] = names('prefix', ['s', LONG], ['s', `${LONG}2`])
    // `printf '["s","%s"]' "$LONG" | sha256sum`
    expect(one).to.equal('s__a_tool_whose_name_goes_on_and_on_until_no_model_woul_96e6089a')
    expect(other).to.not.equal(one)
    expect(one).to.have.lengthOf(64)
  })

  it('M64 names that only differ in replaced characters are kept apart, and the one that is spelled so keeps its name', () => {
    const [dotted, slashed, plain] = names('prefix', ['s', 'a.b'], ['s', 'a/b'], ['s', 'a_b'])
    expect(plain).to.equal('s__a_b')
    expect(dotted).to.match(/^s__a_b_[0-9a-f]{8}$/)
    expect(slashed).to.match(/^s__a_b_[0-9a-f]{8}$/)
    expect(dotted).to.not.equal(slashed)
  })

  it('M64 every table of any names is unique, in the alphabet, within 64 characters, and the same in any order', () => {
    const text = fc.string({ minLength: 1, maxLength: 90, unit: fc.constantFrom(...'ab._-/ é') })
    const pairs = fc.uniqueArray(fc.record({ server: text, name: text }), { selector: (item) => JSON.stringify(item) })
    fc.assert(
      fc.property(pairs, fc.constantFrom<NamingMode>('prefix', 'auto'), (list, mode) => {
        const table = buildNameTable(mode, list)
        const exposed = table.entries.map((entry) => entry.exposed)
        expect(new Set(exposed).size).to.equal(list.length)
        for (const name of exposed) expect(name).to.match(/^[A-Za-z0-9_-]{1,64}$/)
        const reversed = buildNameTable(mode, list.toReversed())
        for (const { server, name } of list) {
          expect(reversed.nameOf(server, name)).to.equal(table.nameOf(server, name))
        }
        for (const { exposed: asked, item } of table.entries) expect(table.find(asked)).to.deep.equal(item)
      }),
      { numRuns: 200 },
    )
  })

  it('M65 auto: plain while unique in the group, else prefixed', () => {
    expect(names('auto', ['a', 'test_simple_text'])).to.deep.equal(['test_simple_text'])
    expect(names('auto', ['a', 'read'], ['b', 'read'], ['b', 'write'])).to.deep.equal(['a__read', 'b__read', 'write'])
  })

  it('M65 plain: a clash is told with both servers, and the first keeps the name', () => {
    const table = buildNameTable('plain', items(['a', 'read'], ['b', 'read'], ['b', 'write']))
    expect(table.entries.map(({ exposed }) => exposed)).to.deep.equal(['read', 'write'])
    expect(table.clashes).to.deep.equal(['read of the server b and read of the server a would both be called read'])
    expect(table.find('read')).to.deep.equal({ server: 'a', name: 'read' })
  })

  const LOOKUPS: readonly (readonly [string, string, string | undefined])[] = [
    ['the exact name', 'github__create_issue', 'github create_issue'],
    ['without the prefix', 'create_issue', 'github create_issue'],
    ['with the prefix where the list is plain', 'web__fetch.page', 'web fetch.page'],
    ['the name as its server spells it', 'fetch.page', 'web fetch.page'],
    ['another case', 'GitHub__Create_Issue', 'github create_issue'],
    ['dashes for underscores', 'github-create-issue', 'github create_issue'],
    ['no sign at all', 'fetchPage', 'web fetch.page'],
    ['one that two servers have', 'search', undefined],
    ['one of these in another case', 'SEARCH', undefined],
    ['one that nobody has', 'delete_everything', undefined],
  ]
  for (const mode of ['prefix', 'auto'] as const) {
    const table = buildNameTable(
      mode,
      items(['github', 'create_issue'], ['github', 'search'], ['web', 'search'], ['web', 'fetch.page']),
    )
    for (const [title, asked, expected] of LOOKUPS) {
      it(`M66 ${mode}: ${title} finds ${expected ?? 'nobody'}`, () => {
        const found = table.find(asked)
        expect(found === undefined ? undefined : `${found.server} ${found.name}`).to.equal(expected)
      })
    }
  }

  it('M66 an exact name goes before a tolerant one', () => {
    const table = buildNameTable('auto', items(['a', 'readFile'], ['b', 'read_file']))
    expect(table.find('readFile')?.server).to.equal('a')
    expect(table.find('read_file')?.server).to.equal('b')
    expect(table.find('read-file')).to.equal(undefined)
  })

  it('M66 at most three near names are suggested', () => {
    const table = buildNameTable('plain', items(['a', 'read1'], ['a', 'read2'], ['a', 'read3'], ['a', 'read4']))
    expect(table.suggest('read5')).to.deep.equal(['read1', 'read2', 'read3'])
    expect(table.suggest('something else')).to.deep.equal([])
  })
})
