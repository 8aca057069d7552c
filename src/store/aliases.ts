/** The tables of aliases and routes and of the targets behind them; they are only ever written together with these. */
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
  /** A model's name, a pattern with `*` and `?`, or for a route the name of one that acts by what a request is. */
  readonly pattern: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Another one after every change of it. */
  readonly revision: number
}

/** An alias is told in lists of models, a route is not. */
export type AliasKind = 'alias' | 'route'

/** Those of one kind. */
export interface AliasTable {
  /** By group, in alphabetical order. */
  list(): readonly AliasRow[]
  listOf(groupId: number): readonly AliasRow[]
  /** By alias, in the order in which they were given. */
  listTargets(): readonly TargetRow[]
  listTargetsOf(groupId: number): readonly TargetRow[]
  listTargetsOfAlias(aliasId: number): readonly TargetRow[]
  /** Adds the alias, or gives the one of this pattern other targets. @returns whether it is new. */
  save(groupId: number, pattern: string, targets: readonly TargetValues[]): boolean
  /** @returns whether there was one. */
  delete(groupId: number, pattern: string): boolean
}

type TargetColumns = Omit<TargetRow, 'parameters'> & { readonly parameters: JsonText }

const ALIAS_COLUMNS = 'id, group_id AS groupId, pattern, created_at AS createdAt, revision'
const TARGET_COLUMNS = 'targets.id, alias_id AS aliasId, provider_id AS providerId, model, weight, priority, parameters'

export function openAliases(database: Database, changes: Changes, kind: AliasKind, now: () => number): AliasTable {
  const selectAliases = database.prepare<[AliasKind], AliasRow>(
    `SELECT ${ALIAS_COLUMNS} FROM aliases WHERE kind = ? ORDER BY group_id, pattern`,
  )
  const selectAliasesOf = database.prepare<[number, AliasKind], AliasRow>(
    `SELECT ${ALIAS_COLUMNS} FROM aliases WHERE group_id = ? AND kind = ? ORDER BY pattern`,
  )
  const selectTargets = database.prepare<[AliasKind], TargetColumns>(`
    SELECT ${TARGET_COLUMNS} FROM targets JOIN aliases ON aliases.id = alias_id
    WHERE kind = ? ORDER BY alias_id, position, targets.id`)
  const selectTargetsOf = database.prepare<[number, AliasKind], TargetColumns>(`
    SELECT ${TARGET_COLUMNS} FROM aliases JOIN targets ON aliases.id = alias_id
    WHERE group_id = ? AND kind = ? ORDER BY alias_id, position, targets.id`)
  const selectTargetsOfAlias = database.prepare<[number], TargetColumns>(
    `SELECT ${TARGET_COLUMNS} FROM targets WHERE alias_id = ? ORDER BY position, id`,
  )
  const selectId = database.prepare<[number, AliasKind, string], { readonly id: number }>(
    'SELECT id FROM aliases WHERE group_id = ? AND kind = ? AND pattern = ?',
  )
  const insertAlias = database.prepare<[number, AliasKind, string, number]>(
    'INSERT INTO aliases (group_id, kind, pattern, created_at) VALUES (?, ?, ?, ?)',
  )
  const touchAlias = database.prepare<[number, number | bigint]>('UPDATE aliases SET revision = ? WHERE id = ?')
  const touchGroup = database.prepare<[number, number]>('UPDATE groups SET revision = ? WHERE id = ?')
  const removeTargets = database.prepare<[number | bigint]>('DELETE FROM targets WHERE alias_id = ?')
  const insertTarget = database.prepare<[Record<string, unknown>]>(`
    INSERT INTO targets (alias_id, provider_id, model, weight, priority, parameters, position)
    VALUES (@aliasId, @providerId, @model, @weight, @priority, @parameters, @position)`)
  const removeAlias = database.prepare<[number, AliasKind, string]>(
    'DELETE FROM aliases WHERE group_id = ? AND kind = ? AND pattern = ?',
  )

  return {
    list: () => selectAliases.all(kind),
    listOf: (groupId) => selectAliasesOf.all(groupId, kind),
    listTargets: () => selectTargets.all(kind).map(readTarget),
    listTargetsOf: (groupId) => selectTargetsOf.all(groupId, kind).map(readTarget),
    listTargetsOfAlias: (aliasId) => selectTargetsOfAlias.all(aliasId).map(readTarget),
    save: (groupId, pattern, targets) =>
      changes.transaction(() => {
        const revision = changes.mark()
        const known = selectId.get(groupId, kind, pattern)
        const aliasId = known?.id ?? insertAlias.run(groupId, kind, pattern, now()).lastInsertRowid
        touchAlias.run(revision, aliasId)
        touchGroup.run(revision, groupId)
        removeTargets.run(aliasId)
        targets.forEach((target, position) => {
          insertTarget.run({ ...target, parameters: writeJson(target.parameters), aliasId, position })
        })
        return known === undefined
      }),
    delete: (groupId, pattern) =>
      changes.transaction(() => {
        touchGroup.run(changes.mark(), groupId)
        return removeAlias.run(groupId, kind, pattern).changes > 0
      }),
  }
}

function readTarget(row: TargetColumns): TargetRow {
  return { ...row, parameters: readJson(row.parameters) }
}
