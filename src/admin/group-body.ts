/** A group as the management API takes it. */
import { type ConfiguredGroup, GROUP_SCHEMA, readGroup, type WrittenGroup } from '../config/group-notation.ts'
import { POLICY_PROPERTIES, readPolicy, type WrittenPolicy } from '../config/policy-notation.ts'
import type { GroupRow } from '../store/groups.ts'
import { bodyReader, isMembers } from './read-body.ts'

export interface GroupBody {
  readonly group: ConfiguredGroup
  /** What goes back to its default, by a `null`. */
  readonly reset: ReadonlySet<string>
  /** Aliases and routes that go, by a `null`. */
  readonly dropped: { readonly aliases: readonly string[]; readonly routes: readonly string[] }
}

/** Members of answers that say what cannot be set. */
const SHOWN_ONLY = ['name', 'active', 'owner', 'header_names', 'created_at']

const readWritten = bodyReader<WrittenGroup>(GROUP_SCHEMA, SHOWN_ONLY)

const FIELDS: Readonly<Record<string, string>> = {
  description: 'description',
  enabled: 'enabled',
  open: 'open',
  tool_mode: 'toolMode',
  mcp: 'mcp',
}

/**
 * What is not said stays as it is.
 *
 * @param before the row of this name, if there is one.
 * @throws AdminFailure 400
 */
export function readGroupBody(name: string, body: unknown, before: GroupRow | undefined): GroupBody {
  const { members, nulls } = takeNulls(body)
  const aliases = takeNulls(isMembers(members) ? members['aliases'] : undefined)
  const routes = takeNulls(isMembers(members) ? members['routes'] : undefined)
  const written = readWritten(
    isMembers(members)
      ? {
          ...members,
          ...(aliases.members === undefined ? {} : { aliases: aliases.members }),
          ...(routes.members === undefined ? {} : { routes: routes.members }),
        }
      : members,
  )
  const policy = mergePolicy(written, nulls, before)
  const { policy: _, ...rest } = readGroup(name, written)
  return {
    group: { ...rest, ...(policy === undefined ? {} : { policy }) },
    reset: new Set(nulls.flatMap((field) => FIELDS[field] ?? [])),
    dropped: { aliases: aliases.nulls, routes: routes.nulls },
  }
}

/** @returns nothing when nothing is said of it. */
function mergePolicy(
  written: WrittenGroup,
  nulls: readonly string[],
  before: GroupRow | undefined,
): ConfiguredGroup['policy'] {
  const isPolicy = (field: string): boolean => Object.hasOwn(POLICY_PROPERTIES, field)
  const said = Object.entries(written).filter(([field]) => isPolicy(field))
  if (said.length === 0 && !nulls.some(isPolicy)) return undefined
  const kept = isMembers(before?.policy) ? before.policy : {}
  const merged = { ...kept, ...Object.fromEntries(said) }
  // Of the stored part the store takes care, of the rest the schema has just said it.
  const policy = Object.fromEntries(Object.entries(merged).filter(([field]) => !nulls.includes(field))) as WrittenPolicy
  return readPolicy(policy) ?? {}
}

function takeNulls(body: unknown): { readonly members: unknown; readonly nulls: readonly string[] } {
  if (!isMembers(body)) return { members: body, nulls: [] }
  const entries = Object.entries(body)
  return {
    members: Object.fromEntries(entries.filter(([, value]) => value !== null)),
    nulls: entries.filter(([, value]) => value === null).map(([name]) => name),
  }
}
