import { expect } from 'chai'
import fc from 'fast-check'
import type { BalancingStrategy } from '../../../src/config/group-policy.ts'
import { countTurns, type Draw, orderTargets } from '../../../src/registry/order-targets.ts'
import { createRoute, createRouteTarget, type RouteTarget } from '../../../src/registry/route.ts'
import type { ServedProvider } from '../../../src/registry/served-provider.ts'
import { createRandom } from '../../support/registry.ts'

/** A target whose model is its number and whose provider has this many keys. */
function makeTarget(index: number, weight: number, priority: number, keyCount: number): RouteTarget {
  const served: ServedProvider = {
    provider: {
      name: `provider-${index}`,
      protocol: 'any',
      transport: 'http',
      baseUrl: 'http://127.0.0.1',
      auth: { header: 'authorization', prefix: '' },
      headers: {},
    },
    enabled: true,
    keys: Array.from({ length: keyCount }, (_, key) => ({ id: key, secret: `key-${key}` })),
    models: new Map(),
    describe: () => ({}),
  }
  return createRouteTarget(served, String(index), { weight, priority })
}

function order(targets: readonly RouteTarget[], draw: Draw, strategy: BalancingStrategy = 'weighted') {
  return orderTargets(createRoute('x', targets), strategy, { draw })
}

const targets = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: -2, max: 2 }), fc.nat(3)), {
    minLength: 1,
    maxLength: 8,
  })
  .map((entries) => entries.map(([weight, priority, keys], index) => makeTarget(index, weight, priority, keys)))

describe('orderTargets', () => {
  const draw = (seed: number) => ({ random: createRandom(seed), nextTurn: countTurns() })

  it('whatever the targets: each comes once per key or once without, never before one of a lower priority', () => {
    fc.assert(
      fc.property(targets, fc.integer(), (list, seed) => {
        const ordered = order(list, draw(seed))
        const expected = list.flatMap((target) =>
          target.served.keys.length === 0
            ? [`${target.model} -`]
            : target.served.keys.map((key) => `${target.model} ${key.secret}`),
        )
        expect(ordered.map((entry) => `${entry.model} ${entry.key?.secret ?? '-'}`)).to.have.members(expected)
        const priorities = ordered.map((entry) => list[Number(entry.model)]?.priority ?? Number.NaN)
        expect(priorities).to.deep.equal([...priorities].sort((one, other) => one - other))
      }),
    )
  })

  it('the keys of one target stand together, in their order, from a start that moves on', () => {
    fc.assert(
      fc.property(targets, fc.integer(), (list, seed) => {
        const hand = draw(seed)
        for (let turn = 0; turn < 4; turn += 1) {
          const ordered = order(list, hand)
          for (const target of list) {
            const keys = target.served.keys.map((key) => key.id)
            const start = keys.length === 0 ? 0 : turn % keys.length
            const at = ordered.findIndex((entry) => entry.model === target.model)
            const found = ordered.slice(at, at + keys.length).map((entry) => entry.key?.id)
            expect(found).to.deep.equal([...keys.slice(start), ...keys.slice(0, start)])
          }
        }
      }),
    )
  })

  it('changes nothing of what it is given', () => {
    fc.assert(
      fc.property(targets, fc.integer(), (list, seed) => {
        const before = list.map((target) => target.model)
        order(Object.freeze(list), draw(seed))
        expect(list.map((target) => target.model)).to.deep.equal(before)
      }),
    )
  })

  it('is the same for the same random numbers', () => {
    fc.assert(
      fc.property(targets, fc.integer(), (list, seed) => {
        expect(order(list, draw(seed))).to.deep.equal(order(list, draw(seed)))
      }),
    )
  })

  it('CS17: equal weights share equally, however many there are', () => {
    const list = [0, 1, 2, 3].map((index) => makeTarget(index, 5, 0, 1))
    const hand = draw(11)
    const first = [0, 0, 0, 0]
    const rounds = 12_000
    for (let round = 0; round < rounds; round += 1) {
      const model = Number(order(list, hand)[0]?.model)
      first[model] = (first[model] ?? 0) + 1
    }
    for (const times of first) expect(times / rounds).to.be.closeTo(0.25, 0.015)
  })
})
