import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { openStore, type Store } from '../../../src/store/open-store.ts'
import { createClosing, makeTempDir } from '../../support/close-all.ts'

/** The tables against a plain list that is replaced by hand. */
describe('replacing what belongs to a provider or an alias', () => {
  const closing = createClosing()
  let store: Store
  let providers: readonly number[]

  beforeEach(async () => {
    const file = join(await makeTempDir(closing), 'x.db')
    store = closing.add(openStore({ file }), (opened) => opened.close())
    providers = ['one', 'two'].map(
      (name) =>
        store.providers.save({
          name,
          protocol: 'any',
          transport: 'http',
          baseUrl: 'http://127.0.0.1',
          authHeader: 'authorization',
          authPrefix: '',
          headers: {},
          enabled: true,
        }).id,
    )
  })
  afterEach(() => closing.closeAll())

  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'A', 'ä', "o'k", '%', '😀'), { maxLength: 6 })
  const steps = fc.array(fc.tuple(fc.nat(1), names), { minLength: 1, maxLength: 8 })

  it('keys: the last list of each provider counts, in its order, and a key that stays keeps its id', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const model = new Map<number, readonly string[]>(
          providers.map((id) => [id, store.providerKeys.listOf(id).map((row) => row.secret)]),
        )
        for (const [which, secrets] of list) {
          const id = providers[which] ?? 0
          const before = new Map(store.providerKeys.listOf(id).map((row) => [row.secret, row.id]))
          store.providerKeys.replace(id, secrets)
          model.set(id, secrets)
          for (const row of store.providerKeys.listOf(id)) expect(before.get(row.secret) ?? row.id).to.equal(row.id)
        }
        for (const [id, secrets] of model) {
          expect(store.providerKeys.listOf(id).map((row) => row.secret)).to.deep.equal(secrets)
        }
        expect(store.providerKeys.list()).to.have.lengthOf([...model.values()].flat().length)
      }),
      { numRuns: 40 },
    )
  })

  it('models: the last list of each provider counts, in its order; names are told apart by case', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const model = new Map<number, readonly string[]>()
        for (const [which, list_] of list) {
          const id = providers[which] ?? 0
          store.models.replace(
            id,
            list_.map((name) => ({ name, capabilities: { tools: true }, facts: {}, enabled: true })),
          )
          model.set(id, list_)
        }
        for (const [id, expected] of model) {
          const rows = store.models.list().filter((row) => row.providerId === id)
          expect(rows.map((row) => row.name)).to.deep.equal(expected)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('targets: the last list of each alias counts, in its order, the same target twice if it was given twice', () => {
    const target = fc.record({
      providerId: fc.nat(1),
      model: fc.constantFrom('m', 'n'),
      weight: fc.integer({ min: 1, max: 9 }),
      priority: fc.integer({ min: -3, max: 3 }),
      parameters: fc.dictionary(fc.constantFrom('seed', 'topK'), fc.nat()),
    })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('x', 'y'), fc.array(target)), { minLength: 1, maxLength: 6 }),
        (list) => {
          const model = new Map<string, readonly object[]>()
          for (const [pattern, given] of list) {
            const targets = given.map((entry) => ({ ...entry, providerId: providers[entry.providerId] ?? 0 }))
            store.aliases.save(1, pattern, targets)
            model.set(pattern, targets)
          }
          const ids = new Map(store.aliases.list().map((row) => [row.pattern, row.id]))
          for (const [pattern, expected] of model) {
            const rows = store.aliases.listTargets().filter((row) => row.aliasId === ids.get(pattern))
            expect(rows.map(({ id: _id, aliasId: _alias, ...rest }) => rest)).to.deep.equal(
              expected.map((entry) => JSON.parse(JSON.stringify(entry))),
            )
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it('a list that cannot be stored whole leaves the old one', () => {
    const [id = 0] = providers
    store.providerKeys.replace(id, ['a', 'b'])
    expect(() => store.providerKeys.replace(id, ['c', ''])).to.throw(/empty/)
    expect(store.providerKeys.listOf(id).map((row) => row.secret)).to.deep.equal(['a', 'b'])
  })
})
