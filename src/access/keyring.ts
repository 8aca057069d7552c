/** The keys of the gateway's own, and whom each one stands for. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Caller } from './caller.ts'

/** A key as it is remembered: by what it hashes to, since a random key needs no slow hash. */
export interface AccessKey {
  /** SHA-256 of the key. */
  readonly digest: Uint8Array
  readonly caller: Caller
  /** Milliseconds since 1970; absent: never. */
  readonly expiresAt?: number
}

export interface Keyring {
  /** Without keys the gateway asks nobody for one. */
  readonly isEmpty: boolean
  /** Whom the key stands for, if anybody. Takes the same time for keys that are nearly right as for others (S11). */
  find(key: string): Caller | undefined
}

/** More than any key; what is longer is not even hashed (F34). */
const LONGEST_KEY = 4096

/**
 * @param keys where one is there twice, the first counts.
 * @param now milliseconds since 1970.
 */
export function createKeyring(keys: readonly AccessKey[], now: () => number): Keyring {
  const known = new Map<string, AccessKey>()
  for (const key of keys) {
    const name = nameDigest(key.digest)
    if (!known.has(name)) known.set(name, key)
  }
  return {
    isEmpty: known.size === 0,
    find(key) {
      if (key.length > LONGEST_KEY) return undefined
      const digest = digestKey(key)
      const found = known.get(nameDigest(digest))
      if (found === undefined || !timingSafeEqual(found.digest, digest)) return undefined
      return found.expiresAt === undefined || now() < found.expiresAt ? found.caller : undefined
    },
  }
}

/** What is remembered of a key. */
export function digestKey(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest()
}

function nameDigest(digest: Uint8Array): string {
  return Buffer.from(digest).toString('latin1')
}
