/** Reads the aliases and routes of one group, anew only what has changed. */
import type { AliasKind, AliasTable, TargetRow } from '../store/aliases.ts'
import { readAlias } from './read-group.ts'
import type { ServedAlias } from './served-group.ts'
import type { ServedProvider } from './served-provider.ts'

export interface AliasPart {
  readonly revision: number
  readonly rows: readonly TargetRow[]
  /** What its targets are made of: another one of these makes another alias. */
  readonly providers: ReadonlyMap<number, ServedProvider | undefined>
  readonly served: ServedAlias
}

/** By the id of their row, which is one for aliases and routes together. */
export type AliasParts = ReadonlyMap<number, AliasPart>

/** More than this many changed ones are read all at once. */
const READ_ONE_BY_ONE = 100

/** @param providers by the id of their row. */
export function serveAliases(
  { id, name }: { readonly id: number; readonly name: string },
  tables: Readonly<Record<AliasKind, AliasTable>>,
  providers: ReadonlyMap<number, { readonly served: ServedProvider }>,
  before: AliasParts | undefined,
): AliasParts {
  const parts = new Map<number, AliasPart>()
  for (const kind of ['route', 'alias'] as const) {
    const table = tables[kind]
    const aliases = table.listOf(id)
    const changed = aliases.filter((row) => before?.get(row.id)?.revision !== row.revision)
    const readsAll = changed.length > (before === undefined ? 0 : READ_ONE_BY_ONE)
    const read = readsAll ? Map.groupBy(table.listTargetsOf(id), (target) => target.aliasId) : undefined
    for (const row of aliases) {
      const last = before?.get(row.id)
      const isRead = last !== undefined && last.revision === row.revision
      if (isRead && isMadeOf(last, providers)) {
        parts.set(row.id, last)
        continue
      }
      const rows = isRead ? last.rows : read === undefined ? table.listTargetsOfAlias(row.id) : (read.get(row.id) ?? [])
      const needed = new Map(rows.map(({ providerId }) => [providerId, providers.get(providerId)?.served]))
      const served = readAlias(name, kind, row, rows, needed)
      parts.set(row.id, { revision: row.revision, rows, providers: needed, served })
    }
  }
  return parts
}

/** Whether these are still the providers behind its targets. */
export function isMadeOf(
  { providers: own }: Pick<AliasPart, 'providers'>,
  providers: ReadonlyMap<number, { readonly served: ServedProvider }>,
): boolean {
  for (const [id, served] of own) if (providers.get(id)?.served !== served) return false
  return true
}
