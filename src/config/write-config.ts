/** The whole registry as one configuration file. */
import type { Config } from './config.ts'
import { escapeText } from './expand-text.ts'
import { type ConfiguredGroup, writeGroup, writeRoutes } from './group-notation.ts'
import type { ConfiguredMcpServer } from './mcp-notation.ts'
import { type ConfiguredProvider, writeProvider } from './provider-notation.ts'
import { writeMcpServer } from './write-mcp-server.ts'
import type { WrittenConfig } from './written-config.ts'

const DEFAULT_GROUP = 'default'

/**
 * What `parseConfig` reads back as the same providers, groups and MCP servers, in any environment: a `${` that stands in a text stays one.
 *
 * Keys are written as they are given: leave them out where people may see them.
 */
export function writeConfig(registry: {
  readonly providers: readonly ConfiguredProvider[]
  readonly groups: readonly ConfiguredGroup[]
  readonly mcpServers?: readonly ConfiguredMcpServer[]
  readonly activeGroup?: Config['activeGroup']
}): WrittenConfig {
  const { providers, groups, mcpServers = [], activeGroup } = registry
  const own = groups.find((group) => group.name === DEFAULT_GROUP)
  // They stand where one looks for them, unless there is nothing to see.
  const routes = own?.routes !== undefined && own.routes.size > 0 ? own.routes : undefined
  const written = Object.fromEntries(
    groups.flatMap((group) => {
      const value = writeGroup(group === own && routes !== undefined ? omitRoutes(group) : group)
      return group === own && routes !== undefined && Object.keys(value).length === 0 ? [] : [[group.name, value]]
    }),
  )
  return escapeAll({
    ...(activeGroup === undefined ? {} : { active_group: activeGroup }),
    ...(providers.length === 0 ? {} : { providers: providers.map(writeProvider) }),
    ...(routes === undefined ? {} : { routes: writeRoutes(routes) }),
    ...(Object.keys(written).length === 0 ? {} : { groups: written }),
    ...(mcpServers.length === 0
      ? {}
      : { mcpServers: Object.fromEntries(mcpServers.map((server) => [server.name, writeMcpServer(server)])) }),
  })
}

function omitRoutes(group: ConfiguredGroup): ConfiguredGroup {
  const { routes: _, ...rest } = group
  return rest
}

/** The same value with every text in it escaped; names are never expanded and so stay. */
function escapeAll<Value>(value: Value): Value {
  // What comes out has the shape of what went in.
  return escapeAny(value, []) as Value
}

function escapeAny(value: unknown, path: readonly string[]): unknown {
  if (typeof value === 'string') return escapeText(value, path)
  if (Array.isArray(value)) return value.map((member, index) => escapeAny(member, [...path, String(index)]))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, escapeAny(member, [...path, key])]))
}
