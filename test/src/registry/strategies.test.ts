import { expect } from 'chai'
import fc from 'fast-check'
import type { BalancingStrategy } from '../../../src/config/group-policy.ts'
import { createHealth } from '../../../src/registry/health.ts'
import { countTurns, type Draw, type Occasion, orderTargets } from '../../../src/registry/order-targets.ts'
import { createRoute, createRouteTarget, type RouteTarget } from '../../../src/registry/route.ts'
import type { ServedProvider } from '../../../src/registry/served-provider.ts'
import { createRandom } from '../../support/registry.ts'

function provider(name: string, keys: number): ServedProvider {
  return {
    provider: {
      name,
      protocol: 'any',
      transport: 'http',
      baseUrl: 'http://127.0.0.1',
      auth: { header: 'authorization', prefix: '' },
      headers: {},
    },
    enabled: true,
    keys: Array.from({ length: keys }, (_, key) => ({ id: key, secret: `${name}${key}` })),
    models: new Map(),
    describe: () => ({}),
  }
}

describe('strategies', () => {
  let draw: Draw

  beforeEach(() => {
    draw = { random: createRandom(5), nextTurn: countTurns() }
  })

  function order(targets: readonly RouteTarget[], strategy: BalancingStrategy, more: Partial<Occasion> = {}) {
    return orderTargets(createRoute('alias x', targets), strategy, { draw, ...more })
  }

  function names(targets: readonly RouteTarget[], strategy: BalancingStrategy, more: Partial<Occasion> = {}) {
    return order(targets, strategy, more).map(({ model, key }) => `${model}:${key?.secret ?? '-'}`)
  }

  const STRATEGIES: readonly BalancingStrategy[] = ['weighted', 'round-robin', 'priority', 'least-busy', 'sticky']

  it('CS17: every strategy tries every target with every key once, and lower priorities first', () => {
    const shape = fc.array(fc.tuple(fc.nat(2), fc.nat(3), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
      maxLength: 7,
    })
    const health = createHealth({ enabled: true, threshold: 5, timeoutMs: 1 }, () => 0)
    fc.assert(
      fc.property(shape, fc.constantFrom(...STRATEGIES), fc.string(), (list, strategy, conversation) => {
        const providers = [provider('a', 0), provider('b', 1), provider('c', 2), provider('d', 3)]
        const targets = list.map(([priority, which, weight], index) =>
          createRouteTarget(providers[which] ?? provider('a', 0), `m${index}`, { priority, weight }),
        )
        const found = order(targets, strategy, { health, conversation: () => conversation })
        const wanted = targets.flatMap((target) => target.entries.map((entry) => `${entry.model} ${entry.key?.id}`))
        expect(found.map((entry) => `${entry.model} ${entry.key?.id}`)).to.have.members(wanted)
        const priorities = found.map((entry) => list[Number(entry.model.slice(1))]?.[0] ?? Number.NaN)
        expect(priorities).to.deep.equal(priorities.toSorted((one, other) => one - other))
      }),
    )
  })

  describe('round-robin', () => {
    it('CS17, lesson 18: each key has its turn, however many targets share it', () => {
      const [many, few] = [provider('many', 1), provider('few', 2)]
      const targets = [
        createRouteTarget(many, 'm1', { weight: 100 }),
        createRouteTarget(many, 'm2'),
        createRouteTarget(many, 'm3'),
        createRouteTarget(few, 'f'),
      ]
      const first = Array.from({ length: 9 }, () => names(targets, 'round-robin')[0])
      expect(first).to.deep.equal([
        'm1:many0',
        'f:few0',
        'f:few1',
        'm2:many0',
        'f:few0',
        'f:few1',
        'm3:many0',
        'f:few0',
        'f:few1',
      ])
    })

    it('every key is tried before any of them is tried with another model', () => {
      const many = provider('many', 1)
      const targets = [
        createRouteTarget(many, 'm1'),
        createRouteTarget(many, 'm2'),
        createRouteTarget(provider('b', 1), 'b'),
      ]
      expect(names(targets, 'round-robin')).to.deep.equal(['m1:many0', 'b:b0', 'm2:many0'])
    })

    it('turns of one name are none of another’s', () => {
      const targets = [createRouteTarget(provider('a', 1), 'a'), createRouteTarget(provider('b', 1), 'b')]
      const first = (title: string) => orderTargets(createRoute(title, targets), 'round-robin', { draw })[0]?.model
      expect([first('x'), first('y'), first('x'), first('y')]).to.deep.equal(['a', 'a', 'b', 'b'])
    })
  })

  it('priority: tries them as they were given, whatever the weights', () => {
    const targets = [1, 2, 3].map((weight) => createRouteTarget(provider(`p${weight}`, 0), `m${weight}`, { weight }))
    for (let round = 0; round < 20; round += 1) {
      expect(names(targets, 'priority')).to.deep.equal(['m1:-', 'm2:-', 'm3:-'])
    }
  })

  describe('least-busy', () => {
    it('begins with the target that has the fewest calls in flight, and with its least busy key', () => {
      const health = createHealth({ enabled: true, threshold: 5, timeoutMs: 1 }, () => 0)
      const targets = ['a', 'b', 'c'].map((name) =>
        createRouteTarget(provider(name, 2), name, { weight: name === 'a' ? 1000 : 1 }),
      )
      const [a, b, c] = targets
      const calls = [a?.entries[0], a?.entries[0], b?.entries[1], c?.entries[0], c?.entries[1], a?.entries[1]].map(
        (entry) => (entry === undefined ? undefined : health.admit(entry)),
      )
      expect(names(targets, 'least-busy', { health })).to.deep.equal(['b:b0', 'b:b1', 'c:c0', 'c:c1', 'a:a1', 'a:a0'])
      for (const call of calls) call?.end()
      const first = new Set(Array.from({ length: 50 }, () => names(targets, 'least-busy', { health })[0]?.[0]))
      expect([...first], 'among equals the weight decides').to.deep.equal(['a'])
    })
  })

  describe('sticky', () => {
    const targets = ['a', 'b', 'c', 'd'].map((name) => createRouteTarget(provider(name, 3), name))
    const conversations = Array.from({ length: 400 }, (_, index) => `conversation ${index}`)
    const first = (list: readonly RouteTarget[], conversation: string) =>
      names(list, 'sticky', { conversation: () => conversation })[0]

    it('one conversation keeps its target and its key, in whatever order these were given', () => {
      for (const conversation of conversations.slice(0, 50)) {
        const found = first(targets, conversation)
        expect(first(targets, conversation)).to.equal(found)
        expect(first(targets.toReversed(), conversation)).to.equal(found)
      }
    })

    it('conversations spread over targets and keys', () => {
      const counts = new Map<string, number>()
      for (const conversation of conversations) {
        const found = first(targets, conversation) ?? ''
        counts.set(found, (counts.get(found) ?? 0) + 1)
      }
      expect(counts.size).to.equal(12)
      for (const [name, count] of counts) expect(count, name).to.be.within(12, 60)
    })

    it('a target that goes moves only the conversations that it had', () => {
      const rest = targets.slice(0, 3)
      let moved = 0
      for (const conversation of conversations) {
        const before = first(targets, conversation)
        if (before?.startsWith('d')) moved += 1
        else expect(first(rest, conversation)).to.equal(before)
      }
      expect(moved).to.be.within(50, 160)
    })

    it('a heavier target has more of them', () => {
      const list = [createRouteTarget(provider('a', 0), 'a', { weight: 3 }), createRouteTarget(provider('b', 0), 'b')]
      const mine = conversations.filter((conversation) => first(list, conversation) === 'a:-')
      expect(mine.length / conversations.length).to.be.closeTo(0.75, 0.08)
    })

    it('where nobody knows the conversation, the weights decide', () => {
      const found = new Set(Array.from({ length: 50 }, () => names(targets, 'sticky')[0]?.[0]))
      expect(found.size).to.equal(4)
    })

    it('the conversation is asked for by no other strategy', () => {
      const conversation = () => expect.fail('nobody needs it')
      for (const strategy of STRATEGIES) if (strategy !== 'sticky') order(targets, strategy, { conversation })
    })
  })
})
