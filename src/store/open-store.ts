/** The database: opened, migrated, and divided into its tables. */
import { join, resolve } from 'node:path'
import { type AccessKeyTable, openAccessKeys } from './access-keys.ts'
import { type AliasTable, openAliases } from './aliases.ts'
import { type ChangeListener, watchChanges } from './changes.ts'
import { explain, openDatabaseFile, settle } from './database-file.ts'
import { type GroupTable, openGroups } from './groups.ts'
import { migrate } from './migrate.ts'
import { type ModelTable, openModels } from './models.ts'
import { openProviderKeys, type ProviderKeyTable } from './provider-keys.ts'
import { openProviders, type ProviderTable } from './providers.ts'
import { findMigrations, readMigrations } from './read-migrations.ts'
import type { RegistryRows } from './registry-rows.ts'
import { openSettings, type SettingTable } from './settings.ts'
import { openStoredAnswers, type StoredAnswerTable } from './stored-answers.ts'

export interface Store {
  /** Absolute path of the database. */
  readonly file: string
  readonly providers: ProviderTable
  readonly providerKeys: ProviderKeyTable
  readonly models: ModelTable
  readonly groups: GroupTable
  readonly aliases: AliasTable
  readonly settings: SettingTable
  readonly accessKeys: AccessKeyTable
  readonly storedAnswers: StoredAnswerTable
  /** All of the registry, as of one moment. */
  readRegistry(): RegistryRows
  /**
   * Runs the work in one transaction: all of it happens, or nothing when it throws. Transactions do not nest: an inner one is part of the outer.
   *
   * @param work synchronous; a promise would outlive the transaction.
   */
  transaction<Result>(work: () => Result): Result
  /** @returns a function that ends the listening. */
  listen(listener: ChangeListener): () => void
  close(): void
}

/** Where the database lies: its folder, in which it has its usual name, or the file itself. */
export type StorePlace = { readonly directory: string } | { readonly file: string }

export interface StoreOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Folder of the numbered SQL files, if not the program's own. */
  readonly migrations?: string
}

const FILE_NAME = 'interlingua.db'

/**
 * Opens the database, makes it where there is none, and brings its schema up to date.
 * File and, if it has to be made, folder are for their owner only (S21).
 *
 * @throws StoreFault for a file that is not this program's, is damaged, was written by a newer program, is held by another
 *   process or cannot be accessed. Nothing is written to such a file.
 */
export function openStore(place: StorePlace, options: StoreOptions = {}): Store {
  const file = resolve('file' in place ? place.file : join(place.directory, FILE_NAME))
  const migrations = readMigrations(options.migrations ?? findMigrations())
  const now = options.now ?? Date.now
  const database = openDatabaseFile(file)
  try {
    migrate(database, migrations)
    settle(database)
    return divide()
  } catch (error) {
    database.close()
    throw explain(file, error)
  }

  function divide(): Store {
    const changes = watchChanges(database)
    const providers = openProviders(database, changes, now)
    const providerKeys = openProviderKeys(database, changes)
    const models = openModels(database, changes, now)
    const groups = openGroups(database, changes, now)
    const aliases = openAliases(database, changes, now)
    const settings = openSettings(database, changes)
    const readAll = database.transaction(
      (): RegistryRows => ({
        providers: providers.list(),
        keys: providerKeys.list(),
        models: models.list(),
        groups: groups.list(),
        aliases: aliases.list(),
        targets: aliases.listTargets(),
        activeGroup: settings.read('active_group'),
      }),
    )
    return {
      file,
      providers,
      providerKeys,
      models,
      groups,
      aliases,
      settings,
      accessKeys: openAccessKeys(database, changes, now),
      storedAnswers: openStoredAnswers(database, now),
      readRegistry: () => readAll.deferred(),
      transaction: changes.transaction,
      listen: changes.listen,
      close: () => {
        database.close()
      },
    }
  }
}
