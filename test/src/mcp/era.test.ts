import { expect } from 'chai'
import { tellEra } from '../../../src/mcp/era.ts'
import type { JsonObject } from '../../../src/mcp/json-rpc.ts'

const MODERN_META = { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } }
const UNKNOWN_META = { _meta: { 'io.modelcontextprotocol/protocolVersion': '1999-01-01' } }

const ROWS: readonly (readonly [
  title: string,
  method: string,
  params: JsonObject,
  headers: Record<string, string>,
  era: string,
])[] = [
  ['the body goes before the header', 'tools/list', MODERN_META, { 'mcp-protocol-version': '2025-11-25' }, 'modern'],
  ['a version that nobody knows is still said in the modern way', 'tools/list', UNKNOWN_META, {}, 'modern'],
  ['initialize with modern _meta is modern', 'initialize', MODERN_META, {}, 'modern'],
  ['a modern version in the header', 'tools/list', {}, { 'mcp-protocol-version': '2026-07-28' }, 'modern'],
  ['a later one, too', 'tools/list', {}, { 'mcp-protocol-version': '2027-01-01' }, 'modern'],
  [
    'a legacy one goes before Mcp-Method',
    'tools/list',
    {},
    { 'mcp-protocol-version': '2025-11-25', 'mcp-method': 'tools/list' },
    'legacy',
  ],
  ['Mcp-Method alone is modern', 'tools/list', {}, { 'mcp-method': 'tools/list' }, 'modern'],
  ['but not in a session', 'tools/list', {}, { 'mcp-method': 'tools/list', 'mcp-session-id': 'x' }, 'legacy'],
  ['and not of initialize', 'initialize', {}, { 'mcp-method': 'initialize' }, 'legacy'],
  ['nothing at all is legacy', 'tools/list', {}, {}, 'legacy'],
  ['other _meta says nothing', 'tools/list', { _meta: { progressToken: 1 } }, {}, 'legacy'],
]

describe('mcp/era', () => {
  for (const [title, method, params, headers, era] of ROWS) {
    it(`M1: ${title}`, () => {
      expect(tellEra({ jsonrpc: '2.0', id: 1, method, params }, headers)).to.equal(era)
    })
  }
})
