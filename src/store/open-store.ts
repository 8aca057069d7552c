/** The database: opened, migrated, and divided into its tables. */
import { join, resolve } from 'node:path'
import { type AccessKeyTable, openAccessKeys } from './access-keys.ts'
import { type AliasTable, openAliases } from './aliases.ts'
import { type ChangeListener, watchChanges } from './changes.ts'
import { explain, openDatabaseFile, settle } from './database-file.ts'
import { type FileEntryTable, openFileEntries } from './file-entries.ts'
import { type GroupTable, openGroups } from './groups.ts'
import { type McpCatalogueTable, openMcpCatalogues } from './mcp-catalogues.ts'
import { type McpGroupRuleTable, openMcpGroupRules } from './mcp-group-rules.ts'
import { type McpServerTable, openMcpServers } from './mcp-servers.ts'
import { migrate } from './migrate.ts'
import { type ModelTable, openModels } from './models.ts'
import { openSecrets } from './open-secrets.ts'
import { openProviderKeys, type ProviderKeyTable } from './provider-keys.ts'
import { openProviders, type ProviderTable } from './providers.ts'
import { findMigrations, readMigrations } from './read-migrations.ts'
import type { Secrets } from './secrets.ts'
import { openSettings, type SettingTable } from './settings.ts'
import { openStoredAnswers, type StoredAnswerTable } from './stored-answers.ts'
import { type Every, watchOthers } from './watch-others.ts'

export interface Store {
  /** Absolute path of the database. */
  readonly file: string
  readonly providers: ProviderTable
  readonly providerKeys: ProviderKeyTable
  readonly models: ModelTable
  readonly groups: GroupTable
  readonly aliases: AliasTable
  /** Like aliases, but by exact name or by what a request is. */
  readonly routes: AliasTable
  /** What the config file owns. */
  readonly fileEntries: FileEntryTable
  readonly settings: SettingTable
  readonly accessKeys: AccessKeyTable
  readonly storedAnswers: StoredAnswerTable
  readonly mcpServers: McpServerTable
  readonly mcpCatalogues: McpCatalogueTable
  readonly mcpGroupRules: McpGroupRuleTable
  /** Runs work that reads, all of it as of one moment. */
  read<Result>(work: () => Result): Result
  /** Of the whole registry; another one after every change of it, whichever process made it. */
  revision(): number
  /**
   * Runs the work in one transaction: all of it happens, or nothing when it throws. Transactions do not nest: an inner one is part of the outer.
   *
   * @param work synchronous; a promise would outlive the transaction.
   */
  transaction<Result>(work: () => Result): Result
  /** @returns a function that ends the listening. */
  listen(listener: ChangeListener): () => void
  /**
   * Tells, within a second, that another process has changed the registry.
   *
   * @param every what time comes from; a timer that keeps no program alive, if not given.
   * @returns a function that ends the watching.
   */
  watchOthers(onChange: () => void, every?: Every): () => void
  close(): void
}

/** Where the database lies: its folder, in which it has its usual name, or the file itself. */
export type StorePlace = { readonly directory: string } | { readonly file: string }

export interface StoreOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Folder of the numbered SQL files, if not the program's own. */
  readonly migrations?: string
  /** The key that seals secrets, as 32 bytes in base64 or any longer text; absent: it lies in a file beside the database. */
  readonly secretKey?: string
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
    return divide(openSecrets(database, file, options.secretKey))
  } catch (error) {
    database.close()
    throw explain(file, error)
  }

  function divide(secrets: Secrets): Store {
    const watching = new Set<() => void>()
    const changes = watchChanges(database)
    const providers = openProviders(database, changes, secrets, now)
    const providerKeys = openProviderKeys(database, changes, secrets)
    const models = openModels(database, changes, now)
    const groups = openGroups(database, changes, secrets, now)
    const aliases = openAliases(database, changes, 'alias', now)
    const settings = openSettings(database, changes)
    return {
      file,
      providers,
      providerKeys,
      models,
      groups,
      aliases,
      routes: openAliases(database, changes, 'route', now),
      fileEntries: openFileEntries(database, changes, secrets),
      settings,
      accessKeys: openAccessKeys(database, changes, now),
      storedAnswers: openStoredAnswers(database, now),
      mcpServers: openMcpServers(database, changes, secrets, now),
      mcpCatalogues: openMcpCatalogues(database, now),
      mcpGroupRules: openMcpGroupRules(database, changes),
      read: (work) => (database.inTransaction ? work() : database.transaction(work).deferred()),
      revision: changes.revision,
      transaction: changes.transaction,
      listen: changes.listen,
      watchOthers(onChange, every) {
        const end = watchOthers(database, changes.revision, onChange, every)
        watching.add(end)
        return () => {
          watching.delete(end)
          end()
        }
      },
      close: () => {
        for (const end of watching) end()
        database.close()
      },
    }
  }
}
