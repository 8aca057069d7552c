/** Brings a database to the newest schema. */
import type { Database } from 'better-sqlite3'
import type { Migration } from './read-migrations.ts'
import { StoreFault } from './store-fault.ts'

/** Number of the last migration that has run on it. */
export function schemaVersion(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }))
}

/**
 * Runs what has not run yet, each migration in a transaction of its own, so that one that fails leaves nothing behind.
 * Two programs may do this at the same time: the second waits and then finds the work done.
 *
 * @throws StoreFault `newer` before anything is written when the database knows more migrations than there are; `migration` when one fails.
 */
export function migrate(database: Database, migrations: readonly Migration[]): void {
  refuseNewer(database, migrations)
  // A table that is rebuilt is dropped in between, which would delete the rows that refer to it. Checked before each commit instead.
  database.pragma('foreign_keys = OFF')
  for (const migration of migrations) {
    if (schemaVersion(database) >= migration.number) continue
    database.exec('BEGIN IMMEDIATE')
    try {
      if (schemaVersion(database) < migration.number) run(database, migration)
      database.exec('COMMIT')
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK')
      const reason = error instanceof Error ? error.message : String(error)
      throw new StoreFault(
        'migration',
        `Migration ${migration.name} failed on ${database.name}: ${reason}. The database is as it was before it; please report this.`,
        { cause: error },
      )
    }
  }
  database.pragma('foreign_keys = ON')
}

function refuseNewer(database: Database, migrations: readonly Migration[]): void {
  const version = schemaVersion(database)
  const newest = migrations.at(-1)?.number ?? 0
  if (version <= newest) return
  throw new StoreFault(
    'newer',
    `${database.name} has schema version ${version}, but this program knows versions up to ${newest} only. ` +
      'Start the newer program that wrote it, or point this one to another data folder; nothing was changed.',
  )
}

function run(database: Database, migration: Migration): void {
  database.exec(migration.sql)
  if (!database.inTransaction) throw new Error('it ends the transaction that it runs in')
  const broken = database.pragma('foreign_key_check')
  if (Array.isArray(broken) && broken.length > 0) throw new Error('it leaves rows that refer to nothing')
  database.pragma(`user_version = ${migration.number}`)
}
