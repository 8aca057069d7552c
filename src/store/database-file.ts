/** Opens the SQLite file itself: made for the owner's eyes only, and never somebody else's. */
import { chmodSync, closeSync, fstatSync, linkSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import SqliteDatabase, { type Database } from 'better-sqlite3'
import { StoreFault } from './store-fault.ts'

/** `ILNG`: written into the file's header, so that it is known again. */
export const APPLICATION_ID = 0x494c4e47

/** How long a start waits for another process that migrates; waiting blocks everything. */
const START_BUSY_TIMEOUT_MS = 5000

/** How long any later statement waits, for the same reason (F79). */
const BUSY_TIMEOUT_MS = 50

/** Up to this size a whole check costs less than a tenth of a second. */
const CHECKED_BYTES = 64 * 1024 * 1024

/** @see https://www.sqlite.org/fileformat.html#the_database_header */
const HEADER = { bytes: 100, magic: 'SQLite format 3\0', applicationIdAt: 68 }

/**
 * Opens a database file of this program, creating it where there is none.
 *
 * @throws StoreFault for a file that is not this program's, is broken, or cannot be accessed. Nothing is written to such a file.
 */
export function openDatabaseFile(file: string): Database {
  // better-sqlite3 makes files that everybody may read; SQLite gives its log beside them the same mode (S21).
  const umask = process.umask(0o077)
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    if (!inspect(file)) create(file)
    return open(file)
  } catch (error) {
    throw explain(file, error)
  } finally {
    process.umask(umask)
  }
}

/** After the migrations: waits hardly at all from now on. */
export function settle(database: Database): void {
  database.pragma('foreign_keys = ON')
  database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`)
}

function open(file: string): Database {
  chmodSync(file, 0o600)
  const database = new SqliteDatabase(file, { timeout: START_BUSY_TIMEOUT_MS, fileMustExist: true })
  try {
    check(database, file)
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = NORMAL')
    database.pragma('trusted_schema = OFF')
    database.pragma(`journal_size_limit = ${64 * 1024 * 1024}`)
    database.pragma('secure_delete = ON')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function check(database: Database, file: string): void {
  const pages = Number(database.pragma('page_count', { simple: true }))
  const pageBytes = Number(database.pragma('page_size', { simple: true }))
  if (pages * pageBytes > CHECKED_BYTES) return
  const verdict = database.pragma('quick_check(1)', { simple: true })
  if (verdict !== 'ok') throw corrupt(file, String(verdict))
}

/** Whether the file is there; throws when it is, but is none of ours. */
function inspect(file: string): boolean {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    if (isCoded(error) && error.code === 'ENOENT') return false
    throw error
  }
  try {
    const header = Buffer.alloc(HEADER.bytes)
    const length = readSync(descriptor, header, 0, HEADER.bytes, 0)
    if (fstatSync(descriptor).size === 0) {
      throw new StoreFault(
        'not-a-database',
        `${file} is empty, which no database of this program ever is. ${MOVE_OR_RESTORE}`,
      )
    }
    if (length < HEADER.bytes || header.toString('latin1', 0, HEADER.magic.length) !== HEADER.magic) {
      throw new StoreFault('not-a-database', `${file} is no SQLite database. ${MOVE_OR_RESTORE}`)
    }
    if (header.readUInt32BE(HEADER.applicationIdAt) !== APPLICATION_ID) {
      throw new StoreFault(
        'foreign',
        `${file} is the database of another program. Point this one to another data folder; nothing was changed.`,
      )
    }
    return true
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Makes the file under another name and links it into place complete with its mark, so that neither a crash nor a second
 * start at the same moment can leave or see half a file.
 */
function create(file: string): void {
  const draft = `${file}.new-${process.pid}`
  rmSync(draft, { force: true })
  try {
    const database = new SqliteDatabase(draft)
    // In the main file and not only in its log: `inspect` reads the main file.
    database.pragma(`application_id = ${APPLICATION_ID}`)
    database.close()
    linkSync(draft, file)
  } catch (error) {
    // Somebody else was first: then theirs it is.
    if (!isCoded(error) || error.code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

const MOVE_OR_RESTORE = 'Move it away to begin anew, or put a backup in its place; nothing was changed.'

function corrupt(file: string, reason: string, cause?: unknown): StoreFault {
  return new StoreFault(
    'corrupt',
    `${file} is damaged (${reason.split('\n')[0]}). Put a backup in its place, or save what is left with ` +
      `\`sqlite3 ${file} .recover\` and move the file away to begin anew; nothing was changed.`,
    { cause },
  )
}

/** What a failure of the file system or of SQLite means to the person who starts the program. */
export function explain(file: string, error: unknown): unknown {
  if (error instanceof StoreFault || !isCoded(error)) return error
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(error.code)) return corrupt(file, error.message, error)
  if (/^SQLITE_(BUSY|LOCKED)/.test(error.code)) {
    return new StoreFault(
      'locked',
      `${file} is held by another process. Stop it, or point this program to another data folder.`,
      { cause: error },
    )
  }
  if (/^(SQLITE_(CANTOPEN|READONLY|IOERR|PERM)|E[A-Z]+$)/.test(error.code)) {
    return new StoreFault(
      'inaccessible',
      `${file} cannot be opened (${error.code}). The file and its folder must be readable and writable for the user who runs this program.`,
      { cause: error },
    )
  }
  return error
}

function isCoded(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}
