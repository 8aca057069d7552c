/** Seals what nobody may read who only has the database: AES-256-GCM under a key that lies elsewhere. */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

export interface Secrets {
  /** Another text each time. */
  seal(text: string): string
  /** @throws Error for what was not sealed with this key, without its content. */
  open(sealed: string): string
  /** The same for the same text, and of no use to whoever has not the key. */
  fingerprint(text: string): string
}

const VERSION = 'v1:'
const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
/** As NIST SP 800-38D recommends for GCM. */
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** @param master 32 bytes that nobody can guess. */
export function createSecrets(master: Uint8Array): Secrets {
  const sealing = deriveKey(master, 'seal')
  const telling = deriveKey(master, 'fingerprint')
  return {
    seal(text) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, sealing, nonce)
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return VERSION + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')
    },
    open(sealed) {
      const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64')
      if (!sealed.startsWith(VERSION) || bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error(NOT_SEALED)
      try {
        const decipher = createDecipheriv(CIPHER, sealing, bytes.subarray(0, NONCE_BYTES))
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
        const body = bytes.subarray(NONCE_BYTES + TAG_BYTES)
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
      } catch (error) {
        throw new Error(NOT_SEALED, { cause: error })
      }
    },
    fingerprint: (text) => createHmac('sha256', telling).update(text).digest('base64'),
  }
}

const NOT_SEALED = 'a secret of the database was not sealed with this key'

function deriveKey(master: Uint8Array, use: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', master, '', `interlingua ${use}`, KEY_BYTES))
}
