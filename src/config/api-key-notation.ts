/** How the file writes down the keys with which the gateway is called, beside the one that opens everything. */

export interface ConfiguredApiKey {
  readonly name: string
  /** Trimmed, not empty. */
  readonly key: string
  /** Names of the groups that it opens. Absent: all. */
  readonly groups?: readonly string[]
  readonly enabled: boolean
}

export interface WrittenApiKey {
  readonly key: string
  readonly groups?: readonly string[]
  readonly enabled?: boolean
}

/** JSON Schema of `WrittenApiKey`. */
export const API_KEY_SCHEMA = {
  type: 'object',
  required: ['key'],
  properties: {
    key: { type: 'string', format: 'visible', description: 'What the client sends.' },
    groups: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      description: 'Names of the groups that it opens; left out: all.',
    },
    enabled: { type: 'boolean', default: true },
  },
} as const

/** @param written valid by `API_KEY_SCHEMA`. */
export function readApiKey(name: string, written: WrittenApiKey): ConfiguredApiKey {
  return {
    name,
    key: written.key.trim(),
    ...(written.groups === undefined ? {} : { groups: written.groups }),
    enabled: written.enabled ?? true,
  }
}
