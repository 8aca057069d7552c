/** How the file and the management API write down a group. */
import type { GroupPolicy } from './group-policy.ts'
import { type ConfiguredMcpRules, MCP_RULES_SCHEMA, readMcpRules, type WrittenMcpRules } from './mcp-notation.ts'
import { POLICY_PROPERTIES, readPolicy, type WrittenPolicy, writePolicy } from './policy-notation.ts'
import { ROUTE_SCHEMA, readRoute, type WrittenRoute } from './route-notation.ts'
import {
  type ConfiguredTarget,
  readTargets,
  TARGETS_SCHEMA,
  type WrittenTarget,
  writeTargets,
} from './target-notation.ts'

/** What the file says of a group; what it does not say is absent here. */
export interface ConfiguredGroup {
  readonly name: string
  readonly description?: string
  readonly enabled?: boolean
  readonly open?: boolean
  readonly toolMode?: 'auto' | 'compat' | 'native'
  /** All that is said of what the group does to requests; an empty one says that it does nothing. */
  readonly policy?: GroupPolicy
  /** By pattern of the name that a client asks for. */
  readonly aliases: ReadonlyMap<string, readonly ConfiguredTarget[]>
  /**
   * By exact name of a model, or by one of `SpecialRoute`. The targets are in the order in which they are tried; fallbacks of the file have
   * their priorities behind the first one's. The routes at the top of the file are here in the group `default`; a group's own go before them.
   */
  readonly routes?: ReadonlyMap<string, readonly ConfiguredTarget[]>
  /** What it shows of the MCP servers. */
  readonly mcp?: ConfiguredMcpRules
}

export interface WrittenGroup extends WrittenPolicy {
  readonly description?: string
  readonly enabled?: boolean
  readonly open?: boolean
  readonly tool_mode?: 'auto' | 'compat' | 'native'
  readonly aliases?: Readonly<Record<string, WrittenTarget | readonly WrittenTarget[]>>
  readonly routes?: Readonly<Record<string, WrittenRoute>>
  readonly mcp?: WrittenMcpRules
}

/** JSON Schema of `WrittenGroup`. */
export const GROUP_SCHEMA = {
  type: 'object',
  properties: {
    description: { type: 'string' },
    enabled: { type: 'boolean', default: true },
    open: {
      type: 'boolean',
      description:
        'Models of every provider may be named as provider/model; the group default is open, others are not.',
    },
    tool_mode: {
      type: 'string',
      enum: ['auto', 'compat', 'native'],
      default: 'auto',
      description:
        'compat: tools are taught by prompt; native: they go to the model as they are; auto: as the path says.',
    },
    aliases: {
      type: 'object',
      additionalProperties: TARGETS_SCHEMA,
      description: 'Names that clients use, with * and ?, to a target or several. The most specific one counts.',
    },
    routes: {
      type: 'object',
      additionalProperties: ROUTE_SCHEMA,
      description: 'Exact names of models, and default, longContext, background, think.',
    },
    mcp: MCP_RULES_SCHEMA,
    ...POLICY_PROPERTIES,
  },
} as const

/** @param written valid by `GROUP_SCHEMA`. */
export function readGroup(name: string, written: WrittenGroup): ConfiguredGroup {
  const { description, enabled, open, tool_mode: toolMode, aliases = {}, routes, mcp } = written
  const policy = readPolicy(written)
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(open === undefined ? {} : { open }),
    ...(toolMode === undefined ? {} : { toolMode }),
    ...(policy === undefined ? {} : { policy }),
    aliases: new Map(Object.entries(aliases).map(([pattern, targets]) => [pattern, readTargets(targets)])),
    ...(routes === undefined ? {} : { routes: readRoutes(routes) }),
    ...(mcp === undefined ? {} : { mcp: readMcpRules(mcp) }),
  }
}

/** @param written valid by `ROUTE_SCHEMA`, each. */
export function readRoutes(
  written: Readonly<Record<string, WrittenRoute>>,
): ReadonlyMap<string, readonly ConfiguredTarget[]> {
  return new Map(Object.entries(written).map(([name, route]) => [name, readRoute(route)]))
}

/** `readGroup` reads it back. */
export function writeGroup(group: ConfiguredGroup): WrittenGroup {
  const { description, enabled, open, toolMode, policy, aliases, routes, mcp } = group
  return {
    ...(description === undefined ? {} : { description }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(open === undefined ? {} : { open }),
    ...(toolMode === undefined ? {} : { tool_mode: toolMode }),
    ...(policy === undefined ? {} : writePolicy(policy)),
    ...(aliases.size === 0 ? {} : { aliases: writeRoutes(aliases) }),
    ...(routes === undefined ? {} : { routes: writeRoutes(routes) }),
    ...(mcp === undefined ? {} : { mcp }),
  }
}

/** Of routes as of aliases. */
export function writeRoutes(
  routes: ReadonlyMap<string, readonly ConfiguredTarget[]>,
): Readonly<Record<string, WrittenTarget | readonly WrittenTarget[]>> {
  return Object.fromEntries([...routes].map(([name, targets]) => [name, writeTargets(targets)]))
}
