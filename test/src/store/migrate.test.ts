import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { expect } from 'chai'
import { migrate, schemaVersion } from '../../../src/store/migrate.ts'
import { openStore } from '../../../src/store/open-store.ts'
import { findMigrations, type Migration, readMigrations } from '../../../src/store/read-migrations.ts'
import { StoreFault } from '../../../src/store/store-fault.ts'
import { createClosing, makeTempDir } from '../../support/close-all.ts'

const FIRST: Migration = { number: 1, name: '0001_first.sql', sql: 'CREATE TABLE a (x INTEGER PRIMARY KEY) STRICT;' }
const SECOND: Migration = {
  number: 2,
  name: '0002_second.sql',
  sql: 'CREATE TABLE b (x INTEGER REFERENCES a (x)) STRICT; INSERT INTO a VALUES (7); INSERT INTO b VALUES (7);',
}

describe('migrate', () => {
  const closing = createClosing()
  let folder: string
  let file: string

  beforeEach(async () => {
    folder = await makeTempDir(closing)
    file = join(folder, 'x.db')
  })
  afterEach(() => closing.closeAll())

  function open() {
    return closing.add(new SqliteDatabase(file), (database) => database.close())
  }

  function tables(database: SqliteDatabase.Database): unknown {
    return database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all()
  }

  it('runs what has not run yet, in order, and counts it', () => {
    const database = open()
    migrate(database, [FIRST])
    expect(schemaVersion(database)).to.equal(1)
    migrate(database, [FIRST, SECOND])
    expect(schemaVersion(database)).to.equal(2)
    expect(tables(database)).to.deep.equal(['a', 'b'])
  })

  it('runs nothing twice', () => {
    const database = open()
    migrate(database, [FIRST, SECOND])
    migrate(database, [FIRST, SECOND])
    expect(database.prepare('SELECT count(*) FROM b').pluck().get()).to.equal(1)
  })

  const FAILING = [
    [
      'a statement in its middle is wrong',
      'CREATE TABLE b (x INTEGER); INSERT INTO nowhere VALUES (1);',
      /no such table/,
    ],
    ['it breaks a constraint', 'CREATE TABLE b (x INTEGER); INSERT INTO a VALUES (1), (1);', /UNIQUE/],
    [
      'it leaves rows that refer to nothing',
      'CREATE TABLE b (x INTEGER REFERENCES a (x)); INSERT INTO b VALUES (99);',
      /refer to nothing/,
    ],
  ] as const
  for (const [title, sql, reason] of FAILING) {
    it(`F84: rolls a migration back whole when ${title}`, () => {
      const database = open()
      migrate(database, [FIRST])
      const bad = { number: 2, name: '0002_bad.sql', sql }
      expect(() => migrate(database, [FIRST, bad]))
        .to.throw(StoreFault, reason)
        .with.property('message')
        .that.contains('0002_bad.sql')
      expect(schemaVersion(database)).to.equal(1)
      expect(tables(database)).to.deep.equal(['a'])
      expect(database.inTransaction).to.equal(false)
    })
  }

  it('a bad migration leaves every byte of the file as it was', () => {
    openStore({ file }).close()
    const before = readFileSync(file)
    const migrations = join(folder, 'migrations')
    mkdirSync(migrations)
    for (const { name, sql } of readMigrations(findMigrations())) writeFileSync(join(migrations, name), sql)
    const next = String(readMigrations(migrations).length + 1).padStart(4, '0')
    writeFileSync(join(migrations, `${next}_bad.sql`), 'DELETE FROM groups; DROP TABLE settings; SELECT nonsense();')
    expect(() => openStore({ file }, { migrations })).to.throw(StoreFault, /nonsense/)
    expect(readFileSync(file).equals(before)).to.equal(true)
    openStore({ file }).close()
  })

  it('refuses a migration that ends the transaction which would undo it', () => {
    const database = open()
    const bad = { number: 1, name: '0001_bad.sql', sql: 'CREATE TABLE a (x); COMMIT;' }
    expect(() => migrate(database, [bad])).to.throw(StoreFault, /ends the transaction/)
    expect(schemaVersion(database)).to.equal(0)
  })

  it('may rebuild a table that others refer to, and keeps their rows', () => {
    const database = open()
    migrate(database, [FIRST, SECOND])
    const rebuild = {
      number: 3,
      name: '0003_rebuild.sql',
      sql: `CREATE TABLE a2 (x INTEGER PRIMARY KEY, y TEXT) STRICT; INSERT INTO a2 (x) SELECT x FROM a; DROP TABLE a;
        ALTER TABLE a2 RENAME TO a;`,
    }
    migrate(database, [FIRST, SECOND, rebuild])
    expect(database.prepare('SELECT x FROM b').pluck().all()).to.deep.equal([7])
    expect(database.pragma('foreign_keys', { simple: true })).to.equal(1)
  })

  it('F84: refuses a database of a later version before it writes anything', () => {
    const database = open()
    database.pragma('user_version = 9')
    expect(() => migrate(database, [FIRST])).to.throw(StoreFault, /version 9.*up to 1/)
    expect(tables(database)).to.deep.equal([])
  })
})

describe('readMigrations', () => {
  const closing = createClosing()
  let folder: string

  beforeEach(async () => {
    folder = await makeTempDir(closing)
  })
  afterEach(() => closing.closeAll())

  function write(...names: readonly string[]): void {
    for (const name of names) writeFileSync(join(folder, name), `-- ${name}`)
  }

  it('reads them in their order, and looks at no hidden file', () => {
    write('0002_b.sql', '0001_a_b.sql', '.DS_Store')
    expect(readMigrations(folder)).to.deep.equal([
      { number: 1, name: '0001_a_b.sql', sql: '-- 0001_a_b.sql' },
      { number: 2, name: '0002_b.sql', sql: '-- 0002_b.sql' },
    ])
  })

  const REFUSED = [
    ['a number is missing', ['0001_a.sql', '0003_c.sql'], /0003_c\.sql where migration 0002/],
    ['the first is missing', ['0002_b.sql'], /migration 0001/],
    ['a number occurs twice', ['0001_a.sql', '0001_b.sql'], /0001_b\.sql where migration 0002/],
    ['a name has no number', ['0001_a.sql', 'later.sql'], /later\.sql is no migration/],
    ['a name has another ending', ['0001_a.sql', '0002_b.sql.bak'], /0002_b\.sql\.bak is no migration/],
    ['a number has too few digits', ['001_a.sql'], /001_a\.sql is no migration/],
  ] as const
  for (const [title, names, reason] of REFUSED) {
    it(`refuses a folder in which ${title}`, () => {
      write(...names)
      expect(() => readMigrations(folder)).to.throw(StoreFault, reason)
    })
  }

  it('finds the folder of the package from where the source lies', () => {
    const migrations = readMigrations(findMigrations())
    expect(migrations[0]?.name).to.equal('0001_registry.sql')
  })

  it('every table of the program is strict', () => {
    const database = closing.add(new SqliteDatabase(':memory:'), (opened) => opened.close())
    migrate(database, readMigrations(findMigrations()))
    const loose = database
      .prepare('SELECT name FROM pragma_table_list WHERE strict = 0 AND name NOT LIKE ?')
      .pluck()
      .all('sqlite%')
    expect(loose).to.deep.equal([])
  })
})
