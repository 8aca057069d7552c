import { expect } from 'chai'
import { mergeCapabilities, mergeInstructions } from '../../../src/mcp/merge-facts.ts'
import type { Catalogue } from '../../../src/mcp/upstream/connection.ts'

function catalogue(server: string, capabilities: object, instructions?: string): Catalogue {
  const facts = {
    era: 'legacy' as const,
    protocolVersion: '2025-11-25',
    capabilities: { ...capabilities },
    result: {},
    ...(instructions === undefined ? {} : { instructions }),
  }
  return { server, facts, tools: [], prompts: [], resources: [], resourceTemplates: [] }
}

describe('mcp/merge-facts', () => {
  it('M68: capabilities are the union of all servers, unknown ones included', () => {
    const merged = mergeCapabilities([
      catalogue('a', { tools: {}, resources: { subscribe: true }, experimental: { x: { level: 3 } } }),
      catalogue('b', { prompts: {}, completions: {}, experimental: { y: {} }, extensions: { z: { a: 1 } } }),
    ])
    expect(merged).to.deep.equal({
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { subscribe: true, listChanged: true },
      completions: {},
      experimental: { x: { level: 3 }, y: {} },
      extensions: { z: { a: 1 } },
    })
  })

  it('M58: a list may change even where no server says so', () => {
    expect(mergeCapabilities([catalogue('a', { tools: { listChanged: false } })])).to.deep.equal({
      tools: { listChanged: true },
    })
    expect(mergeCapabilities([])).to.deep.equal({ tools: { listChanged: true } })
  })

  it('M77: of a server that nobody has seen yet everything usual is declared', () => {
    expect(Object.keys(mergeCapabilities([undefined])).sort()).to.deep.equal([
      'completions',
      'logging',
      'prompts',
      'resources',
      'tools',
    ])
  })

  it('M68: instructions stand under a heading per server, and are capped', () => {
    expect(
      mergeInstructions([catalogue('a', {}, 'Be kind.'), catalogue('b', {}, 'Be brief.'), catalogue('c', {})]),
    ).to.equal('## a\n\nBe kind.\n\n## b\n\nBe brief.')
    expect(mergeInstructions([catalogue('a', {}, 'Be kind.')])).to.equal('Be kind.')
    expect(mergeInstructions([catalogue('a', {}), undefined])).to.equal(undefined)
    const long = mergeInstructions(Array.from({ length: 9 }, (_, n) => catalogue(`s${n}`, {}, 'x'.repeat(100_000))))
    expect(long?.length).to.equal(16_384)
  })
})
