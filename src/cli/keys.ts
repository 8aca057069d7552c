/** `interlingua keys`: with what the gateway is called. */
import { type Command, InvalidArgumentError } from 'commander'
import { issueKey } from '../access/issue-key.ts'
import type { AccessKeyRow } from '../store/access-keys.ts'
import type { Store } from '../store/open-store.ts'
import { failClearly } from './fail-clearly.ts'
import { addStoreFlags, type StoreFlags, useStore } from './use-store.ts'

interface AddFlags extends StoreFlags {
  readonly group?: readonly string[]
  readonly admin?: boolean
  readonly expires?: number
}

export function addKeys(program: Command): void {
  const keys = program.command('keys').description('add, list and remove the keys with which the gateway is called')
  addStoreFlags(keys.command('add <name>'))
    .description('print a new key; it is told this once')
    .option('--group <group...>', 'the only groups that it opens (default: all)')
    .option('--admin', 'it opens the management API too')
    .option('--expires <date>', 'when it ends, as 2027-01-31 or 2027-01-31T12:00:00Z (default: never)', readDate)
    .action(failClearly((name: string, flags: AddFlags) => useStore(flags, (store) => add(store, name, flags))))
  addStoreFlags(keys.command('list'))
    .description('list them by the end of each')
    .action(failClearly((flags: StoreFlags) => useStore(flags, list)))
  addStoreFlags(keys.command('remove <name>'))
    .description('from now on it opens nothing')
    .action(
      failClearly((name: string, flags: StoreFlags) =>
        useStore(flags, (store) => {
          if (!store.accessKeys.delete(name)) throw new Error(`There is no key ${name}.`)
          process.stdout.write(`removed ${name}\n`)
          if (store.accessKeys.list().length === 0) process.stderr.write(`${NONE_LEFT}\n`)
        }),
      ),
    )
}

const NONE_LEFT =
  'No key is left in the database: unless the config file has one, programs of this machine are served without a key again.'

function readDate(text: string): number {
  const moment = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(moment)) throw new InvalidArgumentError('A date is written as 2027-01-31 or 2027-01-31T12:00:00Z.')
  return moment
}

function add(store: Store, name: string, { group, admin = false, expires }: AddFlags): void {
  const groups = group?.map((wanted) => {
    const row = store.groups.find(wanted)
    if (row === undefined) throw new Error(`There is no group ${wanted}.`)
    return row.name
  })
  if (store.accessKeys.find(name) !== undefined) throw new Error(`There is a key ${name} already.`)
  const isFirst = store.accessKeys.list().length === 0
  const { secret, ...kept } = issueKey()
  store.accessKeys.save({
    name,
    ...kept,
    ...(groups === undefined ? {} : { groups }),
    ...(expires === undefined ? {} : { expiresAt: expires }),
    enabled: true,
    admin,
  })
  process.stdout.write(`${secret}\n`)
  if (!isFirst) return
  const closed = admin ? '' : ' This one does not open the management API: add one with --admin for that.'
  process.stderr.write(`From now on a gateway that uses ${store.file} lets nobody in without a key.${closed}\n`)
}

function list(store: Store): void {
  for (const row of store.accessKeys.list()) process.stdout.write(`${describe(row)}\n`)
}

function describe({ name, hint, groups, enabled, admin, expiresAt }: AccessKeyRow): string {
  return [
    name,
    `…${hint}`,
    groups === undefined ? 'all groups' : `groups ${groups.join(', ')}`,
    ...(admin ? ['admin'] : []),
    ...(enabled ? [] : ['disabled']),
    ...(expiresAt === undefined ? [] : [`until ${new Date(expiresAt).toISOString()}`]),
  ].join('  ')
}
