/** The tables of aliases and of the targets behind them; the two are only ever written together. */
import type { Database } from 'better-sqlite3'
import type { Changes } from './changes.ts'
import { type JsonText, readJson, writeJson } from './json-column.ts'

export interface TargetValues {
  readonly providerId: number
  /** As the provider calls it. */
  readonly model: string
  /** At least 1. */
  readonly weight: number
  /** Lower numbers are tried first. */
  readonly priority: number
  readonly parameters: unknown
}

export interface TargetRow extends TargetValues {
  readonly id: number
  readonly aliasId: number
}

export interface AliasRow {
  readonly id: number
  readonly groupId: number
  /** A model's name, or a pattern with `*` and `?`. */
  readonly pattern: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

export interface AliasTable {
  /** By group, in alphabetical order. */
  list(): readonly AliasRow[]
  /** By alias, in the order in which they were given. */
  listTargets(): readonly TargetRow[]
  /** Adds the alias, or gives the one of this pattern other targets. @returns whether it is new. */
  save(groupId: number, pattern: string, targets: readonly TargetValues[]): boolean
  /** @returns whether there was one. */
  delete(groupId: number, pattern: string): boolean
}

type TargetColumns = Omit<TargetRow, 'parameters'> & { readonly parameters: JsonText }

export function openAliases(database: Database, changes: Changes, now: () => number): AliasTable {
  const selectAliases = database.prepare<[], AliasRow>(
    'SELECT id, group_id AS groupId, pattern, created_at AS createdAt FROM aliases ORDER BY group_id, pattern',
  )
  const selectTargets = database.prepare<[], TargetColumns>(`
    SELECT id, alias_id AS aliasId, provider_id AS providerId, model, weight, priority, parameters
    FROM targets ORDER BY alias_id, position, id`)
  const selectId = database.prepare<[number, string], { readonly id: number }>(
    'SELECT id FROM aliases WHERE group_id = ? AND pattern = ?',
  )
  const insertAlias = database.prepare<[number, string, number]>(
    'INSERT INTO aliases (group_id, pattern, created_at) VALUES (?, ?, ?)',
  )
  const removeTargets = database.prepare<[number | bigint]>('DELETE FROM targets WHERE alias_id = ?')
  const insertTarget = database.prepare<[Record<string, unknown>]>(`
    INSERT INTO targets (alias_id, provider_id, model, weight, priority, parameters, position)
    VALUES (@aliasId, @providerId, @model, @weight, @priority, @parameters, @position)`)
  const removeAlias = database.prepare<[number, string]>('DELETE FROM aliases WHERE group_id = ? AND pattern = ?')

  return {
    list: () => selectAliases.all(),
    listTargets: () => selectTargets.all().map((row) => ({ ...row, parameters: readJson(row.parameters) })),
    save: (groupId, pattern, targets) =>
      changes.transaction(() => {
        changes.mark()
        const known = selectId.get(groupId, pattern)
        const aliasId = known?.id ?? insertAlias.run(groupId, pattern, now()).lastInsertRowid
        removeTargets.run(aliasId)
        targets.forEach((target, position) => {
          insertTarget.run({ ...target, parameters: writeJson(target.parameters), aliasId, position })
        })
        return known === undefined
      }),
    delete: (groupId, pattern) =>
      changes.transaction(() => {
        changes.mark()
        return removeAlias.run(groupId, pattern).changes > 0
      }),
  }
}
