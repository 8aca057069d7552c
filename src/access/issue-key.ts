/** Makes keys with which the gateway is called. */
import { randomBytes } from 'node:crypto'
import type { AccessKeyValues } from '../store/access-keys.ts'
import { digestKey } from './keyring.ts'

export interface IssuedKey extends Pick<AccessKeyValues, 'digest' | 'hint'> {
  /** To be told once: it is kept nowhere. */
  readonly secret: string
}

/** Known again by secret scanners and by people. */
const PREFIX = 'il-'
/** More than anybody can guess. */
const SECRET_BYTES = 32
const HINT_CHARACTERS = 4

export function issueKey(): IssuedKey {
  const secret = PREFIX + randomBytes(SECRET_BYTES).toString('base64url')
  return { secret, digest: digestKey(secret), hint: secret.slice(-HINT_CHARACTERS) }
}
