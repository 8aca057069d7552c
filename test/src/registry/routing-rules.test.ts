import { expect } from 'chai'
import fc from 'fast-check'
import { ApiFailure } from '../../../protocols/ir/error.ts'
import type { RoutingFacts } from '../../../src/registry/snapshot.ts'
import { createClosing } from '../../support/close-all.ts'
import { glanceAt, openTestRegistry } from '../../support/registry.ts'

const PROVIDERS = ['anthropic', 'openai', 'gemini', 'deepseek'].map((name) => ({
  name,
  api_key: 'k',
  protocol: 'openai-chat',
}))

const THRESHOLD = 60_000

/** A request with so many tokens, in so many bytes; the number is told to whoever asks, and counted how often. */
function request(tokens: number, thinking: boolean, bytes = tokens * 4) {
  let asked = 0
  const facts: RoutingFacts = {
    countTokens() {
      asked += 1
      return tokens
    },
  }
  return { glance: { ...glanceAt(), thinking, textBytes: bytes }, facts, asked: () => asked }
}

describe('the order of the rules', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function open(groups: object) {
    const { registry, apply, store } = await openTestRegistry(closing, { providers: PROVIDERS, groups })
    const snapshot = registry.snapshot()
    return { registry, apply, store, resolve: snapshot.resolveTargets, snapshot }
  }

  describe('A085: all combinations of names and conditions', () => {
    const NAMES = {
      'openai,gpt-4': 'provider-model',
      'claude-opus-4': 'route',
      'fast-one': 'alias',
      'sonnet-9': 'pattern',
      'claude-3-5-haiku-20241022': 'background',
      'claude-3-5-haiku': 'background',
      'claude-3-haiku-20240307': undefined,
      whatever: undefined,
    } as const
    const SPECIAL = ['longContext', 'background', 'think', 'default'] as const

    for (let chosen = 0; chosen < 2 ** SPECIAL.length; chosen += 1) {
      const routes = SPECIAL.filter((_, bit) => (chosen >> bit) % 2 === 1)
      it(`with the routes ${routes.length === 0 ? 'of names only' : routes.join(', ')}`, async () => {
        const special = Object.fromEntries(routes.map((name) => [name, { provider: 'gemini', model: name }]))
        const { resolve } = await open({
          default: {
            routes: { ...special, 'claude-opus-4': { provider: 'anthropic', model: 'opus' } },
            aliases: { 'fast-*': 'deepseek/no', 'fast-one': 'deepseek/fast', 'sonnet-*': 'deepseek/sonnet' },
          },
        })
        for (const [name, byName] of Object.entries(NAMES)) {
          for (const long of [true, false]) {
            for (const thinking of [true, false]) {
              const { glance, facts } = request(long ? THRESHOLD + 1 : THRESHOLD, thinking)
              const wanted = expected(byName, { long, thinking }, routes)
              const title = `${name}, ${long ? 'long' : 'short'}, ${thinking ? 'thinking' : 'not thinking'}`
              if (wanted === undefined) {
                expect(() => resolve('default', name, glance, facts), title).to.throw(ApiFailure, /has no model/)
                continue
              }
              const { rule, targets } = resolve('default', name, glance, facts)
              expect(rule, title).to.equal(wanted)
              const served = { 'provider-model': 'gpt-4', route: 'opus', alias: 'fast', pattern: 'sonnet' } as const
              expect(targets[0]?.model, title).to.equal(served[wanted as keyof typeof served] ?? wanted)
            }
          }
        }
      })
    }

    /** The guide's list of checks, read from the top. */
    function expected(
      byName: string | undefined,
      { long, thinking }: { long: boolean; thinking: boolean },
      routes: readonly string[],
    ): string | undefined {
      if (byName !== undefined && byName !== 'background') return byName
      if (long && routes.includes('longContext')) return 'longContext'
      if (byName === 'background' && routes.includes('background')) return 'background'
      if (thinking && routes.includes('think')) return 'think'
      return routes.includes('default') ? 'default' : undefined
    }
  })

  describe('the number of tokens', () => {
    const GROUPS = {
      default: {
        routes: {
          default: { provider: 'openai', model: 'short' },
          longContext: { provider: 'openai', model: 'long' },
          direct: { provider: 'openai', model: 'direct' },
        },
      },
    }

    it('A070, A071: decides from 60,001 on', async () => {
      const { resolve } = await open(GROUPS)
      for (const [tokens, model] of [
        [60_001, 'long'],
        [60_000, 'short'],
        [59_999, 'short'],
      ] as const) {
        const { glance, facts } = request(tokens, false)
        expect(resolve('default', 'm', glance, facts).targets[0]?.model, String(tokens)).to.equal(model)
      }
    })

    it('is asked for only when the text has more bytes than the threshold', async () => {
      const { resolve, snapshot } = await open(GROUPS)
      expect(snapshot.countsTokensAbove).to.equal(60_000)
      for (const [bytes, times] of [
        [60_000, 0],
        [60_001, 1],
      ] as const) {
        const { glance, facts, asked } = request(1, false, bytes)
        resolve('default', 'm', glance, facts)
        expect(asked(), `${bytes} bytes`).to.equal(times)
      }
    })

    it('is asked for where an earlier answer may add to the text', async () => {
      const { resolve } = await open(GROUPS)
      const { glance, facts } = request(60_001, false, 100)
      expect(resolve('default', 'm', { ...glance, previous: 'resp_1' }, facts).rule).to.equal('longContext')
    })

    it('A069: is not asked for when the name has decided', async () => {
      const { resolve } = await open(GROUPS)
      for (const name of ['direct', 'openai,gpt-4', 'openai/gpt-4']) {
        const { glance, facts, asked } = request(70_000, true)
        expect(resolve('default', name, glance, facts).rule).to.not.equal('longContext')
        expect(asked(), name).to.equal(0)
      }
    })

    it('is not asked for in a group that has no such route, and nobody need count where no group has one', async () => {
      const { resolve, snapshot } = await open({ default: { aliases: { '*': 'openai/x' } } })
      const { glance, facts, asked } = request(70_000, true)
      expect(resolve('default', 'm', glance, facts).rule).to.equal('default')
      expect(asked()).to.equal(0)
      expect(snapshot.countsTokensAbove).to.equal(Number.POSITIVE_INFINITY)
    })

    it('E025: is compared with the threshold that is set', async () => {
      const { registry } = await open(GROUPS)
      registry.configure({
        breaker: { enabled: true, threshold: 5, timeoutMs: 1 },
        longContextThreshold: 100,
      })
      const { glance, facts } = request(101, false)
      expect(registry.snapshot().resolveTargets('default', 'm', glance, facts).rule).to.equal('longContext')
      expect(registry.snapshot().countsTokensAbove).to.equal(100)
    })

    it('nobody knows: then no request is long', async () => {
      const { resolve } = await open(GROUPS)
      expect(resolve('default', 'm', request(70_000, false).glance).rule).to.equal('default')
    })
  })

  describe('parameters', () => {
    const fills = { provider: 'openai', model: 'd', parameters: { temperature: 0.7, max_tokens: 50 } }

    it('A064: who names a provider takes those of the default route', async () => {
      const { resolve } = await open({ default: { routes: { default: fills } } })
      for (const name of ['openai,gpt-4', 'anthropic/claude']) {
        const [target] = resolve('default', name, glanceAt()).targets
        expect(target?.parameters, name).to.deep.equal({ temperature: 0.7, maxOutputTokens: 50 })
      }
    })

    it('A064: of no other route, and of none where there is no default', async () => {
      const { resolve } = await open({ default: { routes: { think: fills, other: fills } } })
      expect(resolve('default', 'openai,gpt-4', glanceAt()).targets[0]).to.not.have.property('parameters')
    })

    it('A095, A096: a route that is chosen has its own', async () => {
      const { resolve } = await open({
        default: {
          routes: { default: fills, 'claude-opus-4': { ...fills, parameters: { temperature: 0.8 } } },
        },
      })
      const [target] = resolve('default', 'claude-opus-4', glanceAt()).targets
      expect(target?.parameters).to.deep.equal({ temperature: 0.8 })
    })
  })

  describe('names', () => {
    it('a route goes before an alias of the same name, a route `default` before the alias `*`', async () => {
      const { resolve } = await open({
        default: {
          routes: {
            m: { provider: 'openai', model: 'route' },
            default: { provider: 'openai', model: 'default' },
            'p-*': { provider: 'openai', model: 'p-route' },
          },
          aliases: { m: 'openai/alias', '*': 'openai/star', 'p-*': 'openai/p-alias', 'p-1*': 'openai/p-1' },
        },
      })
      const model = (name: string) => resolve('default', name, glanceAt()).targets[0]?.model
      expect(model('m')).to.equal('route')
      expect(model('x')).to.equal('default')
      expect(model('p-2')).to.equal('p-route')
      expect(model('p-12'), 'the more specific pattern of either kind').to.equal('p-1')
    })

    it('A068, E025: a pattern among the routes is a pattern, the name of a special route is none', async () => {
      const { resolve } = await open({
        default: {
          routes: {
            'claude-*': { provider: 'openai', model: 'pattern' },
            think: { provider: 'openai', model: 'think' },
            default: { provider: 'openai', model: 'default' },
          },
        },
      })
      expect(resolve('default', 'claude-9', glanceAt())).to.deep.include({ rule: 'pattern', title: 'route claude-*' })
      expect(resolve('default', 'think', glanceAt()).rule).to.equal('default')
    })

    it('A062: the models that a provider lists decide only where no rule does', async () => {
      const { registry } = await openTestRegistry(closing, {
        providers: [
          ...PROVIDERS.slice(1),
          { name: 'anthropic', api_key: 'k', models: ['claude-opus-4-1', 'claude-3-5-haiku'] },
        ],
        routes: { think: { provider: 'openai', model: 't' }, background: { provider: 'openai', model: 'b' } },
      })
      const { resolveTargets } = registry.snapshot()
      expect(resolveTargets('default', 'claude-opus-4-1', glanceAt()).rule).to.equal('listed')
      expect(resolveTargets('default', 'claude-opus-4-1', { ...glanceAt(), thinking: true }).rule).to.equal('think')
      expect(resolveTargets('default', 'claude-3-5-haiku', glanceAt()).rule).to.equal('background')
    })
  })

  it('the order in the file never matters', async () => {
    const names = ['a', 'ab', 'a*', '?b', '*b', 'a?c', '*', 'claude-*', 'x@y']
    const route = fc.record({
      provider: fc.constantFrom('anthropic', 'openai', 'gemini'),
      model: fc.constantFrom('one', 'two'),
      priority: fc.constantFrom(1, 2),
    })
    const keys = fc.constantFrom('default', 'longContext', 'background', 'think', ...names)
    const config = fc.record({
      routes: fc.dictionary(keys, route),
      aliases: fc.dictionary(fc.constantFrom(...names), route),
    })
    const asked = ['a', 'ab', 'abc', 'b', 'claude-3-5-haiku', 'claude-x', 'x@y', 'openai,a', 'gemini/b', 'openai,', '']
    const { apply, registry } = await openTestRegistry(closing)
    const outcome = (name: string, long: boolean, thinking: boolean): string => {
      const { glance, facts } = request(long ? 70_000 : 10, thinking)
      try {
        const { rule, title, targets } = registry.snapshot().resolveTargets('default', name, glance, facts)
        return `${rule} ${title} ${targets.map(({ provider, model }) => `${provider.name}/${model}`).join()}`
      } catch (error) {
        return error instanceof ApiFailure ? error.error.kind : String(error)
      }
    }
    const all = () =>
      asked.flatMap((name) => [outcome(name, true, true), outcome(name, false, true), outcome(name, false, false)])
    fc.assert(
      fc.property(config, fc.func(fc.integer()), ({ routes, aliases }, place) => {
        const shuffle = (object: object) =>
          Object.fromEntries(Object.entries(object).sort(([one], [other]) => place(one) - place(other)))
        apply({ providers: PROVIDERS, groups: { default: { routes, aliases } } })
        const first = all()
        apply({})
        const moved = { aliases: shuffle(aliases), routes: shuffle(routes) }
        apply({
          groups: { default: moved },
          providers: [...PROVIDERS].sort((one, other) => place(one.name) - place(other.name)),
        })
        expect(all()).to.deep.equal(first)
      }),
      { numRuns: 60 },
    )
  })
})
