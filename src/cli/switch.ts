/** `interlingua switch`: which group `/switch` stands for. */
import type { Command } from 'commander'
import { findNearest } from '../config/nearest.ts'
import { DEFAULT_GROUP } from '../registry/default-group.ts'
import type { Store } from '../store/open-store.ts'
import { failClearly } from './fail-clearly.ts'
import { addStoreFlags, type StoreFlags, useStore } from './use-store.ts'

export function addSwitch(program: Command): void {
  const command = program
    .command('switch')
    .description('tell the group that /switch stands for, or choose another')
    .argument('[group]', 'the group to choose')
  addStoreFlags(command).action(
    failClearly((group: string | undefined, flags: StoreFlags) =>
      useStore(flags, (store) => {
        if (group !== undefined) choose(store, group)
        process.stdout.write(`${readActive(store)}\n`)
      }),
    ),
  )
}

function choose(store: Store, wanted: string): void {
  const rows = store.groups.list()
  const row = store.groups.find(wanted)
  if (row === undefined) {
    const names = rows.map(({ name }) => name)
    const [nearest] = findNearest(wanted, names)
    const hint = nearest === undefined ? `Groups: ${names.join(', ')}.` : `Did you mean ${nearest}?`
    throw new Error(`There is no group ${wanted}. ${hint}`)
  }
  if (!row.enabled) throw new Error(`The group ${row.name} is disabled.`)
  store.settings.write('active_group', row.name)
}

function readActive(store: Store): string {
  const name = store.settings.read('active_group')
  return (name === undefined ? undefined : store.groups.find(name)?.name) ?? DEFAULT_GROUP
}
