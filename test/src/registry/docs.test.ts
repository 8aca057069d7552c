import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse } from 'jsonc-parser'
import type { RoutingRule } from '../../../src/registry/snapshot.ts'
import { createClosing } from '../../support/close-all.ts'
import { glanceAt, openTestRegistry } from '../../support/registry.ts'

const DOCS = join(import.meta.dirname, '../../../docs')

/** In the order in which they are tried. */
const RULES: Readonly<Record<RoutingRule, true>> = {
  'provider-model': true,
  route: true,
  alias: true,
  pattern: true,
  longContext: true,
  background: true,
  think: true,
  default: true,
  listed: true,
}

describe('the pages on routing and groups', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  for (const page of ['routing.md', 'groups.md']) {
    it(`${page}: what it shows can be served`, async () => {
      const text = readFileSync(join(DOCS, page), 'utf8')
      const blocks = [...text.matchAll(/```jsonc\n(.*?)```/gs)].map(([, block = '']) => parse(block))
      const { registry, apply } = await openTestRegistry(closing)
      // The first one stands last: the page is about it.
      for (const { providers = [], ...rest } of blocks.reverse()) {
        apply({ ...rest, providers: providers.map(speakKnown) })
      }
      const { resolveTargets } = registry.snapshot()
      if (page === 'groups.md') expect(resolveTargets('team', 'fast', glanceAt()).targets).to.have.lengthOf(2)
      else expect(resolveTargets('default', 'x', glanceAt()).targets).to.have.lengthOf(3)
    })
  }

  it('A109: routing.md advises on parameters: defaults first, routes for uses, limits of providers, trying out', () => {
    const text = readFileSync(join(DOCS, 'routing.md'), 'utf8')
    const [, section = ''] = /^### Which parameters to set\n(.*?)^## /ms.exec(text) ?? []
    for (const word of ['`default`', 'routes of their own', 'Ranges differ', 'look at the answers']) {
      expect(section).to.contain(word)
    }
  })

  it('routing.md: its table names every rule, in order', () => {
    const text = readFileSync(join(DOCS, 'routing.md'), 'utf8')
    const rules = [...text.matchAll(/^\| \d \| `([^`]+)` \|/gm)].map(([, rule]) => rule)
    expect(rules).to.deep.equal(Object.keys(RULES))
  })

  /** The test's registry knows two protocols only. */
  function speakKnown(provider: object): object {
    return { ...provider, protocol: 'openai-chat' }
  }
})
