/** The database beside a gateway, for commands that look into it or change it. A gateway that runs sees a change within a second. */
import { type Command, Option } from 'commander'
import { findPlaces } from '../config/find-places.ts'
import type { Store } from '../store/open-store.ts'

export interface StoreFlags {
  readonly config?: string
  readonly dataDir?: string
}

/** The flags by which `start` finds it too. */
export function addStoreFlags(command: Command): Command {
  return command
    .addOption(new Option('--config <file>', 'config file of the gateway').env('INTERLINGUA_CONFIG'))
    .addOption(new Option('--data-dir <dir>', 'folder of the database').env('INTERLINGUA_DATA_DIR'))
}

/** @throws StoreFault when it cannot be opened. */
export async function useStore({ config, dataDir }: StoreFlags, work: (store: Store) => void): Promise<void> {
  const { dataDir: directory } = findPlaces({
    ...(config === undefined ? {} : { configFile: config }),
    ...(dataDir === undefined ? {} : { dataDir }),
  })
  // Loaded when a command needs it: help and version do not.
  const { openStore } = await import('../store/open-store.ts')
  const secretKey = process.env['INTERLINGUA_SECRET_KEY']
  const store = openStore({ directory }, secretKey === undefined ? {} : { secretKey })
  try {
    work(store)
  } finally {
    store.close()
  }
}
