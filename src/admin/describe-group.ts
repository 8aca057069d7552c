/** A group as the management API shows it. */
import { writePolicy } from '../config/policy-notation.ts'
import { type ConfiguredTarget, writeTarget } from '../config/target-notation.ts'
import { configuredGroup } from '../registry/configured-group.ts'
import { ENTRY_PATH, ownerOf } from '../registry/owner.ts'
import type { GroupRow } from '../store/groups.ts'
import type { Store } from '../store/open-store.ts'
import { type Resource, tagOfRevision } from './resource.ts'

/** @param active the group that `/switch` stands for. */
export function describeGroup(store: Store, row: GroupRow, active: string): Resource & { readonly tag: string } {
  const { aliases, routes = new Map(), policy = {}, mcp } = configuredGroup(store, row)
  const { headers = {}, ...shown } = policy
  const body = {
    name: row.name,
    description: row.description,
    enabled: row.enabled,
    open: row.open,
    tool_mode: row.toolMode,
    active: active === row.name,
    owner: ownerOf(store, ENTRY_PATH.group(row.name)),
    aliases: describeTargets(aliases),
    routes: describeTargets(routes),
    ...(Object.keys(shown).length === 0 ? {} : writePolicy(shown)),
    // Their values may be secrets.
    header_names: Object.keys(headers),
    ...(mcp === undefined ? {} : { mcp }),
    created_at: new Date(row.createdAt).toISOString(),
  }
  return { body, tag: tagOfRevision(row) }
}

function describeTargets(named: ReadonlyMap<string, readonly ConfiguredTarget[]>): object {
  return Object.fromEntries([...named].map(([name, targets]) => [name, targets.map(writeTarget)]))
}
