/** A key of the gateway's own as the management API takes it. */
import { findNearest } from '../config/nearest.ts'
import type { AccessKeyValues } from '../store/access-keys.ts'
import type { Store } from '../store/open-store.ts'
import { AdminFailure } from './admin-failure.ts'
import { bodyReader } from './read-body.ts'

interface WrittenKey {
  readonly name?: string
  readonly groups?: readonly string[] | null
  readonly enabled?: boolean
  readonly admin?: boolean
  readonly expires_at?: string | null
}

export type KeySettings = Pick<AccessKeyValues, 'groups' | 'enabled' | 'admin' | 'expiresAt'>

const readWritten = bodyReader<WrittenKey>(
  {
    type: 'object',
    properties: {
      name: { type: 'string', format: 'visible' },
      groups: { type: ['array', 'null'], items: { type: 'string', minLength: 1 } },
      enabled: { type: 'boolean' },
      admin: { type: 'boolean' },
      expires_at: { type: ['string', 'null'] },
    },
  },
  ['hint', 'expired', 'owner', 'created_at', 'updated_at'],
)

const NAME = /^[^\p{C}]{1,64}$/u

/** The key of the config file bears it in logs. */
const RESERVED_NAME = 'apikey'

/** @throws AdminFailure 400 */
export function readKeyName(body: unknown): string {
  const name = readWritten(body).name?.trim() ?? ''
  const issue = NAME.test(name)
    ? name.toLowerCase() === RESERVED_NAME
      ? 'is how the key of the config file is called'
      : undefined
    : 'must be 1 to 64 characters without control characters'
  if (issue !== undefined) throw new AdminFailure(400, `name ${issue}.`, { field: 'name', issue })
  return name
}

/**
 * What is not said stays; `null` takes a bound away.
 *
 * @throws AdminFailure 400
 */
export function readKeySettings(store: Store, body: unknown, before: KeySettings): KeySettings {
  const { groups, enabled = before.enabled, admin = before.admin, expires_at: expires } = readWritten(body)
  const opened = groups === undefined ? before.groups : (groups ?? undefined)
  const expiresAt = expires === undefined ? before.expiresAt : readMoment(expires)
  return {
    enabled,
    admin,
    ...(opened === undefined ? {} : { groups: groups === undefined ? opened : findNames(store, opened) }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

function readMoment(text: string | null): number | undefined {
  if (text === null) return undefined
  const moment = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(moment)) {
    const issue = 'must be a date such as 2027-01-31 or 2027-01-31T12:00:00Z'
    throw new AdminFailure(400, `expires_at ${issue}.`, { field: 'expires_at', issue })
  }
  return moment
}

function findNames(store: Store, wanted: readonly string[]): readonly string[] {
  return wanted.map((name, index) => {
    const row = store.groups.find(name)
    if (row !== undefined) return row.name
    const nearest = findNearest(
      name,
      store.groups.list().map((group) => group.name),
    )
    const issue = `is the name of no group${nearest.length === 0 ? '' : `; did you mean ${nearest.join(' or ')}?`}`
    throw new AdminFailure(400, `groups.${index} ${issue}`, { field: `groups.${index}`, issue })
  })
}
