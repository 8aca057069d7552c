/** How the file and the admin API write down a group. */
import { type ConfiguredTarget, readTargets, TARGETS_SCHEMA, type WrittenTarget } from './target-notation.ts'

/** What the file says of a group; the aliases that it names get these targets, others stay. */
export interface ConfiguredGroup {
  readonly name: string
  readonly description?: string
  readonly enabled?: boolean
  readonly open?: boolean
  readonly toolMode?: 'auto' | 'compat' | 'native'
  readonly aliases: ReadonlyMap<string, readonly ConfiguredTarget[]>
}

export interface WrittenGroup {
  readonly description?: string
  readonly enabled?: boolean
  readonly open?: boolean
  readonly tool_mode?: 'auto' | 'compat' | 'native'
  readonly aliases?: Readonly<Record<string, WrittenTarget | readonly WrittenTarget[]>>
}

/** JSON Schema of `WrittenGroup`. */
export const GROUP_SCHEMA = {
  type: 'object',
  properties: {
    description: { type: 'string' },
    enabled: { type: 'boolean' },
    open: { type: 'boolean' },
    tool_mode: { type: 'string', enum: ['auto', 'compat', 'native'] },
    aliases: { type: 'object', additionalProperties: TARGETS_SCHEMA },
  },
} as const

/** @param written valid by `GROUP_SCHEMA`. */
export function readGroup(name: string, written: WrittenGroup): ConfiguredGroup {
  const { description, enabled, open, tool_mode: toolMode, aliases = {} } = written
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(open === undefined ? {} : { open }),
    ...(toolMode === undefined ? {} : { toolMode }),
    aliases: new Map(Object.entries(aliases).map(([pattern, targets]) => [pattern, readTargets(targets)])),
  }
}
