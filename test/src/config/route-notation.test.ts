import { expect } from 'chai'
import fc from 'fast-check'
import type { ConfiguredTarget } from '../../../src/config/target-notation.ts'
import { readConfig } from '../../support/config-text.ts'

const PLAIN = { weight: 1, priority: 0, parameters: {} }

function routeOf(written: unknown, name = 'default'): readonly ConfiguredTarget[] | undefined {
  return readConfig({ routes: { [name]: written } }).config.groups[0]?.routes?.get(name)
}

describe('routes', () => {
  it('A012, A026, A195, A196: those at the top belong to the group default, special names and exact ones alike', () => {
    const parameters = { temperature: 0.7, max_tokens: 2000 }
    const { config } = readConfig({
      routes: {
        default: { provider: 'anthropic', model: 'claude-sonnet-4', parameters },
        longContext: { provider: 'gemini', model: 'gemini-2.5-pro' },
        'claude-opus-4': { provider: 'openai', model: 'gpt-4.1' },
      },
    })
    expect(config.groups.map(({ name }) => name)).to.deep.equal(['default'])
    expect(Object.fromEntries(config.groups[0]?.routes ?? [])).to.deep.equal({
      default: [
        {
          provider: 'anthropic',
          model: 'claude-sonnet-4',
          ...PLAIN,
          parameters: { temperature: 0.7, maxOutputTokens: 2000 },
        },
      ],
      longContext: [{ provider: 'gemini', model: 'gemini-2.5-pro', ...PLAIN }],
      'claude-opus-4': [{ provider: 'openai', model: 'gpt-4.1', ...PLAIN }],
    })
  })

  it('X34, E025: fallbacks come behind, in their order, with the parameters of the route where they have none', () => {
    const targets = routeOf({
      provider: 'a',
      model: 'm',
      parameters: { temperature: 0.5, top_p: 0.9 },
      fallbacks: [{ provider: 'b', model: 'n' }, 'c/o', { provider: 'd', model: 'p', parameters: { temperature: 0 } }],
    })
    expect(targets?.map(({ provider, model, priority }) => [provider, model, priority])).to.deep.equal([
      ['a', 'm', 0],
      ['b', 'n', 1],
      ['c', 'o', 2],
      ['d', 'p', 3],
    ])
    expect(targets?.map(({ parameters }) => parameters)).to.deep.equal([
      { temperature: 0.5, topP: 0.9 },
      { temperature: 0.5, topP: 0.9 },
      { temperature: 0.5, topP: 0.9 },
      { temperature: 0, topP: 0.9 },
    ])
  })

  it('a fallback that says its own priority has it', () => {
    const targets = routeOf({
      provider: 'a',
      model: 'm',
      priority: 5,
      fallbacks: [{ provider: 'b', model: 'n', priority: 5 }, 'c/o'],
    })
    expect(targets?.map(({ priority }) => priority)).to.deep.equal([5, 5, 6])
  })

  it('a route may be written as an alias is: a text, or a list', () => {
    expect(routeOf('a/b/c')).to.deep.equal([{ provider: 'a', model: 'b/c', ...PLAIN }])
    expect(routeOf(['a/b', { provider: 'c', model: 'd', weight: 2 }])).to.deep.equal([
      { provider: 'a', model: 'b', ...PLAIN },
      { provider: 'c', model: 'd', ...PLAIN, weight: 2 },
    ])
  })

  it("X34: a group has routes of its own, and default's go before those at the top", () => {
    const { config } = readConfig({
      routes: { default: 'a/top', think: 'a/top' },
      groups: {
        team: { routes: { default: 'a/team' } },
        default: { open: false, routes: { think: 'a/own' }, aliases: { fast: 'x/y' } },
      },
    })
    const models = config.groups.map(({ name, routes }) => [
      name,
      Object.fromEntries([...(routes ?? [])].map(([key, targets]) => [key, targets[0]?.model])),
    ])
    expect(Object.fromEntries(models)).to.deep.equal({
      team: { default: 'team' },
      default: { default: 'top', think: 'own' },
    })
    const own = config.groups.find(({ name }) => name === 'default')
    expect([own?.open, own?.aliases.has('fast')]).to.deep.equal([false, true])
  })

  it('a target is a text in either form, an object, or a list of them', () => {
    const aliases = {
      slash: 'openrouter/anthropic/claude-3.5-sonnet',
      comma: ' openrouter , meta/llama:8b ',
      list: ['a/b', { provider: 'c', model: 'd', weight: 3, priority: -1, parameters: { stop: ['x', ''], top_k: 4 } }],
    }
    const { config } = readConfig({ groups: { g: { tool_mode: 'compat', description: 'd', enabled: false, aliases } } })
    expect(config.groups).to.deep.equal([
      {
        name: 'g',
        description: 'd',
        enabled: false,
        toolMode: 'compat',
        aliases: new Map<string, unknown>([
          ['slash', [{ provider: 'openrouter', model: 'anthropic/claude-3.5-sonnet', ...PLAIN }]],
          ['comma', [{ provider: 'openrouter', model: 'meta/llama:8b', ...PLAIN }]],
          [
            'list',
            [
              { provider: 'a', model: 'b', ...PLAIN },
              { provider: 'c', model: 'd', weight: 3, priority: -1, parameters: { stop: ['x'], topK: 4 } },
            ],
          ],
        ]),
      },
    ])
  })

  it('lesson 22: zero is a value, an empty stop sequence is none', () => {
    const parameters = { temperature: 0, top_p: 0, seed: 0, presence_penalty: 0, frequency_penalty: -2, stop: '' }
    expect(routeOf({ provider: 'a', model: 'b', parameters })?.[0]?.parameters).to.deep.equal({
      temperature: 0,
      topP: 0,
      seed: 0,
      presencePenalty: 0,
      frequencyPenalty: -2,
    })
  })

  it('A101, A102, A103: the ends of the ranges belong to them', () => {
    for (const parameters of [{ temperature: 0 }, { temperature: 2 }, { top_p: 0 }, { top_p: 1 }, { max_tokens: 1 }]) {
      expect(routeOf({ provider: 'a', model: 'b', parameters })).to.have.lengthOf(1)
    }
  })

  it('A062, A085: the order of routes, groups, aliases and models in the file never matters', () => {
    const providers = fc.uniqueArray(fc.constantFrom('p1', 'p2', 'p3'), { minLength: 1 })
    const names = fc.uniqueArray(
      fc.constantFrom('default', 'longContext', 'think', 'background', 'claude-x', '10', '2'),
    )
    const shuffled = <Value>(values: readonly Value[], seed: number): readonly Value[] =>
      [...values].sort((one, other) => hash(JSON.stringify(one), seed) - hash(JSON.stringify(other), seed))
    const build = (
      rows: { providers: string[]; routes: string[]; groups: string[]; models: string[] },
      seed: number,
    ) => ({
      providers: shuffled(rows.providers, seed).map((name) => ({ name, models: shuffled(rows.models, seed) })),
      routes: Object.fromEntries(shuffled(rows.routes, seed).map((name) => [name, `p1/${name}`])),
      groups: Object.fromEntries(
        shuffled(rows.groups, seed).map((name) => [
          name,
          { aliases: Object.fromEntries(shuffled(rows.routes, seed).map((alias) => [`${alias}*`, `p1/${alias}`])) },
        ]),
      ),
    })
    const rows = fc.record({
      providers,
      routes: names,
      groups: fc.uniqueArray(fc.constantFrom('default', 'a', 'b')),
      models: names,
    })
    fc.assert(
      fc.property(rows, fc.nat(), fc.nat(), (value, one, other) => {
        expect(canonical(build(value, one))).to.deep.equal(canonical(build(value, other)))
      }),
    )
  })
})

/** What a configuration means, sorted: the order of providers counts for variables by place only. */
function canonical(written: object): unknown {
  const { providers, groups } = readConfig(written).config
  const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
    one.name < other.name ? -1 : 1
  return {
    providers: providers
      .map((provider) => ({ ...provider, models: [...(provider.models ?? [])].sort(byName) }))
      .sort(byName),
    groups: groups
      .map((group) => ({ ...group, aliases: sortMap(group.aliases), routes: sortMap(group.routes ?? new Map()) }))
      .sort(byName),
  }
}

function sortMap(map: ReadonlyMap<string, unknown>): unknown {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1))
}

function hash(text: string, seed: number): number {
  let value = seed
  for (const sign of text) value = (value * 31 + (sign.codePointAt(0) ?? 0)) | 0
  return value
}
