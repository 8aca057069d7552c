/** Reads the rows of one group. */
import type { ChatSettings } from '../../protocols/ir/request.ts'
import { POLICY_PROPERTIES, readPolicy, type WrittenPolicy } from '../config/policy-notation.ts'
import { compileSchema } from '../config/validator.ts'
import { isGroupName } from '../http/reserved.ts'
import type { AliasKind, AliasRow, TargetRow } from '../store/aliases.ts'
import type { GroupRow } from '../store/groups.ts'
import { RegistryFault } from './registry-fault.ts'
import { createRoute, createRouteTarget } from './route.ts'
import type { ServedAlias } from './served-group.ts'
import type { ServedProvider } from './served-provider.ts'
import type { Group, ToolMode } from './snapshot.ts'

const TOOL_MODES: Readonly<Record<ToolMode, true>> = { auto: true, compat: true, native: true }

const findPolicyProblems = compileSchema({ type: 'object', properties: POLICY_PROPERTIES })

/** @throws RegistryFault for a row that could not be served as it stands. */
export function readGroup(row: GroupRow): Group {
  const path = `groups.${row.name}`
  if (!isGroupName(row.name)) {
    throw new RegistryFault(
      path,
      'is no name for a group: expected 1 to 64 letters, digits, `-`, `_` and `.`, and no word that begins a path of the gateway itself, such as v1 or api',
    )
  }
  if (!isToolMode(row.toolMode)) {
    throw new RegistryFault(`${path}.tool_mode`, `must be one of ${Object.keys(TOOL_MODES).join(', ')}`)
  }
  const [problem] = findPolicyProblems(row.policy)
  if (problem !== undefined) throw new RegistryFault([path, ...problem.path].join('.'), problem.problem)
  const { name, description, enabled, open, toolMode } = row
  // The schema has just said so.
  const policy = readPolicy(row.policy as WrittenPolicy) ?? {}
  return { name, description, enabled, open, toolMode, policy }
}

/** A model's name, or a pattern of such names. */
const PATTERN = /^[^\p{C}]{1,200}$/u

/**
 * Reads one alias or route.
 *
 * @param providers by the id of their row; targets of others are left out.
 * @throws RegistryFault for a name that nobody could ask for.
 */
export function readAlias(
  group: string,
  kind: AliasKind,
  row: AliasRow,
  targets: readonly TargetRow[],
  providers: ReadonlyMap<number, ServedProvider | undefined>,
): ServedAlias {
  if (!PATTERN.test(row.pattern) || row.pattern.trim() !== row.pattern) {
    throw new RegistryFault(
      `groups.${group}.${FIELDS[kind]}`,
      'must be called by 1 to 200 characters without control characters',
    )
  }
  const led = targets.flatMap((target) => {
    const served = providers.get(target.providerId)
    if (served === undefined) return []
    const { weight, priority } = target
    // Written by `readParameters` of the configuration only.
    const parameters = target.parameters as Partial<ChatSettings>
    return [createRouteTarget(served, target.model, { weight, priority, parameters })]
  })
  const route = createRoute(`${kind} ${row.pattern}`, led)
  return { kind, pattern: row.pattern, route, createdAt: Math.floor(row.createdAt / 1000) }
}

const FIELDS: Readonly<Record<AliasKind, string>> = { alias: 'aliases', route: 'routes' }

function isToolMode(text: string): text is ToolMode {
  return Object.hasOwn(TOOL_MODES, text)
}
