/** The table of the models that providers are known to have. */
import type { Database } from 'better-sqlite3'
import type { Changes } from './changes.ts'
import { type JsonText, readJson, writeJson } from './json-column.ts'

export interface ModelValues {
  /** As the provider calls it. */
  readonly name: string
  readonly displayName?: string | null
  readonly contextTokens?: number | null
  readonly maxOutputTokens?: number | null
  readonly defaultMaxOutputTokens?: number | null
  readonly capabilities: unknown
  readonly facts: unknown
  readonly enabled: boolean
}

export interface ModelRow extends Required<ModelValues> {
  readonly id: number
  readonly providerId: number
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

export interface ModelTable {
  /** By provider, in the order in which they were given. */
  list(): readonly ModelRow[]
  listOf(providerId: number): readonly ModelRow[]
  /** From now on the provider has these models and no other; lingering ones would be ghosts (lesson 19). */
  replace(providerId: number, models: readonly ModelValues[]): void
}

type Columns = Omit<ModelRow, 'capabilities' | 'facts' | 'enabled'> & {
  readonly capabilities: JsonText
  readonly facts: JsonText
  readonly enabled: number
}

const COLUMNS = `id, provider_id AS providerId, name, display_name AS displayName, context_tokens AS contextTokens,
  max_output_tokens AS maxOutputTokens, default_max_output_tokens AS defaultMaxOutputTokens, capabilities, facts, enabled,
  created_at AS createdAt`

export function openModels(database: Database, changes: Changes, now: () => number): ModelTable {
  const selectAll = database.prepare<[], Columns>(`SELECT ${COLUMNS} FROM models ORDER BY provider_id, position, id`)
  const selectOf = database.prepare<[number], Columns>(
    `SELECT ${COLUMNS} FROM models WHERE provider_id = ? ORDER BY position, id`,
  )
  const selectNames = database.prepare<[number], { readonly id: number; readonly name: string }>(
    'SELECT id, name FROM models WHERE provider_id = ?',
  )
  const upsert = database.prepare<[Record<string, unknown>]>(`
    INSERT INTO models (provider_id, name, display_name, context_tokens, max_output_tokens, default_max_output_tokens, capabilities,
      facts, enabled, position, created_at)
    VALUES (@providerId, @name, @displayName, @contextTokens, @maxOutputTokens, @defaultMaxOutputTokens, @capabilities,
      @facts, @enabled, @position, @now)
    ON CONFLICT (provider_id, name) DO UPDATE SET
      display_name = @displayName, context_tokens = @contextTokens, max_output_tokens = @maxOutputTokens,
      default_max_output_tokens = @defaultMaxOutputTokens, capabilities = @capabilities, facts = @facts, enabled = @enabled,
      position = @position`)
  const remove = database.prepare<[number]>('DELETE FROM models WHERE id = ?')
  const touch = database.prepare<[number, number]>('UPDATE providers SET revision = ? WHERE id = ?')

  return {
    list: () => selectAll.all().map(readRow),
    listOf: (providerId) => selectOf.all(providerId).map(readRow),
    replace: (providerId, models) =>
      changes.transaction(() => {
        touch.run(changes.mark(), providerId)
        const names = new Set(models.map((model) => model.name))
        for (const row of selectNames.all(providerId)) if (!names.has(row.name)) remove.run(row.id)
        models.forEach((model, position) => {
          upsert.run({
            providerId,
            name: model.name,
            displayName: model.displayName ?? null,
            contextTokens: model.contextTokens ?? null,
            maxOutputTokens: model.maxOutputTokens ?? null,
            defaultMaxOutputTokens: model.defaultMaxOutputTokens ?? null,
            capabilities: writeJson(model.capabilities),
            facts: writeJson(model.facts),
            enabled: Number(model.enabled),
            position,
            now: now(),
          })
        })
      }),
  }
}

function readRow(row: Columns): ModelRow {
  return {
    ...row,
    capabilities: readJson(row.capabilities),
    facts: readJson(row.facts),
    enabled: row.enabled === 1,
  }
}
