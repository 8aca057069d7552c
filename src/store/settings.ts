/** The table of single settings that are changed while the program runs. */
import type { Database } from 'better-sqlite3'
import type { Changes } from './changes.ts'

/** Every key that there is. */
export type SettingKey =
  | 'active_group'
  /** Of the config file, as it was applied last. */
  | 'file_fingerprint'
  /** What was set over HTTP of the file's single settings. */
  | 'live_settings'

export interface SettingTable {
  read(key: SettingKey): string | undefined
  write(key: SettingKey, value: string): void
}

export function openSettings(database: Database, changes: Changes): SettingTable {
  const select = database.prepare<[string], { readonly value: string }>('SELECT value FROM settings WHERE key = ?')
  const upsert = database.prepare<[string, string]>(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  return {
    read: (key) => select.get(key)?.value,
    write: (key, value) =>
      changes.transaction(() => {
        changes.mark()
        upsert.run(key, value)
      }),
  }
}
