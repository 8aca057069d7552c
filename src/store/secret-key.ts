/** Where the key comes from that seals secrets: from whoever starts the program, or from a file beside the database. */
import { randomBytes, scryptSync } from 'node:crypto'
import { chmodSync, closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { StoreFault } from './store-fault.ts'

const KEY_BYTES = 32

/** Name of the variable, for messages. */
const VARIABLE = 'INTERLINGUA_SECRET_KEY'

/** Shorter ones could be found by trying. */
const MIN_CHARACTERS = 16

/** The file that holds the key of this database. */
export function keyFileOf(file: string): string {
  return `${file}.key`
}

/**
 * Makes the key of what was given: 32 bytes in base64 or hexadecimal, as in a key file, or any longer text.
 *
 * @param salt of the database, so that one text makes another key for each.
 * @throws StoreFault `secret-key` for one that is too short.
 */
export function readGivenKey(given: string, salt: string): Uint8Array {
  const text = given.trim()
  const bytes = decode(text)
  if (bytes !== undefined) return bytes
  if (text.length < MIN_CHARACTERS) {
    throw new StoreFault(
      'secret-key',
      `${VARIABLE} is too short: it needs at least ${MIN_CHARACTERS} characters, best 32 random bytes in base64 (openssl rand -base64 32).`,
    )
  }
  return scryptSync(text, salt, KEY_BYTES)
}

/** @returns nothing where there is no such file. @throws StoreFault `secret-key` for one that holds no key. */
export function readKeyFile(file: string): Uint8Array | undefined {
  const path = keyFileOf(file)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  const bytes = decode(text.trim())
  if (bytes === undefined) {
    throw new StoreFault('secret-key', `${path} holds no key: expected 32 bytes in base64. Put it back from a backup.`)
  }
  chmodSync(path, 0o600)
  return bytes
}

/** Makes a key file that is complete from its first moment, and for its owner only; where there is one already, that one counts. */
export function makeKeyFile(file: string): Uint8Array {
  const path = keyFileOf(file)
  const draft = `${path}.new-${process.pid}`
  rmSync(draft, { force: true })
  try {
    const descriptor = openSync(draft, 'wx', 0o600)
    try {
      writeSync(descriptor, `${randomBytes(KEY_BYTES).toString('base64')}\n`)
      // What is sealed with it may reach the disk before it otherwise.
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    linkSync(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(draft, { force: true })
  }
  const key = readKeyFile(file)
  if (key === undefined) throw new Error(`${path} is gone while it was made`)
  return key
}

function decode(text: string): Uint8Array | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  if (/^[A-Za-z0-9+/]{43}=?$/.test(text)) return Buffer.from(text, 'base64')
  return undefined
}
