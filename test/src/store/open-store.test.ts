import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { expect } from 'chai'
import { openStore } from '../../../src/store/open-store.ts'
import { findMigrations, readMigrations } from '../../../src/store/read-migrations.ts'
import { StoreFault } from '../../../src/store/store-fault.ts'
import { createClosing, makeTempDir } from '../../support/close-all.ts'

const APPLICATION_ID = 0x494c4e47

describe('openStore', () => {
  const closing = createClosing()
  let folder: string
  let file: string

  beforeEach(async () => {
    folder = await makeTempDir(closing)
    file = join(folder, 'registry.db')
  })
  afterEach(() => closing.closeAll())

  function open() {
    return closing.add(openStore({ file }), (store) => store.close())
  }

  function refuse(kind: string, words: readonly string[]): void {
    const before = readFileSync(file)
    let fault: unknown
    try {
      openStore({ file }).close()
    } catch (error) {
      fault = error
    }
    expect(fault).to.be.instanceOf(StoreFault)
    expect(fault).to.have.property('kind', kind)
    for (const word of [file, ...words]) expect((fault as StoreFault).message).to.contain(word)
    expect(readFileSync(file).equals(before), 'the file is as it was').to.equal(true)
    const beside = readdirSync(folder).filter((name) => name !== 'registry.db' && name !== 'registry.db.key')
    expect(beside, 'nothing lies beside it but its key').to.deep.equal([])
  }

  it('makes folder and file where there are none, and opens them again', () => {
    const place = { directory: join(folder, 'deep', 'data') }
    const first = openStore(place)
    first.settings.write('active_group', 'demo')
    first.close()
    const second = closing.add(openStore(place), (store) => store.close())
    expect(second.settings.read('active_group')).to.equal('demo')
    expect(second.file).to.equal(join(folder, 'deep', 'data', 'interlingua.db'))
  })

  it('S21: file, log and shared memory are for the owner only, the folder too when it is made', () => {
    const umask = process.umask(0o022)
    try {
      const store = closing.add(openStore({ file: join(folder, 'data', 'x.db') }), (opened) => opened.close())
      store.settings.write('active_group', 'demo')
      expect(statSync(join(folder, 'data')).mode & 0o777).to.equal(0o700)
      const names = readdirSync(join(folder, 'data'))
      expect(names).to.include.members(['x.db', 'x.db-wal'])
      for (const name of names) expect(statSync(join(folder, 'data', name)).mode & 0o777, name).to.equal(0o600)
      expect(process.umask(), 'the umask of the process is as it was').to.equal(0o022)
    } finally {
      process.umask(umask)
    }
  })

  it('S21: a file that everybody may read is closed to them when it is opened', () => {
    openStore({ file }).close()
    chmodSync(file, 0o644)
    open()
    expect(statSync(file).mode & 0o777).to.equal(0o600)
  })

  it('sets the pragmas that it promises', () => {
    open().settings.write('active_group', 'demo')
    const other = closing.add(new SqliteDatabase(file), (database) => database.close())
    expect(other.pragma('journal_mode', { simple: true })).to.equal('wal')
    expect(other.pragma('application_id', { simple: true })).to.equal(APPLICATION_ID)
    expect(other.pragma('user_version', { simple: true })).to.equal(readMigrations(findMigrations()).at(-1)?.number)
  })

  it('refuses rows that refer to nothing, as foreign keys are on', () => {
    expect(() => open().models.replace(4711, [{ name: 'm', capabilities: {}, facts: {}, enabled: true }])).to.throw(
      /FOREIGN KEY/,
    )
  })

  it('keeps no trace of a deleted key in the file', () => {
    const store = open()
    const provider = store.providers.save({
      name: 'openai',
      protocol: 'p',
      transport: 'http',
      baseUrl: 'https://x.test',
      authHeader: 'a',
      authPrefix: '',
      headers: {},
      enabled: true,
    })
    store.providerKeys.replace(provider.id, ['canary-secret-4711'])
    store.providerKeys.replace(provider.id, [])
    store.close()
    expect(readFileSync(file).includes('canary-secret-4711')).to.equal(false)
  })

  it('F83: refuses a file that is no database, and leaves it as it is', () => {
    writeFileSync(file, 'dear diary, '.repeat(100))
    refuse('not-a-database', ['no SQLite database', 'backup'])
  })

  it('F83: refuses a file of a few bytes, and leaves it as it is', () => {
    writeFileSync(file, 'SQLite format 3\0')
    refuse('not-a-database', ['backup'])
  })

  it('F83: refuses a file without content, which SQLite would take for an empty database', () => {
    writeFileSync(file, '')
    refuse('not-a-database', ['is empty', 'backup'])
  })

  it('F83: refuses the database of another program, and leaves it as it is', () => {
    const foreign = new SqliteDatabase(file)
    foreign.exec('CREATE TABLE providers (name TEXT)')
    foreign.close()
    refuse('foreign', ['another program'])
  })

  it('F83: refuses a database with a page that is overwritten, and leaves it as it is', () => {
    const store = openStore({ file })
    const provider = store.providers.save({
      name: 'p',
      protocol: 'p',
      transport: 'http',
      baseUrl: 'https://x.test',
      authHeader: 'a',
      authPrefix: '',
      headers: {},
      enabled: true,
    })
    const models = Array.from({ length: 500 }, (_, index) => ({
      name: `model-${index}`,
      capabilities: {},
      facts: {},
      enabled: true,
    }))
    store.models.replace(provider.id, models)
    store.close()
    const bytes = readFileSync(file)
    bytes.fill(0xa5, 4096 * 4, 4096 * 8)
    writeFileSync(file, bytes)
    refuse('corrupt', ['damaged', '.recover', 'backup'])
  })

  it('F84: refuses a database that a newer program wrote, naming both versions, and leaves it as it is', () => {
    openStore({ file }).close()
    const newest = readMigrations(findMigrations()).at(-1)?.number
    const database = new SqliteDatabase(file)
    database.pragma('user_version = 41')
    database.close()
    refuse('newer', ['41', `up to ${newest}`])
  })

  it('F82: says who may not read or write, when the folder cannot be written', function () {
    if (process.getuid?.() === 0) this.skip()
    mkdirSync(join(folder, 'closed'), { mode: 0o500 })
    expect(() => openStore({ file: join(folder, 'closed', 'x.db') })).to.throw(StoreFault, /readable and writable/)
  })

  it('F82: says so when there is a file where the folder should be', () => {
    writeFileSync(join(folder, 'taken'), '')
    expect(() => openStore({ directory: join(folder, 'taken') })).to.throw(StoreFault, /cannot be opened/)
    expect(readFileSync(join(folder, 'taken'), 'utf8')).to.equal('')
  })

  it('F84: two programs may open the same new file one after the other without losing anything', () => {
    const first = open()
    const second = open()
    first.settings.write('active_group', 'demo')
    expect(second.settings.read('active_group')).to.equal('demo')
  })

  it('F79: a statement waits hardly at all for another process that writes', () => {
    const store = open()
    const other = closing.add(new SqliteDatabase(file), (database) => database.close())
    other.exec('BEGIN IMMEDIATE')
    const startedAt = performance.now()
    expect(() => store.settings.write('active_group', 'demo')).to.throw(/locked/)
    // The default of the driver would be 5000.
    expect(performance.now() - startedAt).to.be.lessThan(2000)
    other.exec('ROLLBACK')
    store.settings.write('active_group', 'demo')
  })

  it('leaves no draft of the file behind', () => {
    open().close()
    expect(existsSync(file)).to.equal(true)
    expect(readdirSync(folder).filter((name) => name.includes('.new'))).to.deep.equal([])
  })
})
