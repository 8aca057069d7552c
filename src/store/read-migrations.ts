/** Reads the numbered SQL files that make the schema. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StoreFault } from './store-fault.ts'

export interface Migration {
  /** 1 for the first; the schema's version once it has run. */
  readonly number: number
  /** Name of its file. */
  readonly name: string
  readonly sql: string
}

const FILE_NAME = /^(\d{4})_[a-z0-9]+(?:_[a-z0-9]+)*\.sql$/

/**
 * Reads all migrations of a folder in their order.
 *
 * @throws StoreFault `migration` for a file whose name is no migration's, a number that is missing and one that occurs twice.
 */
export function readMigrations(directory: string): readonly Migration[] {
  const names = readdirSync(directory)
    .filter((name) => !name.startsWith('.'))
    .sort()
  return names.map((name, index) => {
    const digits = FILE_NAME.exec(name)?.[1]
    if (digits === undefined) {
      throw new StoreFault(
        'migration',
        `${join(directory, name)} is no migration: expected a name such as 0002_ledger.sql.`,
      )
    }
    const number = index + 1
    if (Number(digits) !== number) {
      const expected = String(number).padStart(4, '0')
      throw new StoreFault(
        'migration',
        `${directory} has ${name} where migration ${expected} should stand: no number may be missing or occur twice.`,
      )
    }
    return { number, name, sql: readFileSync(join(directory, name), 'utf8') }
  })
}

/** `migrations/` beside the package file, whether this runs from source or from what is built of it. */
export function findMigrations(): string {
  let directory = import.meta.dirname
  while (!existsSync(join(directory, 'package.json'))) {
    const parent = dirname(directory)
    if (parent === directory)
      throw new StoreFault('migration', `No package.json above ${import.meta.dirname}: the installation is not whole.`)
    directory = parent
  }
  return join(directory, 'migrations')
}
