/** Makes keys with which the gateway is called. */
import { randomBytes } from 'node:crypto'
import type { AccessKeyValues } from '../store/access-keys.ts'
import { digestKey } from './keyring.ts'

export interface IssuedKey {
  /** To be told once: it is kept nowhere. */
  readonly secret: string
  /** What is kept of it. */
  readonly kept: Pick<AccessKeyValues, 'digest' | 'hint'>
}

/** Known again by secret scanners and by people. */
const PREFIX = 'il-'
/** More than anybody can guess. */
const SECRET_BYTES = 32
const HINT_CHARACTERS = 4

export function issueKey(): IssuedKey {
  const secret = PREFIX + randomBytes(SECRET_BYTES).toString('base64url')
  return { secret, kept: rememberKey(secret) }
}

/** What is kept of a key that somebody has already; nothing is shown of a short one. */
export function rememberKey(secret: string): IssuedKey['kept'] {
  const hint = secret.length < 4 * HINT_CHARACTERS ? '' : secret.slice(-HINT_CHARACTERS)
  return { digest: digestKey(secret), hint }
}
