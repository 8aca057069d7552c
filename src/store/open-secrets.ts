/** Opens the sealing of a database: finds its key, proves that it is the right one, and seals what an older version left open. */
import { randomBytes } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { keyFileOf, makeKeyFile, readGivenKey, readKeyFile } from './secret-key.ts'
import { createSecrets, type Secrets } from './secrets.ts'
import { StoreFault } from './store-fault.ts'

interface Sealing {
  readonly salt: string
  readonly sample: string
}

/** Whatever opens to this was sealed with the right key. */
const SAMPLE = 'interlingua'

/**
 * @param given the key from the environment; absent: it lies in a file beside the database, which is made where there is none.
 * @throws StoreFault `secret-key` where the key is missing or another one.
 */
export function openSecrets(database: Database, file: string, given: string | undefined): Secrets {
  const select = database.prepare<[], Sealing>('SELECT salt, sample FROM sealing')
  const known = select.get()
  if (known !== undefined) return openWith(known, file, given)
  let laidOpen = false
  const secrets = database
    .transaction((): Secrets => {
      // Another start may have been faster.
      const made = select.get()
      if (made !== undefined) return openWith(made, file, given)
      const salt = randomBytes(16).toString('base64')
      const master = given === undefined ? (readKeyFile(file) ?? makeKeyFile(file)) : readGivenKey(given, salt)
      const fresh = createSecrets(master)
      laidOpen = sealAll(database, fresh)
      database.prepare('INSERT INTO sealing (only, salt, sample) VALUES (1, ?, ?)').run(salt, fresh.seal(SAMPLE))
      return fresh
    })
    .immediate()
  // The log may still hold pages from before.
  if (laidOpen) database.pragma('wal_checkpoint(TRUNCATE)')
  return secrets
}

function openWith({ salt, sample }: Sealing, file: string, given: string | undefined): Secrets {
  const master = given === undefined ? readKeyFile(file) : readGivenKey(given, salt)
  if (master === undefined) {
    throw new StoreFault(
      'secret-key',
      `The secrets in ${file} are sealed, and their key is missing: put ${keyFileOf(file)} back, or set INTERLINGUA_SECRET_KEY to the key that they were sealed with. Nothing was changed.`,
    )
  }
  const secrets = createSecrets(master)
  try {
    if (secrets.open(sample) === SAMPLE) return secrets
  } catch {
    // Told below.
  }
  const place = given === undefined ? keyFileOf(file) : 'INTERLINGUA_SECRET_KEY'
  throw new StoreFault(
    'secret-key',
    `The secrets in ${file} were sealed with another key than that in ${place}. Give the right one; nothing was changed.`,
  )
}

/** Up to this version of the schema they lay open. @returns whether there were any. */
function sealAll(database: Database, secrets: Secrets): boolean {
  const keys = database.prepare<[], { id: number; secret: string }>('SELECT id, secret FROM provider_keys').all()
  const updateKey = database.prepare<[string, number]>('UPDATE provider_keys SET secret = ? WHERE id = ?')
  for (const { id, secret } of keys) updateKey.run(secrets.seal(secret), id)
  const rows = database
    .prepare<[], { id: number; headers: string }>("SELECT id, headers FROM providers WHERE headers <> '{}'")
    .all()
  const updateHeaders = database.prepare<[string, number]>('UPDATE providers SET headers = ? WHERE id = ?')
  for (const { id, headers } of rows) updateHeaders.run(JSON.stringify(secrets.seal(headers)), id)
  return keys.length + rows.length > 0
}
