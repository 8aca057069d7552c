/** All that the registry holds, but for what may be a secret. */
import type { ConfiguredGroup } from '../config/group-notation.ts'
import type { ConfiguredMcpServer } from '../config/mcp-notation.ts'
import type { ConfiguredProvider } from '../config/provider-notation.ts'
import type { ConfiguredRegistry } from '../registry/configured-registry.ts'

export function leaveSecretsOut({ providers, groups, mcpServers, ...rest }: ConfiguredRegistry): ConfiguredRegistry {
  return {
    ...rest,
    providers: providers.map(stripProvider),
    groups: groups.map(stripGroup),
    mcpServers: mcpServers.map(stripServer),
  }
}

function stripProvider({ keys: _, headers: __, proxyUrl: ___, ...rest }: ConfiguredProvider): ConfiguredProvider {
  return rest
}

function stripGroup(group: ConfiguredGroup): ConfiguredGroup {
  if (group.policy === undefined) return group
  const { headers: _, ...policy } = group.policy
  return { ...group, policy }
}

function stripServer(server: ConfiguredMcpServer): ConfiguredMcpServer {
  const { transport } = server
  return {
    ...server,
    transport: transport.type === 'stdio' ? { ...transport, env: {} } : { ...transport, headers: {} },
  }
}
