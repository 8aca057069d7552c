/** The table of answers that clients may name in a later request. */
import type { Database } from 'better-sqlite3'
import { type JsonText, readJson, writeJson } from './json-column.ts'

export interface StoredAnswerRow {
  readonly id: string
  readonly scope: string
  /** Id of the answer that this one went on from. */
  readonly previous: string | null
  readonly input: unknown
  readonly output: unknown
  readonly answer: unknown
  /** Milliseconds since 1970, as the other one. */
  readonly createdAt: number
  readonly expiresAt: number
}

export interface StoredAnswerTable {
  /** Adds it, or replaces the one of this id. */
  save(row: StoredAnswerRow): void
  /** Nothing for an id of another scope, or one whose time is over. */
  find(id: string, scope: string): StoredAnswerRow | undefined
  /** @returns whether there was one. */
  delete(id: string, scope: string): boolean
  /** Deletes at most `most` rows whose time is over. @returns how many. */
  deleteExpired(most: number): number
}

type Columns = Omit<StoredAnswerRow, 'input' | 'output' | 'answer'> & {
  readonly input: JsonText
  readonly output: JsonText
  readonly answer: JsonText
}

export function openStoredAnswers(database: Database, now: () => number): StoredAnswerTable {
  const insert = database.prepare<[Columns]>(`
    INSERT OR REPLACE INTO stored_answers (id, scope, previous, input, output, answer, created_at, expires_at)
    VALUES (@id, @scope, @previous, @input, @output, @answer, @createdAt, @expiresAt)`)
  const select = database.prepare<[string, string, number], Columns>(`
    SELECT id, scope, previous, input, output, answer, created_at AS createdAt, expires_at AS expiresAt
    FROM stored_answers WHERE id = ? AND scope = ? AND expires_at > ?`)
  const remove = database.prepare<[string, string]>('DELETE FROM stored_answers WHERE id = ? AND scope = ?')
  const expire = database.prepare<[number, number]>(`
    DELETE FROM stored_answers WHERE id IN (SELECT id FROM stored_answers WHERE expires_at <= ? LIMIT ?)`)

  return {
    save(row) {
      const { input, output, answer } = row
      insert.run({ ...row, input: writeJson(input), output: writeJson(output), answer: writeJson(answer) })
    },
    find(id, scope) {
      const row = select.get(id, scope, now())
      if (row === undefined) return undefined
      return { ...row, input: readJson(row.input), output: readJson(row.output), answer: readJson(row.answer) }
    },
    delete: (id, scope) => remove.run(id, scope).changes > 0,
    deleteExpired: (most) => expire.run(now(), most).changes,
  }
}
