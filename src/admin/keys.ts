/** `/admin/keys`: with what the gateway is called. Keys of the config file are not among them. */
import { type Request, Router } from 'express'
import { callerOf } from '../access/gatekeeper.ts'
import { issueKey } from '../access/issue-key.ts'
import type { AccessKeyRow, AccessKeyValues } from '../store/access-keys.ts'
import type { Store } from '../store/open-store.ts'
import { AdminFailure } from './admin-failure.ts'
import type { MakeChange } from './change.ts'
import { readKeyName, readKeySettings } from './key-body.ts'
import { parseBody, takeBytes } from './read-body.ts'
import { type Resource, showResource, tagOfValue } from './resource.ts'

const PLACE = '/admin/keys'
const ONE = `${PLACE}/:name`

type One = Request<{ name: string }>

/** @param now milliseconds since 1970. */
export function createKeys(store: Store, change: MakeChange, now: () => number): Router {
  const router = Router()
  const show = (name: string): Resource => describe(find(store, name), now())
  const tag = (name: string): string | undefined => {
    const row = store.accessKeys.find(name)
    return row === undefined ? undefined : tagOf(row)
  }

  router.get(PLACE, (_request, response) => {
    showResource(response, { body: store.accessKeys.list().map((row) => describe(row, now()).body) })
  })
  router.post(PLACE, takeBytes, (request, response) => {
    const body = parseBody(request)
    const name = readKeyName(body)
    const { secret, ...kept } = issueKey()
    change(request, response, {
      tag: () => tag(name),
      make() {
        if (store.accessKeys.find(name) !== undefined) {
          throw new AdminFailure(409, `There is a key "${name}" already.`, { field: 'name', issue: 'is taken' })
        }
        const settings = readKeySettings(store, body, { enabled: true, admin: false })
        save(request, { name, ...kept, ...settings })
        return true
      },
      show: (rehearsed) => (rehearsed ? show(name) : withSecret(show(name), secret)),
    })
  })
  router.get(ONE, (request: One, response) => {
    showResource(response, show(request.params.name))
  })
  router.put(ONE, takeBytes, (request: One, response) => {
    const { name } = find(store, request.params.name)
    const body = parseBody(request)
    change(request, response, {
      tag: () => tag(name),
      make() {
        const { digest, hint, ...before } = find(store, name)
        save(request, { name, digest, hint, ...readKeySettings(store, body, before) })
        return false
      },
      show: () => show(name),
    })
  })
  router.post(`${ONE}/rotate`, (request: One, response) => {
    const { name } = find(store, request.params.name)
    const { secret, ...kept } = issueKey()
    change(request, response, {
      tag: () => tag(name),
      make() {
        store.accessKeys.save({ ...find(store, name), ...kept })
        return false
      },
      show: (rehearsed) => (rehearsed ? show(name) : withSecret(show(name), secret)),
    })
  })
  router.delete(ONE, (request: One, response) => {
    const { name } = find(store, request.params.name)
    change(request, response, {
      tag: () => tag(name),
      make() {
        keepOneIn(request, name, undefined)
        store.accessKeys.delete(find(store, name).name)
        return false
      },
      show: () => ({ body: { name, deleted: true } }),
    })
  })
  return router

  function save(request: Request, values: AccessKeyValues): void {
    keepOneIn(request, values.name, values)
    store.accessKeys.save(values)
  }

  /** Nobody may shut the door behind themselves: only the file or the command line could open it again. */
  function keepOneIn(request: Request, name: string, values: AccessKeyValues | undefined): void {
    const opens = values?.enabled === true && values.admin && (values.expiresAt ?? Number.POSITIVE_INFINITY) > now()
    const caller = callerOf(request)
    if (opens || caller === undefined) return
    const isOwn = caller.name.toLowerCase() === name.toLowerCase()
    const isLast = store.accessKeys.list().every((row) => row.name === name)
    if (caller.name === '' && values?.enabled === true) {
      throw new AdminFailure(
        400,
        'From the first key on nobody is let in without one: the first has to open the management API (admin: true).',
        { field: 'admin', issue: 'must be true for the first key' },
      )
    }
    // Without any key, programs of this machine are let in again.
    if (isOwn && !(values === undefined && isLast)) {
      throw new AdminFailure(400, 'This is the key that you call with: use another one that is an admin’s.', {
        field: 'name',
        issue: 'is the key of this call',
      })
    }
  }
}

function find(store: Store, name: string): AccessKeyRow {
  const row = store.accessKeys.find(name)
  if (row === undefined) throw new AdminFailure(404, `There is no key "${name}".`)
  return row
}

function describe(row: AccessKeyRow, now: number): Resource {
  const { name, hint, groups, enabled, admin, expiresAt, createdAt, updatedAt } = row
  const body = {
    name,
    hint: `…${hint}`,
    groups: groups ?? null,
    enabled,
    admin,
    expires_at: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
    expired: expiresAt !== undefined && expiresAt <= now,
    created_at: new Date(createdAt).toISOString(),
    updated_at: new Date(updatedAt).toISOString(),
  }
  return { body, tag: tagOf(row) }
}

function tagOf(row: AccessKeyRow): string {
  return tagOfValue({ ...row, digest: Buffer.from(row.digest).toString('base64') })
}

/** The only time that it is told. */
function withSecret({ body, ...rest }: Resource, secret: string): Resource {
  return { ...rest, body: { ...body, key: secret } }
}
