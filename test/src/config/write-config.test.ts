// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how the file names a variable of the environment
import { expect } from 'chai'
import fc from 'fast-check'
import { stringify } from 'yaml'
import type { Config } from '../../../src/config/config.ts'
import { parseConfig } from '../../../src/config/load-config.ts'
import { writeConfig } from '../../../src/config/write-config.ts'
import { group, mcpServer, provider } from '../../support/configured.ts'

const anything = fc.record({
  providers: fc.uniqueArray(provider, { maxLength: 3, selector: ({ name }) => name.toLowerCase() }),
  groups: fc.uniqueArray(group, { maxLength: 3, selector: ({ name }) => name }),
  mcpServers: fc.uniqueArray(mcpServer, { maxLength: 2, selector: ({ name }) => name }),
})

/** Maps in any order, and nothing of how objects came to be. */
function canonical(value: unknown): unknown {
  if (value instanceof Map)
    return { map: Object.fromEntries([...value].map(([key, member]) => [`=${key}`, canonical(member)])) }
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [`=${key}`, canonical(member)]))
}

function meaning(registry: Pick<Config, 'providers' | 'groups' | 'mcpServers'>): unknown {
  const { providers, groups, mcpServers } = registry
  const byName = (named: readonly { readonly name: string }[]) => new Map(named.map((one) => [one.name, one]))
  return canonical({ providers, groups: byName(groups), mcpServers: byName(mcpServers) })
}

describe('writeConfig', () => {
  it('what it writes is read back as the same providers and groups, in any environment', () => {
    fc.assert(
      fc.property(anything, (registry) => {
        const { config, warnings } = parseConfig('f.json', JSON.stringify(writeConfig(registry)), { HOME: 'canary' })
        expect(meaning(config)).to.deep.equal(meaning(registry))
        expect(warnings.filter(({ problem }) => problem.includes('no known setting'))).to.deep.equal([])
      }),
    )
  })

  it('the same as YAML', () => {
    fc.assert(
      fc.property(anything, (registry) => {
        expect(meaning(parseConfig('f.yaml', stringify(writeConfig(registry)), {}).config)).to.deep.equal(
          meaning(registry),
        )
      }),
      { numRuns: 30 },
    )
  })

  it('routes of the group default stand at the top, where one looks for them', () => {
    const target = { provider: 'a', model: 'b', weight: 1, priority: 0, parameters: {} }
    const routes = new Map([['default', [target]]])
    const groups = [{ name: 'default', aliases: new Map(), routes }]
    expect(writeConfig({ providers: [{ name: 'a', keys: ['k'] }], groups, activeGroup: 'default' })).to.deep.equal({
      active_group: 'default',
      providers: [{ name: 'a', api_key: 'k' }],
      routes: { default: { provider: 'a', model: 'b' } },
    })
  })

  it('a text that looks like a variable stays one, however many dollar signs stand before it', () => {
    for (const text of ['${HOME}', '$${HOME}', '$$${HOME}', '${', '$$', '${ x }', 'a${A}b${B}']) {
      const registry = { providers: [], groups: [{ name: 'g', description: text, aliases: new Map() }] }
      const { config } = parseConfig('f.json', JSON.stringify(writeConfig(registry)), {
        HOME: 'canary',
        A: '1',
        B: '2',
      })
      expect(config.groups[0]?.description).to.equal(text)
    }
  })

  it('nothing is written of what is not said', () => {
    expect(writeConfig({ providers: [], groups: [] })).to.deep.equal({})
    expect(writeConfig({ providers: [{ name: 'a' }], groups: [{ name: 'g', aliases: new Map() }] })).to.deep.equal({
      providers: [{ name: 'a' }],
      groups: { g: {} },
    })
  })
})
