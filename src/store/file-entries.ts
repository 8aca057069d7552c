/** The table of what the config file named when it was applied last, so that the next time tells what has changed in it. */
import type { Database } from 'better-sqlite3'
import type { Changes } from './changes.ts'
import { type JsonText, readJson, writeJson } from './json-column.ts'
import type { Secrets } from './secrets.ts'

export interface FileEntry {
  /** `providers/openai`, `groups/team/aliases/fast`. */
  readonly path: string
  /** Names of the settings that it names. */
  readonly fields: readonly string[]
}

export interface FileEntryTable {
  list(): readonly FileEntry[]
  has(path: string): boolean
  save(entry: FileEntry): void
  delete(path: string): void
  /** Tells one text from another without keeping it; it may hold secrets. */
  fingerprint(text: string): string
}

type Columns = Omit<FileEntry, 'fields'> & { readonly fields: JsonText }

export function openFileEntries(database: Database, changes: Changes, secrets: Secrets): FileEntryTable {
  const selectAll = database.prepare<[], Columns>('SELECT path, fields FROM file_entries ORDER BY path')
  const selectOne = database.prepare<[string], { readonly path: string }>(
    'SELECT path FROM file_entries WHERE path = ?',
  )
  const upsert = database.prepare<[Columns]>(`
    INSERT INTO file_entries (path, fields) VALUES (@path, @fields)
    ON CONFLICT (path) DO UPDATE SET fields = @fields`)
  const remove = database.prepare<[string]>('DELETE FROM file_entries WHERE path = ?')

  return {
    list: () => selectAll.all().map((row) => ({ ...row, fields: readFields(row.fields) })),
    has: (path) => selectOne.get(path) !== undefined,
    save: (entry) =>
      changes.transaction(() => {
        changes.mark()
        upsert.run({ ...entry, fields: writeJson(entry.fields) })
      }),
    delete: (path) =>
      changes.transaction(() => {
        changes.mark()
        remove.run(path)
      }),
    fingerprint: secrets.fingerprint,
  }
}

function readFields(text: JsonText): readonly string[] {
  const fields = readJson(text)
  return Array.isArray(fields) ? fields.map(String) : []
}
