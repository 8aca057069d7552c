import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { expect } from 'chai'
import { openRegistry } from '../../../src/registry/registry.ts'
import { openStore, type Store } from '../../../src/store/open-store.ts'
import { createClosing, makeTempDir } from '../../support/close-all.ts'

const PROVIDER = {
  name: 'a',
  protocol: 'p',
  transport: 'http',
  baseUrl: 'http://127.0.0.1:1',
  authHeader: 'authorization',
  authPrefix: '',
  headers: {},
  enabled: true,
}

describe('two processes on one database', () => {
  const closing = createClosing()
  let file: string
  let store: Store
  let other: Store
  let looks: (() => void)[]
  let intervals: number[]

  /** Time stands still until the test looks. */
  const every = (intervalMs: number, work: () => void) => {
    intervals.push(intervalMs)
    looks.push(work)
    return () => {
      looks = looks.filter((look) => look !== work)
    }
  }

  beforeEach(async () => {
    looks = []
    intervals = []
    file = join(await makeTempDir(closing), 'x.db')
    store = open()
    other = open()
  })
  afterEach(() => closing.closeAll())

  function open(): Store {
    return closing.add(openStore({ file }), (opened) => opened.close())
  }

  function look(): void {
    for (const work of looks) work()
  }

  it('each sees what the other wrote, once, and not what it wrote itself', () => {
    let seen = 0
    store.watchOthers(() => {
      seen += 1
    }, every)
    expect(intervals[0], 'twice within the second that is promised').to.be.at.most(500)
    look()
    store.providers.save(PROVIDER)
    look()
    expect(seen).to.equal(0)
    other.providers.save({ ...PROVIDER, name: 'b' })
    expect(seen).to.equal(0)
    look()
    look()
    expect(seen).to.equal(1)
    other.transaction(() => {
      other.groups.delete('demo')
      other.providers.delete('a')
    })
    store.providers.save({ ...PROVIDER, name: 'c' })
    look()
    expect(seen).to.equal(2)
  })

  it('what is written beside the registry wakes nobody', () => {
    store.watchOthers(() => expect.fail('the registry has not changed'), every)
    const row = { scope: 's', previous: null, input: [], output: [], answer: {}, createdAt: 1, expiresAt: 9e15 }
    other.storedAnswers.save({ ...row, id: 'resp_1' })
    look()
  })

  it('F79: a look while another process writes is made up for by the next one', () => {
    let seen = 0
    store.watchOthers(() => {
      seen += 1
    }, every)
    const raw = closing.add(new SqliteDatabase(file), (database) => database.close())
    raw.exec('BEGIN IMMEDIATE; UPDATE registry_revision SET revision = revision + 1')
    look()
    expect(seen).to.equal(0)
    raw.exec('COMMIT')
    look()
    expect(seen).to.equal(1)
  })

  it('nobody looks any more when watching ends, or the store is closed', () => {
    const end = store.watchOthers(() => {}, every)
    expect(looks).to.have.lengthOf(1)
    end()
    expect(looks).to.have.lengthOf(0)
    other.watchOthers(() => {}, every)
    other.close()
    expect(looks).to.have.lengthOf(0)
  })

  it('the registry serves what the other process wrote, and goes on where that cannot be served', () => {
    const faults: unknown[] = []
    const report = (fault: unknown) => faults.push(fault)
    const registry = closing.add(openRegistry({ store, protocols: ['p'], every, report }), (opened) => opened.close())
    other.groups.save({ name: 'new', description: '', enabled: true, open: false, toolMode: 'auto' })
    look()
    expect(registry.snapshot().groupNames).to.include('new')
    const good = registry.snapshot()
    other.providers.save({ ...PROVIDER, protocol: 'telepathy' })
    look()
    expect(String(faults)).to.match(/providers\.a\.protocol must be one of p/)
    expect(registry.snapshot()).to.equal(good)
    other.providers.save(PROVIDER)
    look()
    expect(registry.snapshot()).to.not.equal(good)
    expect(faults).to.have.lengthOf(1)
  })

  it('what one writes is not lost on the other, in whatever order they write', () => {
    const [one, two] = [store, other].map((which) =>
      closing.add(openRegistry({ store: which, protocols: ['p'], every }), (opened) => opened.close()),
    )
    for (let round = 0; round < 20; round += 1) {
      const group = { description: '', enabled: true, open: false, toolMode: 'auto' }
      store.groups.save({ ...group, name: `one-${round}` })
      other.groups.save({ ...group, name: `two-${round}` })
      if (round % 3 === 0) store.groups.delete(`two-${round}`)
    }
    look()
    expect(one?.snapshot().groupNames).to.deep.equal(two?.snapshot().groupNames)
    expect(one?.snapshot().groupNames).to.have.lengthOf(2 + 40 - 7)
  })
})
