import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { GROUP_SCHEMA } from '../../../src/config/group-notation.ts'
import { parseConfig } from '../../../src/config/load-config.ts'
import { PARAMETERS_SCHEMA } from '../../../src/config/parameters.ts'
import { PERFORMANCE_SCHEMA } from '../../../src/config/performance-notation.ts'
import { PROVIDER_SCHEMA } from '../../../src/config/provider-notation.ts'
import { ROUTE_SCHEMA } from '../../../src/config/route-notation.ts'
import { CONFIG_SCHEMA } from '../../../src/config/schema.ts'
import { SECURITY_SCHEMA } from '../../../src/config/security-notation.ts'

const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url))
const PAGE = readFileSync(`${DOCS}configuration.md`, 'utf8')

describe('docs/configuration.md', () => {
  const SCHEMAS = {
    'the file': CONFIG_SCHEMA,
    performance: PERFORMANCE_SCHEMA,
    security: SECURITY_SCHEMA,
    'a provider': PROVIDER_SCHEMA,
    'a route': ROUTE_SCHEMA,
    'a group': GROUP_SCHEMA,
    parameters: PARAMETERS_SCHEMA,
  }
  for (const [title, { properties }] of Object.entries(SCHEMAS)) {
    it(`names every field of ${title}`, () => {
      for (const [field, schema] of Object.entries(properties)) {
        if ('deprecated' in schema && field === 'apiBaseURL') continue
        expect(PAGE, field).to.match(new RegExp(`[\`"]${field.replace('$', '\\$')}[\`"]`))
      }
    })
  }

  it('tells the default of every setting that has one', () => {
    for (const properties of [CONFIG_SCHEMA.properties, PERFORMANCE_SCHEMA.properties]) {
      for (const [field, schema] of Object.entries(properties)) {
        if (!('default' in schema) || typeof schema.default === 'object' || schema.default === '') continue
        const rows = PAGE.split('\n').filter((line) => line.startsWith('|') && line.includes(`\`${field}\``))
        expect(rows.join('\n'), field).to.contain(`\`${schema.default}\``)
      }
    }
  })

  it('what it shows of a file is read, and every key of it is known', () => {
    const blocks = [...PAGE.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text ?? '')
    expect(blocks).to.not.have.lengthOf(0)
    for (const block of blocks) expect(parseConfig('page.json', block, {}).warnings).to.deep.equal([])
  })

  it('A218: the pages that it leads to are there', () => {
    for (const [, path] of PAGE.matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect(existsSync(`${DOCS}${path}`), path).to.equal(true)
  })

  it('A046, A050: what an unset variable does, and which key goes before which, is told', () => {
    expect(PAGE)
      .to.match(/not set is an error/)
      .and.to.contain('CCPROXY_PROVIDERS_<n>_API_KEY')
  })
})
